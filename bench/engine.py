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
GROUPS = ("product", "version", "period", "status", "seats", "next_payment_on:month")
SECONDS = ("version", "period", "status", "next_payment_on:due")
PRODUCTS = ("SAE", "COI", "NOI", "CAJA", "BANCO", "PROD", "FACTURE", "ADM")


def measure(data: Path, repeat: int) -> tuple[int, dict[str, Figures]]:
    """How many systems there are, and the times of each act in ms. The desk must be closed."""
    store = Store.open(data)
    try:
        systems = int(store.rows("SELECT count(*) FROM system")[0][0])
        records = engine.window(store, SUBSCRIPTIONS, View()).records
        return systems, {name: _times(store, views) for name, views in _acts(repeat, records)}
    finally:
        store.close()


def _times(store: Store, views: list[View]) -> Figures:
    figures = Figures()
    for view in views:
        began = time.perf_counter()
        engine.window(store, SUBSCRIPTIONS, view)
        figures.add((time.perf_counter() - began) * 1000)
    return figures


def _acts(repeat: int, records: int) -> Iterator[tuple[str, list[View]]]:
    """No view twice: what is kept would answer the second time."""
    around = range(repeat)
    yield "search", [View(q=f"{TERMS[i % len(TERMS)]}{' a' * (i // len(TERMS))}") for i in around]
    yield "sort", [View(sort=_sort(i), filters=_fresh(i)) for i in around]
    by_serial = (("serial", False),)
    yield "page", [View(sort=by_serial, offset=50 * (i + 1)) for i in around]
    middle = records // 100 * 50
    yield "page, middle", [View(sort=_sort(i), offset=middle + 500 * i) for i in around]
    yield (
        "page, middle, filtered",
        [View(sort=_sort(i), filters=_fresh(i), offset=records // 4 + 500 * i) for i in around],
    )
    yield "page, last", [View(sort=_sort(i), filters=_fresh(i), offset=10**9) for i in around]
    yield "drag to group", [View(group=(_of(GROUPS, i),), filters=_fresh(i)) for i in around]
    yield (
        "drag a second",
        [View(group=("product", _of(SECONDS, i)), expanded=((_of(PRODUCTS, i),),)) for i in around],
    )
    yield "expand", [View(group=("version",), expanded=((f"{i % 11 + 1}.0",),)) for i in around]
    yield (
        "filter by a choice",
        [View(filters={"product": _of(PRODUCTS, i), **_fresh(i)}) for i in around],
    )
    customers = ("account_no", "account_name")
    yield "group by customer", [View(group=(_of(customers, i),), filters=_fresh(i)) for i in around]


def _of(some: tuple[str, ...], i: int) -> str:
    return some[i % len(some)]


def _sort(i: int) -> tuple[tuple[str, bool], ...]:
    return ((_of(SORTS, i), bool(i // len(SORTS) % 2)),)


def _fresh(i: int) -> dict[str, str]:
    """Another filter every few times, so that nothing kept answers."""
    return {"seats": all_rows(i // len(SORTS))}


def all_rows(number: int) -> str:
    """A filter of seats that every row passes, another for each number up to 8,000."""
    return f"<={1000 + number}"
