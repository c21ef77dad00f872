"""Which expressions tickets may be checked by."""

import pytest

from lib.model import ticket_pattern
from lib.model.policy import MAX_TICKET
from lib.model.ticket_pattern import MOST_PATTERN, MOST_WAYS


def ways(pattern: str) -> int:
    return ticket_pattern.ways(pattern, MAX_TICKET)


@pytest.mark.parametrize(
    ("pattern", "ticket", "other"),
    [
        (r"MDA-\d{4,6}", "MDA-12345", "MDA-123"),
        (r"^[A-Z]{2,5}-\d{1,8}$", "CASO-7", "caso-7"),
        (r"(?:INC|REQ)\d{7}", "REQ0001234", "INC0001234 "),
        (r"(\d{4}-)?\d+", "77", "77-"),
        (r"[^ ]+", "ticket", "un ticket"),
        (r".{3}", "año", "años"),
        (r"T\.1", "T.1", "TX1"),
    ],
)
def test_a_ticket_is_matched_whole(pattern: str, ticket: str, other: str) -> None:
    assert ways(pattern) <= MOST_WAYS
    assert ticket_pattern.matches(pattern, ticket)
    assert not ticket_pattern.matches(pattern, other)


def test_a_digit_is_one_of_ours() -> None:
    assert not ticket_pattern.matches(r"\d+", "١٢٣")


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\d+)+",
        r"(a|a)*",
        r"(a|ab|b)+",
        r"([A-Z]+\d?)*X",
        r"\d+\d+\d+\d+\d+",
        r"((\d{1,9}){1,9}){1,9}",
        "(" * 20 + r"\d+" + ")+" * 20,
    ],
)
def test_one_that_could_take_for_ever_is_counted_as_too_many(pattern: str) -> None:
    assert ways(pattern) > MOST_WAYS


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "a)",
        "[a",
        "a{2",
        "a{2,1}",
        "a{41}",
        "a**",
        "a+?",
        "*",
        "a\\",
        r"(a)\1",
        r"\bMDA",
        "(?=a)",
        "(?P<a>b)",
        "(?i)a",
        "(?:){40}",
        "((a?){40}){40}",
        "^*",
        "[z-a]",
        "[a--b]",
        "[[a]",
        "a\nb",
        "a" * (MOST_PATTERN + 1),
    ],
)
def test_what_is_no_expression_here_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"a |not|unexpected|too"):
        ways(pattern)
