const PICK = 2.1; // rem, of the column of boxes

// A grid whose every page comes from Python. One small view goes up; one page comes down.
class Grid {
  constructor(root) {
    this.root = root;
    this.timer = 0;
    this.view = null;
    this.shape = "";
    this.openings = new Set(); // tokens of what was opened while this grid is on screen
    this.popup = new Popup(this);
    this.columns = new Columns(this);
    this.head = new Head(this);
    this.filter = new Filter(this);
    this.bar = new Bar(this);
    this.notices = new Notices();
    this.panel = new Panel(this);
    this.clip = new Clip(this);
    this.menu = new Menu(this);
    this.peek = new Peek(this);
    this.select = new Select(this);
    this.rows = new Rows(this);
    this.foot = new Foot(this);
    this.build();
    const around = new ResizeObserver(() => this.fit());
    new ResizeObserver(([{ contentRect }]) => this.rows.fits(contentRect.height)).observe(this.scroll);
    for (let box = root.getRootNode().host; box; box = box.parentElement) around.observe(box);
  }

  build() {
    this.search = el("input", {
      type: "search", class: "search",
      maxlength: 200, autocomplete: "off", spellcheck: "false",
      oninput: () => this.later(() => ({ q: this.search.value })),
      onkeydown: (e) => this.fieldKey(e, () => this.send({ q: this.search.value })),
    });
    const box = el("label", { class: "box" }, icon("search"), this.search);
    this.top = el("div", { class: "top" }, box, this.panel.root);
    this.table = el("table", { role: "treegrid" });
    this.scroll = el("div", { class: "scroll", onscroll: () => { this.scrolled = true; } }, this.table);
    this.problem = el("div", { class: "problem", role: "alert" });
    this.said = el("div", { class: "sr", role: "status", "aria-live": "polite" });
    const busy = el("div", { class: "busy", "aria-hidden": "true" });
    this.root.replaceChildren(this.top, this.bar.root, this.problem, el("div", { class: "stage" }, busy, this.scroll, this.peek.root, this.select.bar, this.clip.told), this.notices.root, this.foot.root, this.popup.root, this.said);
  }

  // ---- an answer ------------------------------------------------------------------------------

  update({ data, setStateValue, setTriggerValue }) {
    this.set = setStateValue;
    this.fire = setTriggerValue;
    if (!this.accepts(data)) return;
    this.problem.replaceChildren();
    clearTimeout(this.slow);
    const done = () => {
      this.root.classList.remove("waiting", "slow");
      this.table.setAttribute("aria-busy", "false");
    };
    if (data.problem) this.complain(data, done);
    else this.paint(data, done);
    this.root.dataset.seq = String(data.view.seq); // for tests and bench: what is in sight is drawn
    this.adopting = false;
  }

  // An answer is late when something newer was asked since. What was opened meanwhile (a link, a
  // saved view, Back) is newer than all that was on screen, whatever its number.
  accepts({ opened, view, url }) {
    if (opened === this.opened) return !this.view || view.seq >= this.view.seq;
    if (this.openings.has(opened)) return false;
    this.pushes = url?.push && this.opened !== undefined;
    this.opened = opened;
    this.arrives = true;
    this.path = window.location.pathname;
    this.openings.add(opened);
    this.view = null;
    this.adopting = true;
    clearTimeout(this.timer); // what was typed belongs to what was on screen
    return true;
  }

  paint(data, done) {
    const moved = this.data && whatAndWhere(this.data.view) !== whatAndWhere(data.view);
    this.data = data;
    this.view = structuredClone(data.view);
    this.select.meet(data);
    this.frame(data);
    this.root.classList.toggle("few", isFew(data));
    this.head.paint(data);
    this.bar.paint(data);
    this.notices.paint(data);
    this.panel.paint(data.view, (id) => this.label(id));
    if (!this.hasFocus(this.search)) this.search.value = data.view.q;
    this.table.setAttribute("aria-rowcount", String(data.total + 2));
    if (moved && this.scrolled && !this.rows.body.contains(this.active())) this.toTop();
    this.rows.paint(data, done);
    this.select.paint(data);
    this.peek.paint(data);
    this.foot.paint(data);
    this.popup.paint(data);
    this.tell(data);
    this.select.tell();
    clearTimeout(this.addressed);
    this.addressed = setTimeout(() => this.keepInUrl(data.url), 100); // after the rows are on screen
  }

  // Room for rows still to be drawn, so that the scroll bar doesn't jump.
  leave(rows) {
    this.table.style.marginBlockEnd = rows ? `${rows * this.rowHeight()}rem` : "";
  }

  // In rem, as grid.css has it.
  rowHeight() {
    return this.view?.layout.dense ? 1.65 : 2.05;
  }

  // Asking where it is scrolled to would lay the page out: so only when it was.
  toTop() {
    this.scroll.scrollTop = 0;
    this.scrolled = false;
  }

  // As tall as the window lets it be under whatever the page has above it.
  fit() {
    const top = this.root.getBoundingClientRect().top;
    if (top > 0) this.root.style.setProperty("--above", `${Math.ceil(top) + 12}px`);
    this.peek.fit();
  }

  frame(data) {
    const shape = JSON.stringify([data.title, data.fill, data.status, data.actions, this.select.on, data.copied, data.columns.map((c) => [c.id, c.label])]);
    const stands = JSON.stringify([data.view.layout, data.columns.map((c) => c.width)]);
    if (shape !== this.shape) this.reframe(data);
    if (shape !== this.shape || stands !== this.stands) {
      this.columns.fit(data);
      this.root.classList.toggle("dense", data.view.layout.dense);
    }
    this.shape = shape;
    this.stands = stands;
  }

  reframe(data) {
    this.root.classList.toggle("fill", data.fill);
    this.table.setAttribute("aria-label", data.title);
    this.table.setAttribute("aria-colcount", String(this.width(data)));
    this.table.style.setProperty("--slots", String(this.rows.slots(data)));
    if (this.select.on) this.table.setAttribute("aria-multiselectable", "true");
    for (const name of ["placeholder", "title", "aria-label"]) this.search.setAttribute(name, data.search);
    const held = this.head.held();
    const columns = Array.from({ length: this.width(data) }, (_, i) => el("col", { class: i === 0 && this.select.on && "lead" }));
    if (this.select.on) columns[0].style.width = `${PICK}rem`;
    this.table.replaceChildren(el("colgroup", {}, ...columns), this.head.build(data), this.rows.body);
    this.head.hold(held);
  }

  // What came of it, for those who hear it. Said once for each question, not when a status changes.
  tell({ view, records, filters }) {
    const asked = JSON.stringify([view.q, view.filters]);
    if (asked === this.told) return;
    const first = this.told === undefined;
    this.told = asked;
    if (!first) this.say(records ? TEXT.found(TEXT.records(records), filters.length + (view.q ? 1 : 0)) : TEXT.none);
  }

  complain(data, done) {
    this.view ??= structuredClone(data.view);
    const again = el("button", { type: "button", class: "text", text: TEXT.retry, onclick: () => this.send({ offset: this.view.offset }) });
    this.problem.replaceChildren(el("span", { text: data.problem }), again);
    if (data.gone) this.forget(again);
    done();
  }

  // What was on screen may not be seen any more.
  forget(next) {
    const had = this.rows.body.contains(this.active()) || this.peek.root.contains(this.active());
    this.peek.close();
    this.select.clear();
    this.rows.clear();
    if (had) next.focus();
  }

  // What another page left there (Streamlit's way to a page sets the address before it goes) would
  // travel with a copied link. Only on arrival: later it may be the way to the next page.
  keepInUrl(url) {
    const here = new URL(window.location.href);
    if (!url || !this.root.isConnected || here.pathname !== this.path) return; // another page's already
    if (this.arrives) here.search = "";
    this.arrives = false;
    if (url.value) here.searchParams.set(url.name, url.value);
    else here.searchParams.delete(url.name);
    const { history } = window;
    if (here.href !== window.location.href) history[this.pushes ? "pushState" : "replaceState"](history.state, "", here);
    this.pushes = false;
  }

  // ---- a request ------------------------------------------------------------------------------

  send(patch) {
    clearTimeout(this.timer);
    if (!this.root.isConnected) return;
    // What was typed and not yet sent goes along with whatever is asked now.
    const typed = this.data ? { q: this.search.value, filters: this.head.texts() } : {};
    this.view = { ...this.view, ...typed, offset: 0, ...patch, seq: this.view.seq + 1 };
    this.table.setAttribute("aria-busy", "true");
    this.root.classList.add("waiting");
    // Nothing moves for an answer that comes at once: an animation, even unseen, costs frames.
    clearTimeout(this.slow);
    this.slow = setTimeout(() => this.root.classList.add("slow"), 350);
    this.set("view", { ...this.view, opened: this.opened });
  }

  later(patch) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(patch()), 300);
  }

  sortBy(column, also) {
    const now = this.view.sort.find(([id]) => id === column.id);
    const rest = also ? this.view.sort.filter(([id]) => id !== column.id) : [];
    const next = !now ? [[column.id, false]] : now[1] ? [] : [[column.id, true]];
    this.sort([...rest, ...next]);
  }

  sort(sort) {
    const said = sort.map(([id, descending]) => TEXT.sortedBy(this.label(id), descending));
    this.say(said.length ? said.join("; ") : TEXT.unsorted);
    this.send({ sort });
  }

  // One column's filter, whether or not it is shown.
  filterBy(id, text) {
    const field = this.head.fields.get(id);
    if (field?.tagName === "INPUT") field.value = text;
    const filters = { ...this.head.texts(), [id]: text };
    if (!text) delete filters[id];
    this.send({ filters });
  }

  group(id, at = Infinity) {
    const group = this.view.group.filter((other) => other !== id);
    group.splice(Math.min(at, group.length), 0, id);
    this.regroup(group);
  }

  ungroup(id) {
    this.regroup(this.view.group.filter((other) => other !== id));
  }

  regroup(group) {
    if (group.join() === this.view.group.join()) return;
    this.say(TEXT.groupedBy(group.map((id) => this.label(id)).join(", ")));
    this.send({ group, expanded: [], collapsed: [], unfolded: this.view.unfolded && group.length > 0 });
  }

  // Groups are closed but for the expanded ones; all unfolded, open but for the collapsed.
  toggle(row) {
    const path = JSON.stringify(row.path);
    const kept = this.view.unfolded ? "collapsed" : "expanded";
    const others = this.view[kept].filter((other) => JSON.stringify(other) !== path);
    const listed = this.view.unfolded ? row.open : !row.open;
    this.send({ offset: this.data.offset, [kept]: listed ? [...others, row.path] : others });
  }

  unfold(all) {
    this.say(all ? TEXT.unfolded : TEXT.folded);
    this.send({ unfolded: all, expanded: [], collapsed: [] });
  }

  // The values of a column with how many of each: the answer comes as `facet`.
  ask(column, typed) {
    this.fire("ask", { facet: column, typed });
  }

  turn(pages) {
    return this.goTo(this.data.offset + pages * this.data.limit);
  }

  // Whether there was such a page to go to.
  goTo(offset) {
    const { total, limit } = this.data;
    const last = Math.max(0, (Math.ceil(total / limit) - 1) * limit);
    const to = Math.max(0, Math.min(offset, last));
    if (to === this.data.offset) return false;
    this.send({ offset: to });
    return true;
  }

  clear() {
    this.search.value = "";
    for (const field of this.head.fields.values()) if (field.tagName === "INPUT") field.value = "";
    this.search.focus();
    this.send({ q: "", filters: {} });
  }

  act(row, action) {
    this.fire("action", { action, id: row.id });
    const from = this.active()?.dataset.action; // a button of the row, or the row itself
    this.comeBack(() => this.rows.focusId(row.id, from));
  }

  // After the window that an act opens.
  comeBack(back) {
    this.returning?.();
    this.returning = returnFocus(back);
  }

  fieldKey(event, now) {
    const field = event.target;
    if (event.key === "Enter") now();
    else if (event.key === "Escape" && field.value) { field.value = ""; now(); }
    else if (event.key === "ArrowDown") this.rows.focus(this.rows.body.querySelector("tr[data-i]"));
    else return;
    event.preventDefault();
  }

  // ---- small things ---------------------------------------------------------------------------

  // All that is known of a column, shown or not.
  column(id) {
    const same = (column) => column.id === id;
    return this.data.columns.find(same) ?? this.data.every.find(same);
  }

  // "activated_on:month" is Fecha Activación (mes).
  label(id) {
    const column = this.column(columnOf(id));
    const grain = grainOf(id) && column?.grains.find(([code]) => code === grainOf(id))?.[1];
    return `${column?.label ?? id}${grain ? ` (${grain.toLowerCase()})` : ""}`;
  }

  settle() {
    this.panel.settle();
    this.columns.settle();
  }

  toSearch() {
    this.search.focus();
    this.search.select();
  }

  width(data) {
    return (this.select.on ? 1 : 0) + data.columns.length + (data.status ? 1 : 0) + (this.rows.slots(data) ? 1 : 0);
  }

  active() {
    return this.root.getRootNode().activeElement;
  }

  // Whether a person is at work in it: what opens another view overrules them.
  hasFocus(node) {
    return !this.adopting && this.active() === node;
  }

  say(text) {
    this.said.textContent = text;
  }
}

// Inside a page, a handful of rows that nobody narrowed needs no tools around it.
function isFew({ fill, records, view }) {
  const narrowed = view.q || view.group.length || Object.keys(view.filters).length || view.layout.columns.length;
  return !fill && !narrowed && records <= 8;
}

// All of a view but what is unfolded: when it changes, the page starts at its top.
function whatAndWhere({ q, filters, sort, group, offset, limit }) {
  return JSON.stringify([q, filters, sort, group, offset, limit]);
}

// Keys belong to the page (lib/ui/palette): it says so here, and the page's first grid listens.
document.addEventListener("mesa:focus-search", (event) => {
  const first = [...shown].find((grid) => grid.root.isConnected && !grid.root.classList.contains("few"));
  if (!first) return;
  event.preventDefault(); // tells who asked that somebody took it
  first.toSearch();
});

const shown = new Set();
const grids = new WeakMap(); // the module is called again for every answer

export default function (component) {
  const root = component.parentElement.querySelector(".mesa-grid");
  if (!grids.has(root)) {
    grids.set(root, new Grid(root));
    for (const grid of shown) if (!grid.root.isConnected) shown.delete(grid);
    shown.add(grids.get(root));
  }
  grids.get(root).update(component);
}
