"""What people type under a heading."""

import datetime as dt

import pytest

from lib.store.grid import filters
from lib.store.grid.columns import Column, Kind
from lib.store.grid.filters import Span, Unusable

D = dt.date
DATE = Column("d", Kind.DATE, "t.d")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("5", 5, 5), ("=2", 2, 2), (">=10", 10, None), ("> 10", 11, None), ("<5", None, 4),
        ("<= 5", None, 5), ("3..7", 3, 7), (" 3 .. 7 ", 3, 7), ("3..", 3, None), ("..7", None, 7),
        ("-1", -1, -1), ("7..3", 7, 3),
    ],
)  # fmt: skip
def test_numbers(text: str, first: int | None, last: int | None) -> None:
    assert filters.span(text, filters.number) == Span(first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("01/02/2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("1/2/2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("2024-02-01", D(2024, 2, 1), D(2024, 2, 1)),
        ("02/2024", D(2024, 2, 1), D(2024, 2, 29)),
        ("2024-12", D(2024, 12, 1), D(2024, 12, 31)),
        ("2024", D(2024, 1, 1), D(2024, 12, 31)),
        (">=2024", D(2024, 1, 1), None),
        (">2024", D(2025, 1, 1), None),
        ("<02/2024", None, D(2024, 1, 31)),
        ("<=02/2024", None, D(2024, 2, 29)),
        ("2023..02/2024", D(2023, 1, 1), D(2024, 2, 29)),
        ("15/01/2024..", D(2024, 1, 15), None),
    ],
)
def test_dates(text: str, first: dt.date | None, last: dt.date | None) -> None:
    assert filters.span(text, filters.days) == Span(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "", ">=", "..", "hoy", "30/02/2024", "00/2024", "00/01/2024", "13/2024", "0000", ">9999",
        "<0001", "20245", "1/1/24", "٢٠٢٤", "2024-02-01T00:00", "1 OR 1=1", "2024;", "1..2..3",
    ],
)  # fmt: skip
def test_dates_that_mean_nothing(text: str) -> None:
    with pytest.raises(Unusable):
        filters.condition(DATE, text, laid_over=False)


@pytest.mark.parametrize("text", ["", "x", "1.5", "9" * 13, "٣", ">=>5", "1e5", "5; DROP", "1..x"])
def test_numbers_that_mean_nothing(text: str) -> None:
    with pytest.raises(Unusable):
        filters.condition(Column("n", Kind.NUMBER, "t.n"), text, laid_over=False)


def test_an_instant_is_filtered_by_the_office_day() -> None:
    column = Column("at", Kind.INSTANT, "t.at")
    condition = filters.condition(column, "21/07/2026", laid_over=False)
    begins = [instant.isoformat() for instant in condition.params]
    assert begins == ["2026-07-21T06:00:00", "2026-07-22T06:00:00"]


def test_an_instant_at_the_end_of_time() -> None:
    with pytest.raises(Unusable):
        filters.condition(Column("at", Kind.INSTANT, "t.at"), "31/12/9999", laid_over=False)


def test_values_never_land_in_the_sql() -> None:
    text = "'; DROP TABLE system; --"
    for kind in (Kind.TEXT, Kind.CHOICE):
        condition = filters.condition(Column("c", kind, "t.c"), text, laid_over=False)
        assert "drop" not in condition.text.casefold()


def test_a_choice_may_be_typed_as_it_reads() -> None:
    column = Column("c", Kind.CHOICE, "t.c", labels={"mail_failed": "Correo fallido"})
    assert "mail_failed" in filters.condition(column, "CORREO FALLIDO", laid_over=False).params
