"""Views drawn at random over wide_ref's subscriptions."""

from typing import Any

from hypothesis import strategies as st

from lib.model.view import Layout, View
from lib.store.grid.sources import SUBSCRIPTIONS
from tests.store.grid import brute

GROUPABLE = [
    name
    for c in SUBSCRIPTIONS.columns
    if c.groupable
    for name in (c.id, *(f"{c.id}:{grain}" for grain in c.grains))
]
SORTABLE = [c.id for c in SUBSCRIPTIONS.columns]

WORDS = st.sampled_from(
    ["", "zuniga", "ÁNGEL", "nuevo1", "example.com", "o'brien", "%", "_", "\\", "<b>", "55", "xyz"]
)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "account_name": st.sampled_from(
            ["zúñ", "Ana", "%", "_", "'", "a", "xxx", "^ana", "=ÁNGEL zuniga", "^<b>", "=", "!="]
        ),
        "serial": st.sampled_from(["A", "00", "f1", "%", "^0", "=nada"]),
        "version": st.sampled_from(["10", ".", "r2", "=10.0", "^11.0 R", "=", "!="]),
        "product": st.sampled_from(["SAE", "coi", "nada", "SAE|noi", "nada|COI"]),
        "period": st.sampled_from(["Anual", "mensual", "=", "!=", "Anual|="]),
        "seats": st.sampled_from(list(brute.NUMBERS)),
        "activated_on": st.sampled_from(list(brute.DATES)),
        "next_payment_on": st.sampled_from(list(brute.DATES)),
    },
)


@st.composite
def views(draw: st.DrawFn, rows: list[dict[str, Any]]) -> View:
    """Any view, with some of the groups that really exist opened or closed."""
    group = tuple(draw(st.lists(st.sampled_from(GROUPABLE), unique=True, max_size=3)))
    sort = draw(st.lists(st.sampled_from(SORTABLE), unique=True, max_size=3))
    touched = tuple(
        {p for row in draw(st.lists(st.sampled_from(rows), max_size=6)) for p in paths(row, group)}
    )
    unfolded = bool(group) and draw(st.booleans())
    return View(
        q=" ".join(draw(st.lists(WORDS, max_size=2))),
        filters=draw(FILTERS),
        sort=tuple((column, draw(st.booleans())) for column in sort),
        group=group,
        expanded=() if unfolded else touched,
        unfolded=unfolded,
        collapsed=touched if unfolded else (),
        layout=Layout(columns=tuple(draw(st.lists(st.sampled_from(SORTABLE), unique=True)))),
        limit=draw(st.sampled_from([1, 7, 50, 200])),
    )


def paths(row: dict[str, Any], group: tuple[str, ...]) -> list[tuple[Any, ...]]:
    path = tuple(brute.key(row, name) for name in group)
    return [path[: depth + 1] for depth in range(len(path))]
