"""The RFC, Mexico's tax id: its form, the date inside, its check digit.

Source: SAT, "Estructura del RFC" and the annex of its check digit. About 1.5 % of those in use
fail the check digit (domain.md), so that is a warning and never a refusal.
"""

import re

PUBLIC = "XAXX010101000"  # the general public
FOREIGN = "XEXX010101000"  # residents abroad
GENERIC = frozenset({PUBLIC, FOREIGN})

_FORM = re.compile(r"[A-ZÑ&]{3,4}([0-9]{2})([0-9]{2})([0-9]{2})[A-Z0-9]{2}[0-9A]")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# What each character is worth, and the digit of each remainder.
VALUES = {c: value for value, c in enumerate("0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ")}
# One table a position, weights 13 down to 2: a million RFCs are checked in a load.
_WEIGHED = tuple({c: v * weight for c, v in VALUES.items()} for weight in range(13, 1, -1))
DIGITS = "0123456789A"


def normalized(text: str) -> str:
    """As SAT writes it: upper case, without the spaces and hyphens people put in.

    >>> normalized(" gode-561231-gr8 ")
    'GODE561231GR8'
    """
    return re.sub(r"[\s-]", "", text).upper()


def is_person(rfc: str) -> bool:
    """A person's has 13 characters, a company's 12."""
    return len(rfc) == 13


def is_well_formed(rfc: str) -> bool:
    """Letters, a date that exists, and a homoclave; the argument is normalized."""
    found = _FORM.fullmatch(rfc)
    return found is not None and _is_date(*map(int, found.groups()))


def has_right_check_digit(rfc: str) -> bool:
    """Whether the last character follows from the others; the generic ones have none.

    The argument is well formed.
    """
    return rfc in GENERIC or check_digit(rfc[:-1]) == rfc[-1]


def check_digit(body: str) -> str:
    """The last character of the RFC whose first 11 (company) or 12 (person) are `body`."""
    total = sum(table[c] for table, c in zip(_WEIGHED, body.rjust(12), strict=True))
    return DIGITS[-total % 11]


def _is_date(year: int, month: int, day: int) -> bool:
    """In either century: 29 February of year 00 existed in 2000."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    return (month, day) != (2, 29) or year % 4 == 0
