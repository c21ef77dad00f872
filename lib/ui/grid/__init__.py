"""The drag-to-group grid: lib/store/grid's window in the browser, in Spanish.

grid.py is the door: a view comes up, a page goes down. opening.py says which view it is;
payload.py is the page as the browser draws it, headings.py what stands around its rows, peek.py
its side panel; pressed.py and acts.py are what was asked of its rows, asking.py what of a filter's
list. names.py, sentences.py and nearness.py hold the words.

In js/, grid.js is the browser's side of the door. Over the rows: head.js (heading_menu.js),
filter.js (filter_kinds.js), columns.js (chooser.js), panel.js (the grouping), chips.js. The rows:
rows.js, row_keys.js, select.js, menu.js, peek.js, clip.js; under them foot.js. All of them use
dom.js, focus.js, popup.js and text.js, which holds every word. grid.css is the looks;
lib/ui/modules.py sends it all to the browser, once.
"""

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
