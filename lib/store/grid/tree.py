"""The flattened tree: groups of groups of rows, of which only one page is ever read.

A level's groups are read and kept a block at a time: most have one block. The places of open
groups beyond the first are asked for, ranked in SQL. The rows of a group are only told from where
to where they show: rows.py reads them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lib.model.view import Key, Path
from lib.store.grid.fragment import Sql, joined, one_of, sql
from lib.store.grid.levels import Level
from lib.store.grid.plan import Plan, Term
from lib.store.grid.reading import Row

SMALL = 2_000  # groups of a level that are read at once


@dataclass(frozen=True)
class Group:
    """A heading. `value` is what its rows share in the column at `level`; `count`, how many there
    are; `seats`, their users together, None where the source has none."""

    level: int
    path: Path
    value: Any
    count: int
    open: bool
    seats: int | None = None


@dataclass(frozen=True)
class Record:
    """A row: `cells` in the source's order of columns; `tones` by column for what is
    remarkable; `path` is the group it stands in."""

    level: int
    id: str
    account_no: str
    cells: tuple[Any, ...]
    tones: dict[str, str] = field(default_factory=dict)
    path: Path = ()


@dataclass(frozen=True)
class Span:
    """The rows skip … skip+take of a deepest group of `count`."""

    path: Path
    skip: int
    take: int
    count: int


@dataclass(frozen=True)
class _Level:
    """How many groups there are under one path, and the expanded ones: place, key, count."""

    size: int
    open: list[tuple[int, Key, int]]


@dataclass
class _Page:
    """What is left to skip and to take."""

    skip: int
    take: int
    rows: list[Group | Span] = field(default_factory=list)


class Tree:
    """What shows of `plan`'s `records` rows."""

    def __init__(self, plan: Plan, records: int) -> None:
        self._plan = plan
        self._records = records
        self._levels: dict[Path, _Level] = {}
        self._sizes: dict[Path, int] = {}
        self._expanded: dict[Path, list[Key]] = {}
        for path in plan.view.expanded:
            self._expanded.setdefault(path[:-1], []).append(path[-1])

    def size(self) -> int:
        """Headings and rows that show."""
        return self._size((), self._records)

    def page(self, offset: int, limit: int) -> list[Group | Span]:
        """Those from `offset` on, `limit` of them."""
        page = _Page(offset, limit)
        self._fill(page, (), self._records)
        return page.rows

    def _size(self, path: Path, count: int) -> int:
        """What shows under `path`, a group of `count` rows, when it is open."""
        if len(path) == len(self._plan.group):
            return count
        if path not in self._sizes:
            level = self._level(path)
            inner = (self._size((*path, key), n) for _, key, n in level.open)
            self._sizes[path] = level.size + sum(inner)
        return self._sizes[path]

    def _ask(self, question: Sql) -> list[Row]:
        return self._plan.reading.rows(question)

    # ---- walking ---------------------------------------------------------------------------

    def _fill(self, page: _Page, path: Path, count: int) -> None:
        if len(path) == len(self._plan.group):
            self._span(page, Span(path, page.skip, min(page.take, count - page.skip), count))
            return
        level, at = self._level(path), 0
        for place, key, inside in level.open:
            self._headings(page, path, level, at, place + 1)
            at = place + 1
            self._inside(page, (*path, key), inside)
            if page.take <= 0:
                return
        self._headings(page, path, level, at, level.size)

    def _span(self, page: _Page, span: Span) -> None:
        page.rows += [span] if span.take > 0 else []
        page.take -= span.take
        page.skip = 0

    def _inside(self, page: _Page, path: Path, count: int) -> None:
        size = self._size(path, count)
        if page.skip >= size:
            page.skip -= size
        elif page.take > 0:
            self._fill(page, path, count)

    def _headings(self, page: _Page, path: Path, level: _Level, start: int, stop: int) -> None:
        """The headings start … stop of a level, less what is skipped."""
        skipped = min(page.skip, stop - start)
        page.skip -= skipped
        wanted = min(page.take, stop - start - skipped)
        if wanted <= 0:
            return
        opened, shared = {key for _, key, _ in level.open}, self._plan.group[len(path)]
        first = start + skipped
        for stored, count, seats, *_ in self._groups(path, first, first + wanted):
            key, value = shared.to_key(stored), shared.value(stored)
            inner = (*path, key)
            page.rows.append(Group(len(path), inner, value, count, key in opened, seats))
        page.take -= wanted

    # ---- groups ----------------------------------------------------------------------------

    def _level(self, path: Path) -> _Level:
        if path not in self._levels:
            first = self._block(path, 0)
            size = first[0][3] if first else 0
            self._levels[path] = _Level(size, list(self._open(path, first, size)))
        return self._levels[path]

    def _open(self, path: Path, first: list[Row], size: int) -> Iterator[tuple[int, Key, int]]:
        """The expanded groups by their place, each with its count."""
        level, wanted = self._plan.group[len(path)], dict.fromkeys(self._expanded.get(path, ()))
        for place, (stored, count, *_) in enumerate(first if wanted else ()):
            if (key := level.to_key(stored)) in wanted:
                del wanted[key]
                yield place, key, count
        if wanted and size > len(first):
            yield from self._farther(path, list(wanted))

    def _farther(self, path: Path, keys: list[Key]) -> Iterator[tuple[int, Key, int]]:
        """Expanded groups beyond the first block, in their order."""
        level = self._plan.group[len(path)]
        question = sql(
            "SELECT place, k, n FROM (SELECT row_number() OVER (ORDER BY {}) - 1 AS place, k, n"
            " FROM ({})) WHERE {} ORDER BY place",
            self._group_order(level),
            self._group_by(path),
            one_of(Sql("k"), [level.from_key(key) for key in keys]),
        )
        return ((place, level.to_key(stored), n) for place, stored, n in self._ask(question))

    def _groups(self, path: Path, start: int, stop: int) -> Iterator[Row]:
        """The groups start … stop of a level."""
        for number in range(start // SMALL, -(-stop // SMALL)):
            at = number * SMALL
            yield from self._block(path, number)[max(0, start - at) : stop - at]

    def _block(self, path: Path, number: int) -> list[Row]:
        """SMALL groups in order: stored value, rows, users; in the first block also how many
        groups there are, so that counting them takes no pass of its own."""
        size = ", count(*) OVER () AS size" if not number else ""
        question = (
            f"SELECT k, n, s{size} FROM ({{}}) ORDER BY {{}} LIMIT {SMALL:d} OFFSET"
            f" {number * SMALL:d}"
        )
        order = self._group_order(self._plan.group[len(path)])
        return self._ask(sql(question, self._group_by(path), order))

    def _group_by(self, path: Path) -> Sql:
        return self._plan.grouped(self._plan.group[len(path)], path)

    def _group_order(self, level: Level) -> Sql:
        return _order(self._plan.group_order(level), backwards=False)


def _order(terms: list[Term], *, backwards: bool) -> Sql:
    return joined(", ", (term.sql(backwards=backwards) for term in terms))
