"""The drag-to-group grid: lib/store/grid's window in the browser, in Spanish."""

from lib.ui.grid.grid import RowEvent, grid
from lib.ui.grid.opening import arrive, current
from lib.ui.grid.payload import RowAction, Status

__all__ = ["RowAction", "RowEvent", "Status", "arrive", "current", "grid"]
