"""Which of the desk's own tables an answer was read from, and whether any was written to since."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_OWN = re.compile(r"\bops\.(\w+)")
# Views that read one of them unsaid (views.sql, log/log_row.py).
_UNSAID = {
    re.compile(r"\bcustomer\b"): frozenset({"correction"}),
    re.compile(r"\blog_row\b"): frozenset({"audit"}),
    re.compile(r"\bheld_certificate\b"): frozenset({"certificate", "certificate_gone"}),
}
_READS = ("SELECT", "EXPLAIN")


@lru_cache(maxsize=500)
def named(sql: str) -> frozenset[str]:
    """The desk's own tables that a statement reads or writes. One whose name is quoted is left out:
    whoever asks so says why what is written to it changes nothing."""
    unsaid = (tables for view, tables in _UNSAID.items() if view.search(sql))
    return frozenset(_OWN.findall(sql)).union(*unsaid)


def written(sql: str) -> frozenset[str]:
    """Those that it may write to: of a statement that isn't a question all that it names."""
    return frozenset() if sql.lstrip().startswith(_READS) else named(sql)


class Ages:
    """How many commits wrote to each table."""

    def __init__(self) -> None:
        self._commits = Counter[str]()

    def of(self, sql: str) -> tuple[int, ...]:
        """The ages of what a question reads: while they are the same, so is its answer."""
        return tuple(self._commits[table] for table in sorted(named(sql)))

    def grow(self, tables: Iterable[str]) -> None:
        """These were written to and committed."""
        self._commits.update(tables)
