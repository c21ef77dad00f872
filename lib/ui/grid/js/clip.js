// Copies text, says so, and shows that it did. Without the clipboard's permission (or over plain
// HTTP, where there is no clipboard), as browsers did before; failing that, the text stands selected
// in a window.
class Clip {
  constructor(grid) {
    this.grid = grid;
    this.told = el("div", { class: "told", "aria-hidden": "true" });
  }

  async copy(text, words) {
    if (!text) return this.tell(TEXT.nothingToCopy);
    if (await this.written(text)) return this.tell(words);
    return this.byHand(text);
  }

  async written(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return this.asBefore(text);
    }
  }

  asBefore(text) {
    const back = this.grid.active();
    const field = el("textarea", { class: "sr", "aria-hidden": "true", tabindex: -1, readonly: true });
    field.value = text;
    this.grid.root.append(field);
    field.select();
    let done = false;
    try { done = document.execCommand("copy"); } catch { /* said below */ }
    field.remove();
    back?.focus({ preventScroll: true });
    return done;
  }

  byHand(text) {
    const anchor = this.grid.active() ?? this.grid.search;
    const field = el("textarea", { class: "byhand", readonly: true, rows: 6, "aria-label": TEXT.copyByHand });
    field.value = text;
    this.grid.popup.dialog(anchor, TEXT.copyByHand, [el("p", { text: TEXT.copyByHand }), field], { focus: field });
    field.select();
  }

  // Seen for a moment, and heard; after `before` where that was just said.
  tell(words, before = "") {
    this.grid.say(""); // the same words twice are said twice
    this.grid.say(`${before} ${words}`.trim());
    this.told.textContent = words;
    this.told.classList.add("on");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.told.classList.remove("on"), 2500);
  }
}
