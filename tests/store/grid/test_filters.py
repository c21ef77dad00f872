"""What is understood of a filter, as conditions."""

import datetime as dt

import duckdb
import pytest

from lib.model import clock
from lib.store.grid import filters
from lib.store.grid.columns import Column, Kind

TEXTS = ("Zúñiga", "zuniga s.a.", "José  Núñez", "", None)


def passing(kind: Kind, text: str, cells: tuple[object, ...], **how: object) -> list[object]:
    """Which of the cells pass, in DuckDB."""
    column = Column("c", kind, "t.c", **how)  # type: ignore[arg-type]
    condition = filters.condition(column, text, None, laid_over=False)
    marks = ", ".join(["(?)"] * len(cells))
    question = f"SELECT c FROM (VALUES {marks}) AS t(c) WHERE {condition.text}"
    return [row[0] for row in duckdb.execute(question, [*cells, *condition.params]).fetchall()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ZUN", ["Zúñiga", "zuniga s.a."]),
        ("^zuñiga s", ["zuniga s.a."]),
        ("^niga", []),
        ("=zuniga", ["Zúñiga"]),
        ("=José  Núñez", ["José  Núñez"]),
        ("=", ["", None]),
        ("!=", ["Zúñiga", "zuniga s.a.", "José  Núñez"]),
        ("%", []),
        ("_", []),
    ],
)
def test_text(text: str, found: list[object]) -> None:
    assert passing(Kind.TEXT, text, TEXTS) == found


@pytest.mark.parametrize(("text", "found"), [("=", [None]), ("!=", [0, 3]), ("..2", [0])])
def test_numbers(text: str, found: list[object]) -> None:
    assert passing(Kind.NUMBER, text, (None, 0, 3)) == found


@pytest.mark.parametrize(
    ("text", "found"), [("3|8", [3, 8]), ("0|5..7|9..", [0, 5, 9]), ("4..4|8|", [8]), ("1|2", [])]
)
def test_several_numbers(text: str, found: list[object]) -> None:
    assert passing(Kind.NUMBER, text, (None, 0, 3, 5, 8, 9)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sae|Annual", ["SAE", "y"]), ("SAE|=", ["SAE", "", None]), ("=", ["", None]),
        ("!=", ["SAE", "y", "NOI"]), ("nada", []), ("y", ["y"]),
    ],
)  # fmt: skip
def test_choices_are_typed_as_stored_or_as_they_read(text: str, found: list[object]) -> None:
    cells = ("SAE", "y", "NOI", "", None)
    assert passing(Kind.CHOICE, text, cells, labels={"y": "Annual"}) == found


def test_a_choice_among_known_values() -> None:
    column = Column("c", Kind.CHOICE, "t.c", labels={"mail_failed": "Correo fallido"})
    values = ["mail_failed", "sent"]
    found = filters.condition(column, "CORREO FALLIDO|nada", values, laid_over=False)
    assert found.params == ("mail_failed",)
    nothing = filters.condition(column, "nada", values, laid_over=False)
    assert ("false" in nothing.text, nothing.params) == (True, ())


def test_words_mean_days_from_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 11, 22))
    days = tuple(dt.date(2026, 11, day) for day in (21, 22, 23))
    assert passing(Kind.DATE, "vencidas", (*days, None)) == [days[0]]
    assert passing(Kind.DATE, "hoy..", (*days, None)) == list(days[1:])


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("21/07/2026", ["2026-07-21T06:00:00", "2026-07-22T06:00:00"]),
        ("<=21/07/2026", ["2026-07-22T06:00:00"]),
        ("31/12/9999", ["9999-12-31T06:00:00"]),
        ("..31/12/9999", []),
    ],
)
def test_an_instant_is_filtered_by_the_office_day(text: str, begins: list[str]) -> None:
    column = Column("at", Kind.INSTANT, "t.at")
    condition = filters.condition(column, text, None, laid_over=False)
    assert [instant.isoformat() for instant in condition.params] == begins


def test_values_never_land_in_the_sql() -> None:
    text = "'; DROP TABLE system; --"
    for kind in (Kind.TEXT, Kind.CHOICE):
        for typed in (text, f"^{text}", f"={text}", f"{text}|="):
            condition = filters.condition(Column("c", kind, "t.c"), typed, None, laid_over=False)
            assert "drop" not in condition.text.casefold()
