"""Periods: which office days they hold, what they are compared with, how an address spells them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model import period
from lib.model.period import MOST_DAYS, Period, Preset

D = dt.date
SUNDAY = D(2026, 11, 22)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> dt.datetime:
    """An instant of 2026 in UTC, six hours after the office's clock."""
    return dt.datetime(2026, month, day, hour, minute)  # noqa: DTZ001 - as stored


@pytest.mark.parametrize(
    ("preset", "first", "before"),
    [
        (Preset.TODAY, D(2026, 11, 22), (D(2026, 11, 21), D(2026, 11, 21))),
        (Preset.WEEK, D(2026, 11, 16), (D(2026, 11, 9), D(2026, 11, 15))),
        (Preset.MONTH, D(2026, 10, 24), (D(2026, 9, 24), D(2026, 10, 23))),
        (Preset.THIS_MONTH, D(2026, 11, 1), (D(2026, 10, 1), D(2026, 10, 22))),
    ],
)
def test_each_preset_and_the_period_before(preset: Preset, first: D, before: tuple[D, D]) -> None:
    found = period.of(preset, SUNDAY)
    assert (found.first, found.last) == (first, SUNDAY)
    assert (found.before.first, found.before.last) == before


def test_a_long_month_is_compared_with_all_of_a_shorter_one() -> None:
    before = period.of(Preset.THIS_MONTH, D(2026, 3, 31)).before
    assert (before.first, before.last) == (D(2026, 2, 1), D(2026, 2, 28))


def test_days_begin_at_the_office_s_midnight() -> None:
    spans = Period(D(2026, 11, 20), D(2026, 11, 21)).spans(at(22, 18))
    assert (spans.now.begin, spans.now.end) == (at(20, 6), at(22, 6))
    assert (spans.before.begin, spans.before.end) == (at(18, 6), at(20, 6))


def test_while_a_day_goes_on_the_one_before_ends_at_the_same_hour() -> None:
    spans = period.of(Preset.TODAY, SUNDAY).spans(at(22, 18, 30))
    assert (spans.now.begin, spans.now.end) == (at(22, 6), at(23, 6))
    assert (spans.before.begin, spans.before.end) == (at(21, 6), at(21, 18, 30))


def test_the_last_minute_and_the_first() -> None:
    today = period.of(Preset.TODAY, SUNDAY)
    assert today.spans(at(23, 5, 59)).before.end == at(22, 5, 59)
    assert today.spans(at(22, 6)).before.end == at(21, 6)  # nothing yet, of either
    assert today.spans(at(23, 6)).before.end == at(22, 6)  # it is over


def test_a_range_of_one_s_own() -> None:
    found = period.between(D(2026, 11, 10), D(2026, 11, 3), SUNDAY)
    assert found == Period(D(2026, 11, 3), D(2026, 11, 10))
    assert period.between(SUNDAY, D(2027, 5, 1), SUNDAY) == Period(SUNDAY, SUNDAY)
    assert len(period.between(D(1990, 1, 1), SUNDAY, SUNDAY).days) == MOST_DAYS


@pytest.mark.parametrize("text", ["hoy", "7d", "30d", "mes", "2026-11-03..2026-11-10"])
def test_an_address_says_it_and_is_understood(text: str) -> None:
    assert period.read(text, SUNDAY).to_text() == text


@given(st.one_of(st.none(), st.text(), st.builds("{}..{}".format, st.dates(), st.dates())))
def test_whatever_an_address_says_is_a_period(text: str | None) -> None:
    found = period.read(text, SUNDAY)
    assert found.first <= found.last <= SUNDAY
    assert 1 <= len(found.days) <= MOST_DAYS
    assert found.spans(at(22, 18)).before.end <= found.spans(at(22, 18)).now.begin
