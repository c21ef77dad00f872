// What is selected: rows by id, whole groups by path. It lives here, through pages and sorts, until
// the search, a filter or the grouping changes: then what was chosen could no longer be seen.
class Select {
  constructor(grid) {
    this.grid = grid;
    this.ids = new Map(); // id → { path, copy }
    this.paths = new Map(); // path as text → { path, count }
    this.within = new Set(); // paths, as text, with something selected under them
    this.sent = 0;
    this.count = el("strong", {});
    this.acts = el("span", { class: "acts" });
    this.bar = el("div", { class: "bulk", role: "toolbar", "aria-label": TEXT.selection, hidden: true, onkeydown: (e) => this.barKey(e) }, this.count, this.acts);
  }

  get on() {
    return Boolean(this.grid.data?.bulk?.length);
  }

  get empty() {
    return !this.ids.size && !this.paths.size;
  }

  // ---- the column of boxes --------------------------------------------------------------------

  // Its heading and the cell under that, where the filters are.
  heads() {
    this.box = el("span", { class: "check", role: "checkbox", tabindex: 0, "aria-checked": "false", "aria-label": TEXT.selectPage, title: TEXT.selectPage, onclick: () => this.flipPage(), onkeydown: (e) => this.boxKey(e) });
    return [el("th", { scope: "col", role: "columnheader", class: "pick" }, this.box), el("td", { class: "pick" })];
  }

  cell(row) {
    const name = row.path ? TEXT.selectGroup(row.label || TEXT.nothing) : TEXT.selectRow(row.id);
    return el("td", { role: "gridcell", class: "pick" }, el("span", { class: "check", role: "checkbox", "aria-checked": "false", "aria-label": name }));
  }

  // How a row looks, drawn or drawn again.
  mark(tr, i) {
    if (!this.on) return;
    const state = this.stateOf(i);
    tr.setAttribute("aria-selected", String(state === "true"));
    tr.querySelector(".check")?.setAttribute("aria-checked", state);
  }

  stateOf(i) {
    const row = this.grid.rows.shown[i];
    const path = this.grid.rows.pathOf(i);
    if (this.covered(path)) return "true";
    if (!row.path) return String(this.ids.has(row.id));
    return this.paths.has(asText(row.path)) ? "true" : this.within.has(asText(row.path)) ? "mixed" : "false";
  }

  // Whether a group above is selected whole.
  covered(path) {
    return path.some((_, i) => this.paths.has(asText(path.slice(0, i + 1))));
  }

  // ---- choosing -------------------------------------------------------------------------------

  // One row, or with Shift all from the last one chosen to it.
  choose(i, ranged) {
    if (!this.on) return;
    if (this.covered(this.grid.rows.pathOf(i))) { this.grid.clip.tell(TEXT.inGroup); return; }
    const from = ranged && this.anchored() ? this.anchor.i : i;
    const on = from === i ? this.stateOf(i) !== "true" : true;
    const [first, last] = [Math.min(from, i), Math.max(from, i)];
    for (let at = first; at <= last; at += 1) this.put(at, on, first !== last);
    this.anchor = { i, key: this.keyAt(i) };
    this.changed();
  }

  // The last one chosen still stands where it did.
  anchored() {
    return this.anchor && this.keyAt(this.anchor.i) === this.anchor.key;
  }

  keyAt(i) {
    return this.grid.rows.keyOf(this.grid.rows.shown[i]);
  }

  // With Shift and an arrow: both rows.
  extend(from, to) {
    if (!this.on) return;
    this.put(from, true, true);
    this.put(to, true, true);
    this.anchor = { i: to, key: this.keyAt(to) };
    this.changed();
  }

  flipPage() {
    const every = this.ofPage();
    const on = !every.every((i) => this.stateOf(i) === "true");
    for (const i of every) this.put(i, on, true);
    this.changed();
  }

  page() {
    for (const i of this.ofPage()) this.put(i, true, true);
    this.changed();
  }

  // What the page shows: its rows, and the groups that are closed.
  ofPage() {
    return this.grid.rows.shown.flatMap((row, i) => (row.path && row.open ? [] : [i]));
  }

  // `among`: one of several, where an open group stands for the rows under it, chosen one by one.
  put(i, on, among) {
    const row = this.grid.rows.shown[i];
    const path = this.grid.rows.pathOf(i);
    if ((among && row.path && row.open) || this.covered(path)) return;
    if (row.path) this.putGroup(row, on);
    else if (on && this.ids.size >= MOST_IDS && !this.ids.has(row.id)) this.full = true;
    else if (on) this.ids.set(row.id, { path, copy: this.grid.rows.copyOf(row) });
    else this.ids.delete(row.id);
  }

  putGroup(row, on) {
    this.dropUnder(row.path);
    if (on) this.paths.set(asText(row.path), { path: row.path, count: row.count });
  }

  dropUnder(path) {
    const under = (other) => path.every((key, i) => i < other.length && other[i] === key);
    for (const [key, group] of this.paths) if (under(group.path)) this.paths.delete(key);
    for (const [id, kept] of this.ids) if (under(kept.path)) this.ids.delete(id);
  }

  clear(words = TEXT.unselected) {
    if (this.empty) return;
    this.ids.clear();
    this.paths.clear();
    this.anchor = null;
    this.changed(words);
  }

  total() {
    return [...this.paths.values()].reduce((sum, { count }) => sum + count, this.ids.size);
  }

  changed(words) {
    this.within = new Set();
    const parents = [...this.ids.values()].map(({ path }) => path).concat([...this.paths.values()].map(({ path }) => path.slice(0, -1)));
    for (const path of parents) for (let i = 1; i <= path.length; i += 1) this.within.add(asText(path.slice(0, i)));
    this.paintRows();
    this.paintBar();
    if (this.full) this.grid.clip.tell(TEXT.tooMany(MOST_IDS));
    else this.grid.say(words ?? TEXT.selected(this.total()));
    this.full = false;
  }

  // ---- an answer ------------------------------------------------------------------------------

  // Before the rows are drawn.
  meet(data) {
    const { q, filters, group } = data.view;
    const about = asText([q, filters, group]);
    this.lost = this.about !== undefined && this.about !== about && !this.empty;
    this.about = about;
    if (this.lost) this.clear();
    if (data.clip && data.clip.token === this.sent) {
      this.sent = 0;
      this.grid.clip.copy(data.clip.text, data.clip.words);
    }
  }

  // After what the answer itself had to say.
  tell() {
    if (!this.lost) return;
    this.lost = false;
    this.grid.clip.tell(TEXT.selectionLost, this.grid.said.textContent);
  }

  paint(data) {
    const offered = asText(data.bulk ?? []);
    if (offered !== this.offered) {
      this.offered = offered;
      const buttons = (data.bulk ?? []).map((act) => el("button", { type: "button", class: "text", "data-bulk": act.id, onclick: () => this.press(act) }, icon(act.icon), el("span", { text: act.label })));
      const none = el("button", { type: "button", class: "text", "data-bulk": "", onclick: () => this.leave() }, icon("close"), el("span", { text: TEXT.unselect }));
      this.acts.replaceChildren(...buttons, none);
    }
    this.paintBar();
  }

  paintRows() {
    const rows = this.grid.rows.body.children;
    for (let i = 0; i < rows.length; i += 1) if (rows[i].dataset.i) this.mark(rows[i], i);
  }

  paintBar() {
    const total = this.total();
    this.bar.hidden = !total;
    this.grid.root.classList.toggle("picking", Boolean(total));
    if (total) this.count.textContent = TEXT.selected(total);
    if (!this.box || !this.grid.rows.shown) return;
    const states = new Set(this.ofPage().map((i) => this.stateOf(i)));
    this.box.setAttribute("aria-checked", states.has("true") ? (states.size > 1 ? "mixed" : "true") : states.has("mixed") ? "mixed" : "false");
  }

  // ---- acts on what is selected ---------------------------------------------------------------

  press(act) {
    if (act.id === "copy" && !this.paths.size && [...this.ids.values()].every(({ copy }) => copy)) {
      const copies = [...this.ids.values()].map(({ copy }) => copy);
      this.grid.clip.copy(copies.join("\n"), TEXT.copiedMany(copies.length, this.grid.data.copied));
      return;
    }
    this.sent = Date.now();
    const paths = [...this.paths.values()].map(({ path }) => path);
    this.grid.fire("bulk", { action: act.id, token: this.sent, selection: { ids: [...this.ids.keys()], paths } });
    this.grid.comeBack(() => (this.bar.hidden ? this.grid.rows.focusCurrent() : this.acts.querySelector(`[data-bulk="${CSS.escape(act.id)}"]`)?.focus()));
  }

  leave() {
    this.clear();
    this.grid.rows.focusCurrent();
  }

  barKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.grid.rows.focusCurrent();
  }

  boxKey(event) {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    this.flipPage();
  }
}

const MOST_IDS = 2000; // as lib/model/selection.py: more than that is a group's business

const asText = (value) => JSON.stringify(value);
