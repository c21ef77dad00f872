"""What people type in the search box: words in any order, phones however they are written."""

import re
from dataclasses import dataclass

from lib.model.text import fold

# Digits with what people put between them: 442 461-4158, (442) 461 4158, +52 55 1234 5678.
_NUMBER = re.compile(r"(?<!\S)[+(]{0,2}\d[\d\s().+-]*[\d)](?!\S)")
_SHORTEST, _LONGEST = 7, 13  # digits: a local number to +52 1 and ten more
_PHONE = 10
_PREFIXES = ("521", "52", "044", "045", "01")

# What people put between the parts of a serial or an RFC: GODE-561231-GR8.
_HYPHENED = re.compile(r"[^\W_]+(-[^\W_]+)+")


@dataclass(frozen=True)
class Term:
    """Every word of at least one reading must be found."""

    readings: tuple[tuple[str, ...], ...]


def terms(typed: str) -> list[Term]:
    """What must be found for `typed`, folded. A run of digits is read as it was typed, or as one
    number without its country code; a word with hyphens also without them."""
    folded, at = fold(typed.encode("utf-8", "ignore").decode()), 0
    found: list[Term] = []
    for match in _NUMBER.finditer(folded):
        digits = re.sub(r"\D", "", match[0])
        if not _SHORTEST <= len(digits) <= _LONGEST:
            continue
        found += map(_word, folded[at : match.start()].split())
        found.append(_number(match[0], digits))
        at = match.end()
    return found + list(map(_word, folded[at:].split()))


def _word(typed: str) -> Term:
    if not _HYPHENED.fullmatch(typed):
        return Term(((typed,),))
    return Term(((typed,), (typed.replace("-", ""),)))


def _number(typed: str, digits: str) -> Term:
    as_typed = tuple(typed.split())
    return Term(tuple(dict.fromkeys([as_typed, (_national(digits),)])))


def _national(digits: str) -> str:
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits) == _PHONE + len(prefix):
            return digits[len(prefix) :]
    return digits
