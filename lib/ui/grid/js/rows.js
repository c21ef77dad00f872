// When the browser has nothing better to do, and soon anyway (Safari can't tell: soon).
const calm = window.requestIdleCallback
  ? { wait: (act) => window.requestIdleCallback(act, { timeout: 150 }), cancel: (id) => window.cancelIdleCallback(id) }
  : { wait: (act) => setTimeout(act, 50), cancel: (id) => clearTimeout(id) };

const MENU = ":menu"; // the ⋮ button, among a row's actions
const LONG_PRESS = 500; // ms

// The rows of one page: drawn again only where they changed, so that focus and selection stay.
class Rows {
  constructor(grid) {
    this.grid = grid;
    this.drawn = [];
    this.shown = [];
    this.tall = Infinity;
    this.keys = new RowKeys(this);
    this.body = el("tbody", {
      role: "rowgroup",
      onclick: (e) => this.click(e), onkeydown: (e) => this.keys.press(e), onfocusin: (e) => this.rove(e.target.closest("tr")),
      oncontextmenu: (e) => this.context(e), onmousedown: (e) => this.press(e), onpointerdown: (e) => this.down(e),
    });
    for (const over of ["pointerup", "pointercancel", "pointermove"]) this.body.addEventListener(over, (e) => this.lift(e), { passive: true });
  }

  // What is in sight goes first, and what lies below it once that is on the glass: laying out
  // fifty rows takes twice as long as the twenty that a person sees. `done` when all are drawn.
  paint(data, done) {
    calm.cancel(this.rest);
    const focus = this.focused();
    this.shown = data.rows;
    const marks = this.marks(data);
    this.grid.leave(0);
    const first = focus || this.first || this.grid.scrolled ? marks.length : Math.min(this.inSight(), marks.length);
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

  // How many rows fill the stage, whose height is told when it changes.
  inSight() {
    return Math.ceil(this.tall / (15 * this.grid.rowHeight())) + 1;
  }

  fits(height) {
    this.tall = height;
  }

  // Nothing here may be seen any more.
  clear() {
    calm.cancel(this.rest);
    this.grid.leave(0);
    this.shown = [];
    this.drop(0);
  }

  marks(data) {
    if (!data.rows.length) return ["none" + JSON.stringify([data.view.q, data.view.filters])];
    const shape = JSON.stringify([data.columns.map((c) => c.id), data.actions, data.status, data.bulk, data.copied]);
    if (shape !== this.shape) this.patterns = new Map(); // cells to copy, by what is alike in them
    this.shape = shape;
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
    // Groups go in by their level; a record once, or deep down nothing would be left of its first cell.
    tr.firstChild.style.paddingInlineStart = `${0.4 + (row.path ? row.level * 1.25 : Math.min(row.level, 1) * 0.6)}rem`;
    if (this.grid.select.on) {
      tr.prepend(this.grid.select.cell(row));
      this.grid.select.mark(tr, i);
    }
    return tr;
  }

  group(data, row, shared) {
    const span = this.grid.width(data) - (this.grid.select.on ? 1 : 0);
    const value = el("span", { class: "value", dir: "auto", text: row.label || TEXT.nothing });
    const users = row.seats == null ? "" : ` · ${TEXT.users(row.seats)}`;
    const text = el("span", { class: "where" }, icon(row.open ? "open" : "shut"),
      el("span", { class: "of", text: `${this.grid.label(data.view.group[row.level])}: ` }), value,
      el("span", { class: "count", text: ` (${format(row.count)})${users}` }));
    const cell = el("td", { role: "gridcell", colspan: span, title: row.label || TEXT.nothing }, text);
    return el("tr", { ...shared, class: "group", "aria-expanded": String(row.open) }, cell);
  }

  record(data, row, shared) {
    const cells = row.cells.map((text, j) => this.cell(data.columns[j], text, row.tones?.[data.columns[j].id]));
    if (data.status) cells.push(this.status(row.status));
    if (this.slots(data)) cells.push(this.actions(data, row));
    const peeked = this.grid.peek.id === row.id;
    return el("tr", { ...shared, "data-id": row.id, class: peeked && "peeked" }, ...cells);
  }

  cell(column, text, tone) {
    const cell = this.pattern(column.id, () => el("td", { role: "gridcell", class: column.kind === "number" ? "number" : null, dir: column.kind === "text" ? "auto" : null }));
    cell.title = tone ? `${text} · ${tone[1]}` : text;
    if (tone) cell.append(el("span", { class: `tone ${tone[0]}`, text }), el("span", { class: "sr", text: `, ${tone[1]}` }));
    else cell.textContent = text;
    return cell;
  }

  // Copying a node costs half of making one.
  pattern(key, make) {
    if (!this.patterns.has(key)) this.patterns.set(key, make());
    return this.patterns.get(key).cloneNode(true);
  }

  status(status) {
    if (!status) return el("td", { role: "gridcell", class: "status" });
    const text = el("span", { class: `tone ${status.tone}`, text: status.text });
    return el("td", { role: "gridcell", class: "status", title: status.title || status.text }, text);
  }

  // A button for each action that isn't only in the menu (an empty place where it makes no sense for
  // this row), then the menu's.
  actions(data, row) {
    const cell = this.pattern(`act ${row.acts}`, () => this.buttons(data, row));
    for (const pressed of cell.children) if (pressed.title) pressed.setAttribute("aria-label", `${pressed.title}, ${row.id}`);
    return cell;
  }

  buttons(data, row) {
    const can = this.actsOf(row);
    const buttons = data.actions.filter((act) => !act.menu).map((act) => (can.includes(act) ? this.button(act.id, act.label, act.icon) : el("span", { class: "icon do" })));
    if (this.hasMenu(data)) buttons.push(this.button(MENU, TEXT.moreActions, "more"));
    return el("td", { role: "gridcell", class: "act" }, ...buttons);
  }

  button(id, label, shape) {
    return el("button", { type: "button", class: "icon do", tabindex: -1, "data-action": id, title: label, "aria-haspopup": id === MENU && "menu" }, icon(shape));
  }

  hasMenu(data) {
    return data.actions.some((act) => act.menu) || Boolean(data.copied);
  }

  // How many buttons stand in each row.
  slots(data) {
    return data.actions.filter((act) => !act.menu).length + (this.hasMenu(data) ? 1 : 0);
  }

  none(data) {
    const asked = data.view.q || Object.keys(data.view.filters).length;
    const words = asked
      ? [el("strong", { text: TEXT.none }), el("span", { text: TEXT.noneHint }), el("button", { type: "button", class: "text", text: TEXT.clear, onclick: () => this.grid.clear() })]
      : [el("span", { text: TEXT.noneYet })];
    return el("tr", { role: "row", class: "none" }, el("td", { role: "gridcell", colspan: this.grid.width(data) }, el("div", {}, ...words)));
  }

  // ---- what a row is ---------------------------------------------------------------------------

  keyOf(row) {
    return row && (row.path ? JSON.stringify(row.path) : row.id);
  }

  trOf(key) {
    return this.body.children[this.shown.findIndex((row) => this.keyOf(row) === key)];
  }

  actsOf(row) {
    const { actions } = this.grid.data;
    return row.acts ? actions.filter((act) => row.acts.includes(act.id)) : actions;
  }

  // The text that `c` copies: the serial, mostly.
  copyOf(row) {
    return !this.grid.data.copied || row.path ? "" : row.copy ?? row.id;
  }

  // The path of the groups that a row stands under.
  pathOf(i) {
    const row = this.shown[i];
    if (row.path) return row.path.slice(0, -1);
    for (let at = i - 1; at >= 0; at -= 1) if (this.shown[at].path) return this.shown[at].path.slice(0, row.level);
    return (this.grid.data.under ?? []).slice(0, row.level);
  }

  // ---- focus: one row is in the tab order; it is known by what it shows, not by its place ----

  rove(tr) {
    if (!tr?.dataset.i) return;
    for (const other of this.body.querySelectorAll("tr[tabindex='0']")) other.tabIndex = -1;
    tr.tabIndex = 0;
    if (tr.contains(this.grid.active())) this.grid.peek.follow(this.shown[+tr.dataset.i]);
  }

  roveTo(id) {
    this.rove(this.trOf(id));
    this.trOf(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  // The row that the side panel speaks of.
  point(id) {
    for (const tr of this.body.querySelectorAll("tr.peeked")) tr.classList.remove("peeked");
    if (id) this.trOf(id)?.classList.add("peeked");
  }

  focused() {
    const active = this.grid.active();
    if (!active || !this.body.contains(active)) return null;
    const tr = active.closest("tr[data-i]");
    if (!tr) return { i: 0 };
    return { key: this.keyOf(this.shown[+tr.dataset.i]), i: +tr.dataset.i, action: active.dataset.action };
  }

  refocus(focus) {
    const wanted = this.first ? { i: 0 } : focus;
    this.first = false;
    if (!wanted) return;
    if (!this.shown.length) {
      (this.body.querySelector("button") ?? this.grid.search).focus();
      return;
    }
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

  // The row of this id; when it is gone, the one whose turn it is; with none, the search.
  focusId(id, action) {
    const tr = this.trOf(id);
    if (tr) this.focus(tr, action);
    else this.focusCurrent();
  }

  focusCurrent() {
    const tr = this.body.querySelector("tr[tabindex='0']");
    if (tr) this.focus(tr);
    else this.grid.search.focus();
  }

  // To another page, where the focus stands on the first row; with none, to this one's end.
  turn(pages) {
    this.first = this.grid.turn(pages);
    if (!this.first) this.focus(pages > 0 ? this.body.lastChild : this.body.firstChild);
  }

  // ---- acts ----------------------------------------------------------------------------------

  click(event) {
    const tr = event.target.closest("tr[data-i]");
    if (!tr || this.swallowed || this.dragged(event)) return;
    const i = +tr.dataset.i;
    const row = this.shown[i];
    const pressed = event.target.closest("[data-action]");
    const choosing = this.grid.select.on && (event.target.closest(".pick") || event.shiftKey || event.ctrlKey || event.metaKey);
    if (pressed) this.run(i, pressed.dataset.action, pressed);
    else if (choosing) this.grid.select.choose(i, event.shiftKey);
    else if (row.path) this.grid.toggle(row);
    else this.grid.peek.open(row);
  }

  run(i, action, anchor) {
    if (action === MENU) this.menu(i, { anchor });
    else this.grid.act(this.shown[i], action);
  }

  menu(i, { anchor, ...how }) {
    const action = anchor?.dataset.action;
    const key = this.keyOf(this.shown[i]);
    const find = () => (action && this.trOf(key)?.querySelector(`[data-action="${CSS.escape(action)}"]`)) || this.trOf(key);
    this.grid.menu.open(i, { ...how, anchor: find });
  }

  copy(row) {
    const { copied } = this.grid.data;
    if (copied) this.grid.clip.copy(this.copyOf(row), copied.done);
  }

  // ---- the mouse and the finger --------------------------------------------------------------

  // Text can be selected by dragging over it; a range of rows, with Shift, is not such text.
  press(event) {
    this.from = [event.clientX, event.clientY];
    if (event.shiftKey && this.grid.select.on) event.preventDefault();
  }

  dragged(event) {
    return event.detail > 0 && this.from && Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]) > 5;
  }

  context(event) {
    const tr = event.target.closest("tr[data-id]");
    const selected = this.grid.root.getRootNode().getSelection?.() ?? document.getSelection();
    if (!tr || String(selected)) return;
    event.preventDefault();
    if (this.held || this.grid.popup.isOver(tr) || event.pointerType === "touch") return;
    const cell = event.target.closest("td");
    const column = this.grid.data.columns[[...tr.children].indexOf(cell) - (this.grid.select.on ? 1 : 0)];
    const byKey = !event.clientX && !event.clientY;
    this.menu(+tr.dataset.i, byKey ? {} : { at: { x: event.clientX, y: event.clientY }, column });
  }

  // A finger that stays on a row selects it.
  down(event) {
    this.swallowed = false;
    const tr = event.target.closest("tr[data-i]");
    if (event.pointerType !== "touch" || !tr || !this.grid.select.on) return;
    this.held = { x: event.clientX, y: event.clientY };
    this.holding = setTimeout(() => {
      this.swallowed = true;
      this.grid.select.choose(+tr.dataset.i, false);
    }, LONG_PRESS);
  }

  lift(event) {
    if (!this.held) return;
    if (event.type === "pointermove" && Math.hypot(event.clientX - this.held.x, event.clientY - this.held.y) < 10) return;
    clearTimeout(this.holding);
    this.held = null;
  }
}
