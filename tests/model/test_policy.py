"""The policy as a value: what can be saved, what a stored one says."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest

from lib.model.policy import PLAIN, Mode, Policy, PolicyProblem, Rule, parse, problems

T = dt.datetime


def changed(**values: Any) -> Policy:
    return dataclasses.replace(PLAIN, **values)


CHANGED = changed(
    modes={**PLAIN.modes, Rule.OVERDUE: Mode.ASK},
    cooldown_s=5,
    days=(5, 6),
    opens=dt.time(20),
    closes=dt.time(23, 30),
    reasons=("not_received", "Año nuevo"),
    ticket_pattern=r"MDA-\d{4}",
    ticket_example="MDA-1234",
)


@pytest.mark.parametrize("policy", [PLAIN, CHANGED])
def test_what_is_stored_is_what_was_saved(policy: Policy) -> None:
    assert problems(policy) == {}
    again = parse(policy.to_json(), 7)
    assert again == dataclasses.replace(policy, version=7)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "null", "7"])
def test_what_cannot_be_read_is_the_plain_one(text: str) -> None:
    assert parse(text, 3) == dataclasses.replace(PLAIN, version=3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mode.quota", "whatever"),
        ("mode.quota", None),
        ("quota_per_hour", "7"),
        ("quota_per_hour", 0),
        ("quota_per_hour", True),
        ("email_hold_h", None),
        ("days", [9]),
        ("days", 3),
        ("opens", "25:00"),
        ("opens", 9),
        ("closes", "01:00"),
        ("reasons", []),
        ("reasons", [7]),
        ("ticket_pattern", "("),
        ("ticket_pattern", 7),
        ("of_tomorrow", True),
    ],
)
def test_a_value_of_another_age_is_left_out_alone(name: str, value: object) -> None:
    said = {**CHANGED.plain(), "mode.overdue": "warn", name: value}
    again = parse(json.dumps(said), 1)
    assert again.mode(Rule.OVERDUE) is Mode.WARN
    if name in PLAIN.plain():
        assert again.plain()[name] == PLAIN.plain()[name]


@pytest.mark.parametrize(
    ("values", "name", "problem"),
    [
        ({"quota_per_hour": 0}, "quota_per_hour", PolicyProblem.OUT_OF_RANGE),
        ({"quota_per_hour": None}, "quota_per_hour", PolicyProblem.OUT_OF_RANGE),
        ({"cooldown_s": -1}, "cooldown_s", PolicyProblem.OUT_OF_RANGE),
        ({"cooldown_s": 86_401}, "cooldown_s", PolicyProblem.OUT_OF_RANGE),
        ({"email_hold_h": 0}, "email_hold_h", PolicyProblem.OUT_OF_RANGE),
        ({"shared_accounts": 1}, "shared_accounts", PolicyProblem.OUT_OF_RANGE),
        ({"unlock_h": 10_000}, "unlock_h", PolicyProblem.OUT_OF_RANGE),
        ({"days": ()}, "days", PolicyProblem.NO_DAYS),
        ({"closes": dt.time(9)}, "closes", PolicyProblem.CLOSES_BEFORE_OPENING),
        ({"reasons": ()}, "reasons", PolicyProblem.NO_REASONS),
        ({"reasons": ("a", "a")}, "reasons", PolicyProblem.BAD_REASON),
        ({"reasons": (" a",)}, "reasons", PolicyProblem.BAD_REASON),
        ({"reasons": ("a\x00",)}, "reasons", PolicyProblem.BAD_REASON),
        ({"reasons": ("a" * 61,)}, "reasons", PolicyProblem.BAD_REASON),
        ({"reasons": tuple(map(str, range(21)))}, "reasons", PolicyProblem.TOO_MANY_REASONS),
        ({"ticket_pattern": "("}, "ticket_pattern", PolicyProblem.BAD_PATTERN),
        ({"ticket_pattern": r"(\d+)+"}, "ticket_pattern", PolicyProblem.SLOW_PATTERN),
        ({"ticket_pattern": r"\d+"}, "ticket_example", PolicyProblem.BAD_EXAMPLE),
        ({"ticket_pattern": "^$"}, "ticket_example", PolicyProblem.BAD_EXAMPLE),
        ({"ticket_pattern": ".*"}, "ticket_example", PolicyProblem.BAD_EXAMPLE),
    ],
)
def test_what_cannot_be_saved_is_named(
    values: dict[str, Any], name: str, problem: PolicyProblem
) -> None:
    assert problems(changed(**values)) == {name: problem}


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (T(2026, 11, 23, 15, 0), True),  # Monday 09:00 in Mexico City
        (T(2026, 11, 23, 14, 59, 59), False),
        (T(2026, 11, 23, 23, 59, 59), True),
        (T(2026, 11, 24, 0, 0), False),  # 18:00: closed from then on
        (T(2026, 11, 22, 18, 0), False),  # Sunday at noon
        (T(2026, 11, 28, 1, 0), False),  # Friday 19:00, Saturday in UTC
    ],
)
def test_the_office_opens_by_its_own_clock(now: dt.datetime, is_open: bool) -> None:
    assert PLAIN.is_open(now) is is_open


def test_any_ticket_does_without_a_pattern() -> None:
    assert PLAIN.takes_ticket("")
    assert PLAIN.takes_ticket("lo que sea")
    assert CHANGED.takes_ticket("MDA-1234")
    assert not CHANGED.takes_ticket("")


def test_an_office_that_closes_early_stays_so() -> None:
    early = changed(opens=dt.time(6), closes=dt.time(8))
    assert parse(early.to_json(), 0) == early
