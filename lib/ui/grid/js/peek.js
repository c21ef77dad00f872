// The side panel: what the desk knows of one row, beside the rows; over them where there is no room.
// What it says comes from Python with each answer; arrows in the rows move it along.
class Peek {
  constructor(grid) {
    this.grid = grid;
    this.id = "";
    this.title = el("h2", { class: "title" });
    this.about = el("div", { class: "about" });
    this.back = button("up", TEXT.previousRow, () => this.step(-1));
    this.on = button("down", TEXT.nextRow, () => this.step(1));
    const head = el("div", { class: "peekhead" }, el("div", { class: "names" }, this.title, this.about), this.back, this.on, button("close", TEXT.closePanel, () => this.close()));
    this.body = el("div", { class: "peekbody" });
    this.acts = el("div", { class: "peekacts" });
    this.root = el("div", { class: "peek", hidden: true, tabindex: -1, onkeydown: (e) => this.key(e) }, head, this.body, this.acts);
  }

  get isOpen() {
    return this.id !== "";
  }

  // ---- opening and closing --------------------------------------------------------------------

  // `enter`: asked for again, it takes the focus.
  open(row, enter = false) {
    if (!this.grid.data.peeks || row.path) return;
    const first = !this.isOpen;
    if (this.id !== row.id) this.show(row, 0);
    else if (enter) this.root.focus();
    if (!first) return;
    this.place();
    this.root.hidden = false;
    if (this.floats) this.root.showPopover();
    if (this.sheet) this.root.focus();
  }

  // The focus in the rows has moved to this one.
  follow(row) {
    if (this.isOpen && row && !row.path && row.id !== this.id) this.show(row, 120);
  }

  // Who holds an arrow down asks once, for the row where they stop.
  show(row, wait) {
    this.id = row.id;
    this.drawn = "";
    this.answered = false;
    this.name(row.id);
    this.about.textContent = "";
    this.root.setAttribute("aria-label", TEXT.panelOf(row.id));
    this.root.setAttribute("aria-busy", "true");
    this.paintActs(this.grid.rows.actsOf(row));
    this.grid.rows.point(row.id);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.grid.set("peek", this.id), wait);
  }

  close() {
    if (!this.isOpen) return;
    const had = this.root.contains(this.grid.active());
    const { id } = this;
    clearTimeout(this.timer);
    this.id = "";
    if (this.root.matches(":popover-open")) this.root.hidePopover();
    this.root.hidden = true;
    this.body.replaceChildren();
    this.grid.root.classList.remove("peeking");
    this.grid.rows.point("");
    this.grid.set("peek", "");
    if (had) this.grid.rows.focusId(id);
  }

  // Beside the rows while they keep enough room; else over them, and over all on a telephone.
  place() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.sheet = window.innerWidth < 40 * rem;
    this.floats = this.sheet || !this.grid.data.fill || this.grid.root.clientWidth < (52 + this.frozen()) * rem;
    this.root.popover = this.floats ? "manual" : null;
    this.root.classList.toggle("sheet", this.sheet);
    this.root.setAttribute("role", this.sheet ? "dialog" : "region");
    if (this.sheet) this.root.setAttribute("aria-modal", "true");
    else this.root.removeAttribute("aria-modal");
    this.grid.root.classList.toggle("peeking", !this.floats);
  }

  // How wide the columns are that don't scroll, in rem.
  frozen() {
    const { columns, view } = this.grid.data;
    return columns.slice(0, view.layout.frozen).reduce((sum, { width }) => sum + width, 0);
  }

  // The window was turned or the menu folded.
  fit() {
    if (!this.isOpen || !this.root.isConnected) return;
    const [sheet, floats, focus] = [this.sheet, this.floats, this.grid.active()];
    this.place();
    if (sheet === this.sheet && floats === this.floats) return;
    if (this.floats) this.root.showPopover();
    if (this.root.contains(focus)) focus.focus();
  }

  // ---- an answer ------------------------------------------------------------------------------

  paint({ peek }) {
    if (!this.isOpen) return;
    if (peek?.id === this.id) this.draw(peek);
    else if (this.answered) this.grid.set("peek", this.id); // a server that forgot what is open here
    this.paintSteps();
  }

  draw(peek) {
    this.answered = true;
    this.root.removeAttribute("aria-busy");
    const said = JSON.stringify(peek);
    if (said === this.drawn) return;
    this.drawn = said;
    const focus = this.grid.active();
    const at = this.root.contains(focus) ? this.stops().indexOf(focus) : -1;
    this.name(peek.title);
    this.about.textContent = peek.about;
    this.root.setAttribute("aria-label", TEXT.panelOf([peek.title, peek.about, peek.id].filter(Boolean).join(", ")));
    this.body.replaceChildren(...(peek.problem ? [el("p", { class: "note bad", role: "alert", text: peek.problem })] : peek.sections.map((section) => this.section(section))));
    this.paintActs(this.grid.data.actions.filter((act) => peek.acts.includes(act.id)));
    // What is longer than the panel and holds no button can be scrolled from the keyboard.
    const scrolls = this.body.scrollHeight > this.body.clientHeight && !this.body.querySelector("button");
    this.body.toggleAttribute("tabindex", scrolls);
    if (scrolls) this.body.tabIndex = 0;
    if (at >= 0) (this.stops()[at] ?? this.root).focus({ preventScroll: true });
  }

  name(text) {
    this.title.textContent = text;
    this.title.title = text;
  }

  section({ title, facts, lines, note, tone }) {
    return el("section", {}, el("h3", { text: title }),
      facts.length && el("dl", {}, ...facts.flatMap((fact) => this.fact(fact))),
      lines.length && el("ul", {}, ...lines.map((line) => el("li", {}, this.toned(line.text, line.tone), line.note && el("div", { class: "below", text: line.note })))),
      note && el("p", { class: `note ${tone}`, text: note }));
  }

  fact({ name, value, tone, copied }) {
    const copy = copied && button("copy", TEXT.copyThe(name), () => this.grid.clip.copy(value, copied), { class: "icon copy" });
    return [el("dt", { text: name }), el("dd", { dir: "auto" }, this.toned(value, tone), copy)];
  }

  toned(text, tone) {
    return el("span", { class: tone ? `tone ${tone}` : null, text });
  }

  paintActs(acts) {
    const shown = JSON.stringify(acts);
    if (shown === this.offered) return;
    this.offered = shown;
    this.acts.replaceChildren(...acts.map((act, i) => el("button", {
      type: "button", class: i ? "text" : "text main", "data-action": act.id, onclick: () => this.act(act.id),
    }, icon(act.icon), el("span", { text: act.label }))));
    this.acts.hidden = !acts.length;
  }

  // A window that an act opens would lie under what is in the browser's top layer.
  act(action) {
    const row = { id: this.id };
    if (this.floats) this.close();
    this.grid.act(row, action);
  }

  // ---- moving ---------------------------------------------------------------------------------

  step(by) {
    const to = this.beside(by);
    if (!to) return;
    const within = this.root.contains(this.grid.active());
    this.show(to, 0);
    this.grid.rows.roveTo(to.id);
    if (!within) this.grid.rows.focusId(to.id);
    this.paintSteps();
  }

  // The next row on the page that way, past the groups' headings.
  beside(by) {
    const shown = this.grid.rows.shown ?? [];
    const at = shown.findIndex((row) => !row.path && row.id === this.id);
    if (at < 0) return undefined;
    const rest = by > 0 ? shown.slice(at + 1) : shown.slice(0, at).reverse();
    return rest.find((row) => !row.path);
  }

  paintSteps() {
    this.back.setAttribute("aria-disabled", String(!this.beside(-1)));
    this.on.setAttribute("aria-disabled", String(!this.beside(1)));
  }

  stops() {
    return [...this.root.querySelectorAll("button")].filter((node) => node.getClientRects().length);
  }

  key(event) {
    const act = event.key === "Tab" ? this.round(event) : {
      Escape: () => this.close(), ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
    }[event.key];
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  // A sheet over everything keeps the focus inside.
  round(event) {
    return this.sheet ? goRound(this.stops(), this.grid.active(), event.shiftKey) : undefined;
  }
}
