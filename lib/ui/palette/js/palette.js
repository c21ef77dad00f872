// The buttons above every page, the two windows they open, and the keys that open them too.
class Palette {
  constructor(root) {
    this.search = new Search({ ask: (ask) => this.fire("ask", ask), go: (place) => this.go(place) });
    this.sheet = new Sheet();
    this.keys = new Keys({ search: this.search, sheet: this.sheet, page: (letter) => this.page(letter) });
    const opener = el("button", { type: "button", class: "opener", "aria-haspopup": "dialog", "aria-keyshortcuts": "/ Control+K", onclick: () => this.search.open() },
      icon("search"), el("span", { class: "words", text: TEXT.opener }), el("kbd", { "aria-hidden": "true", text: "/" }));
    const list = el("button", { type: "button", class: "keys", title: TEXT.shortcuts, "aria-label": TEXT.shortcuts, "aria-haspopup": "dialog", "aria-keyshortcuts": "?", text: "?", onclick: () => this.sheet.open() });
    root.replaceChildren(el("div", { class: "bar", role: "search", "aria-label": TEXT.tools }, opener, list), this.search.modal.root, this.sheet.modal.root);
  }

  update({ data, setTriggerValue }) {
    this.fire = setTriggerValue;
    this.pages = data.pages;
    this.search.update(data);
    this.sheet.update(data);
  }

  page(letter) {
    const place = this.pages.find((page) => page.letter === letter);
    return place && (() => this.go(place));
  }

  go({ to, row }) {
    this.fire("go", to);
    land(row);
  }
}

const palettes = new WeakMap(); // the module is called again for every answer

export default function (component) {
  const root = component.parentElement.querySelector(".mesa-palette");
  if (!palettes.has(root)) palettes.set(root, new Palette(root));
  const palette = palettes.get(root);
  palette.update(component);
  return () => palette.keys.stop();
}
