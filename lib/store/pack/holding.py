"""What a column seems to hold, by its first cells: for columns whose heading says nothing to us."""

import re
from collections.abc import Callable, Sequence

from lib.model import rfc
from lib.model.system import MAX_SEATS, PRODUCTS

_DATE = re.compile(
    r"(\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2})([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
)
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}")
_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z][0-9A-Za-z._/-]{3,39}")
_PHONE = re.compile(r"(\+?52 ?)?\d{2,3}[ -]?\d{3,4}[ -]?\d{4}")
_MOST = 0.8  # of the cells that aren't empty: a few bad ones don't hide what a column is
_FILLED = 0.9  # of all cells, where ours can't be empty
_DISTINCT = 0.9  # of a key's cells: few repeats

Cells = Sequence[str]


def fits(column: str, cells: Cells) -> bool:
    """Whether these first cells (in the file's order, as they came) can be our `column`; False
    when there is none to tell by."""
    judge = _JUDGES.get(column)
    filled = [cell.strip() for cell in cells if cell.strip()]
    if judge is None or not filled:
        return False
    if column in _NEVER_EMPTY and len(filled) < _FILLED * len(cells):
        return False
    return judge(filled)


def may_be(column: str, cells: Cells) -> bool:
    """The same, and numbers that are too large for users too: wrong ones, in their own place."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return fits(column, cells) or (column == "seats" and all(map(_is_number, filled)))


def is_row(cells: Cells) -> bool:
    """Whether a line can't be a heading: it holds a date, an RFC, a product or a number."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return any(
        _is_date(cell) or _is_rfc(cell) or _is_product(cell) or _is_number(cell) for cell in filled
    )


def _is_date(cell: str) -> bool:
    return _DATE.fullmatch(cell) is not None


def _is_rfc(cell: str) -> bool:
    return rfc.is_well_formed(rfc.normalized(cell))


def _is_product(cell: str) -> bool:
    return re.sub(r"^aspel[ -]+", "", cell, flags=re.I).upper() in PRODUCTS


def _is_number(cell: str) -> bool:
    return cell.isascii() and cell.isdigit()


def _is_seats(cell: str) -> bool:
    return _is_number(cell) and len(cell) < 3 and 1 <= int(cell) <= MAX_SEATS


def _is_name(cell: str) -> bool:
    return " " in cell and "@" not in cell and not any(c.isdigit() for c in cell)


def _mostly(test: Callable[[str], bool]) -> Callable[[Cells], bool]:
    return lambda cells: sum(map(test, cells)) >= _MOST * len(cells)


def _seats(cells: Cells) -> bool:
    """Small whole numbers, but not those that number the rows."""
    return all(map(_is_seats, cells)) and (len(cells) < 2 or not _counts_up(cells))


def _counts_up(cells: Cells) -> bool:
    numbers = [int(cell) for cell in cells]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _codes(cells: Cells) -> bool:
    """Folios or serials: letters and digits, hardly one twice."""
    alike = [c for c in cells if _CODE.fullmatch(c) and not _is_date(c) and not _is_rfc(c)]
    phones = sum(1 for c in cells if _PHONE.fullmatch(c) and len(c) in (10, 12, 13, 14))
    return (
        len(alike) >= _MOST * len(cells)
        and phones < _MOST * len(cells)
        and len(set(alike)) >= _DISTINCT * len(alike)
    )


def _accounts(cells: Cells) -> bool:
    return all(map(_is_number, cells))


def _names(cells: Cells) -> bool:
    return _mostly(_is_name)(cells) and len(set(cells)) * 2 >= len(cells)


_NEVER_EMPTY = ("folio", "serial", "product", "seats")
_JUDGES: dict[str, Callable[[Cells], bool]] = {
    "folio": _codes,
    "serial": _codes,
    "product": _mostly(_is_product),
    "version": _mostly(lambda cell: _VERSION.fullmatch(cell) is not None),
    "seats": _seats,
    "purchased_on": _mostly(_is_date),
    "holder": _names,
    "rfc": _mostly(_is_rfc),
    "account_no": _accounts,
}
# In this order, from what can be told best; an account's number looks like any other.
GUESSED = ("rfc", "product", "purchased_on", "version", "seats", "folio", "serial", "holder")
# Told for sure, and in every row: by these it is seen whether an order is the template's.
TELLS = ("product", "seats")
