"""What people type under a heading, understood."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model.filter import (
    Blank,
    How,
    Kind,
    Matches,
    OneOf,
    Relative,
    Unusable,
    Wanted,
    When,
    Within,
    understand,
)

D = dt.date
TODAY = D(2026, 11, 22)  # a Sunday
DATES = (Kind.DATE, Kind.INSTANT)


def number(text: str) -> Wanted:
    return understand(Kind.NUMBER, text, TODAY)


def date(text: str, today: dt.date = TODAY) -> Wanted:
    return understand(Kind.DATE, text, today)


@pytest.mark.parametrize(
    ("text", "how", "said"),
    [
        ("abc", How.CONTAINS, "abc"), ("  Zúñiga ", How.CONTAINS, "Zúñiga"),
        ("^abc", How.STARTS, "abc"), ("^ S.A.", How.STARTS, "S.A."),
        ("=abc", How.EQUALS, "abc"), ("= a  b", How.EQUALS, "a  b"),
        ("a^b=c", How.CONTAINS, "a^b=c"), ("!=abc", How.CONTAINS, "!=abc"),
        ("3..7", How.CONTAINS, "3..7"), ("A|B", How.CONTAINS, "A|B"),
    ],
)  # fmt: skip
def test_text(text: str, how: How, said: str) -> None:
    assert understand(Kind.TEXT, text, TODAY) == Matches(how, said)


@pytest.mark.parametrize("kind", Kind)
def test_empty_and_not_empty_in_every_kind(kind: Kind) -> None:
    assert understand(kind, " = ", TODAY) == Blank(empty=True)
    assert understand(kind, "!=", TODAY) == Blank(empty=False)


@pytest.mark.parametrize("text", ["", "  ", "^", " ^ "])
def test_text_that_means_nothing(text: str) -> None:
    with pytest.raises(Unusable):
        understand(Kind.TEXT, text, TODAY)


@pytest.mark.parametrize(
    ("text", "values", "empty"),
    [
        ("SAE", ("SAE",), False), ("SAE|NOI", ("SAE", "NOI"), False),
        (" SAE | Correo fallido |", ("SAE", "Correo fallido"), False),
        ("SAE|SAE", ("SAE",), False), ("SAE|=", ("SAE",), True), ("=|=", (), True),
        ("=SAE", ("SAE",), False), ("= SAE|=NOI|SAE", ("SAE", "NOI"), False),
    ],
)  # fmt: skip
def test_choices(text: str, values: tuple[str, ...], empty: bool) -> None:
    assert understand(Kind.CHOICE, text, TODAY) == OneOf(values, empty)


@pytest.mark.parametrize("text", ["", "|", " | | "])
def test_choices_that_mean_nothing(text: str) -> None:
    with pytest.raises(Unusable):
        understand(Kind.CHOICE, text, TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("5", 5, 5), ("=2", 2, 2), (">=10", 10, None), ("> 10", 11, None), ("<5", None, 4),
        ("<= 5", None, 5), ("3..7", 3, 7), (" 3 .. 7 ", 3, 7), ("3..", 3, None), ("..7", None, 7),
        ("-1", -1, -1), ("7..3", 3, 7), ("1,000", 1000, 1000), (">=12,345,678", 12_345_678, None),
    ],
)  # fmt: skip
def test_numbers(text: str, first: int | None, last: int | None) -> None:
    assert number(text) == Within(first, last)


@pytest.mark.parametrize(
    "text", ["", "x", "1.5", "9" * 13, "1,00", ",5", "٣", ">=>5", "1e5", "5; DROP", "1..x"]
)
def test_numbers_that_mean_nothing(text: str) -> None:
    with pytest.raises(Unusable):
        number(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("01/02/2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("1/2/2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("01-02-2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("1-2-2024", D(2024, 2, 1), D(2024, 2, 1)),
        ("1/2/24", D(2024, 2, 1), D(2024, 2, 1)),
        ("1-2-24..31-1-24", D(2024, 1, 31), D(2024, 2, 1)),
        ("hoy..2024", D(2024, 1, 1), TODAY),
        ("2024-02-01", D(2024, 2, 1), D(2024, 2, 1)),
        ("02/2024", D(2024, 2, 1), D(2024, 2, 29)),
        ("02-2024", D(2024, 2, 1), D(2024, 2, 29)),
        ("2024-12", D(2024, 12, 1), D(2024, 12, 31)),
        ("2024", D(2024, 1, 1), D(2024, 12, 31)),
        (">=2024", D(2024, 1, 1), None),
        (">2024", D(2025, 1, 1), None),
        ("<02/2024", None, D(2024, 1, 31)),
        ("<=02/2024", None, D(2024, 2, 29)),
        ("2023..02/2024", D(2023, 1, 1), D(2024, 2, 29)),
        ("15-01-2024..", D(2024, 1, 15), None),
        ("hoy..", TODAY, None),
        (">=ayer", D(2026, 11, 21), None),
        ("mes pasado..hoy", D(2026, 10, 1), TODAY),
        ("9999-12-31", D(9999, 12, 31), D(9999, 12, 31)),
    ],
)
def test_dates(text: str, first: dt.date | None, last: dt.date | None) -> None:
    for kind in DATES:
        assert understand(kind, text, TODAY) == Within(first, last)


@pytest.mark.parametrize(
    "text",
    [
        "", ">=", "..", "mañana", "30/02/2024", "00/2024", "00/01/2024", "01/00/2024", "13/2024",
        "0000", ">9999", "<0001", "20245", "1/1/245", "24", "1/2-2024", "٢٠٢٤", "2024-02-01T00:00",
        "1 OR 1=1", "2024;", "1..2..3", ">=vencidas", "vencidas..", "próximos días",
        "últimos 99999 días", "hace 3 días",
    ],
)  # fmt: skip
def test_dates_that_mean_nothing(text: str) -> None:
    for kind in DATES:
        with pytest.raises(Unusable):
            understand(kind, text, TODAY)


@pytest.mark.parametrize(
    ("text", "when", "first", "last", "days"),
    [
        ("vencidas", When.OVERDUE, None, D(2026, 11, 21), 0),
        ("Vencido", When.OVERDUE, None, D(2026, 11, 21), 0),
        ("HOY", When.TODAY, TODAY, TODAY, 0),
        ("ayer", When.YESTERDAY, D(2026, 11, 21), D(2026, 11, 21), 0),
        ("esta  semana", When.THIS_WEEK, D(2026, 11, 16), TODAY, 0),
        ("este mes", When.THIS_MONTH, D(2026, 11, 1), D(2026, 11, 30), 0),
        ("Mes Pasado", When.LAST_MONTH, D(2026, 10, 1), D(2026, 10, 31), 0),
        ("este año", When.THIS_YEAR, D(2026, 1, 1), D(2026, 12, 31), 0),
        ("este ano", When.THIS_YEAR, D(2026, 1, 1), D(2026, 12, 31), 0),
        ("próximos 30 días", When.NEXT_DAYS, TODAY, D(2026, 12, 22), 30),
        ("proximos 1 dia", When.NEXT_DAYS, TODAY, D(2026, 11, 23), 1),
        ("vence en 30 días", When.NEXT_DAYS, TODAY, D(2026, 12, 22), 30),
        ("Vencen esta semana", When.THIS_WEEK, D(2026, 11, 16), TODAY, 0),
        ("últimos 7 días", When.LAST_DAYS, D(2026, 11, 15), TODAY, 7),
    ],
)
def test_words(
    text: str, when: When, first: dt.date | None, last: dt.date | None, days: int
) -> None:
    assert date(text) == Relative(when, Within(first, last), days)


def test_last_month_in_january() -> None:
    assert date("mes pasado", D(2026, 1, 31)) == Relative(
        When.LAST_MONTH, Within(D(2025, 12, 1), D(2025, 12, 31))
    )


def test_a_week_may_begin_last_year() -> None:
    assert date("esta semana", D(2027, 1, 1)) == Relative(
        When.THIS_WEEK, Within(D(2026, 12, 28), D(2027, 1, 3))
    )


@given(st.sampled_from(Kind), st.text(max_size=40))
def test_whatever_is_typed_is_understood_or_refused(kind: Kind, text: str) -> None:
    with contextlib.suppress(Unusable):
        understand(kind, text, TODAY)
