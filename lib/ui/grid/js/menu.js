// A row's menu: what its buttons do and what has no button; pointed at a cell, also about its value.
class Menu {
  constructor(grid) {
    this.grid = grid;
  }

  open(i, { at, column, anchor } = {}) {
    const { rows } = this.grid;
    const row = rows.shown[i];
    const tr = rows.body.children[i];
    if (!row || row.path) return;
    const items = [...this.acts(row), ...this.ours(row, i), ...(column ? this.about(column, row) : [])];
    const key = rows.keyOf(row);
    this.grid.popup.menu(anchor ?? (() => rows.trOf(key) ?? tr), TEXT.menuOf(row.id), items, { at });
  }

  acts(row) {
    return this.grid.rows.actsOf(row).map((act) => ({ label: act.label, icon: act.icon, hint: act.key, press: () => this.grid.act(row, act.id) }));
  }

  ours(row, i) {
    const copy = this.grid.rows.copyOf(row);
    const { select, peek, data } = this.grid;
    return [
      data.peeks && { label: TEXT.seePanel, icon: "eye", hint: TEXT.enter, press: () => peek.open(row) },
      copy && { label: data.copied.act, icon: "copy", hint: "c", press: () => this.grid.rows.copy(row) },
      select.on && { label: select.stateOf(i) === "true" ? TEXT.deselectIt : TEXT.selectIt, icon: "check", hint: TEXT.space, press: () => select.choose(i, false) },
    ].filter(Boolean);
  }

  about(column, row) {
    const value = row.cells[this.grid.data.columns.indexOf(column)];
    const shown = value.length > 28 ? `${value.slice(0, 27)}…` : value || TEXT.nothing;
    return [
      null,
      value && { label: TEXT.copyValue(shown), icon: "copy", press: () => this.grid.clip.copy(value, TEXT.copiedValue) },
      column.filterable && { label: TEXT.only(column.label, shown), icon: "funnel", press: () => this.filter(column, value) },
    ].filter((item) => item !== false && item !== "");
  }

  filter(column, value) {
    this.grid.send({ filters: { ...this.grid.head.texts(), [column.id]: asFilter(column.kind, value) } });
  }
}

const MOST_TEXT = 200; // characters of one filter, as lib/model/view.py

// A cell's value in the language of filters (lib/model/filter.py); a very long text by its beginning.
function asFilter(kind, value) {
  if (!value) return "=";
  if (kind === "text") return value.length < MOST_TEXT ? `=${value}` : `^${value.slice(0, MOST_TEXT - 1)}`;
  if (kind === "number") return value.replaceAll(",", "");
  return kind === "instant" ? value.slice(0, 10) : value;
}
