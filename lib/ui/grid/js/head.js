// The headings: drag, sort, menu, filter. Built once for each set of columns.
class Head {
  constructor(grid) {
    this.grid = grid;
    this.cells = new Map();
    this.fields = new Map();
  }

  build({ columns, status }) {
    this.cells.clear();
    this.fields.clear();
    this.painted = "";
    const heads = columns.map((column) => this.cell(column));
    const fields = columns.map((column) => el("td", {}, this.field(column)));
    if (status) {
      heads.push(el("th", { scope: "col", role: "columnheader", class: "status" }, el("span", { class: "label", text: status })));
      fields.push(el("td", { class: "status" }));
    }
    if (this.grid.select.on) {
      const [head, field] = this.grid.select.heads();
      heads.unshift(head);
      fields.unshift(field);
    }
    if (this.grid.rows.slots(this.grid.data)) {
      const name = el("span", { class: "sr", text: TEXT.actions });
      heads.push(el("th", { scope: "col", role: "columnheader", class: "act" }, name));
      fields.push(el("td", { class: "act" }));
    }
    const filters = el("tr", { role: "row", class: "filters" }, ...fields);
    return el("thead", { role: "rowgroup" }, el("tr", { role: "row", ...this.grid.columns.drops() }, ...heads), filters);
  }

  cell(column) {
    const label = column.sortable
      ? pressable((e) => this.grid.sortBy(column, e.shiftKey), { class: "label", title: TEXT.sortBy(column.label) }, el("span", { text: column.label }))
      : el("span", { class: "label", tabindex: 0, text: column.label });
    label.append(el("span", { class: "way", "aria-hidden": "true" }));
    const more = button("more", TEXT.options(column.label), () => this.menu(column.id), { class: "icon more", "aria-haspopup": "menu", "aria-expanded": "false" });
    const th = el("th", {
      scope: "col", role: "columnheader", "data-col": column.id, draggable: "true",
      class: column.kind === "number" ? "number" : null,
      ondragstart: (e) => this.lift(e, column),
      ondragend: () => this.grid.settle(),
      oncontextmenu: (e) => { e.preventDefault(); this.menu(column.id, { x: e.clientX, y: e.clientY }); },
      onkeydown: (e) => this.key(e, column.id),
    }, el("div", { class: "head" }, label, more), this.grid.columns.edge(column.id));
    this.cells.set(column.id, th);
    return th;
  }

  menu(id, at) {
    const anchor = () => this.cells.get(id)?.querySelector(".more");
    if (!at && this.grid.popup.isOver(anchor())) return this.grid.popup.close();
    return this.grid.popup.menu(anchor, TEXT.options(this.grid.label(id)), headingMenu(this.grid, id), { at });
  }

  lift(event, column) {
    if (this.grid.columns.resizing) return event.preventDefault();
    this.grid.panel.lift(event, column.id, column.groupable);
    return this.grid.columns.lift(column.id);
  }

  key(event, id) {
    const wider = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const menu = (event.key === "F10" && event.shiftKey) || event.key === "ContextMenu" || (event.key === "ArrowDown" && event.altKey);
    if (menu) this.menu(id);
    else if (wider && event.altKey && event.shiftKey) this.grid.columns.widen(id, wider);
    else return;
    event.preventDefault();
  }

  // ---- the filters under them -----------------------------------------------------------------

  field(column) {
    if (!column.filterable) return null;
    const typed = () => this.grid.later(() => ({ filters: this.texts() }));
    const now = () => this.grid.send({ filters: this.texts() });
    const name = { "aria-label": TEXT.filter(column.label), "data-filter": column.id };
    const field = column.kind === "choice"
      ? el("select", { ...name, onchange: () => this.grid.filterBy(column.id, field.value), onkeydown: (e) => this.fieldKey(e, column.id) })
      : el("input", {
        ...name, type: "text", placeholder: column.hint, maxlength: 200, autocomplete: "off", spellcheck: "false",
        oninput: typed, onkeydown: (e) => this.fieldKey(e, column.id) || this.grid.fieldKey(e, now),
      });
    this.fields.set(column.id, field);
    // Not a stop of its own for Tab: Alt+↓ in the field does the same, and so does the menu.
    const funnel = button("funnel", TEXT.filterOptions(column.label), () => this.grid.filter.toggle(column.id), {
      class: "icon funnel", tabindex: -1, "aria-haspopup": "dialog", "aria-expanded": "false",
    });
    return el("div", { class: "field" }, field, funnel);
  }

  fieldKey(event, id) {
    const opens = event.altKey && event.key === "ArrowDown";
    if (!opens) return false;
    event.preventDefault();
    this.grid.filter.open(id);
    return true;
  }

  // Every column's, also of those that aren't shown; of those being typed, what stands there now. A
  // choice isn't typed: until its answer comes, the field doesn't show it.
  texts() {
    const said = { ...this.grid.view.filters };
    for (const [id, field] of this.fields) if (field.tagName === "INPUT") said[id] = field.value;
    return Object.fromEntries(Object.entries(said).filter(([, text]) => text.trim()));
  }

  paint({ columns, view, filters }) {
    const painted = JSON.stringify([view.sort, filters, columns.map((c) => c.choices)]);
    if (painted === this.painted) return;
    this.painted = painted;
    for (const column of columns) {
      this.paintSort(column, view.sort);
      const field = this.fields.get(column.id);
      if (field) this.paintField(field, column, filters.find(({ id }) => id === column.id));
    }
  }

  paintField(field, column, filter) {
    const text = filter?.text ?? "";
    if (column.kind === "choice") this.paintChoices(field, column, text, filter?.words);
    else if (!this.grid.hasFocus(field)) field.value = text;
    const bad = Boolean(filter?.bad);
    field.setAttribute("aria-invalid", String(bad));
    field.title = bad ? `${TEXT.unusable} ${column.help}` : column.help;
    field.parentElement.classList.toggle("on", Boolean(filter));
  }

  paintSort(column, sort) {
    const at = sort.findIndex(([id]) => id === column.id);
    const descending = at >= 0 && sort[at][1];
    const th = this.cells.get(column.id);
    th.setAttribute("aria-sort", at < 0 ? "none" : descending ? "descending" : "ascending");
    const way = th.querySelector(".way");
    way.replaceChildren(...(at < 0 ? [] : [icon(descending ? "descending" : "ascending")]));
    if (at >= 0 && sort.length > 1) way.append(String(at + 1));
  }

  paintChoices(field, column, chosen, words) {
    const options = [["", TEXT.any], ...column.choices];
    // Several, or a value that is no longer there (an old link): still shown as what is filtered by.
    if (!options.some(([value]) => value === chosen)) options.push([chosen, words || chosen]);
    const built = JSON.stringify(options);
    if (field.dataset.built !== built) {
      field.replaceChildren(...options.map(([value, text]) => el("option", { value, text })));
      field.dataset.built = built;
    }
    field.value = chosen;
  }

  // ---- focus: the headings are built anew when columns come, go or move -----------------------

  held() {
    const active = this.grid.active();
    const th = active?.closest?.("th[data-col]");
    if (th) return { id: th.dataset.col, what: active.classList.contains("more") ? ".more" : ".label" };
    return active?.dataset?.filter ? { id: active.dataset.filter } : null;
  }

  hold(held) {
    if (!held) return;
    const now = held.what ? this.cells.get(held.id)?.querySelector(held.what) : this.fields.get(held.id);
    (now ?? this.grid.bar.columns).focus();
  }
}
