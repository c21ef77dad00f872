// The keys that act anywhere. Those of a single character can be switched off (WCAG 2.1.4) and are
// never heard where somebody types. Streamlit's own ("r" runs the page again, "c") are not heard at
// all: nobody chose them.
const TYPES_IN = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range]), textarea, select, [contenteditable=''], [contenteditable=true], [role=combobox], [role=listbox], [role=menu]";
const STREAMLITS = new Set(["r", "c"]);
const SECOND = 1500; // milliseconds in which the letter after "g" comes

class Keys {
  constructor({ search, sheet, page }) {
    Object.assign(this, { search, sheet, page });
    this.off = new AbortController();
    const { signal } = this.off;
    window.addEventListener("keydown", (e) => this.held(e), { capture: true, signal });
    // Under the document, where Streamlit listens, and over everything of the page.
    document.documentElement.addEventListener("keydown", (e) => this.single(e), { signal });
  }

  stop() {
    this.off.abort();
  }

  held(event) {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!wanted) return;
    event.preventDefault();
    event.stopPropagation();
    this.sheet.modal.close();
    this.search.open();
  }

  single(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.composedPath().some((node) => node.matches?.(TYPES_IN))) return;
    if (STREAMLITS.has(event.key.toLowerCase())) event.stopPropagation();
    if (event.defaultPrevented || event.repeat || !singleKeys()) return;
    const act = this.act(event.key);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  act(key) {
    const letter = this.second;
    this.wait(false);
    if (document.querySelector("[role=dialog]") || this.search.modal.isOpen || this.sheet.modal.isOpen) return undefined;
    if (letter) return this.page(key.toLowerCase());
    return {
      "/": () => this.search.open(),
      "?": () => this.sheet.open(),
      b: () => document.dispatchEvent(new CustomEvent("mesa:focus-search")),
      g: () => this.wait(true),
    }[key.toLowerCase()];
  }

  wait(on) {
    clearTimeout(this.timer);
    this.second = on;
    if (on) this.timer = setTimeout(() => { this.second = false; }, SECOND);
  }
}
