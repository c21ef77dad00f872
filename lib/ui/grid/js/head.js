// The headings: drag, sort, group, filter. Built once for each set of columns.
class Head {
  constructor(grid) {
    this.grid = grid;
    this.cells = new Map();
    this.fields = new Map();
  }

  build({ columns, actions, status }) {
    const heads = columns.map((column) => this.cell(column));
    const fields = columns.map((column) => el("td", {}, this.field(column)));
    if (status) {
      heads.push(el("th", { scope: "col", role: "columnheader", class: "status" }, el("span", { class: "label", text: status })));
      fields.push(el("td", { class: "status" }));
    }
    if (actions.length) {
      const name = el("span", { class: "sr", text: TEXT.actions });
      heads.push(el("th", { scope: "col", role: "columnheader", class: "act" }, name));
      fields.push(el("td", { class: "act" }));
    }
    const filters = el("tr", { role: "row", class: "filters" }, ...fields);
    return el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads), filters);
  }

  cell(column) {
    const label = column.sortable
      ? pressable((e) => this.grid.sortBy(column, e.shiftKey), { class: "label", title: TEXT.sortBy(column.label) }, el("span", { text: column.label }))
      : el("span", { class: "label", text: column.label });
    label.append(el("span", { class: "way", "aria-hidden": "true" }));
    const group = column.groupable && button("group", TEXT.groupBy(column.label), () => this.grid.group(column.id), { class: "icon by" });
    const th = el("th", {
      scope: "col", role: "columnheader", "data-col": column.id, draggable: column.groupable && "true",
      class: column.kind === "number" ? "number" : null,
      ondragstart: (e) => this.grid.panel.lift(e, column.id),
      ondragend: () => this.grid.panel.settle(),
    }, el("div", { class: "head" }, label, group));
    this.cells.set(column.id, th);
    return th;
  }

  field(column) {
    if (!column.filterable) return null;
    const typed = () => this.grid.later(() => ({ filters: this.texts() }));
    const now = () => this.grid.send({ filters: this.texts() });
    const name = { "aria-label": TEXT.filter(column.label), "data-filter": column.id };
    const field = column.kind === "choice"
      ? el("select", { ...name, onchange: now })
      : el("input", {
        ...name, type: "text", placeholder: column.hint, maxlength: 200, autocomplete: "off", spellcheck: "false",
        oninput: typed, onkeydown: (e) => this.grid.fieldKey(e, now),
      });
    this.fields.set(column.id, field);
    return field;
  }

  texts() {
    const said = [...this.fields].map(([id, field]) => [id, field.value]);
    return Object.fromEntries(said.filter(([, text]) => text.trim()));
  }

  paint({ columns, view, ignored }) {
    for (const column of columns) {
      this.paintSort(column, view.sort);
      const field = this.fields.get(column.id);
      if (!field) continue;
      if (column.kind === "choice") this.paintChoices(field, column, view.filters[column.id] ?? "");
      else if (!this.grid.hasFocus(field)) field.value = view.filters[column.id] ?? "";
      const bad = ignored.includes(column.id);
      field.setAttribute("aria-invalid", String(bad));
      field.title = bad ? `${TEXT.unusable} ${column.help}` : column.help;
    }
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

  paintChoices(field, column, chosen) {
    const options = [["", TEXT.any], ...column.choices];
    // A value that is no longer there (an old link) is still shown as what is filtered by.
    if (!options.some(([value]) => value === chosen)) options.push([chosen, chosen]);
    const built = JSON.stringify(options);
    if (field.dataset.built !== built) {
      field.replaceChildren(...options.map(([value, text]) => el("option", { value, text })));
      field.dataset.built = built;
    }
    field.value = chosen;
  }
}
