"""What people type in the search box."""

import pytest

from lib.model.view import View
from lib.store.grid import engine
from lib.store.grid.search import Term, terms
from lib.store.grid.sources import SYSTEMS
from tests.store.grid.conftest import Wide

PHONE = "4424614158"


@pytest.mark.parametrize(
    "typed",
    [
        "442 461 4158", "442-461-4158", "(442) 461 4158", "(442) 461-41-58", "442.461.4158",
        "+52 442 461 4158", "+52 (442) 4614158", "+524424614158", "52 4424614158",
        "521 442 461 4158", "044 442 461 4158", "+52-1-442-461-4158",
    ],
)  # fmt: skip
def test_a_phone_however_it_is_written(typed: str) -> None:
    (term,) = terms(typed)
    assert (PHONE,) in term.readings


def test_a_phone_among_words() -> None:
    assert terms("Zúñiga 442 461 4158 Ana") == [
        Term((("zuniga",),)),
        Term((("442", "461", "4158"), (PHONE,))),
        Term((("ana",),)),
    ]


@pytest.mark.parametrize("typed", ["12 34", "00000001 4424614158 99", "A1 442461x", "55"])
def test_other_digits_are_words(typed: str) -> None:
    assert terms(typed) == [Term(((word,),)) for word in typed.casefold().split()]


@pytest.mark.parametrize(
    ("typed", "without"),
    [("GODE-561231-GR8", "gode561231gr8"), ("sm8m-2kgv-efe", "sm8m2kgvefe")],
)
def test_hyphens_may_be_ornament(typed: str, without: str) -> None:
    assert terms(typed) == [Term(((typed.casefold(),), (without,)))]


@pytest.mark.parametrize("typed", ["-", "a-", "-a", "a--b", "x-y@z.mx"])
def test_or_not(typed: str) -> None:
    assert terms(typed) == [Term(((typed,),))]


def test_nothing_typed_asks_nothing() -> None:
    assert terms("  ") == []


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["{}", "{:.2} {:.2}", "+52 {}", "({})"])
def test_rows_are_found_by_their_phone(wide: Wide, shape: str) -> None:
    account = wide.accounts[4]
    own = sum(row["account_no"] == account.account_no for row in wide.systems)
    phone = account.phone
    typed = f"{phone[:2]} {phone[2:6]}-{phone[6:]}" if ":" in shape else shape.format(phone)
    assert own > 0
    assert engine.window(wide.store, SYSTEMS, View(q=typed)).records == own


def test_a_corrected_customer_is_found_by_old_and_new(wide: Wide) -> None:
    account = next(
        a
        for a in wide.accounts
        if a.corrected_email and any(r["account_no"] == a.account_no for r in wide.systems)
    )
    old = engine.window(wide.store, SYSTEMS, View(q=f"{account.email} {account.account_no}"))
    new = engine.window(wide.store, SYSTEMS, View(q=account.corrected_email or ""))
    assert old.records == new.records > 0


def test_words_in_any_order(wide: Wide) -> None:
    one = engine.window(wide.store, SYSTEMS, View(q="ZÚÑIGA  ángel"))
    other = engine.window(wide.store, SYSTEMS, View(q="angel zuniga"))
    assert one.rows == other.rows
    assert one.records > 0
