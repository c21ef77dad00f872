"""The keys of any page of a long list, without sorting the list.

Near either end the engine keeps the best few while it reads. Deeper, what the list is sorted by is
cut into buckets, counted in one quick pass; only the bucket in which the page lies is sorted, or,
where it is too full, cut again. Counts and keys are kept: the next page costs next to nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from lib.model.view import Path
from lib.store.grid.columns import Column, Kind, Order
from lib.store.grid.fragment import NOTHING, Sql, all_of, bound, joined, sql
from lib.store.grid.placed import placed
from lib.store.grid.plan import Plan, Term
from lib.store.grid.reading import Row
from lib.store.grid.sources import PLACE

BLOCK = 500  # keys read at a time: whoever turns one page turns the next
DEEP = 2_000  # rows from an end beyond which the list is cut
FULL = 20_000  # rows that are sorted at once
BITS = 12  # of the places that share a bucket


@dataclass(frozen=True)
class Cut:
    """One part of the order. 2**`bits` values share a bucket; None: it isn't cut, its values are
    too many and not whole numbers."""

    term: Term
    bits: int | None

    @property
    def bucket(self) -> Sql:
        return (
            sql(f"{{}} >> {self.bits}", self.term.expression) if self.bits else self.term.expression
        )

    def among(self, first: Row, last: Row) -> Sql:
        """The rows in the buckets first … last, as they follow one another."""
        if first[0] is None:
            return sql("{} IS NULL", self.term.expression)
        low, high = (last[0], first[0]) if self.term.descending else (first[0], last[0])
        if self.bits:
            low, high = low << self.bits, ((high + 1) << self.bits) - 1
        value = self.term.expression
        return sql("{} >= {} AND {} <= {}", value, bound(low), value, bound(high))


@dataclass(frozen=True)
class _Piece:
    """Buckets one after another, and which of their rows are wanted."""

    buckets: list[Row]
    skip: int
    take: int

    @property
    def count(self) -> int:
        return sum(n for _, n in self.buckets)


class Pages:
    """The rows under one path of a plan, in the plan's order."""

    def __init__(self, plan: Plan, path: Path = ()) -> None:
        self._plan = plan
        self._path = path
        self._joins = NOTHING
        self._cuts = [Cut(term, None) for term in plan.first_terms()]
        self._cuts += [self._cut(column, way) for column, way in plan.sorted_by()]
        self._cuts.append(Cut(plan.last_term(), BITS if plan.source.key == PLACE else None))

    def keys(self, offset: int, limit: int, count: int) -> list[object]:
        """Keys of the rows offset … offset+limit of `count`."""
        if (found := self._plan.listed) and found.rows is not None:
            return list(found.rows[offset : offset + limit].tolist())
        after = count - offset - limit
        if after < min(offset, DEEP):
            return self._blocks(self._backwards, after, limit)[::-1]
        return self._blocks(self._cut_out if offset >= DEEP else self._forwards, offset, limit)

    def together(self, apart: list[Sql], among: Sql) -> list[Row]:
        """Of all rows that meet `among`, in order: what tells them `apart`, and their key."""
        question = sql(
            "SELECT {} {} ORDER BY {}",
            joined(", ", [*apart, Sql(self._plan.source.key)]),
            self._selection([among]),
            joined(", ", (cut.term.sql() for cut in self._cuts)),
        )
        return self._plan.reading.rows(question)

    def _blocks(self, read: Callable[[int], list[object]], skip: int, limit: int) -> list[object]:
        found: list[object] = []
        for start in range(skip // BLOCK * BLOCK, skip + limit, BLOCK):
            found += read(start)[max(0, skip - start) : skip + limit - start]
        return found

    def _forwards(self, start: int) -> list[object]:
        return self._sorted([], self._cuts, start, BLOCK)

    def _backwards(self, start: int) -> list[object]:
        return self._sorted([], self._cuts, start, BLOCK, backwards=True)

    def _cut_out(self, start: int) -> list[object]:
        return list(self._within([], self._cuts, start, BLOCK))

    # ---- in SQL ----------------------------------------------------------------------------

    def _selection(self, among: list[Sql]) -> Sql:
        plan = self._plan.having(all_of(among)) if among else self._plan
        return plan.selection(self._path, self._joins)

    def _sorted(
        self, among: list[Sql], cuts: list[Cut], skip: int, take: int, *, backwards: bool = False
    ) -> list[object]:
        question = sql(
            f"SELECT {{}} {{}} ORDER BY {{}} LIMIT {take:d} OFFSET {skip:d}",
            Sql(self._plan.source.key),
            self._selection(among),
            joined(", ", (cut.term.sql(backwards=backwards) for cut in cuts)),
        )
        return [row[0] for row in self._plan.reading.rows(question)]

    def _buckets(self, cut: Cut, among: list[Sql]) -> list[Row]:
        """Each bucket and its rows, in order."""
        order = replace(cut.term, expression=Sql("b")).sql()
        counted = "SELECT {} AS b, count(*) AS n {} GROUP BY 1 ORDER BY {}"
        question = sql(counted, cut.bucket, self._selection(among), order)
        return self._plan.reading.rows(question)

    # ---- cutting ---------------------------------------------------------------------------

    def _within(self, among: list[Sql], cuts: list[Cut], skip: int, take: int) -> Iterator[object]:
        """Keys of the rows skip … skip+take of those that meet `among`; what came before `cuts`
        in the order is the same in all of them."""
        cut, *finer = cuts
        if cut.bits is None:
            yield from self._sorted(among, cuts, skip, take)
            return
        for piece in _pieces(self._buckets(cut, among), skip, take):
            inside = [*among, cut.among(piece.buckets[0], piece.buckets[-1])]
            if piece.count <= FULL or not (cut.bits or finer):
                yield from self._sorted(inside, cuts, piece.skip, piece.take)
            else:
                inner = [replace(cut, bits=0), *finer] if cut.bits else finer
                yield from self._within(inside, inner, piece.skip, piece.take)

    def _cut(self, column: Column, descending: bool) -> Cut:
        if column.rank:
            found = placed(self._plan.reading, self._plan.source, column)
            self._joins = sql("{}{}", self._joins, found.joins)
            return Cut(Term(found.expression, descending), found.bits)
        term = Term(self._plan.ordered(column), descending)
        return Cut(term, 0 if self._has_few(column) else None)

    def _has_few(self, column: Column) -> bool:
        """Whether its values are few enough to be counted one by one."""
        if column.kind is Kind.CHOICE or column.order is Order.NATURAL:
            return self._plan.reading.distinct(column) is not None
        return column.kind in (Kind.DATE, Kind.NUMBER)


def _pieces(buckets: list[Row], skip: int, take: int) -> Iterator[_Piece]:
    """The buckets in which the rows skip … skip+take lie, as many together as are sorted at once.
    Rows without a value stay apart."""
    ends = list(accumulate(n for _, n in buckets))
    wanted = [
        (bucket, end - bucket[1])
        for bucket, end in zip(buckets, ends, strict=True)
        if end > skip and end - bucket[1] < skip + take
    ]
    while wanted:
        together = [wanted.pop(0)]
        while wanted and _fit([bucket for bucket, _ in together], wanted[0][0]):
            together.append(wanted.pop(0))
        start, stop = together[0][1], together[-1][1] + together[-1][0][1]
        first = max(skip, start)
        yield _Piece([b for b, _ in together], first - start, min(skip + take, stop) - first)


def _fit(together: list[Row], bucket: Row) -> bool:
    rows = sum(n for _, n in together) + int(bucket[1])
    return rows <= FULL and bucket[0] is not None and together[0][0] is not None
