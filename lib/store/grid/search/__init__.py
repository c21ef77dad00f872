"""What people type in the search box: words in any order, phones however they are written."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lib.model.text import fold
from lib.store.grid.fragment import Sql, all_of, any_of, bound, sql
from lib.store.grid.sources import Source

# Digits with what people put between them: 442 461-4158, (442) 461 4158, +52 55 1234 5678.
_NUMBER = re.compile(r"(?<!\S)[+(]{0,2}\d[\d\s().+-]*[\d)](?!\S)")
_SHORTEST, _LONGEST = 7, 13  # digits: a local number to +52 1 and ten more
_PHONE = 10
_PREFIXES = ("521", "52", "044", "045", "01")


@dataclass(frozen=True)
class Term:
    """Every word of at least one reading must be found."""

    readings: tuple[tuple[str, ...], ...]


def terms(typed: str) -> list[Term]:
    """What must be found for `typed`, folded. A run of digits is read as it was typed, or as one
    number without its country code."""
    folded, found, at = fold(typed), [], 0
    for match in _NUMBER.finditer(folded):
        digits = re.sub(r"\D", "", match[0])
        if not _SHORTEST <= len(digits) <= _LONGEST:
            continue
        found += [Term(((word,),)) for word in folded[at : match.start()].split()]
        found.append(_number(match[0], digits))
        at = match.end()
    return found + [Term(((word,),)) for word in folded[at:].split()]


def _number(typed: str, digits: str) -> Term:
    as_typed = tuple(typed.split())
    return Term(tuple(dict.fromkeys([as_typed, (_national(digits),)])))


def _national(digits: str) -> str:
    for prefix in _PREFIXES:
        if digits.startswith(prefix) and len(digits) == _PHONE + len(prefix):
            return digits[len(prefix) :]
    return digits


def condition(source: Source, typed: str, is_corrected: Callable[[str], bool]) -> Sql | None:
    """Rows where every term is found; None when nothing was typed.

    `is_corrected` says whether any correction holds a word: most words are spared the look.
    """
    conditions = [
        any_of(
            all_of(_word(source, word, is_corrected(word)) for word in reading)
            for reading in term.readings
        )
        for term in terms(typed)
    ]
    return all_of(conditions) if conditions else None


def _word(source: Source, word: str, corrected: bool) -> Sql:
    places = [sql("contains({}, {})", Sql(source.search), bound(word))]
    if source.by_account and corrected:
        places.append(_account_has("ops.correction", word))
    if source.by_account == "account":
        places.append(_account_has("account", word))
    return any_of(places)


def _account_has(table: str, word: str) -> Sql:
    accounts = sql(
        "SELECT a.account_no FROM {} AS a WHERE contains(a.search, {})", Sql(table), bound(word)
    )
    return sql("t.account_no IN ({})", accounts)
