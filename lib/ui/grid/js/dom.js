// Elements by hand: text only ever through textContent, styles only through the CSSOM.
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter(Boolean));
  return node;
}

const SHAPES = {
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10z M10.7 10.7 14 14",
  group: "M2 3h12 M5 8h9 M8 13h6",
  close: "M4 4l8 8 M12 4l-8 8",
  open: "M4 6l4 4 4-4",
  shut: "M6 4l4 4-4 4",
  first: "M4 3v10 M12 3 7 8l5 5",
  previous: "M10 3 5 8l5 5",
  next: "M6 3l5 5-5 5",
  last: "M12 3v10 M4 3l5 5-5 5",
  ascending: "M8 13V3 M4 7l4-4 4 4",
  descending: "M8 3v10 M4 9l4 4 4-4",
  mail: "M1.5 3.5h13v9h-13z M1.5 4l6.5 5 6.5-5",
  paper: "M3.5 1.5h6l3 3v10h-9z M9.5 1.5v3h3 M5.5 8h5 M5.5 11h5",
  person: "M8 7.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M2.5 14.5c0-3 2.4-5 5.5-5s5.5 2 5.5 5",
  link: "M7 9a3 3 0 0 0 4.2 0l2-2A3 3 0 0 0 9 2.8l-.9.9 M9 7a3 3 0 0 0-4.2 0l-2 2A3 3 0 0 0 7 13.2l.9-.9",
  info: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z M8 7v4.5 M8 4.3v.4",
  check: "M3 8.5l3.2 3.2L13 4.5",
  more: "M8 3.2v.1 M8 8v.1 M8 12.8v.1",
  funnel: "M2 3h12L9.5 8.5v4.5l-3 1V8.5z",
  columns: "M2 2.5h12v11H2z M6 2.5v11 M10 2.5v11",
  pin: "M5.5 2h5 M6.3 2v5L4 9.5h8L9.7 7V2 M8 9.5V14",
  hide: "M2 2l12 12 M6.2 4.1A6.9 6.9 0 0 1 8 3.5c4 0 6.5 4.5 6.5 4.5a12 12 0 0 1-1.7 2.2 M9.6 9.7A2 2 0 0 1 6.3 6.4 M4.2 5.3A11 11 0 0 0 1.5 8S4 12.5 8 12.5a6.6 6.6 0 0 0 2.5-.5",
  left: "M13 8H3 M7 4 3 8l4 4",
  right: "M3 8h10 M9 4l4 4-4 4",
  up: "M8 13V3 M4 7l4-4 4 4",
  down: "M8 3v10 M4 9l4 4 4-4",
  plus: "M8 3v10 M3 8h10",
  minus: "M3 8h10",
  unfold: "M4 6l4-4 4 4 M4 10l4 4 4-4",
  fold: "M4 2l4 4 4-4 M4 14l4-4 4 4",
  grip: "M6 3v.1 M10 3v.1 M6 8v.1 M10 8v.1 M6 13v.1 M10 13v.1",
  copy: "M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3",
  log: "M4 2h8v12H4z M6.5 5.5h3 M6.5 8h3 M6.5 10.5h3",
  export: "M8 2v8 M4.5 6.5 8 10l3.5-3.5 M2.5 13.5h11",
  key: "M5 13.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M7.2 8.3 13.5 2 M10.3 5.2l2.4 2.4",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8z M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
};

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const path = document.createElementNS(space, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name] ?? SHAPES.info);
  svg.append(path);
  return svg;
}

function button(shape, label, press, extra = {}) {
  return el("button", { type: "button", class: "icon", title: label, "aria-label": label, onclick: press, ...extra }, icon(shape));
}

// What a button does, on something that can also be dragged (Firefox drags no <button>).
function pressable(press, attributes, ...children) {
  const keys = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    press(event);
  };
  return el("span", { role: "button", tabindex: 0, onclick: press, onkeydown: keys, ...attributes }, ...children);
}
