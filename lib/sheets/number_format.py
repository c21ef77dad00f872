"""A whole number as its format shows it: 12345 under 00000000 is 00012345, under "F-"0000 F-12345.

Only formats of zeros, hash marks and fixed signs: a number under any other is itself.
"""

import re
from functools import lru_cache

_EXACT = 10**15  # Excel keeps 15 digits: of a longer number the rest is lost
# A format's first part: signs in quotes or after a backslash, a colour or a language in brackets.
_MARK = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|.', re.DOTALL)
_SIGNS = set("-/ ()")  # what stands for itself without quotes
_PLACES = set("0#")


def shows_more(code: str) -> bool:
    """Whether a format writes zeros or signs that the number hasn't."""
    marks = _marks(code)
    places = "".join(mark for mark in marks if mark in _PLACES)
    before, _, _ = "".join(marks).rpartition("0")
    return places.count("0") > 1 or ("0" in places and bool(before.strip("#0 ")))


def displayed(value: str, code: str) -> str:
    """The number as shown; "" when that is the number itself, or can't be known."""
    marks = _marks(code)
    try:
        number = float(value)
    except ValueError:
        return ""
    if not marks or not 0 <= number < _EXACT or number != int(number):
        return ""
    places = sum(mark in _PLACES for mark in marks)
    digits = str(int(number)).rjust(places)
    left = iter(digits[len(digits) - places :])
    over = digits[: len(digits) - places]  # of more digits than places, with the first one
    out = []
    for mark in marks:
        if mark not in _PLACES:
            out.append(mark)
            continue
        out += over, next(left).strip() or mark.strip("#")
        over = ""
    return "".join(out).strip()


@lru_cache(maxsize=256)
def _marks(code: str) -> tuple[str, ...]:
    """What a format writes, in order: signs as they are shown, and places for digits. () when it
    has anything else, as dates and decimals do."""
    found: list[str] = []
    for mark in _MARK.findall(code):
        if mark == ";":
            break
        if mark.startswith("["):
            if mark[1:2] in "<>=$" and not mark.startswith("[$-"):  # conditions and currencies
                return ()
            continue
        sign = mark[1:-1] if mark.startswith('"') else mark[1:]
        if sign in _PLACES or (not sign and mark not in _PLACES | _SIGNS):
            return ()  # a sign that would pass for a place, or what isn't known
        found.append(sign or mark)
    return tuple(found)
