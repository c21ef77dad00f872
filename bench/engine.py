"""The engine's own part: the same acts as in the browser, straight to lib/store/grid."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figures
from lib.model.view import View
from lib.store.database import Store
from lib.store.grid import engine
from lib.store.grid.sources import SUBSCRIPTIONS

# What people type: common and rare names, parts of a serial, a phone, an e-mail, nothing known.
TERMS = (
    "zuniga", "maria lopez", "garcia", "comercializadora", "hernandez sofia", "nunez", "yanez mx",
    "@gmail", "S0", "7A2", "442 461", "55 1234 5678", "xaxx", "ramirez 33", "pena del norte",
    "zzzqqq", "ordonez hector", "trevino", "villasenor", "00012345",
)  # fmt: skip
SORTS = ("serial", "next_payment_on", "version", "seats", "account_name", "activated_on")
GROUPS = ("product", "version", "period", "status", "seats")
PAGES = (50, 100, 10_000, 175_000, 349_950)


def measure(data: Path, repeat: int) -> tuple[int, dict[str, Figures]]:
    """How many systems there are, and the times of each act in ms. The desk must be closed."""
    store = Store.open(data)
    try:
        systems = int(store.rows("SELECT count(*) FROM system")[0][0])
        engine.window(store, SUBSCRIPTIONS, View())
        return systems, {name: _times(store, views) for name, views in _acts(repeat)}
    finally:
        store.close()


def _times(store: Store, views: list[View]) -> Figures:
    figures = Figures()
    for view in views:
        began = time.perf_counter()
        engine.window(store, SUBSCRIPTIONS, view)
        figures.add((time.perf_counter() - began) * 1000)
    return figures


def _acts(repeat: int) -> Iterator[tuple[str, list[View]]]:
    """No view twice: what is kept would answer the second time."""
    around = range(repeat)
    yield "search", [View(q=f"{TERMS[i % len(TERMS)]}{' a' * (i // len(TERMS))}") for i in around]
    yield "sort", [View(sort=_sort(i), limit=50 - i // 12) for i in around]
    by_serial = (("serial", False),)
    yield "page", [View(sort=by_serial, offset=50 * (i + 1)) for i in around]
    yield "page, far", [View(sort=by_serial, offset=_far(i), limit=50) for i in around]
    yield (
        "drag to group",
        [View(group=(GROUPS[i % 5],), filters={"seats": f">={i // 5}"}) for i in around],
    )
    yield (
        "drag a second",
        [View(group=_two(i), expanded=((_product(i),),), filters=_seats(i)) for i in around],
    )
    yield "expand", [View(group=("version",), expanded=((f"{i % 11 + 1}.0",),)) for i in around]
    yield (
        "filter by a choice",
        [View(filters={"product": _product(i), "seats": f">={i // 8}"}) for i in around],
    )


def _sort(i: int) -> tuple[tuple[str, bool], ...]:
    return ((SORTS[i % len(SORTS)], bool(i // len(SORTS) % 2)),)


def _far(i: int) -> int:
    return PAGES[i % len(PAGES)] + 50 * i


def _two(i: int) -> tuple[str, str]:
    return ("product", ("version", "period", "status", "seats")[i % 4])


def _product(i: int) -> str:
    return ("SAE", "COI", "NOI", "CAJA", "BANCO", "PROD", "FACTURE", "ADM")[i % 8]


def _seats(i: int) -> dict[str, str]:
    return {"seats": f">={i // 8}"}
