"""What to type instead of a cell that can't go in, when that is clear; "" when it isn't.

A suggestion is never applied by itself. Only cells that must hold one of a few things get one: the
form of serials and folios is unknown, so nothing is guessed of them.
"""

import calendar
import datetime as dt
import re
from functools import lru_cache

from lib.model import clock, rfc
from lib.model.system import MAX_SEATS, PRODUCTS
from lib.model.text import fold
from lib.store.pack.files import Holds

SUGGESTED_OF = frozenset({Holds.PRODUCT, Holds.SEATS, Holds.DATE, Holds.ISSUE_DATE})
_LONGEST = 60  # characters: nothing longer is a product, a date or a number mistyped
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WORDS = ("un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez")
_COUNTED = re.compile(r"([0-9]{1,2})([.,]0+)?( ?(usuarios?|users?|u|licencias?|equipos?)\.?)?")
_LOOKALIKES = str.maketrans("oOlI", "0011")
_RFC = re.compile(r"([A-ZÑ&0-9]{3,4})([0-9OIL]{6})([A-Z0-9]{3})")
_AS_LETTERS, _AS_DIGITS = str.maketrans("01", "OI"), str.maketrans("OIL", "011")
_TIME = re.compile(r"[ ,T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( ?[ap]\.? ?m\.?)?$", re.I)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2})[-/. ]+([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")
_DAY_MONTH = re.compile(r"([0-9]{1,2})[-/. ]+(?:de )?([a-z]{3,10})[-/., ]+(?:del? )?([0-9]{2,4})")
_MONTH_DAY = re.compile(r"([a-z]{3,10})[-/. ]+([0-9]{1,2})[-/., ]+([0-9]{2,4})")
# Days since 30/12/1899, as Excel counts them: 1982 to 2064, so that no year passes for one.
_EXCEL_DAY = re.compile(r"[3-5][0-9]{4}")
_AHEAD = 20  # years: what two digits may say of the future
_EXCEL_BEGAN = dt.date(1899, 12, 30)


@lru_cache(maxsize=4096)
def suggested(holds: str, cell: str) -> str:
    """What to type instead of `cell` where `holds` (a Holds) is asked for."""
    if not cell or len(cell) > _LONGEST:
        return ""
    if holds == Holds.PRODUCT:
        return _product(cell)
    if holds == Holds.SEATS:
        return _seats(cell)
    if holds == Holds.RFC:
        return _rfc(cell)
    return _date(cell) if holds in (Holds.DATE, Holds.ISSUE_DATE) else ""


@lru_cache(maxsize=4096)
def explained(holds: str, cell: str) -> str:
    """What makes a date impossible: "febrero de 2025 tiene 28 días"."""
    if holds not in (Holds.DATE, Holds.ISSUE_DATE):
        return ""
    parts = _parts(cell[:_LONGEST])
    if not parts:
        return ""
    day, month, year = parts
    if not 1 <= month <= 12:
        return f"no hay mes {month}"
    if not 1900 <= year <= 2199:
        return f"el año es {year}"
    last = calendar.monthrange(year, month)[1]
    return "" if 1 <= day <= last else f"{_MONTHS[month - 1]} de {year} tiene {last} días"


# ---- products --------------------------------------------------------------------------------


def _product(cell: str) -> str:
    """One that stands in the cell as a word, or the one that is clearly nearest."""
    words = fold(cell).upper().split()
    named = {product for product in PRODUCTS if product in words}
    if len(named) == 1:
        return named.pop()
    written = fold(re.sub(r"^aspel[ -]+", "", cell, flags=re.I)).upper()
    (near, product), (next_near, _), *_ = sorted((_distance(written, p), p) for p in PRODUCTS)
    far = 1 if len(product) <= 4 else 2
    return product if near <= far and next_near > near else ""


def _distance(one: str, other: str) -> int:
    """Letters to change, add, drop or swap with the next to make one of the other (OSA)."""
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row = row, [i]
        for j, b in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before = above
    return row[-1]


# ---- seats -----------------------------------------------------------------------------------


def _seats(cell: str) -> str:
    """One of "5 usuarios", "5.0", "cinco" and "1O" says a number."""
    plain = fold(cell)
    if found := _COUNTED.fullmatch(plain):
        return _number(found[1])
    word = plain.split()[0] if plain else ""
    word = "un" if word in ("uno", "una") else word
    if word in _WORDS and re.fullmatch(r"[a-z]+( usuarios?)?", plain):
        return str(_WORDS.index(word) + 1)
    digits = cell.strip().translate(_LOOKALIKES)
    mixed = any(c.isdigit() for c in cell) and re.fullmatch(r"[0-9]{1,2}", digits)
    return _number(digits) if mixed else ""


def _number(digits: str) -> str:
    return str(int(digits)) if 1 <= int(digits) <= MAX_SEATS else ""


# ---- RFCs ------------------------------------------------------------------------------------


def _rfc(cell: str) -> str:
    """With letters for digits and digits for letters where only the others can stand, when the
    check digit says that this was it."""
    found = _RFC.fullmatch(rfc.normalized(cell))
    if not found:
        return ""
    letters, date, end = found.groups()
    meant = letters.translate(_AS_LETTERS) + date.translate(_AS_DIGITS) + end
    right = rfc.is_well_formed(meant) and rfc.has_right_check_digit(meant)
    return meant if right and meant != rfc.normalized(cell) else ""


# ---- dates -----------------------------------------------------------------------------------


def _date(cell: str) -> str:
    parts = _parts(cell)
    if not parts:
        return ""
    day, month, year = parts
    if month > 12 >= day:  # as it is written in the United States
        day, month = month, day
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return ""
    return f"{found:%d/%m/%Y}" if 1900 <= year <= 2199 else ""


def _parts(cell: str) -> tuple[int, int, int] | None:
    """Day, month and year as they stand in the cell, possible or not."""
    text = _TIME.sub("", fold(cell)).strip(" .")
    if _EXCEL_DAY.fullmatch(text):
        day = _EXCEL_BEGAN + dt.timedelta(days=int(text))
        return day.day, day.month, day.year
    return _in_digits(text) or _in_words(text) or _in_digits(text.translate(_LOOKALIKES))


def _in_digits(text: str) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _DAY_FIRST.fullmatch(text):
        return int(found[1]), int(found[2]), _year(found[3])
    return None


def _in_words(text: str) -> tuple[int, int, int] | None:
    found = _DAY_MONTH.fullmatch(text)
    day, word, year = found.groups() if found else ("", "", "")
    if not found and (found := _MONTH_DAY.fullmatch(text)):
        word, day, year = found.groups()
    for months in (_MONTHS, _ENGLISH):
        named = [at for at, name in enumerate(months, 1) if word and name.startswith(word)]
        if len(named) == 1 and len(year) in (2, 4):
            return int(day), named[0], _year(year)
    return None


def _year(digits: str) -> int:
    """Two digits are the year nearest to now: 85 is 1985, and 30 a payment to come."""
    if len(digits) == 4:
        return int(digits)
    now = clock.today().year
    year = now // 100 * 100 + int(digits)
    return year if year <= now + _AHEAD else year - 100
