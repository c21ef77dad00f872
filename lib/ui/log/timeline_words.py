"""What was done for one customer, as a timeline: days, and their acts in sentences."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from lib.model import clock
from lib.model.action import Action
from lib.services.log.entries import LogEntry
from lib.ui.grid import sentences
from lib.ui.log import log_sentences
from lib.ui.mail import stops

EVERYTHING = "Todo"
# By what people look for; what is in none of them is under EVERYTHING alone.
KINDS: Mapping[str, tuple[Action, ...]] = {
    EVERYTHING: (),
    "Reenvíos": (
        Action.RESEND_REQUESTED,
        Action.RESEND_RETRIED,
        Action.APPROVAL_ASKED,
        Action.APPROVAL_GIVEN,
        Action.APPROVAL_DENIED,
        Action.APPROVAL_EXPIRED,
    ),
    "Correos": (
        Action.MAIL_ACCEPTED,
        Action.MAIL_DEFERRED,
        Action.MAIL_FAILED,
        Action.MAIL_UNCERTAIN,
        Action.MAIL_SENT_AGAIN,
        Action.MAIL_BOUNCED,
        Action.MAIL_DELAYED,
    ),
    "Cambios de datos": (
        Action.CONTACT_CHANGED,
        Action.BILLING_CHANGED,
        Action.SHIPPING_CHANGED,
        Action.LANGUAGE_CHANGED,
    ),
    "CDA vistos": (Action.CDA_REVEALED, Action.REVEAL_LIMIT_REACHED),
}


def days(entries: Sequence[LogEntry]) -> list[dict[str, Any]]:
    """Each day at the office with its acts, in the order they come: `name`, and `acts` with `time`,
    `at` (ISO 8601, for machines), `text` and `tone` (log_sentences.tone)."""
    by_day = itertools.groupby(entries, lambda each: clock.at_office(each.logged_at).date())
    return [{"name": day(date), "acts": [_act(each) for each in acts]} for date, acts in by_day]


def day(date: dt.date) -> str:
    """With today and yesterday called so.

    >>> day(dt.date(2025, 3, 1))
    'Sábado 1 de marzo de 2025'
    """
    near = {0: "Hoy, ", 1: "Ayer, "}.get((clock.today() - date).days, "")
    name = f"{stops.days([date.weekday()])} {date.day} de {sentences.of_month(date)}"
    return f"{near}{name}" if near else f"{name[:1].upper()}{name[1:]}"


def _act(entry: LogEntry) -> dict[str, str]:
    at = clock.at_office(entry.logged_at)
    return {
        "time": f"{at:%H:%M}",
        "at": at.isoformat(timespec="seconds"),
        "text": log_sentences.sentence(entry),
        "tone": log_sentences.tone(entry),
    }
