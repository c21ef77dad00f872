// Which columns, in which order, how many stay, how close the rows.
class Chooser {
  constructor(grid) {
    this.grid = grid;
    this.list = el("div", { class: "values", role: "group", "aria-label": TEXT.columns, "aria-description": TEXT.orderHint });
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("dragover", (event) => this.over(event));
    this.list.addEventListener("drop", (event) => this.drop(event));
    const freeze = (e) => grid.columns.freeze(Number(e.target.value));
    this.frozen = el("select", { "aria-label": TEXT.frozenColumns, onchange: freeze });
    this.dense = el("input", { type: "checkbox", onchange: () => grid.columns.lay({ dense: this.dense.checked }) });
    this.restore = el("button", { type: "button", class: "text", text: TEXT.restore, onclick: () => grid.columns.restore() });
    this.done = el("button", { type: "button", class: "text", text: TEXT.done, onclick: () => grid.popup.close() });
  }

  open(anchor) {
    this.paint(this.grid.data);
    const more = el("div", { class: "stack" },
      el("label", { class: "choice" }, el("span", { class: "words", text: TEXT.frozenColumns }), this.frozen),
      el("label", { class: "choice" }, this.dense, el("span", { class: "words", text: TEXT.dense })));
    this.grid.popup.dialog(anchor, TEXT.columns, [this.list, el("hr"), more, el("div", { class: "ends" }, this.restore, this.done)], { paint: (data) => this.paint(data) });
  }

  paint({ columns, every, view }) {
    const shown = columns.map((column) => column.id);
    const hidden = every.filter(({ id }) => !shown.includes(id));
    const drawn = JSON.stringify([shown, hidden, view.layout.frozen, view.layout.dense]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = this.held();
    const lines = this.lines(columns, hidden);
    this.order = lines.map(({ id }) => id);
    this.list.replaceChildren(...lines.map((column) => this.row(column, shown.includes(column.id), shown.indexOf(column.id), shown.length)));
    this.frozen.replaceChildren(...[TEXT.noneFrozen, ...shown].map((id, i) => el("option", { value: i, text: i ? TEXT.firstColumns(i, this.grid.label(id)) : id })));
    this.frozen.value = String(view.layout.frozen);
    this.dense.checked = view.layout.dense;
    this.hold(focused);
  }

  // The hidden ones come last; one hidden in this window stays where it was, or the next would lie
  // under the mouse.
  lines(columns, hidden) {
    const lines = [...columns];
    const was = ({ id }) => (this.order ? this.order.indexOf(id) : Infinity);
    for (const column of [...hidden].sort((one, other) => was(one) - was(other))) lines.splice(was(column), 0, column);
    return lines;
  }

  row({ id, label }, shown, i, of) {
    const change = () => (shown ? this.grid.columns.hide(id) : this.grid.columns.show(id));
    const box = el("input", { type: "checkbox", onchange: change, "data-do": "show" });
    box.checked = shown;
    box.disabled = shown && of === 1;
    const move = (shape, text, by, off) => button(shape, text(label), () => off || this.grid.columns.move(id, by), { "data-do": shape, "aria-disabled": String(off), tabindex: -1 });
    const moves = shown ? [move("up", TEXT.moveUp, -1, i === 0), move("down", TEXT.moveDown, 1, i === of - 1)] : [];
    return el("div", { class: "choice", "data-col": id, draggable: shown && "true", ondragstart: (e) => this.lift(e, id), ondragend: () => this.settle() },
      shown ? icon("grip") : el("span", { class: "space" }), el("label", { class: "choice" }, box, el("span", { class: "words", text: label })), ...moves);
  }

  // Arrows go through the list; with Alt they take the column along.
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("[data-col]");
    if (!by || !row) return;
    event.preventDefault();
    if (!event.altKey) (by > 0 ? row.nextSibling : row.previousSibling)?.querySelector("input").focus();
    else if (row.draggable) this.grid.columns.move(row.dataset.col, by);
  }

  held() {
    const active = this.grid.active();
    return this.list.contains(active) ? [active.closest("[data-col]").dataset.col, active.dataset.do] : null;
  }

  hold(held) {
    if (!held) return;
    const row = this.list.querySelector(`[data-col="${CSS.escape(held[0])}"]`);
    (row?.querySelector(`[data-do="${held[1]}"]`) ?? row?.querySelector("input"))?.focus();
  }

  lift(event, id) {
    this.lifted = id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", id);
  }

  settle() {
    this.lifted = null;
    for (const row of this.list.children) row.classList.remove("before", "after");
  }

  over(event) {
    const row = event.target.closest("[draggable=true]");
    if (!this.lifted || !row) return;
    event.preventDefault();
    for (const other of this.list.children) {
      other.classList.toggle("before", other === row && !this.isBelow(event, row));
      other.classList.toggle("after", other === row && this.isBelow(event, row));
    }
  }

  isBelow(event, row) {
    const box = row.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  }

  drop(event) {
    const row = event.target.closest("[draggable=true]");
    const id = this.lifted;
    if (!id || !row) return;
    event.preventDefault();
    const others = this.grid.columns.shown().filter((other) => other !== id);
    const at = others.indexOf(row.dataset.col) + (this.isBelow(event, row) ? 1 : 0);
    this.settle();
    if (row.dataset.col !== id) this.grid.columns.put(id, at);
  }
}
