"""What a grid's rows offer and what was pressed: by buttons, a menu, one key, or on a selection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.model.selection import Selection
from lib.model.view import View


@dataclass(frozen=True)
class RowAction:
    """A button on each row, or an entry of its menu alone (`menu`). `icon` is one of js/dom.js;
    `key` does the same while the row has the focus. `of_account`: only on rows with an account."""

    id: str
    label: str
    icon: str
    key: str = ""
    menu: bool = False
    of_account: bool = False


@dataclass(frozen=True)
class BulkAction:
    """A button beside the count of what is selected. The grid itself answers `COPY`."""

    id: str
    label: str
    icon: str


@dataclass(frozen=True)
class RowEvent:
    """A row's button was pressed. `row` is the row as stored now, by column."""

    action: str
    id: str
    row: Mapping[str, Any]


@dataclass(frozen=True)
class BulkEvent:
    """A button was pressed for what is selected in `view`; engine.selected tells which rows."""

    action: str
    selection: Selection
    view: View


COPY = "copy"
