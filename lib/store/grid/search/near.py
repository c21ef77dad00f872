"""Words of names that a mistyped one may stand for: one letter wrong, missing, too many, or two
neighbours swapped."""

import re

from lib.store.grid.fragment import Sql, bound, sql
from lib.store.grid.reading import Reading

_NAME = re.compile("[a-z]{4,}")  # a slip in a shorter word leaves nothing to go by
_MOST = 12  # words, the most frequent first


def words(reading: Reading, typed: str) -> list[str]:
    """The words of customers' names one slip away from a folded one; none when it isn't a name's.

    A slip spares what stands before it or what stands after it: only words that begin or end as
    this one does are compared letter by letter.
    """
    if not _NAME.fullmatch(typed):
        return []
    half = len(typed) // 2
    near = sql(
        "abs(length(word) - {}) <= 1 AND (starts_with(word, {}) OR ends_with(word, {}))"
        " AND damerau_levenshtein(word, {}) = 1",
        bound(len(typed)),
        bound(typed[: half - 1]),
        bound(typed[half + 1 :]),
        bound(typed),
    )
    vendor = sql("SELECT word FROM search_name WHERE {} ORDER BY accounts DESC, word", near)
    found = dict.fromkeys(row[0] for row in reading.rows(vendor))
    return list(found | dict.fromkeys(_corrected(reading, near)))[:_MOST]


def _corrected(reading: Reading, near: Sql) -> list[str]:
    """Of the names that the desk has corrected."""
    if not reading.has_corrections:
        return []
    split = "SELECT DISTINCT unnest(string_split(search, ' ')) AS word FROM ops.correction"
    rows = reading.rows(sql(f"SELECT word FROM ({split}) WHERE {{}} ORDER BY word", near))
    return [row[0] for row in rows if _NAME.fullmatch(row[0])]
