"""The flattened tree: groups of groups of rows, of which only one page is ever read.

groups.py knows the groups of each level; the rows of a group are only told from where to where
they show, and rows.py reads them.
"""

from dataclasses import dataclass, field
from typing import Any

from lib.model.view import Key, Path
from lib.store.grid.groups import Groups, Place, groups
from lib.store.grid.plan import Plan


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
    """The groups under one path, and those of them that are open."""

    groups: Groups
    open: list[Place]


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
            self._sizes[path] = level.groups.size + sum(inner)
        return self._sizes[path]

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
        self._headings(page, path, level, at, level.groups.size)

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
        for stored, count, seats in level.groups.between(first, first + wanted):
            key, value = shared.to_key(stored), shared.value(stored)
            inner = (*path, key)
            page.rows.append(Group(len(path), inner, value, count, key in opened, seats))
        page.take -= wanted

    # ---- groups ----------------------------------------------------------------------------

    def _level(self, path: Path) -> _Level:
        if path not in self._levels:
            found, expanded = groups(self._plan, path), self._expanded.get(path)
            self._levels[path] = _Level(found, found.places(expanded) if expanded else [])
        return self._levels[path]
