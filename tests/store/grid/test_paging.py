"""Pages cut out of buckets of stored places: what brute force doesn't reach by SUBSCRIPTIONS."""

from dataclasses import replace

import pytest

from lib.model.text import fold
from lib.model.view import View
from lib.store.grid import engine, paging, placed
from lib.store.grid.sources import ACCOUNTS, SYSTEMS
from lib.store.grid.tree import Record
from tests.store.grid import wide_ref
from tests.store.grid.conftest import Wide


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes that a few hundred rows go beyond."""
    for name, size in {"BLOCK": 10, "DEEP": 10, "FULL": 12, "BITS": 2}.items():
        monkeypatch.setattr(paging, name, size)
    monkeypatch.setattr(placed, "BUCKETS", 4)
    monkeypatch.setattr(placed, "STRETCHES", 3)


def paged(wide: Wide, view: View) -> list[str]:
    """The accounts' numbers, page after page."""
    found: list[str] = []
    for offset in range(0, len(wide.accounts), view.limit):
        window = engine.window(wide.store, ACCOUNTS, replace(view, offset=offset))
        found += [row.id for row in window.rows if isinstance(row, Record)]
    return found


def shown(account: wide_ref.Account) -> str:
    return account.name if account.corrected_name is None else account.corrected_name


@pytest.mark.parametrize("descending", [False, True])
def test_accounts_by_name_have_corrected_ones_in_their_place(wide: Wide, descending: bool) -> None:
    by_name = sorted(wide.accounts, key=lambda a: fold(shown(a)), reverse=descending)
    if descending:  # equals stay in the order of their numbers
        by_name.sort(key=lambda a: a.account_no)
        by_name.sort(key=lambda a: fold(shown(a)), reverse=True)
    view = View(sort=(("name", descending),), limit=7)
    assert paged(wide, view) == [account.account_no for account in by_name]


@pytest.mark.parametrize("descending", [False, True])
def test_accounts_by_number(wide: Wide, descending: bool) -> None:
    numbers = sorted((a.account_no for a in wide.accounts), reverse=descending)
    assert paged(wide, View(sort=(("account_no", descending),), limit=7)) == numbers


def test_a_name_corrected_just_now_stands_in_its_place(wide: Wide) -> None:
    owners = {row["account_no"] for row in wide.systems}
    account = next(a for a in wide.accounts if a.corrected_email is None and a.account_no in owners)
    last = replace(account, corrected_name="龍", corrected_email="dragon@example.com")
    view = View(sort=(("account_name", False),), limit=200, offset=10**6)
    before = engine.window(wide.store, SYSTEMS, view).rows[-1]
    wide_ref.correct(wide.store, last)
    try:
        after = engine.window(wide.store, SYSTEMS, view).rows[-1]
    finally:
        wide.store.write(
            lambda t: t.run("DELETE FROM ops.correction WHERE account_no = ?", [account.account_no])
        )
    assert isinstance(before, Record)
    assert isinstance(after, Record)
    assert before.account_no != after.account_no == account.account_no
