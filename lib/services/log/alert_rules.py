"""The alerts' rules (lib/model/alert.py): what each finds in the log past a row of it.

Each counts over whole office days, whichever rows are new, so that looking once a minute or once
after a weekend finds the same under the same key.
"""

import datetime as dt
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lib.model import alert, clock
from lib.model.action import Action, Outcome
from lib.model.alert import Rule, Sighting
from lib.model.policy import Policy
from lib.model.text import mask_email
from lib.store.log import alerts
from lib.store.log.alerts import SoonAfter, Span, Tally, ToOneAddress
from lib.store.mail import policies
from lib.store.reading import Reader

_DAY = dt.timedelta(days=1)
LOOK_BACK = 7 * _DAY  # of the first look: what was logged while nobody looked


@dataclass(frozen=True)
class Looked:
    """What a look found, and the last row of the log that it saw."""

    sightings: tuple[Sighting, ...]
    last: int


def look(reader: Reader, after: int) -> Looked:
    """All that the rows past `after` make remarkable; nothing is asked when there are none.

    Days that can't be (an instant altered behind the desk's back) are nobody's to look at.
    """
    now = clock.now()
    span = (now - LOOK_BACK, now + _DAY)
    news = alerts.news(reader, after, span)
    if news is None:
        return Looked((), after)
    last, first_at, last_at = news
    policy = policies.in_force(reader)
    day, found = clock.at_office(first_at).date(), list[Sighting]()
    while day <= clock.at_office(last_at).date():
        found += _of_day(_Day(reader, policy, day, after))
        day += _DAY
    found += _soon_after_a_change(reader, (first_at, last_at), after)
    found += _to_one_address(reader, now, after)
    found += _verifications(reader, after)
    return Looked(tuple(found), last)


@dataclass(frozen=True)
class _Day:
    """An office day as the rules look at it."""

    reader: Reader
    policy: Policy
    date: dt.date
    after: int

    @property
    def span(self) -> Span:
        return _begins(self.date), _begins(self.date + _DAY)

    def tallies(
        self, least: int, *actions: Action, by: str = "actor", outcome: Outcome = Outcome.OK
    ) -> list[Tally]:
        return alerts.tallies(self.reader, actions, outcome, [self.span], least, self.after, by)

    def sighting(self, rule: Rule, tally: Tally, *people: str, **facts: Any) -> Sighting:
        said = {"count": tally.count, "day": self.date.isoformat(), **facts}
        key = f"{rule}|{tally.who}|{self.date}"
        return Sighting(rule, key, tally.who, people, said, tally.entries)


def _of_day(day: _Day) -> Iterator[Sighting]:
    yield from _resends(day)
    yield from _out_of_hours(day)
    for tally in day.tallies(alert.REVEALS_A_DAY, Action.CDA_REVEALED):
        yield day.sighting(Rule.REVEALS, tally, tally.who)
    refused = Outcome.REFUSED
    limits = Action.REVEAL_LIMIT_REACHED
    for tally in day.tallies(alert.REVEAL_LIMITS_A_DAY, limits, outcome=refused):
        yield day.sighting(Rule.REVEAL_LIMIT, tally, tally.who)
    failed = Action.SIGN_IN_FAILED
    for tally in day.tallies(alert.SIGN_INS_A_DAY, failed, by="subject", outcome=refused):
        yield day.sighting(Rule.SIGN_INS, tally)
    for tally in day.tallies(alert.SIGN_INS_FROM_A_DAY, failed, by="address", outcome=refused):
        yield day.sighting(Rule.SIGN_INS_FROM, tally)


def _resends(day: _Day) -> Iterator[Sighting]:
    begins, _ = day.span
    since = begins - alert.USUAL_DAYS * _DAY
    for tally in day.tallies(alert.RESENDS_LEAST, Action.RESEND_REQUESTED):
        worked = alerts.a_day(day.reader, tally.who, Action.RESEND_REQUESTED, (since, begins))
        own = len(worked) >= alert.USUAL_LEAST_DAYS
        usual = statistics.median(worked) if own else alert.RESENDS_PRESUMED
        if tally.count >= alert.RESENDS_TIMES * usual:
            days = len(worked) if own else 0
            yield day.sighting(Rule.RESENDS, tally, tally.who, usual=usual, days=days)


def _out_of_hours(day: _Day) -> Iterator[Sighting]:
    spans = _closed(day.policy, day.date)
    found = alerts.tallies(
        day.reader,
        alert.OUT_OF_HOURS_ACTS,
        Outcome.OK,
        spans,
        alert.OUT_OF_HOURS_LEAST,
        day.after,
    )
    hours = {"opens": f"{day.policy.opens:%H:%M}", "closes": f"{day.policy.closes:%H:%M}"}
    for tally in found:
        worked = day.date.weekday() in day.policy.days
        yield day.sighting(Rule.OUT_OF_HOURS, tally, tally.who, **hours, is_office_day=worked)


def _closed(policy: Policy, date: dt.date) -> list[Span]:
    """When the office is closed that day, less the margin of who comes early or stays."""
    begins, ends = _begins(date), _begins(date + _DAY)
    if date.weekday() not in policy.days:
        return [(begins, ends)]
    opens = _stored(date, policy.opens) - alert.OUT_OF_HOURS_MARGIN
    closes = _stored(date, policy.closes) + alert.OUT_OF_HOURS_MARGIN
    return [(begins, max(begins, opens)), (min(ends, closes), ends)]


def _soon_after_a_change(reader: Reader, span: Span, after: int) -> Iterator[Sighting]:
    within = dt.timedelta(hours=alert.EMAIL_CHANGED_H)
    for seen in alerts.soon_after_a_change(reader, within, span, after):
        yield _of_change(seen)


def _of_change(seen: SoonAfter) -> Sighting:
    facts = {
        "changed_by": seen.changed_by,
        "changed_at": seen.changed_at.isoformat(),
        "asked_by": seen.asked_by,
        "asked_at": seen.asked_at.isoformat(),
        "held": seen.held,
    }
    people = tuple(sorted({seen.changed_by, seen.asked_by}))
    rule, rows = Rule.EMAIL_CHANGED, (seen.changed, seen.asked)
    return Sighting(rule, f"{rule}|{seen.changed}", seen.account_no, people, facts, rows)


def _to_one_address(reader: Reader, now: dt.datetime, after: int) -> Iterator[Sighting]:
    since = now - alert.SHARED_DAYS * _DAY
    for seen in alerts.to_one_address(reader, since, alert.SHARED_ACCOUNTS, after):
        yield _of_address(seen, clock.at_office(now).date())


def _of_address(seen: ToOneAddress, today: dt.date) -> Sighting:
    """Once a month: an address that gets many mails gets one of them nearly each day."""
    rule, facts = Rule.SHARED_ADDRESS, {"accounts": seen.accounts, "days": alert.SHARED_DAYS}
    key = f"{rule}|{seen.digest}|{today:%Y-%m}"
    return Sighting(rule, key, mask_email(seen.address), seen.people, facts, seen.entries)


def _verifications(reader: Reader, after: int) -> Iterator[Sighting]:
    """The same finding each night is one alert."""
    for seq, problem, row in alerts.failed_verifications(reader, after):
        rule, facts = Rule.VERIFICATION, {"problem": problem}
        yield Sighting(rule, finding_key(problem, row), row, (), facts, (seq,))


def finding_key(problem: str, row: int | str) -> str:
    """What an alert about a verification's finding is known by."""
    return f"{Rule.VERIFICATION}|{problem}|{row}"


def _begins(date: dt.date) -> dt.datetime:
    return _stored(date, dt.time())


def _stored(date: dt.date, at: dt.time) -> dt.datetime:
    """A moment of the office's clock as the stored UTC instant."""
    local = dt.datetime.combine(date, at, clock.OFFICE)
    return local.astimezone(dt.UTC).replace(tzinfo=None)
