// The list under "?": what every key does on this page, and the switch of those of a single one.
const SWITCH = "mesa.single-keys"; // in this browser, not a person's data

function singleKeys() {
  try {
    return window.localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

function keepSingleKeys(on) {
  try {
    window.localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // it holds until the page is left
  }
}

class Sheet {
  constructor() {
    this.lists = el("div", { class: "lists", tabindex: 0, role: "group", "aria-label": TEXT.shortcuts });
    this.toggle = el("input", { type: "checkbox", role: "switch", id: "single", "aria-describedby": "single-help", onchange: () => keepSingleKeys(this.toggle.checked) });
    const label = el("label", { for: "single" }, this.toggle, el("span", { text: TEXT.single }));
    const off = el("div", { class: "single" }, label, el("p", { id: "single-help", text: TEXT.singleHelp }));
    this.modal = new Modal(TEXT.shortcuts, "wide", el("h2", { text: TEXT.shortcuts }), this.lists, off);
  }

  update({ keys }) {
    this.keys = keys;
  }

  open() {
    if (!this.modal.open()) return;
    const shown = this.keys.filter(({ where }) => where !== "table" || tables().length);
    this.lists.replaceChildren(...shown.map((section) => this.section(section)));
    this.toggle.checked = singleKeys();
    this.lists.focus({ preventScroll: true });
  }

  section({ title, rows }) {
    const pairs = rows.flatMap(([keys, does]) => [el("dt", {}, ...this.ways(keys)), el("dd", { text: does })]);
    return el("section", {}, el("h3", { text: title }), el("dl", {}, ...pairs));
  }

  ways(keys) {
    return keys.flatMap((way, i) => [i ? el("span", { class: "or", text: ` ${TEXT.or} ` }) : null, ...this.presses(way)]);
  }

  presses(way) {
    return way.split(" ").flatMap((held, i) => [
      i ? el("span", { class: "or", text: ` ${TEXT.then} ` }) : null,
      ...held.split("+").flatMap((key, j) => [j ? "+" : null, el("kbd", { text: key })]),
    ]);
  }
}
