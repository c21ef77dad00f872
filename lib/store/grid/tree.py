"""The flattened tree: groups of groups of rows, of which only one page is ever read.

A level of few groups is read whole and kept; of a level of many, only the page's groups and the
places of the open ones are asked for, ranked in SQL. The rows of a group are only told from where
to where they show: rows.py reads them.
"""

from dataclasses import dataclass, field
from typing import Any

from lib.model.view import Key, Path
from lib.store.grid.fragment import Sql, joined, one_of, sql
from lib.store.grid.levels import Level
from lib.store.grid.plan import Plan, Term
from lib.store.grid.reading import Row

SMALL = 2_000  # groups of a level that is read whole


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
    """The groups under one path, as (stored value, count, seats). `all` is None when they are too
    many to read whole; `open` are the expanded ones by their place, each with its count."""

    size: int
    all: list[Row] | None
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
        for stored, count, seats in self._groups(path, level, start + skipped, wanted):
            key, value = shared.to_key(stored), shared.value(stored)
            inner = (*path, key)
            page.rows.append(Group(len(path), inner, value, count, key in opened, seats))
        page.take -= wanted

    # ---- groups ----------------------------------------------------------------------------

    def _level(self, path: Path) -> _Level:
        if path not in self._levels:
            groups = self._ask(self._ordered_groups(path, SMALL + 1, 0))
            small = len(groups) <= SMALL
            self._levels[path] = self._small(path, groups) if small else self._large(path)
        return self._levels[path]

    def _small(self, path: Path, groups: list[Row]) -> _Level:
        wanted, shared = set(self._expanded.get(path, ())), self._plan.group[len(path)]
        places = ((place, shared.to_key(stored), n) for place, (stored, n, _) in enumerate(groups))
        return _Level(len(groups), groups, [p for p in places if p[1] in wanted])

    def _large(self, path: Path) -> _Level:
        count = self._ask(sql("SELECT count(*) FROM ({})", self._group_by(path)))[0][0]
        wanted = self._expanded.get(path)
        return _Level(count, None, self._places(path, wanted) if wanted else [])

    def _places(self, path: Path, keys: list[Key]) -> list[tuple[int, Key, int]]:
        """Where the expanded groups of a large level stand in its order."""
        level = self._plan.group[len(path)]
        question = sql(
            "SELECT place, k, n FROM (SELECT row_number() OVER (ORDER BY {}) - 1 AS place, k, n"
            " FROM ({})) WHERE {} ORDER BY place",
            self._group_order(level),
            self._group_by(path),
            one_of(Sql("k"), [level.from_key(key) for key in keys]),
        )
        return [(place, level.to_key(value), n) for place, value, n in self._ask(question)]

    def _groups(self, path: Path, level: _Level, start: int, wanted: int) -> list[Row]:
        if level.all is not None:
            return level.all[start : start + wanted]
        return self._ask(self._ordered_groups(path, wanted, start))

    def _ordered_groups(self, path: Path, limit: int, offset: int) -> Sql:
        return sql(
            f"SELECT k, n, s FROM ({{}}) ORDER BY {{}} LIMIT {limit:d} OFFSET {offset:d}",
            self._group_by(path),
            self._group_order(self._plan.group[len(path)]),
        )

    def _group_by(self, path: Path) -> Sql:
        return self._plan.grouped(self._plan.group[len(path)], path)

    def _group_order(self, level: Level) -> Sql:
        return _order(self._plan.group_order(level), backwards=False)


def _order(terms: list[Term], *, backwards: bool) -> Sql:
    return joined(", ", (term.sql(backwards=backwards) for term in terms))
