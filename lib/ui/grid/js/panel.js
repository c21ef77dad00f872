// "Arrastra una columna aquí": the columns grouped by, as chips that move and go.
class Panel {
  constructor(grid) {
    this.grid = grid;
    this.lifted = null;
    this.chipsOf = el("span", { class: "chips" });
    this.unfold = button("unfold", TEXT.unfold, () => grid.unfold(true));
    this.fold = button("fold", TEXT.fold, () => grid.unfold(false));
    this.more = el("button", {
      type: "button", class: "text tool", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.menu(),
    }, icon("group"), el("span", { text: TEXT.groupByAny }));
    this.root = el("div", {
      class: "panel", role: "group", "aria-label": TEXT.panel,
      ondragover: (e) => this.over(e), ondragleave: (e) => this.leave(e), ondrop: (e) => this.drop(e),
    }, this.chipsOf, el("span", { class: "tools" }, this.unfold, this.fold, this.more));
  }

  menu() {
    if (this.grid.popup.isOver(this.more)) return this.grid.popup.close();
    const offered = this.grid.data.every.map(({ id }) => this.grid.column(id)).filter((column) => column.groupable);
    return this.grid.popup.menu(this.more, TEXT.groupByAny, offered.flatMap((column) => groupItems(this.grid, column, true)));
  }

  paint(view, label) {
    const shown = JSON.stringify(view.group);
    if (shown === this.shown) return; // a chip in the hand is not swapped for another
    this.shown = shown;
    const focused = this.chipsOf.contains(this.grid.active()) ? this.at(this.grid.active()) : -1;
    this.unfold.hidden = this.fold.hidden = !view.group.length;
    const chips = view.group.map((id, i) => this.chip(id, label(id), i, view.group.length));
    this.chipsOf.replaceChildren(...(chips.length ? chips : [el("span", { class: "hint", text: TEXT.drop })]));
    if (focused < 0) return;
    const next = this.moved ? chips.find((c) => c.dataset.col === this.moved) : chips[Math.min(focused, chips.length - 1)];
    this.moved = null;
    (next ?? this.more).focus();
  }

  chip(id, label, i, of) {
    return el("span", {
      class: "chip", draggable: "true", tabindex: 0, "data-col": id, role: "group", "aria-label": TEXT.chip(label, i + 1, of),
      ondragstart: (e) => this.lift(e, id), ondragend: () => this.grid.settle(), onkeydown: (e) => this.key(e, id, i),
    }, el("span", { text: this.grid.column(columnOf(id))?.label ?? label }), this.grain(id), button("close", TEXT.ungroup(label), () => this.grid.ungroup(id)));
  }

  // By month, by year…: pressed, it offers the others.
  grain(id) {
    const column = this.grid.column(columnOf(id));
    if (!column?.grains.length) return null;
    const [, name] = column.grains.find(([code]) => code === grainOf(id)) ?? ["", grainOf(id)];
    const find = () => [...this.chipsOf.children].find((chip) => chip.dataset.col === id)?.querySelector(".grain");
    return pressable(() => this.grains(id, column, find), {
      class: "grain", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": TEXT.grain(column.label, name), title: TEXT.grain(column.label, name),
    }, el("span", { text: name.toLowerCase() }), icon("open"));
  }

  grains(id, column, find) {
    if (this.grid.popup.isOver(find())) return this.grid.popup.close();
    const items = column.grains.map(([code, label]) => ({ label, checked: code === grainOf(id), press: () => this.regrain(id, grained(column.id, code)) }));
    return this.grid.popup.menu(find, TEXT.groupBy(column.label), items);
  }

  regrain(id, other) {
    this.moved = other;
    this.grid.regroup([...new Set(this.grid.view.group.map((name) => (name === id ? other : name)))]);
  }

  at(node) {
    return [...this.chipsOf.children].findIndex((chip) => chip.contains(node));
  }

  key(event, id, i) {
    if (event.target !== event.currentTarget) return;
    const acts = {
      ArrowLeft: () => this.move(id, Math.max(0, i - 1)),
      ArrowRight: () => this.move(id, i + 1),
      Delete: () => this.grid.ungroup(id),
      Backspace: () => this.grid.ungroup(id),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  move(id, at) {
    this.moved = id;
    this.grid.group(id, at);
  }

  // A column that can't be grouped by isn't for here: it only changes its place among the headings.
  lift(event, id, groupable = true) {
    this.lifted = groupable ? id : null;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", id);
    this.root.classList.toggle("ready", groupable);
  }

  settle() {
    this.lifted = null;
    this.root.classList.remove("ready", "over");
    this.mark(null);
  }

  over(event) {
    if (!this.lifted) return;
    event.preventDefault();
    this.root.classList.add("over");
    this.mark(this.before(event.clientX));
  }

  leave(event) {
    if (this.root.contains(event.relatedTarget)) return;
    this.root.classList.remove("over");
    this.mark(null);
  }

  drop(event) {
    event.preventDefault();
    const lifted = this.lifted;
    const next = this.before(event.clientX);
    this.grid.settle();
    if (!lifted) return;
    const id = this.grid.view.group.includes(lifted) ? lifted : firstGrain(this.grid.column(lifted));
    const others = this.chips(id);
    this.grid.group(id, next ? others.indexOf(next) : others.length);
  }

  chips(except) {
    return [...this.root.querySelectorAll(".chip")].filter((chip) => chip.dataset.col !== except);
  }

  // The chip that what is in the hand would stand before; undefined at the end.
  before(x) {
    return this.chips(this.lifted).find((chip) => {
      const box = chip.getBoundingClientRect();
      return x < box.left + box.width / 2;
    });
  }

  mark(chip) {
    for (const other of this.root.querySelectorAll(".chip")) other.classList.toggle("next", other === chip);
  }
}

// "activated_on:month" is a column and how its dates are put together.
const columnOf = (id) => id.split(":")[0];
const grainOf = (id) => id.split(":")[1] ?? "";
const grained = (id, code) => (code ? `${id}:${code}` : id);
const firstGrain = ({ id, grains }) => grained(id, grains[0]?.[0]);
