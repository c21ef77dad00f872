// The window that searches everything: a field over a list. The focus stays in the field; what an
// Enter would open is said by aria-activedescendant.
class Search {
  constructor({ ask, go }) {
    this.asks = ask;
    this.goes = go;
    this.seq = 0;
    this.shown = ""; // the text that what is on screen answers
    this.input = el("input", {
      type: "text", role: "combobox", class: "field", "aria-label": TEXT.open, placeholder: TEXT.placeholder,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "found", maxlength: 200,
      autocomplete: "off", autocapitalize: "none", spellcheck: "false", enterkeyhint: "go",
      oninput: () => this.typed(), onkeydown: (e) => this.key(e),
    });
    this.list = el("div", {
      role: "listbox", id: "found", class: "found", "aria-label": TEXT.results, hidden: true,
      onclick: (e) => this.press(e), onmousemove: (e) => this.point(e), onmousedown: (e) => e.preventDefault(),
    });
    this.state = el("div", { class: "state", role: "status" });
    this.modal = new Modal(TEXT.open, "", el("div", { class: "top" }, icon("search"), this.input), this.state, this.list, this.foot());
  }

  foot() {
    const hints = TEXT.hints.map(([key, does]) => el("span", {}, el("kbd", { text: key }), ` ${does}`));
    return el("div", { class: "hints", "aria-hidden": "true" }, ...hints);
  }

  update({ shortest, nothing, answer }) {
    Object.assign(this, { shortest, nothing });
    if (answer) this.answer(answer);
  }

  open() {
    if (!this.modal.open()) return;
    if (!this.shown) this.clear();
    this.input.focus();
    this.input.select();
  }

  // ---- asking ---------------------------------------------------------------------------------

  get text() {
    return this.input.value.trim();
  }

  typed() {
    clearTimeout(this.timer);
    this.hurry = false;
    if (this.text.length < this.shortest) this.clear();
    else if (this.text !== this.asked) this.timer = setTimeout(() => this.ask(), 200);
  }

  ask() {
    clearTimeout(this.timer);
    this.asked = this.text;
    this.seq += 1;
    this.list.setAttribute("aria-busy", "true");
    this.waits(300, () => this.say(TEXT.searching));
    this.asks({ q: this.asked, seq: this.seq });
  }

  waits(ms, act) {
    clearTimeout(this.slow);
    this.slow = setTimeout(() => {
      act();
      this.slow = setTimeout(() => this.say(TEXT.slow), 8000);
    }, ms);
  }

  clear() {
    clearTimeout(this.slow);
    this.seq += 1; // what is still to come is late
    this.asked = this.shown = "";
    this.fill([]);
    this.say(TEXT.begin(this.shortest));
  }

  // ---- an answer ------------------------------------------------------------------------------

  answer({ seq, q, kinds, problem }) {
    if (seq !== this.seq) return; // late: something newer was asked since
    clearTimeout(this.slow);
    this.shown = problem ? "" : q;
    this.fill(kinds);
    if (problem) this.complain(problem);
    else this.tell(kinds);
    if (this.hurry && this.sure(kinds)) this.choose(this.options[0]);
    this.hurry = false;
  }

  tell(kinds) {
    const total = kinds.reduce((sum, kind) => sum + kind.total, 0);
    this.say(total ? TEXT.found(total) : this.nothing, total > 0);
  }

  // An Enter before the answer opens what was found only when nothing else can be meant: one
  // thing, and just what was typed.
  sure(kinds) {
    return kinds.length === 1 && kinds[0].total === 1 && !kinds[0].note;
  }

  complain(problem) {
    this.say(problem);
    this.state.append(el("button", { type: "button", class: "text", text: TEXT.retry, onclick: () => { this.input.focus(); this.ask(); } }));
  }

  say(text, unseen = false) {
    this.state.replaceChildren(el("span", { text }));
    this.state.classList.toggle("sr", unseen);
  }

  fill(kinds) {
    this.list.replaceChildren(...kinds.map((kind) => this.kind(kind)));
    this.list.hidden = !kinds.length;
    this.list.setAttribute("aria-busy", "false");
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", String(kinds.length > 0));
    this.options = [...this.list.querySelectorAll("[role=option]")];
    this.options.forEach((option, i) => { option.id = `found-${i}`; });
    this.choice(this.options[0]);
  }

  kind({ id, label, total, note, options }) {
    const head = el("div", { class: "kind", id: `kind-${id}` }, el("span", { text: label }), el("span", { class: "total", text: TEXT.total(total) }));
    return el("div", { role: "group", "aria-labelledby": head.id }, head, note && el("div", { class: "note", text: note }), ...options.map((option) => this.option(id, option)));
  }

  option(kind, { title, detail, to, href, row }) {
    const shape = detail === undefined ? "next" : { accounts: "person", systems: "mail", certificates: "paper" }[kind];
    const node = el("div", { role: "option", class: detail === undefined ? "option way" : "option", "aria-selected": "false", title: detail ? `${title} · ${detail}` : null },
      icon(shape), el("span", { class: "title", dir: "auto", text: title }), detail && el("span", { class: "detail", dir: "auto", text: detail }));
    node.place = { to, href, row };
    return node;
  }

  // ---- choosing -------------------------------------------------------------------------------

  choice(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    this.chosen = option;
    option?.setAttribute("aria-selected", "true");
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  move(by) {
    const { length } = this.options;
    if (!length) return;
    this.choice(this.options[(this.options.indexOf(this.chosen) + by + length) % length]);
    this.chosen.scrollIntoView({ block: "nearest" });
    if (this.chosen === this.options[0]) this.list.scrollTop = 0; // with its kind's name
  }

  key(event) {
    if (event.isComposing) return;
    const act = {
      ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1),
      PageDown: () => this.move(5), PageUp: () => this.move(-5),
      Enter: () => this.enter(event.ctrlKey || event.metaKey),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  enter(apart) {
    if (this.text === this.shown) this.choose(this.chosen, apart);
    else if (this.text.length >= this.shortest) {
      this.hurry = true;
      if (this.text !== this.asked) this.ask();
    }
  }

  point(event) {
    const option = event.target.closest("[role=option]");
    if (option && option !== this.chosen) this.choice(option);
  }

  press(event) {
    this.choose(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey);
  }

  choose(option, apart = false) {
    if (!option) return;
    if (apart) {
      window.open(option.place.href, "_blank", "noopener");
      return;
    }
    this.modal.close();
    this.goes(option.place);
  }
}
