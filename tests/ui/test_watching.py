"""How long a session looks out for the mails it asked for."""

import datetime as dt

import pytest

from lib.model.outbox import MailState
from lib.ui.mail.watching import Watch, after

NOW = dt.datetime.fromisoformat("2026-11-22T20:05:00")


def ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("state", "minutes"),
    [
        (MailState.QUEUED, 2),
        (MailState.SENDING, 2),
        (MailState.HELD, 24 * 60),
        (MailState.UNCERTAIN, 15),
        (MailState.ACCEPTED, 3),
    ],
)
def test_each_state_is_watched_for_its_time(state: MailState, minutes: int) -> None:
    young, old = Watch(state, ago(minutes - 0.1)), Watch(state, ago(minutes))
    assert after(young, state, NOW) == young
    assert after(old, state, NOW) is None


def test_on_its_way_is_one_time_however_its_state_goes_to_and_fro() -> None:
    assert after(Watch(MailState.QUEUED, ago(1)), MailState.SENDING, NOW) == Watch(
        MailState.SENDING, ago(1)
    )


def test_what_is_approved_hours_later_is_watched_anew() -> None:
    held = Watch(MailState.HELD, ago(600))
    assert after(held, MailState.QUEUED, NOW) == Watch(MailState.QUEUED, NOW)
    assert after(held, MailState.ACCEPTED, NOW) == Watch(MailState.ACCEPTED, NOW)


def test_what_the_archive_tells_later_is_seen() -> None:
    doubted = Watch(MailState.UNCERTAIN, ago(11))
    assert after(doubted, MailState.QUEUED, NOW) == Watch(MailState.QUEUED, NOW)
    assert after(doubted, MailState.ACCEPTED, NOW) == Watch(MailState.ACCEPTED, NOW)


@pytest.mark.parametrize("end", [MailState.FAILED, MailState.BOUNCED])
def test_an_end_is_the_end(end: MailState) -> None:
    assert after(Watch(MailState.SENDING, ago(0)), end, NOW) is None
