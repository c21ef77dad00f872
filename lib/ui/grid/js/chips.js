// Between the search and the table: how much was found, by what it is narrowed, and the columns.
class Bar {
  constructor(grid) {
    this.grid = grid;
    this.found = el("span", { class: "found" });
    this.pills = el("span", { class: "pills" });
    this.clear = el("button", { type: "button", class: "link", text: TEXT.clear, onclick: () => grid.clear() });
    this.columns = el("button", {
      type: "button", class: "text tool", "aria-haspopup": "dialog", "aria-expanded": "false", title: TEXT.columnsHint,
      onclick: () => (grid.popup.isOver(this.columns) ? grid.popup.close() : new Chooser(grid).open(this.columns)),
    }, icon("columns"), el("span", { text: TEXT.columns }));
    this.root = el("div", { class: "bar" }, this.found, this.pills, this.columns);
  }

  paint({ view, filters, records, seats }) {
    const found = totals(records, seats);
    if (this.found.textContent !== found) this.found.textContent = found;
    const shown = JSON.stringify([view.q, filters]);
    if (shown === this.shown) return;
    this.shown = shown;
    const focused = this.all().findIndex((pill) => pill.contains(this.grid.active()));
    const search = view.q && { id: "", label: TEXT.searched, words: `«${view.q}»` };
    const pills = [search, ...filters].filter(Boolean).map((filter) => this.make(filter));
    this.pills.replaceChildren(...pills, ...(pills.length ? [this.clear] : []));
    if (focused >= 0) (this.all()[Math.min(focused, this.all().length - 1)]?.firstChild ?? this.grid.search).focus();
  }

  all() {
    return [...this.pills.querySelectorAll(".pill")];
  }

  pill(id) {
    return this.all().find((pill) => pill.dataset.of === id)?.firstChild;
  }

  // "Sistema: SAE o NOI": pressed it opens the filter, its cross or Delete takes it away.
  make({ id, label, text, words, bad }) {
    const said = `${label}: ${bad ? TEXT.notUnderstood(text) : words}`;
    const open = el("button", {
      type: "button", class: "open", "aria-label": TEXT.pill(said), title: said, "aria-haspopup": id ? "dialog" : null,
      onclick: () => this.open(id), onkeydown: (e) => this.key(e, id),
    }, el("span", { class: "of", text: `${label}: ` }), el("span", { class: "words", dir: "auto", text: bad ? TEXT.notUnderstood(text) : words }));
    const close = button("close", TEXT.removePill(said), () => this.remove(id), { tabindex: -1 });
    return el("span", { class: bad ? "pill bad" : "pill", "data-of": id }, open, close);
  }

  key(event, id) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const pills = this.all();
    if (step) pills[pills.findIndex((pill) => pill.contains(event.target)) + step]?.firstChild.focus();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(id);
    else return;
    event.preventDefault();
  }

  open(id) {
    if (!id) this.grid.toSearch();
    else if (this.grid.popup.isOver(this.pill(id))) this.grid.popup.close();
    else this.grid.filter.open(id, () => this.pill(id) ?? this.columns);
  }

  remove(id) {
    if (id) return this.grid.filterBy(id, "");
    this.grid.search.value = "";
    return this.grid.send({ q: "" });
  }
}

// What has to be said of the view itself: each line until it is sent away. Under the rows, so that
// no heading moves from under the mouse.
class Notices {
  constructor() {
    this.sent = new Set();
    this.root = el("div", { class: "notices", role: "status" });
  }

  paint({ notices }) {
    const shown = JSON.stringify(notices);
    if (shown === this.shown) return;
    this.shown = shown;
    this.sent = new Set([...this.sent].filter((text) => notices.includes(text)));
    this.root.replaceChildren(...notices.filter((text) => !this.sent.has(text)).map((text) => this.line(text)));
  }

  line(text) {
    const away = () => {
      this.sent.add(text);
      line.remove();
    };
    const line = el("div", { class: "notice" }, icon("info"), el("span", { text }), button("close", TEXT.dismiss, away));
    return line;
  }
}

const totals = (records, seats) => [TEXT.records(records), ...(seats == null ? [] : [TEXT.users(seats)])].join(" · ");
