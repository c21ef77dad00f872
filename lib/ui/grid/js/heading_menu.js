// What can be done with a column, on the button of its heading.
function headingMenu(grid, id) {
  const column = grid.column(id);
  return [
    ...sortItems(grid, column),
    ...(column.groupable ? [null, ...groupItems(grid, column)] : []),
    ...(column.filterable ? [null, ...filterItems(grid, column)] : []),
    null, ...placeItems(grid, column),
  ];
}

function sortItems(grid, column) {
  if (!column.sortable) return [];
  const now = grid.view.sort.find(([id]) => id === column.id);
  const by = (descending) => grid.sort([[column.id, descending]]);
  return [
    { label: TEXT.ascending, icon: "ascending", checked: now?.[1] === false, press: () => by(false) },
    { label: TEXT.descending, icon: "descending", checked: now?.[1] === true, press: () => by(true) },
    now && { label: TEXT.unsort, icon: "close", press: () => grid.sort(grid.view.sort.filter(([id]) => id !== column.id)) },
  ].filter(Boolean);
}

// One entry, or one for each grain: Fecha Activación by month, by year, by day. `plain`: among other
// columns, where its name is enough.
function groupItems(grid, { id, label, grains }, plain = false) {
  const item = (name, text) => {
    const grouped = grid.view.group.includes(name);
    return { label: text, icon: "group", checked: grouped, press: () => (grouped ? grid.ungroup(name) : grid.group(name)) };
  };
  if (!grains.length) return [item(id, plain ? label : TEXT.groupBy(label))];
  return [{ title: plain ? label : TEXT.groupBy(label) }, ...grains.map(([code, text]) => item(grained(id, code), TEXT.groupByGrain(text)))];
}

function filterItems(grid, column) {
  return [
    { label: TEXT.filterBy, icon: "funnel", press: () => grid.filter.open(column.id) },
    grid.view.filters[column.id] && { label: TEXT.unfilter, icon: "close", press: () => grid.filterBy(column.id, "") },
  ].filter(Boolean);
}

function placeItems(grid, column) {
  const { columns } = grid;
  const at = columns.shown().indexOf(column.id);
  const frozen = grid.view.layout.frozen;
  return [
    { label: TEXT.toTheLeft, icon: "left", off: at === 0, press: () => columns.move(column.id, -1) },
    { label: TEXT.toTheRight, icon: "right", off: at === columns.shown().length - 1, press: () => columns.move(column.id, 1) },
    frozen === at + 1
      ? { label: TEXT.unfreeze, icon: "pin", press: () => columns.freeze(0) }
      : { label: TEXT.freeze, icon: "pin", press: () => columns.freeze(at + 1) },
    { label: TEXT.hide, icon: "hide", off: columns.shown().length === 1, press: () => columns.hide(column.id) },
    { label: TEXT.wider, icon: "plus", hint: "Shift+Alt+→", stay: true, press: () => columns.widen(column.id, 1) },
    { label: TEXT.narrower, icon: "minus", hint: "Shift+Alt+←", stay: true, press: () => columns.widen(column.id, -1) },
  ];
}
