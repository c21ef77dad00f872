"""The drag-to-group grid: lib/store/grid's window in the browser, in Spanish."""

from lib.ui.grid.acts import BulkAction, BulkEvent, RowAction, RowEvent
from lib.ui.grid.grid import grid
from lib.ui.grid.opening import arrive, current
from lib.ui.grid.payload import Status
from lib.ui.grid.pressed import Offer

__all__ = [
    "BulkAction",
    "BulkEvent",
    "Offer",
    "RowAction",
    "RowEvent",
    "Status",
    "arrive",
    "current",
    "grid",
]
