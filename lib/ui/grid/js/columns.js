// How the columns stand: which ones, in which order, how wide, which stay in sight. All of it is the
// view's layout; Python says back what it understood of it.
class Columns {
  constructor(grid) {
    this.grid = grid;
    this.lifted = null; // the column in the hand
    this.resizing = false;
    this.sheet = new CSSStyleSheet();
    grid.root.getRootNode().adoptedStyleSheets.push(this.sheet);
  }

  shown() {
    return this.grid.data.columns.map((column) => column.id);
  }

  lay(patch) {
    this.grid.send({ layout: { ...this.grid.view.layout, ...patch }, offset: this.grid.data.offset });
  }

  order(ids) {
    this.lay({ columns: ids.join() === this.grid.data.usual.join() ? [] : ids });
  }

  move(id, by) {
    const ids = this.shown();
    this.put(id, ids.indexOf(id) + by);
  }

  // `at` counts among the others.
  put(id, at) {
    const ids = this.shown().filter((other) => other !== id);
    ids.splice(Math.max(0, at), 0, id);
    if (ids.join() === this.shown().join()) return;
    this.order(ids);
    this.grid.say(TEXT.movedTo(this.grid.label(id), ids.indexOf(id) + 1, ids.length));
  }

  hide(id) {
    const ids = this.shown();
    const frozen = this.grid.view.layout.frozen - (ids.indexOf(id) < this.grid.view.layout.frozen ? 1 : 0);
    this.lay({ columns: ids.filter((other) => other !== id), frozen });
    this.grid.say(TEXT.hidden(this.grid.label(id)));
  }

  // Where it stood among all, or at the end.
  show(id) {
    const every = this.grid.data.every.map((column) => column.id);
    const ids = this.shown();
    const before = every.slice(0, every.indexOf(id)).reverse().find((other) => ids.includes(other));
    ids.splice(before ? ids.indexOf(before) + 1 : 0, 0, id);
    this.order(ids);
  }

  freeze(count) {
    this.lay({ frozen: count });
    this.grid.say(count ? TEXT.frozen(count) : TEXT.unfrozen);
  }

  restore() {
    this.lay({ columns: [], widths: {}, frozen: 0, dense: false });
    this.grid.say(TEXT.restored);
  }

  // ---- width ----------------------------------------------------------------------------------

  edge(id) {
    return el("span", {
      class: "edge", "aria-hidden": "true", title: TEXT.resize,
      onpointerdown: (e) => this.grab(e, id), ondblclick: () => this.setWidth(id, null), onclick: (e) => e.stopPropagation(),
    });
  }

  widen(id, steps) {
    const now = this.grid.head.cells.get(id).getBoundingClientRect().width / rem();
    this.setWidth(id, now + steps);
  }

  setWidth(id, width) {
    const { [id]: _, ...widths } = this.grid.view.layout.widths;
    if (width !== null) widths[id] = Math.round(Math.max(LEAST_WIDTH, Math.min(width, MOST_WIDTH)) * 100) / 100;
    this.lay({ widths });
  }

  // Only the columns move while the edge is in the hand; the rest is told when it is let go.
  grab(event, id) {
    if (event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const from = event.clientX;
    const width = this.grid.head.cells.get(id).getBoundingClientRect().width;
    const off = new AbortController();
    this.resizing = true;
    this.fixAll();
    const to = (e) => Math.max(LEAST_WIDTH, Math.min((width + e.clientX - from) / rem(), MOST_WIDTH));
    const edge = event.target;
    edge.setPointerCapture(event.pointerId);
    edge.classList.add("held");
    const stop = () => {
      off.abort();
      edge.classList.remove("held");
      setTimeout(() => { this.resizing = false; }); // after the click and the drag it would have been
    };
    edge.addEventListener("pointermove", (e) => this.preview(id, to(e)), { signal: off.signal });
    edge.addEventListener("pointerup", (e) => {
      stop();
      if (Math.abs(e.clientX - from) > 2) this.setWidth(id, to(e));
      else this.fit(this.grid.data);
    }, { signal: off.signal });
    edge.addEventListener("pointercancel", () => { stop(); this.fit(this.grid.data); }, { signal: off.signal });
  }

  // Each column as wide as it happens to be: so that only one of them moves.
  fixAll() {
    this.fixed = {};
    for (const [id, th] of this.grid.head.cells) this.fixed[id] = th.getBoundingClientRect().width / rem();
    this.preview(null, 0);
  }

  preview(id, width) {
    if (id) this.fixed[id] = width;
    this.apply(this.grid.data.columns.map((column) => ({ width: this.fixed[column.id], sized: true })), this.grid.data);
  }

  // ---- what the table is told -----------------------------------------------------------------

  // Once for each new set of widths. The wide column takes the room that is left.
  fit(data) {
    const { frozen } = data.view.layout;
    const columns = data.columns.map((column, i) => ({ ...column, wide: column.wide && i >= frozen }));
    this.apply(columns, data);
    this.pin(columns, frozen);
  }

  // Widths that somebody chose stand; the others grow a little with the window (--u in grid.css).
  apply(columns, data) {
    const { table } = this.grid;
    const slots = this.grid.rows.slots(data);
    const widths = columns.map(length);
    if (data.status) widths.push(length({ width: STATUS_WIDTH }));
    if (slots) widths.push("var(--act)");
    const cols = table.querySelectorAll("colgroup col:not(.lead)");
    const rest = this.takesTheRest(columns, data);
    widths.forEach((width, i) => { cols[i].style.width = i === rest ? "" : width; });
    const sum = `calc(${[`${this.lead()}rem`, ...widths].join(" + ")})`;
    table.style.minWidth = sum;
    table.style.width = rest < 0 ? sum : "";
  }

  // The wide column; where somebody gave it a width, the status or the last that has none.
  takesTheRest(columns, data) {
    const wide = columns.findIndex((column) => column.wide);
    if (wide >= 0) return wide;
    return data.status ? columns.length : columns.findLastIndex((column) => !column.sized);
  }

  // Columns before the source's own (to select rows), and how wide they are together.
  leading() {
    return [...this.grid.table.querySelectorAll("colgroup col.lead")];
  }

  lead() {
    return this.leading().reduce((all, col) => all + parseFloat(col.style.width), 0);
  }

  // Sticky cells by their place: rules, not a style on each of the cells. Where the frozen ones
  // would fill a narrow window they scroll like the others.
  pin(columns, frozen) {
    const before = this.leading().length;
    let at = `${this.lead()}rem`;
    let room = this.lead();
    const rules = columns.slice(0, frozen).map((column, i) => {
      const rule = sticky(before + i + 1, `calc(${at})`, i + 1 === frozen ? LAST_FROZEN : "");
      at += ` + ${length(column)}`;
      room += column.width;
      return rule;
    });
    const lead = frozen ? this.leadRules() : "";
    const text = rules.length ? `@container (min-width: ${room + 14}rem) { ${lead}${rules.join(" ")} }` : "";
    if (text !== this.pinned) this.sheet.replaceSync(text);
    this.pinned = text;
  }

  leadRules() {
    let at = 0;
    return this.leading().map((col, i) => {
      const rule = sticky(i + 1, `${at}rem`, "");
      at += parseFloat(col.style.width);
      return rule;
    }).join("");
  }

  // ---- a heading dropped on the headings: it changes its place ---------------------------------

  lift(id) {
    this.lifted = id;
  }

  settle() {
    this.lifted = null;
    this.mark(null);
  }

  drops() {
    return { ondragover: (e) => this.over(e), ondragleave: () => this.mark(null), ondrop: (e) => this.drop(e) };
  }

  over(event) {
    const th = event.target.closest("th[data-col]");
    if (!this.lifted || !th) return;
    event.preventDefault();
    this.mark(th, this.isAfter(event, th));
  }

  isAfter(event, th) {
    const box = th.getBoundingClientRect();
    return event.clientX > box.left + box.width / 2;
  }

  mark(th, after) {
    for (const cell of this.grid.head.cells.values()) {
      cell.classList.toggle("before", cell === th && !after);
      cell.classList.toggle("after", cell === th && Boolean(after));
    }
  }

  drop(event) {
    const th = event.target.closest("th[data-col]");
    const id = this.lifted;
    if (!id || !th) return;
    event.preventDefault();
    const others = this.shown().filter((other) => other !== id);
    const at = others.indexOf(th.dataset.col) + (this.isAfter(event, th) ? 1 : 0);
    this.grid.settle();
    if (th.dataset.col !== id) this.put(id, at);
  }
}

const LEAST_WIDTH = 3; // rem; a heading's button and a letter or two
const MOST_WIDTH = 60;

const STATUS_WIDTH = 7;
const LAST_FROZEN = "box-shadow: 1px 0 0 var(--edge), 4px 0 6px -3px rgb(0 0 0 / 25%); clip-path: inset(0 -8px 0 0);";

// A body's cells are seen through, its rows aren't; a heading's have a colour of their own.
const sticky = (place, left, more) => `tr:not(.group, .none) > :nth-child(${place}) { position: sticky; left: ${left}; z-index: 1; ${more} }
  tbody tr:not(.group, .none) > :nth-child(${place}) { background: inherit; } `;

const length = ({ width, sized }) => (sized ? `${width}rem` : `calc(${width} * var(--u))`);

const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
