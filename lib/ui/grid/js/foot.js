// Where one is, how many there are, and the way to the rest.
class Foot {
  constructor(grid) {
    this.grid = grid;
    this.size = el("select", { "aria-label": TEXT.pageSize, title: TEXT.pageSize, onchange: () => grid.send({ limit: Number(this.size.value) }) });
    this.where = el("span", { class: "where", role: "status", "aria-live": "polite" });
    this.bad = el("span", { class: "bad" });
    this.clear = el("button", { type: "button", class: "text", text: TEXT.clear, onclick: () => grid.clear() });
    this.first = button("first", TEXT.first, () => grid.goTo(0));
    this.previous = button("previous", TEXT.previous, () => grid.turn(-1));
    this.next = button("next", TEXT.next, () => grid.turn(1));
    this.last = button("last", TEXT.last, () => grid.goTo(Infinity));
    const pages = el("span", { class: "pages" }, this.size, this.first, this.previous, this.next, this.last);
    this.root = el("div", { class: "foot" }, this.where, this.bad, this.clear, pages);
  }

  paint({ view, offset, limit, total, records, sizes, ignored }) {
    const text = total
      ? TEXT.range(format(offset + 1), format(Math.min(offset + limit, total)), format(total), TEXT.records(records))
      : TEXT.none;
    if (this.where.textContent !== text) this.where.textContent = text;
    this.bad.textContent = ignored.length ? TEXT.withoutEffect(ignored.map((id) => this.grid.label(id)).join(", ")) : "";
    this.clear.hidden = !view.q && !Object.keys(view.filters).length;
    const offered = [...new Set([...sizes, limit])].sort((a, b) => a - b);
    this.size.replaceChildren(...offered.map((n) => el("option", { value: n, text: n })));
    this.size.value = String(limit);
    this.disable(this.first, offset === 0);
    this.disable(this.previous, offset === 0);
    this.disable(this.next, offset + limit >= total);
    this.disable(this.last, offset + limit >= total);
  }

  // Not `disabled`: a button that was just pressed at the last page must not drop the focus.
  disable(control, off) {
    control.setAttribute("aria-disabled", String(off));
  }
}
