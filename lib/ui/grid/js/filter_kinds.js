// What a filter's window holds for each kind of column, and how it reads and writes the text.
const PARTS = {
  text: (filter) => (filter.column.listed ? listPart(filter, false) : textPart(filter)),
  number: (filter) => numberPart(filter),
  date: (filter) => datePart(filter),
  instant: (filter) => datePart(filter),
  choice: (filter) => listPart(filter, true),
};

function picker(name, options, chosen, change) {
  const select = el("select", { "aria-label": name, onchange: change }, ...options.map(([value, text]) => el("option", { value, text })));
  select.value = chosen;
  return select;
}

// ---- text: ^abc starts, =abc is, = empty, != not ------------------------------------------------

function textPart(filter) {
  const now = readText(filter.text());
  const field = el("input", { type: "text", maxlength: 190, "aria-label": TEXT.value, autocomplete: "off", spellcheck: "false" });
  field.value = now.value;
  const write = (later) => {
    field.hidden = isAlone(how.value);
    filter.write(textText(how.value, field.value.trim()), later);
  };
  const how = picker(TEXT.condition, TEXT.hows, now.how, () => write(false));
  field.hidden = isAlone(now.how);
  field.addEventListener("input", () => write(true));
  closesOnEnter(filter, field);
  return { nodes: [el("div", { class: "stack" }, how, field)], focus: field.hidden ? how : field };
}

const isWhole = (text) => text === "=" || text === "!="; // a filter's whole text: no value, any value
const isAlone = (how) => how === "empty" || how === "!="; // a condition that takes no value

function textText(how, value) {
  if (isAlone(how)) return how === "empty" ? "=" : how;
  return value ? how + value : "";
}

function readText(text) {
  const typed = text.trim();
  if (isWhole(typed)) return { how: typed === "=" ? "empty" : typed, value: "" };
  const how = ["^", "="].find((mark) => typed.startsWith(mark)) ?? "";
  return { how, value: typed.slice(how.length).trim() };
}

function closesOnEnter(filter, field) {
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    filter.flush();
    filter.grid.popup.close();
  });
}

// ---- number: an operator and a value, or two ------------------------------------------------------

function numberPart(filter) {
  const now = readNumber(filter.text());
  const digits = (name, value) => {
    const field = el("input", { type: "text", inputmode: "numeric", maxlength: 12, "aria-label": name, autocomplete: "off" });
    field.value = value;
    field.addEventListener("input", () => write(true));
    closesOnEnter(filter, field);
    return field;
  };
  const first = digits(TEXT.value, now.first);
  const and = el("span", { text: TEXT.and });
  const last = digits(TEXT.upTo, now.last);
  const how = picker(TEXT.condition, TEXT.compares, now.how, () => write(false));
  const show = () => {
    first.hidden = isAlone(how.value);
    and.hidden = last.hidden = how.value !== "..";
  };
  const write = (later) => {
    show();
    filter.write(numberText(how.value, first.value.trim(), last.value.trim()), later);
  };
  show();
  return { nodes: [el("div", { class: "stack" }, how, el("div", { class: "pair" }, first, and, last))], focus: first.hidden ? how : first };
}

function numberText(how, first, last) {
  if (isAlone(how)) return how === "empty" ? "=" : how;
  if (how === "..") return first || last ? `${first}..${last}` : "";
  return first ? how + first : "";
}

function readNumber(text) {
  const typed = text.trim();
  if (typed === "=") return { how: "empty", first: "", last: "" };
  if (typed === "!=") return { how: "!=", first: "", last: "" };
  if (typed.includes("..")) {
    const [first, last] = typed.split("..", 2);
    return { how: "..", first: first.trim(), last: last.trim() };
  }
  const how = [">=", "<=", ">", "<", "="].find((mark) => typed.startsWith(mark)) ?? "";
  return { how: how || "=", first: typed.slice(how.length).trim(), last: "" };
}

// ---- date: what is often asked, or from one day to another ------------------------------------------

function datePart(filter) {
  const presets = [...filter.column.presets, ["=", TEXT.empty], ["!=", TEXT.filled]].map(([text, label]) => el("button", {
    type: "button", class: "preset", text: label, "data-text": text,
    onclick: () => filter.write(text === filter.text() ? "" : text),
  }));
  const day = (name) => el("input", { type: "date", "aria-label": name, min: "1900-01-01", max: "2199-12-31" });
  const first = day(TEXT.from);
  const last = day(TEXT.until);
  // A year half typed is a year long past: not yet.
  const write = () => first.validity.valid && last.validity.valid && filter.write(daysText(first.value, last.value), true);
  for (const field of [first, last]) {
    field.addEventListener("change", write);
    closesOnEnter(filter, field);
  }
  const paint = () => {
    const text = filter.text();
    for (const preset of presets) preset.setAttribute("aria-pressed", String(preset.dataset.text === text.trim().toLowerCase()));
    if ([first, last].some((field) => filter.grid.hasFocus(field))) return;
    [first.value, last.value] = readDays(text);
  };
  paint();
  const range = el("div", { class: "days" }, el("label", {}, el("span", { text: TEXT.from }), first), el("label", {}, el("span", { text: TEXT.until }), last));
  return { nodes: [el("div", { class: "presets", role: "group", "aria-label": TEXT.often }, ...presets), range], paint };
}

const asTyped = (iso) => (iso ? iso.split("-").reverse().join("/") : "");

function daysText(first, last) {
  if (!first && !last) return "";
  const [from, to] = first && last && first > last ? [last, first] : [first, last];
  return from === to ? asTyped(from) : `${asTyped(from)}..${asTyped(to)}`;
}

// Whole days only: a month or a word isn't shown as a range that it might not be.
function readDays(text) {
  const iso = (part) => part.trim().match(/^(\d{1,2})\/(\d{1,2})\/(\d{4})$/)?.slice(1).reverse().map((n) => n.padStart(2, "0")).join("-") ?? "";
  const [first, last] = text.split("..", 2);
  return last === undefined ? [iso(first), iso(first)] : [iso(first), iso(last)];
}

// ---- choice: its values with how many of each; several of them where `many` ---------------------------

function listPart(filter, many) {
  const { column, grid } = filter;
  let values = (column.choices ?? []).map(([code, label]) => [code, label, null]);
  let more = false;
  let tries = 2; // an answer to something else may come first, or take the question's place
  const list = el("div", { class: "values", role: "group", "aria-label": TEXT.values });
  const narrow = el("input", { type: "search", placeholder: TEXT.narrow, "aria-label": TEXT.narrow, maxlength: 100, autocomplete: "off", spellcheck: "false" });
  let timer = 0;
  narrow.addEventListener("input", () => {
    draw();
    clearTimeout(timer);
    if (more) timer = setTimeout(() => grid.ask(column.id, narrow.value.trim()), 300);
  });
  narrow.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("input")?.focus();
  });
  list.addEventListener("keydown", (event) => stepThrough(event, list));
  const draw = () => {
    const chosen = readChosen(filter.text(), values, many);
    const focused = list.contains(grid.active()) ? grid.active().dataset.value : null;
    const wanted = folded(narrow.value.trim());
    const rows = values.filter(([, label]) => folded(label).includes(wanted))
      .map(([code, label, count]) => valueRow(code, label, count, chosen.has(code), many, () => pick(code)));
    list.replaceChildren(...rows, ...(rows.length ? [] : [el("p", { class: "quiet", text: values.length ? TEXT.noValue : TEXT.counting })]),
      ...(more ? [el("p", { class: "quiet", text: TEXT.moreValues })] : []));
    narrow.hidden = values.length < 9 && !more;
    if (focused !== null) list.querySelector(`[data-value="${CSS.escape(focused)}"]`)?.focus();
  };
  const pick = (code) => {
    const chosen = readChosen(filter.text(), values, many);
    const was = chosen.delete(code);
    if (!many) chosen.clear();
    if (!was) chosen.add(code);
    filter.write(chosenText(chosen, many));
  };
  const paint = ({ facet }) => {
    if (facet?.column === column.id) {
      values = withTheRest(facet.values, column.choices);
      more = facet.more;
      tries = 0;
    } else if (tries) {
      tries -= 1;
      grid.ask(column.id, narrow.value.trim());
    }
    draw();
    grid.popup.place();
  };
  draw();
  return { nodes: [el("div", { class: "stack" }, narrow, list)], focus: list.querySelector("input:checked, input") ?? narrow, paint, asks: true };
}

// What isn't there now keeps its place: a list doesn't move under a finger.
function withTheRest(values, choices) {
  const found = new Map(values.map((value) => [value[0], value]));
  const others = values.filter(([code]) => !choices.some(([choice]) => choice === code));
  return [...choices.map(([code, label]) => found.get(code) ?? [code, label, 0]), ...others];
}

function valueRow(code, label, count, on, many, pick) {
  const said = `${label || TEXT.nothing}${count === null ? "" : `, ${TEXT.records(count)}`}`;
  const box = el("input", { type: many ? "checkbox" : "radio", name: "value", "aria-label": said, "data-value": code, onchange: pick });
  box.checked = on;
  return el("label", { class: "choice" }, box, el("span", { class: "words", dir: "auto", text: label || TEXT.nothing, title: label }),
    el("span", { class: "count", text: count === null ? "" : format(count) }));
}

function stepThrough(event, list) {
  const boxes = [...list.querySelectorAll("input")];
  const at = boxes.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1 }[event.key];
  if (to === undefined || !boxes[to]) return;
  event.preventDefault();
  boxes[to].focus();
}

// Codes are typed as they are stored or as they are called; text of a list is typed "=10.0".
function readChosen(text, values, many) {
  const typed = text.trim();
  if (!typed) return new Set();
  if (!many) return new Set(isWhole(typed) ? [typed] : typed.startsWith("=") ? [typed.slice(1).trim()] : []);
  return new Set(typed.split("|").map((part) => part.trim()).filter(Boolean).map((part) => {
    const same = values.find(([code, label]) => folded(code) === folded(part) || folded(label) === folded(part));
    return same ? same[0] : part;
  }));
}

function chosenText(chosen, many) {
  const codes = [...chosen];
  if (many) return codes.join("|");
  return codes.length ? (isWhole(codes[0]) ? codes[0] : `=${codes[0]}`) : "";
}
