// What the keys do in the rows: moving, opening, choosing, and a row's own letters.
class RowKeys {
  constructor(rows) {
    this.rows = rows;
    this.grid = rows.grid;
  }

  // With Ctrl or ⌘ only A is ours: all else is the browser's.
  press(event) {
    const tr = event.target.closest("tr[data-i]");
    const held = event.ctrlKey || event.metaKey;
    if (!tr || event.altKey || (held && !isSelectAll(event))) return;
    const act = held ? this.selectAll() : this.act(event, tr, this.rows.shown[+tr.dataset.i]);
    if (!act) return;
    event.preventDefault();
    act();
  }

  selectAll() {
    return this.grid.select.on ? () => this.grid.select.page() : undefined;
  }

  act(event, tr, row) {
    const own = () => (row.path ? this.groupKey(event.key, tr, row) : this.recordKey(event.key, tr, row, event.target));
    return this.anyKey(event, tr) ?? own() ?? this.moveKey(event, tr);
  }

  anyKey(event, tr) {
    const i = +tr.dataset.i;
    if (event.key === " " && this.grid.select.on && event.target === tr) return () => this.grid.select.choose(i, event.shiftKey);
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) return () => this.rows.menu(i, { anchor: event.target });
    if (event.key === "Escape" && event.target === tr && this.grid.peek.isOpen) return () => this.grid.peek.close();
    return undefined;
  }

  moveKey(event, tr) {
    const all = this.rows.body.children;
    const i = +tr.dataset.i;
    const to = (at) => () => {
      const next = all[Math.max(0, Math.min(at, all.length - 1))];
      if (event.shiftKey && event.key.startsWith("Arrow")) this.grid.select.extend(i, +next.dataset.i);
      this.rows.focus(next);
    };
    return {
      ArrowDown: to(i + 1), ArrowUp: to(i - 1), Home: to(0), End: to(all.length - 1),
      PageDown: () => this.rows.turn(1), PageUp: () => this.rows.turn(-1),
    }[event.key];
  }

  groupKey(key, tr, row) {
    return {
      Enter: () => this.grid.toggle(row),
      " ": () => this.grid.toggle(row),
      ArrowRight: () => (row.open ? this.rows.focus(tr.nextSibling) : this.grid.toggle(row)),
      ArrowLeft: () => (row.open ? this.grid.toggle(row) : this.rows.focus(this.parent(tr, row))),
    }[key];
  }

  recordKey(key, tr, row, target) {
    const buttons = [...tr.querySelectorAll("[data-action]")].filter((node) => node.getClientRects().length);
    const at = buttons.indexOf(target);
    if (key === "ArrowRight") return () => buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    if (key === "ArrowLeft") return () => (at > 0 ? buttons[at - 1] : at === 0 ? tr : this.parent(tr, row) ?? tr).focus();
    if (key === "Escape" && at >= 0) return () => tr.focus();
    if (key === "Enter" && at < 0) return this.enter(row, buttons);
    if (at < 0 || key !== " ") return this.letterKey(key, tr, row);
    return undefined;
  }

  // A row's own: its side panel; where there is none, its first action.
  enter(row, buttons) {
    if (this.grid.data.peeks) return () => this.grid.peek.open(row, true);
    return buttons.length ? () => this.grid.act(row, buttons[0].dataset.action) : undefined;
  }

  // A letter after "g" leads to a page (lib/ui/palette): it is none of the row's.
  letterKey(key, tr, row) {
    const led = performance.now() - (this.led ?? -Infinity) < 1500;
    this.led = key === "g" && !led ? performance.now() : undefined;
    if (led) return undefined;
    if (key === "c" && this.grid.data.copied) return () => this.rows.copy(row);
    if (key === "m") return () => this.rows.menu(+tr.dataset.i, {});
    const act = this.rows.actsOf(row).find((each) => each.key && each.key === key);
    return act && (() => this.grid.act(row, act.id));
  }

  // The heading of the group that a row stands in, where this page shows it.
  parent(tr, row) {
    const { shown, body } = this.rows;
    for (let i = +tr.dataset.i - 1; i >= 0; i -= 1) if (shown[i].level < row.level) return body.children[i];
    return null;
  }
}

function isSelectAll(event) {
  return (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "a";
}
