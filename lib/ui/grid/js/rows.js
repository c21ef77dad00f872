// When the browser has nothing better to do, and soon anyway (Safari can't tell: soon).
const calm = window.requestIdleCallback
  ? { wait: (act) => window.requestIdleCallback(act, { timeout: 150 }), cancel: (id) => window.cancelIdleCallback(id) }
  : { wait: (act) => setTimeout(act, 50), cancel: (id) => clearTimeout(id) };

// The rows of one page: drawn again only where they changed, so that focus and selection stay.
class Rows {
  constructor(grid) {
    this.grid = grid;
    this.drawn = [];
    this.inSight = Infinity;
    this.body = el("tbody", {
      role: "rowgroup",
      onclick: (e) => this.click(e), onkeydown: (e) => this.key(e), onfocusin: (e) => this.rove(e.target.closest("tr")),
    });
  }

  // What is in sight goes first, and what lies below it once that is on the glass: laying out
  // fifty rows takes twice as long as the twenty that a person sees. `done` when all are drawn.
  paint(data, done) {
    calm.cancel(this.rest);
    const focus = this.focused();
    const marks = this.marks(data);
    this.grid.leave(0);
    const first = focus || this.first || this.grid.scrolled ? marks.length : Math.min(this.inSight, marks.length);
    this.drop(first);
    this.draw(data, marks, 0, first);
    if (!this.body.querySelector("tr[tabindex='0']")) this.rove(this.body.querySelector("tr[data-i]"));
    this.refocus(focus);
    if (first === marks.length) return done();
    this.grid.leave(marks.length - first);
    this.rest = calm.wait(() => {
      this.draw(data, marks, first, marks.length);
      this.grid.leave(0);
      done();
    });
    return undefined;
  }

  // How many rows fill the stage, told when its size changes.
  fits(height) {
    this.inSight = Math.ceil(height / 30) + 1;
  }

  marks(data) {
    if (!data.rows.length) return ["none" + JSON.stringify([data.view.q, data.view.filters])];
    const shape = JSON.stringify([data.columns.map((c) => c.id), data.actions, data.status]);
    return data.rows.map((row, i) => shape + (data.offset + i) + JSON.stringify(row));
  }

  draw(data, marks, from, to) {
    for (let i = from; i < to; i += 1) {
      if (marks[i] === this.drawn[i]) continue;
      const tr = data.rows.length ? this.row(data, data.rows[i], i) : this.none(data);
      if (this.body.children[i]) this.body.children[i].replaceWith(tr);
      else this.body.append(tr);
      this.drawn[i] = marks[i];
    }
  }

  drop(length) {
    while (this.body.children.length > length) this.body.lastChild.remove();
    this.drawn.length = Math.min(this.drawn.length, length);
  }

  row(data, row, i) {
    const shared = { role: "row", "aria-level": row.level + 1, "aria-rowindex": data.offset + i + 3, tabindex: -1, "data-i": i };
    const tr = row.path ? this.group(data, row, shared) : this.record(data, row, shared);
    tr.firstChild.style.paddingInlineStart = `${0.5 + row.level * 1.25}rem`;
    return tr;
  }

  group(data, row, shared) {
    const span = this.grid.width(data);
    const value = el("span", { class: "value", dir: "auto", text: row.label || TEXT.nothing });
    const text = el("span", { class: "where" }, icon(row.open ? "open" : "shut"),
      el("span", { class: "of", text: `${this.grid.label(data.view.group[row.level])}: ` }), value,
      el("span", { class: "count", text: ` (${format(row.count)})` }));
    const cell = el("td", { role: "gridcell", colspan: span, title: row.label || TEXT.nothing }, text);
    return el("tr", { ...shared, class: "group", "aria-expanded": String(row.open) }, cell);
  }

  record(data, row, shared) {
    const cells = row.cells.map((text, j) => this.cell(data.columns[j], text, row.tones?.[data.columns[j].id]));
    if (data.status) cells.push(this.status(row.status));
    if (data.actions.length) cells.push(this.actions(data, row));
    return el("tr", { ...shared, "data-id": row.id }, ...cells);
  }

  cell(column, text, tone) {
    const cell = el("td", { role: "gridcell", class: column.kind === "number" ? "number" : null, dir: column.kind === "text" ? "auto" : null, title: tone ? `${text} · ${tone[1]}` : text });
    if (!tone) {
      cell.textContent = text;
      return cell;
    }
    cell.append(el("span", { class: `tone ${tone[0]}`, text }), el("span", { class: "sr", text: `, ${tone[1]}` }));
    return cell;
  }

  status(status) {
    if (!status) return el("td", { role: "gridcell", class: "status" });
    const text = el("span", { class: `tone ${status.tone}`, text: status.text });
    return el("td", { role: "gridcell", class: "status", title: status.title || status.text }, text);
  }

  actions(data, row) {
    const buttons = data.actions.map((action) => el("button", {
      type: "button", class: "icon do", tabindex: -1, "data-action": action.id,
      title: action.label, "aria-label": `${action.label}, ${row.id}`,
    }, icon(action.icon)));
    return el("td", { role: "gridcell", class: "act" }, ...buttons);
  }

  none(data) {
    const asked = data.view.q || Object.keys(data.view.filters).length;
    const words = asked
      ? [el("strong", { text: TEXT.none }), el("span", { text: TEXT.noneHint }), el("button", { type: "button", class: "text", text: TEXT.clear, onclick: () => this.grid.clear() })]
      : [el("span", { text: TEXT.noneYet })];
    return el("tr", { role: "row", class: "none" }, el("td", { role: "gridcell", colspan: this.grid.width(data) }, el("div", {}, ...words)));
  }

  // ---- focus: one row is in the tab order; it is known by what it shows, not by its place ----

  rove(tr) {
    if (!tr?.dataset.i) return;
    for (const other of this.body.querySelectorAll("tr[tabindex='0']")) other.tabIndex = -1;
    tr.tabIndex = 0;
  }

  focused() {
    const active = this.grid.active();
    const tr = active && this.body.contains(active) ? active.closest("tr[data-i]") : null;
    if (!tr) return null;
    return { key: this.keyOf(this.shown?.[+tr.dataset.i]), i: +tr.dataset.i, action: active.dataset.action };
  }

  keyOf(row) {
    return row && (row.path ? JSON.stringify(row.path) : row.id);
  }

  refocus(focus) {
    this.shown = this.grid.data.rows;
    const wanted = this.first ? { i: 0 } : focus;
    this.first = false;
    if (!wanted || !this.shown.length) return;
    const at = wanted.key === undefined ? -1 : this.shown.findIndex((row) => this.keyOf(row) === wanted.key);
    const tr = this.body.children[at >= 0 ? at : Math.min(wanted.i, this.shown.length - 1)];
    this.focus(tr, wanted.action);
  }

  focus(tr, action) {
    if (!tr?.dataset.i) return;
    this.rove(tr);
    const target = (action && tr.querySelector(`[data-action="${CSS.escape(action)}"]`)) || tr;
    if (target === this.grid.active()) return;
    target.focus({ preventScroll: true });
    tr.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // ---- acts ----------------------------------------------------------------------------------

  click(event) {
    const tr = event.target.closest("tr[data-i]");
    if (!tr) return;
    const row = this.shown[+tr.dataset.i];
    const pressed = event.target.closest("[data-action]");
    if (row.path) this.grid.toggle(row);
    else if (pressed) this.grid.act(row, pressed.dataset.action);
  }

  key(event) {
    const tr = event.target.closest("tr[data-i]");
    if (!tr || event.altKey || event.ctrlKey || event.metaKey) return;
    const row = this.shown[+tr.dataset.i];
    const act = row.path ? this.groupKey(event.key, tr, row) : this.recordKey(event.key, tr, row, event.target);
    const move = act ?? this.moveKey(event.key, tr);
    if (!move) return;
    event.preventDefault();
    move();
  }

  moveKey(key, tr) {
    const rows = this.body.children;
    const i = +tr.dataset.i;
    return {
      ArrowDown: () => this.focus(rows[i + 1]),
      ArrowUp: () => (i ? this.focus(rows[i - 1]) : this.focus(rows[0])),
      Home: () => this.focus(rows[0]),
      End: () => this.focus(rows[rows.length - 1]),
      PageDown: () => this.turn(1),
      PageUp: () => this.turn(-1),
    }[key];
  }

  turn(pages) {
    this.first = this.grid.turn(pages);
  }

  groupKey(key, tr, row) {
    const next = this.body.children[+tr.dataset.i + 1];
    return {
      Enter: () => this.grid.toggle(row),
      " ": () => this.grid.toggle(row),
      ArrowRight: () => (row.open ? this.focus(next) : this.grid.toggle(row)),
      ArrowLeft: () => (row.open ? this.grid.toggle(row) : this.focus(this.parent(tr, row))),
    }[key];
  }

  recordKey(key, tr, row, target) {
    const buttons = [...tr.querySelectorAll("[data-action]")];
    const at = buttons.indexOf(target);
    if (key === "ArrowRight") return () => buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    if (key === "ArrowLeft") return () => (at > 0 ? buttons[at - 1] : at === 0 ? tr : this.parent(tr, row) ?? tr).focus();
    if (key === "Escape" && at >= 0) return () => tr.focus();
    if (key === "Enter" && at < 0 && buttons.length) return () => this.grid.act(row, buttons[0].dataset.action);
    return undefined;
  }

  parent(tr, row) {
    for (let i = +tr.dataset.i - 1; i >= 0; i -= 1) if (this.shown[i].level < row.level) return this.body.children[i];
    return null;
  }
}
