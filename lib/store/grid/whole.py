"""The tree all of whose headings are known: for views in which most groups are open.

One question counts the deepest groups; all headings are made of its answer, each with the place
where it stands when nothing is closed, and kept. A page is cut out of the places that show, so
that turning pages and closing groups ask only for the page's rows.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

from lib.model.view import Path
from lib.store.grid.fragment import Sql, joined, sql
from lib.store.grid.groups import groups
from lib.store.grid.levels import Level
from lib.store.grid.plan import Plan
from lib.store.grid.reading import Row
from lib.store.grid.tree import Group, Span

# Deepest groups that are known at once. At 5 million rows 40,000 take 0.4 s of a processor, closing
# one 5 ms; some times as many would push everything else out of the answers that are kept.
MOST = 50_000

_Stored = tuple[object, ...]


class Heading(NamedTuple):
    """`place` counts from 0 over the tree in which nothing is closed, and `inside` is how many rows
    show under it then; `path` holds the stored values from the root."""

    place: int
    path: _Stored
    records: int
    seats: int | None
    inside: int


class Whole:
    """`_shown` are the stretches of places that show."""

    def __init__(self, plan: Plan, headings: list[Heading]) -> None:
        self._plan = plan
        self._headings = headings
        named = plan.view.collapsed if plan.view.unfolded else plan.view.expanded
        self._named = {self._stored(path) for path in named}
        self._shown = list(self._stretches())

    def size(self) -> int:
        return sum(stop - start for start, stop in self._shown)

    def page(self, offset: int, limit: int) -> list[Group | Span]:
        """Rows offset … offset+limit of those that show."""
        page: list[Group | Span] = []
        for start, stop in self._shown:
            length = stop - start
            if offset < length and limit > 0:
                taken = min(limit, length - offset)
                page += self._between(start + offset, start + offset + taken)
                limit, offset = limit - taken, 0
            else:
                offset -= min(offset, length)
        return page

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """What lies between the insides of the closed groups."""
        at, last = 0, self._headings[-1]
        for heading in self._headings:
            if heading.place >= at and not self._is_open(heading.path):
                yield at, heading.place + 1
                at = heading.place + 1 + heading.inside
        yield at, last.place + 1 + last.inside

    def _is_open(self, path: _Stored) -> bool:
        return (path in self._named) != self._plan.view.unfolded

    def _stored(self, path: Path) -> _Stored:
        levels = self._plan.group
        return tuple(lv.from_key(key) for lv, key in zip(levels, path, strict=False))

    def _between(self, start: int, stop: int) -> Iterator[Group | Span]:
        """What stands in the places start … stop."""
        at = bisect_right(self._headings, start, key=lambda heading: heading.place) - 1
        for heading in self._headings[at:]:
            if heading.place >= stop:
                return
            if heading.place >= start:
                yield self._group(heading)
            if len(heading.path) == len(self._plan.group):
                yield from self._rows(heading, start, stop)

    def _rows(self, heading: Heading, start: int, stop: int) -> Iterator[Span]:
        """Of a deepest group's rows, those in the places start … stop."""
        begin = heading.place + 1
        first, last = max(begin, start), min(begin + heading.inside, stop)
        if first < last:
            yield Span(self._keys(heading.path), first - begin, last - first, heading.records)

    def _group(self, heading: Heading) -> Group:
        _, path, count, seats, _ = heading
        level = self._plan.group[len(path) - 1]
        opened = self._is_open(path)
        value = level.value(path[-1])
        return Group(len(path) - 1, self._keys(path), value, count, opened, seats)

    def _keys(self, stored: _Stored) -> Path:
        return tuple(lv.to_key(v) for lv, v in zip(self._plan.group, stored, strict=False))


def whole(plan: Plan) -> Whole | None:
    """None when there are too many groups to know them all, or none."""
    if any(_has_too_many(plan, level) for level in plan.group if level.ranked):
        return None
    headings = plan.reading.rows(_deepest(plan), made=_headings)
    return Whole(plan, cast(list[Heading], headings)) if headings else None


def _has_too_many(plan: Plan, level: Level) -> bool:
    """Told in a fifth of the time that it takes to count the deepest groups."""
    return groups(replace(plan, group=(level,)), ()).size > MOST


def _deepest(plan: Plan) -> Sql:
    """The groups of the deepest level in the tree's order: their stored values, rows, users. They
    are counted before they are sorted: too many are not worth it."""
    keys = [f"k{at}" for at, _ in enumerate(plan.group)]
    return sql(
        f"SELECT {', '.join(keys)}, n, s FROM (SELECT * FROM ({{}}) LIMIT {MOST + 1:d})"
        " ORDER BY {}",
        sql(
            "SELECT {}, count(*) AS n, {} AS s {} GROUP BY {}",
            joined(", ", _values(plan)),
            plan.seats(),
            plan.selection((), plan.order_joins()),
            Sql(", ".join(keys)),
        ),
        joined(", ", _order(plan)),
    )


def _values(plan: Plan) -> Iterator[Sql]:
    for at, level in enumerate(plan.group):
        yield sql(f"{{}} AS k{at}", plan.group_key(level))
        if level.ranked:
            yield sql(f"min({{}}) AS f{at}", plan.placed(level.column).expression)


def _order(plan: Plan) -> Iterator[Sql]:
    for at, level in enumerate(plan.group):
        # The same for all of one value, however its rows were placed: a group is never torn.
        place = f"min(f{at}) OVER (PARTITION BY k{at})"
        yield from (term.sql() for term in plan.group_order(level, f"k{at}", place))


def _headings(deepest: list[Row]) -> list[Row]:
    """The headings of all levels, made of the deepest; none when those are too many."""
    made: list[_Growing] = []
    above: list[_Growing] = []
    place, before = 0, ()
    for *values, count, seats in deepest if len(deepest) <= MOST else ():
        path = tuple(values)
        del above[_shared(before, path) :]
        for depth in range(len(above), len(path)):
            for heading in above:
                heading.inside += 1
            above.append(_Growing(place, path[: depth + 1], seats=None if seats is None else 0))
            made.append(above[-1])
            place += 1
        for heading in above:
            heading.hold(count, seats)
        place, before = place + count, path
    return [Heading(g.place, g.path, g.records, g.seats, g.inside) for g in made]


@dataclass(slots=True)
class _Growing:
    """A heading whose groups are still coming."""

    place: int
    path: _Stored
    seats: int | None
    records: int = 0
    inside: int = 0

    def hold(self, records: int, seats: int | None) -> None:
        """One more deepest group, of so many rows and users."""
        self.records += records
        self.inside += records
        if self.seats is not None and seats is not None:
            self.seats += seats


def _shared(one: _Stored, other: _Stored) -> int:
    """How many values two paths begin with together."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
