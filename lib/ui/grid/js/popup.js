// What stands over the grid: one menu, or one small window with fields, under the button that opened
// it. In the browser's top layer, so that nothing around the grid cuts it or lies over it.
//
//   popup.menu(anchor, name, [{ label, press, icon, hint, checked, off, stay }, { title }, null], { at })
//   popup.dialog(anchor, name, content, { focus, paint, closed })
//   popup.close()
//
// `anchor` is an element, or a function that finds it when it may be drawn anew meanwhile. The focus
// goes in, arrows and letters move in a menu, Tab goes round in a window, Escape closes and gives the
// focus back; so does an act of a menu before it runs. A click outside closes and is not swallowed.
class Popup {
  constructor(grid) {
    this.grid = grid;
    this.anchor = null;
    this.root = el("div", { class: "popup", popover: "manual", onkeydown: (e) => this.key(e), onfocusout: (e) => this.left(e) });
  }

  menu(anchor, name, items, { at } = {}) {
    const nodes = items.map((item) => this.item(item));
    this.open(anchor, name, nodes, { role: "menu", at });
    this.entries()[0]?.focus();
  }

  dialog(anchor, name, content, { focus, paint, closed } = {}) {
    this.open(anchor, name, [content].flat(), { role: "dialog", paint, closed });
    (focus ?? this.stops()[0] ?? this.root).focus();
  }

  open(anchor, name, nodes, { role, at, paint, closed }) {
    this.close(false);
    this.anchor = typeof anchor === "function" ? anchor : () => anchor;
    Object.assign(this, { at, paints: paint, closed });
    this.root.replaceChildren(...nodes.filter(Boolean));
    this.root.setAttribute("role", role);
    this.root.setAttribute("aria-label", name);
    this.root.tabIndex = -1;
    this.anchor()?.setAttribute("aria-expanded", "true");
    this.root.showPopover();
    this.place();
    this.listen();
  }

  listen() {
    this.watch = new AbortController();
    const { signal } = this.watch;
    const outside = (event) => {
      const path = event.composedPath();
      if (!path.includes(this.root) && !path.includes(this.anchor())) this.close(false);
    };
    document.addEventListener("pointerdown", outside, { capture: true, signal });
    for (const moved of ["resize", "scroll"]) {
      window.addEventListener(moved, (e) => { if (e.target !== this.root) this.place(); }, { capture: true, passive: true, signal });
    }
  }

  // `back`: the focus returns to the button; not when something else has taken it.
  close(back = true) {
    if (!this.anchor) return;
    const anchor = this.anchor();
    const { closed } = this;
    this.watch.abort();
    this.anchor = this.paints = this.closed = null;
    this.root.hidePopover();
    this.root.replaceChildren();
    anchor?.setAttribute("aria-expanded", "false");
    if (back) anchor?.focus();
    closed?.();
  }

  // For a button's press: a second one closes.
  isOver(anchor) {
    return this.anchor !== null && this.anchor() === anchor;
  }

  // An answer has come: whoever is open may want to show it.
  paint(data) {
    if (!this.anchor) return;
    this.paints?.(data);
    this.anchor()?.setAttribute("aria-expanded", "true");
  }

  // ---- where it stands: under its button, or over it where there is more room ------------------

  place() {
    const anchor = this.anchor?.();
    if (!anchor) return;
    const under = this.at ? new DOMRect(this.at.x, this.at.y, 0, 0) : anchor.getBoundingClientRect();
    const { style } = this.root;
    style.maxHeight = "";
    const { width, height } = this.root.getBoundingClientRect();
    const below = window.innerHeight - under.bottom - 12;
    const above = under.top - 12;
    const up = height > below && above > below;
    const tall = Math.min(height, Math.max(up ? above : below, 96));
    style.maxHeight = `${tall}px`;
    style.top = `${Math.max(8, up ? under.top - tall - 4 : Math.min(under.bottom + 4, window.innerHeight - tall - 8))}px`;
    style.left = `${Math.max(8, Math.min(under.left, window.innerWidth - width - 8))}px`;
  }

  // ---- a menu's entries -----------------------------------------------------------------------

  item(item) {
    if (!item) return el("hr", { role: "separator" });
    if (item.title) return el("div", { class: "title", role: "presentation", text: item.title });
    const checked = item.checked === undefined ? null : String(item.checked);
    return el("button", {
      type: "button", class: "item", tabindex: -1, role: checked === null ? "menuitem" : "menuitemcheckbox",
      "aria-checked": checked, "aria-disabled": item.off && "true", onclick: () => this.choose(item),
    }, this.mark(item), el("span", { class: "words", text: item.label }), item.hint && el("span", { class: "key", "aria-hidden": "true", text: item.hint }));
  }

  mark({ icon: shape, checked }) {
    const drawn = checked ? "check" : shape;
    return drawn ? icon(drawn) : el("span", { class: "space", "aria-hidden": "true" });
  }

  choose(item) {
    if (item.off) return;
    if (!item.stay) this.close();
    item.press();
  }

  entries() {
    return [...this.root.querySelectorAll("[role^=menuitem]")];
  }

  // What Tab stops at.
  stops() {
    const all = this.root.querySelectorAll("button, input, select, [tabindex='0']");
    return [...all].filter((node) => node.tabIndex >= 0 && !node.disabled && node.getClientRects().length);
  }

  // ---- keys -----------------------------------------------------------------------------------

  key(event) {
    const menu = this.root.getAttribute("role") === "menu";
    const act = event.key === "Escape" ? () => this.close() : menu ? this.menuKey(event) : this.dialogKey(event);
    event.stopPropagation(); // not for the rows, nor for what lies under
    if (!act) return;
    event.preventDefault();
    act();
  }

  menuKey(event) {
    const entries = this.entries();
    const at = entries.indexOf(this.grid.active());
    const go = (i) => () => entries.at(i)?.focus();
    const moves = {
      ArrowDown: go((at + 1) % entries.length), ArrowUp: go(at - 1 < 0 ? -1 : at - 1),
      Home: go(0), End: go(-1), Tab: () => this.close(),
    };
    const letter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
    return moves[event.key] ?? (letter ? () => this.startingWith(entries, at, event.key) : undefined);
  }

  startingWith(entries, at, letter) {
    const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
    after.find((entry) => folded(entry.textContent.trim()).startsWith(folded(letter)))?.focus();
  }

  dialogKey(event) {
    return event.key === "Tab" ? goRound(this.stops(), this.grid.active(), event.shiftKey) : undefined;
  }

  // The focus went elsewhere by itself (not to nothing, as when its button was drawn anew).
  left(event) {
    const to = event.relatedTarget;
    if (to && this.anchor && !this.root.contains(to) && to !== this.anchor()) this.close(false);
  }
}
