"""The rows of a page: the keys in each stretch, then the rows behind all of them.

paging.py finds the keys of a long group; those of many short ones are asked for together. Rows are
read by where they lie (50 of 5 million: 13 ms).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from lib.model.view import Key, Path
from lib.store.grid.fragment import Sql, all_of, any_of, bound, joined, one_of, sql
from lib.store.grid.paging import Pages
from lib.store.grid.plan import Plan
from lib.store.grid.reading import Row
from lib.store.grid.tree import Group, Record, Span

AT_ONCE = 50  # rows that the engine finds by their place; more, and it reads the whole table
SHORT = 200  # rows of a group that are asked for together with other groups'

_Keys = dict[Path, list[Any]]


def read(plan: Plan, page: Sequence[Group | Span]) -> Iterator[Group | Record]:
    """The page with the rows of its stretches, as the vendor gave them."""
    spans = [part for part in page if isinstance(part, Span)]
    keys = _keys(plan, spans)
    rows = _behind(plan, [key for found in keys.values() for key in found])
    for part in page:
        if isinstance(part, Group):
            yield part
        else:
            # One may be missing: the ref was switched in between.
            yield from (_record(part.path, rows[k]) for k in keys[part.path] if k in rows)


def _keys(plan: Plan, spans: list[Span]) -> _Keys:
    """Of the rows in each stretch; no group has two of them in a page."""
    short = [span for span in spans if span.count <= SHORT]
    together = _together(plan, short) if len(short) > 1 else {}
    return {span.path: together.get(span.path) or _alone(plan, span) for span in spans}


def _alone(plan: Plan, span: Span) -> list[Any]:
    return Pages(plan, span.path).keys(span.skip, span.take, span.count)


def _together(plan: Plan, spans: list[Span]) -> _Keys:
    """As one question: a page of many small groups costs what a page of one does."""
    siblings = defaultdict[Path, list[Key]](list)
    for span in spans:
        siblings[span.path[:-1]].append(span.path[-1])
    among = any_of(_children(plan, parent, keys) for parent, keys in siblings.items())
    groups = [plan.group_key(level) for level in plan.group]
    found = defaultdict[Path, list[Any]](list)
    for *stored, key in Pages(plan).together(groups, among):
        found[_path(plan, stored)].append(key)
    return {s.path: found[s.path][s.skip : s.skip + s.take] for s in spans}


def _children(plan: Plan, parent: Path, keys: list[Key]) -> Sql:
    """The rows of some groups under the same one."""
    level = plan.group[len(parent)]
    own = one_of(plan.group_key(level), [level.from_key(key) for key in keys])
    return all_of([plan.under(parent), own] if parent else [own])


def _path(plan: Plan, stored: list[Any]) -> Path:
    return tuple(lv.to_key(value) for lv, value in zip(plan.group, stored, strict=True))


def _behind(plan: Plan, keys: list[Any]) -> dict[Any, Row]:
    """The rows by their key."""
    source, rows = plan.source, {}
    for start in range(0, len(keys), AT_ONCE):
        question = sql(
            "SELECT {} FROM {} AS t WHERE {} IN (SELECT unnest({}))",
            _shown(plan),
            Sql(source.table),
            Sql(source.key),
            bound(tuple(keys[start : start + AT_ONCE])),
        )
        rows.update({row[0]: row for row in plan.reading.rows(question)})
    return rows


def _shown(plan: Plan) -> Sql:
    """The key, what a row is known by, its account, its cells as the vendor gave them."""
    source = plan.source
    cells = (Sql(column.sql) for column in source.columns)
    return joined(", ", [Sql(source.key), Sql(source.row_id), Sql("t.account_no"), *cells])


def _record(path: Path, row: Row) -> Record:
    _, row_id, account_no, *cells = row
    return Record(len(path), row_id, account_no, tuple(cells), path=path)
