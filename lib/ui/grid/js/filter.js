// A filter in a small window, by the column's kind. It only writes the text that could as well be
// typed under the heading (lib/model/filter.py); what that text says comes back from Python in words.
class Filter {
  constructor(grid) {
    this.grid = grid;
  }

  toggle(id) {
    if (this.grid.popup.isOver(this.anchor(id))) this.grid.popup.close();
    else this.open(id);
  }

  // Under the column's own field, where the fields are shown; a hidden column's under its chip.
  anchor(id) {
    const funnel = this.grid.head.fields.get(id)?.parentElement.querySelector(".funnel");
    if (funnel?.getClientRects().length) return funnel;
    return this.grid.head.cells.get(id)?.querySelector(".more") ?? this.grid.bar.pill(id) ?? this.grid.bar.columns;
  }

  open(id, over = null) {
    const column = this.grid.column(id);
    if (!column?.filterable) return;
    this.column = column;
    const part = PARTS[column.kind](this);
    this.words = el("p", { class: "said", "aria-live": "polite" });
    const done = el("button", { type: "button", class: "text", text: TEXT.done, onclick: () => this.grid.popup.close() });
    this.remove = el("button", { type: "button", class: "text", text: TEXT.unfilter, onclick: () => this.clear() });
    const foot = el("div", { class: "ends" }, this.remove, done);
    const focus = part.focus ?? part.nodes[0].querySelector("input, select, button");
    this.grid.popup.dialog(over ?? (() => this.anchor(id)), TEXT.filter(column.label), [...part.nodes, this.words, foot], {
      focus, paint: (data) => { part.paint?.(data); this.say(data); }, closed: () => this.flush(),
    });
    this.say(this.grid.data);
    if (part.asks) this.grid.ask(id, "");
  }

  text() {
    return this.grid.view.filters[this.column.id] ?? "";
  }

  // At once, or after a pause in typing.
  write(text, later = false) {
    clearTimeout(this.timer);
    this.unsent = null;
    if (text === this.text()) return undefined;
    const { id } = this.column;
    const send = () => {
      this.unsent = null;
      this.grid.filterBy(id, text);
    };
    if (!later) return send();
    this.unsent = send;
    this.timer = setTimeout(send, 300);
    return undefined;
  }

  flush() {
    clearTimeout(this.timer);
    this.unsent?.();
  }

  clear() {
    this.unsent = null;
    clearTimeout(this.timer);
    this.grid.popup.close();
    this.grid.filterBy(this.column.id, "");
  }

  say({ filters }) {
    const filter = filters.find(({ id }) => id === this.column.id);
    const words = !filter ? "" : filter.bad ? `${TEXT.unusable} ${this.column.help}` : `${this.column.label}: ${filter.words}`;
    if (this.words.textContent !== words) this.words.textContent = words;
    this.words.classList.toggle("bad", Boolean(filter?.bad));
    this.remove.setAttribute("aria-disabled", String(!filter));
  }
}
