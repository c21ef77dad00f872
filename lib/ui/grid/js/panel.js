// "Arrastra una columna aquí": the columns grouped by, as chips that move and go.
class Panel {
  constructor(grid) {
    this.grid = grid;
    this.lifted = null;
    this.root = el("div", {
      class: "panel", role: "group", "aria-label": TEXT.panel,
      ondragover: (e) => this.over(e), ondragleave: (e) => this.leave(e), ondrop: (e) => this.drop(e),
    });
  }

  paint(view, label) {
    const shown = JSON.stringify(view.group);
    if (shown === this.shown) return; // a chip in the hand is not swapped for another
    this.shown = shown;
    const focused = this.root.contains(this.grid.active()) ? this.at(this.grid.active()) : -1;
    const chips = view.group.map((id, i) => this.chip(id, label(id), i, view.group.length));
    this.root.replaceChildren(...(chips.length ? chips : [el("span", { class: "hint", text: TEXT.drop })]));
    if (focused < 0) return;
    const next = this.moved ? chips.find((c) => c.dataset.col === this.moved) : chips[Math.min(focused, chips.length - 1)];
    this.moved = null;
    (next ?? this.grid.search).focus();
  }

  chip(id, label, i, of) {
    return el("span", {
      class: "chip", draggable: "true", tabindex: 0, "data-col": id, role: "group", "aria-label": TEXT.chip(label, i + 1, of),
      ondragstart: (e) => this.lift(e, id), ondragend: () => this.settle(), onkeydown: (e) => this.key(e, id, i),
    }, el("span", { text: label }), button("close", TEXT.ungroup(label), () => this.grid.ungroup(id)));
  }

  at(node) {
    return [...this.root.children].findIndex((chip) => chip.contains(node));
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

  lift(event, id) {
    this.lifted = id;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", id);
    this.root.classList.add("ready");
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
    const id = this.lifted;
    const next = this.before(event.clientX);
    this.settle();
    if (!id) return;
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
