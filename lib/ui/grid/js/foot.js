// Where one is and the way to the rest.
class Foot {
  constructor(grid) {
    this.grid = grid;
    this.size = el("select", { "aria-label": TEXT.pageSize, title: TEXT.pageSize, onchange: () => grid.send({ limit: Number(this.size.value) }) });
    this.where = el("span", { class: "where" });
    this.first = button("first", TEXT.first, () => grid.goTo(0));
    this.previous = button("previous", TEXT.previous, () => grid.turn(-1));
    this.next = button("next", TEXT.next, () => grid.turn(1));
    this.last = button("last", TEXT.last, () => grid.goTo(Infinity));
    const pages = el("span", { class: "pages" }, this.size, this.first, this.previous, this.next, this.last);
    this.root = el("div", { class: "foot" }, this.where, pages);
  }

  // Rows, groups' headings among them; how many records they come to stands above the table.
  paint({ offset, limit, total, sizes }) {
    const text = total
      ? TEXT.range(format(offset + 1), format(Math.min(offset + limit, total)), total)
      : TEXT.none;
    if (this.where.textContent !== text) this.where.textContent = text;
    this.paintSizes([...new Set([...sizes, limit])].sort((a, b) => a - b), limit);
    this.disable(this.first, offset === 0);
    this.disable(this.previous, offset === 0);
    this.disable(this.next, offset + limit >= total);
    this.disable(this.last, offset + limit >= total);
  }

  paintSizes(offered, limit) {
    if (offered.join() !== this.offered) this.size.replaceChildren(...offered.map((n) => el("option", { value: n, text: n })));
    this.offered = offered.join();
    this.size.value = String(limit);
  }

  // Not `disabled`: a button that was just pressed at the last page must not drop the focus.
  disable(control, off) {
    control.setAttribute("aria-disabled", String(off));
  }
}
