"""What stands between an agent and a resend: rules, each with its mode, and what they count by.

An administrator changes it; each change is a new version. Words belong to lib/ui/mail/stops.py.
"""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from lib.model import clock, ticket_pattern
from lib.model.outbox import Motive

MOST_REASONS = 20
MOST_REASON = 60  # characters
MAX_TICKET = 40  # characters
SHARED_DAYS = 30  # how far back the accounts that one address was sent CDAs of are counted


class Rule(StrEnum):
    COOLDOWN = "cooldown"  # the serial was mailed a moment ago
    QUOTA = "quota"  # the agent asked for many within an hour
    OFFICE_HOURS = "office_hours"  # the office is closed
    EMAIL_CHANGED = "email_changed"  # the account's address was corrected lately
    OVERDUE = "overdue"  # a payment's date has passed
    SHARED_ADDRESS = "shared_address"  # the address gets the CDAs of many accounts
    RECENT_UNLOCK = "recent_unlock"  # the CDA in force is hours old
    FAILING_ADDRESS = "failing_address"  # mail to the address came back


class Mode(StrEnum):
    OFF = "off"
    WARN = "warn"  # the agent reads why and may go on
    ASK = "ask"  # a manager decides
    REFUSE = "refuse"


class PolicyProblem(StrEnum):
    """What is wrong with a value of a policy; words in lib/ui/mail/policy_words.py."""

    OUT_OF_RANGE = "out_of_range"
    NO_DAYS = "no_days"
    CLOSES_BEFORE_OPENING = "closes_before_opening"
    NO_REASONS = "no_reasons"
    TOO_MANY_REASONS = "too_many_reasons"
    BAD_REASON = "bad_reason"
    BAD_PATTERN = "bad_pattern"  # it isn't an expression that tickets are checked by
    SLOW_PATTERN = "slow_pattern"  # it could take for ever on some ticket
    BAD_EXAMPLE = "bad_example"  # the example isn't a ticket of that pattern


@dataclass(frozen=True)
class Stop:
    """Why a resend isn't simply sent. `facts` are what its sentence needs: values JSON can hold,
    never a CDA or an address; dates and instants (UTC) in ISO form."""

    rule: Rule
    mode: Mode
    facts: dict[str, Any] = field(default_factory=dict)


# The least and the most of each number, ends included.
RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "cooldown_s": (0, 86_400),
        "quota_per_hour": (1, 100_000),
        "email_hold_h": (1, 24 * 90),
        "shared_accounts": (2, 10_000),
        "unlock_h": (1, 24 * 30),
    }
)

_MODES: Mapping[Rule, Mode] = MappingProxyType(
    {
        Rule.COOLDOWN: Mode.REFUSE,
        Rule.QUOTA: Mode.WARN,
        Rule.OFFICE_HOURS: Mode.OFF,
        Rule.EMAIL_CHANGED: Mode.ASK,
        Rule.OVERDUE: Mode.OFF,  # its date stands in red all the same
        Rule.SHARED_ADDRESS: Mode.WARN,
        Rule.RECENT_UNLOCK: Mode.WARN,
        Rule.FAILING_ADDRESS: Mode.REFUSE,
    }
)


@dataclass(frozen=True)
class Policy:
    """A version of the policy; 0 is what holds until an administrator changes something.

    `cooldown_s` None: the setting MESA_RESEND_COOLDOWN. The office opens at `opens` and is closed
    from `closes` on, by its own clock, on `days` (0 is Monday). `reasons` are Motives or words of
    the administrator's. `ticket_pattern` "": any ticket or none; else a ticket has to match it
    whole (lib/model/ticket_pattern.py), and `ticket_example` is one that does.
    """

    modes: Mapping[Rule, Mode] = field(default_factory=lambda: _MODES)
    cooldown_s: int | None = None
    quota_per_hour: int = 60
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: dt.time = dt.time(9)
    closes: dt.time = dt.time(18)
    email_hold_h: int = 72
    shared_accounts: int = 5
    unlock_h: int = 24
    reasons: tuple[str, ...] = tuple(motive.value for motive in Motive)
    ticket_pattern: str = ""
    ticket_example: str = ""
    version: int = 0

    def mode(self, rule: Rule) -> Mode:
        return self.modes[rule]

    def is_on(self, rule: Rule) -> bool:
        return self.modes[rule] is not Mode.OFF

    def is_open(self, now: dt.datetime) -> bool:
        """Whether the office is open at a stored (UTC) instant."""
        at = clock.at_office(now)
        return at.weekday() in self.days and self.opens <= at.time() < self.closes

    def takes_ticket(self, ticket: str) -> bool:
        """Whether a ticket, stripped and no longer than MAX_TICKET, is as it should be."""
        return not self.ticket_pattern or ticket_pattern.matches(self.ticket_pattern, ticket)

    def plain(self) -> dict[str, Any]:
        """Its values by field and, as `mode.quota`, by rule: what JSON can hold, no version."""
        said: dict[str, Any] = {f"mode.{rule}": self.modes[rule].value for rule in Rule}
        said |= {name: getattr(self, name) for name in _FIELDS}
        said |= {name: f"{getattr(self, name):%H:%M}" for name in ("opens", "closes")}
        return said | {"days": list(self.days), "reasons": list(self.reasons)}

    def to_json(self) -> str:
        return json.dumps(self.plain(), ensure_ascii=False, sort_keys=True)


_FIELDS = tuple(f.name for f in dataclasses.fields(Policy) if f.name not in ("modes", "version"))

PLAIN = Policy()


def problems(policy: Policy) -> dict[str, PolicyProblem]:
    """What can't be saved, by field (`mode.quota` for a rule's mode); empty when all is well."""
    found = {name: PolicyProblem.OUT_OF_RANGE for name in RANGES if not _in_range(policy, name)}
    if not policy.days or not set(policy.days) <= set(range(7)):
        found["days"] = PolicyProblem.NO_DAYS
    if policy.closes <= policy.opens:
        found["closes"] = PolicyProblem.CLOSES_BEFORE_OPENING
    return found | _reason_problems(policy.reasons) | _ticket_problems(policy)


def parse(text: str, version: int) -> Policy:
    """A stored policy. What it lacks, or what a program of another age wrote there and this one
    doesn't know, is as in PLAIN: a policy is never without one of its rules."""
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    policy = dataclasses.replace(PLAIN, version=version)
    values = said.items() if isinstance(said, dict) else ()
    for name, value in sorted(values, key=_is_read_last):
        policy = _with(policy, name, value)
    return policy


def _is_read_last(value: tuple[str, Any]) -> bool:
    """The office closes after it opens: after the stored hour, not PLAIN's."""
    return value[0] == "closes"


def _with(policy: Policy, name: str, value: Any) -> Policy:
    """The policy with one stored value, unless it can't be one."""
    try:
        changed = dataclasses.replace(policy, **_typed(policy, name, value))
        wrong = problems(changed)
    except (TypeError, ValueError, AttributeError):
        return policy
    return policy if name in wrong else changed


def _typed(policy: Policy, name: str, value: Any) -> dict[str, Any]:
    if name.startswith("mode."):
        rule = Rule(name.removeprefix("mode."))
        return {"modes": {**policy.modes, rule: Mode(value)}}
    if name not in _FIELDS:
        return {}
    if name in ("opens", "closes"):
        return {name: dt.time.fromisoformat(value)}
    return {name: tuple(value) if isinstance(value, list) else value}


def _in_range(policy: Policy, name: str) -> bool:
    value, (least, most) = getattr(policy, name), RANGES[name]
    if value is None:
        return name == "cooldown_s"
    return type(value) is int and least <= value <= most


def _reason_problems(reasons: tuple[str, ...]) -> dict[str, PolicyProblem]:
    if not reasons:
        return {"reasons": PolicyProblem.NO_REASONS}
    if len(reasons) > MOST_REASONS:
        return {"reasons": PolicyProblem.TOO_MANY_REASONS}
    if len(set(reasons)) != len(reasons) or not all(map(_is_reason, reasons)):
        return {"reasons": PolicyProblem.BAD_REASON}
    return {}


def _is_reason(text: str) -> bool:
    return text == text.strip() and 0 < len(text) <= MOST_REASON and text.isprintable()


def _ticket_problems(policy: Policy) -> dict[str, PolicyProblem]:
    if not policy.ticket_pattern:
        return {}
    try:
        ways = ticket_pattern.ways(policy.ticket_pattern, MAX_TICKET)
    except ValueError:
        return {"ticket_pattern": PolicyProblem.BAD_PATTERN}
    if ways > ticket_pattern.MOST_WAYS:
        return {"ticket_pattern": PolicyProblem.SLOW_PATTERN}
    # Also of a pattern that takes nothing: that alone would stop every resend there is.
    if not policy.ticket_example or not policy.takes_ticket(policy.ticket_example):
        return {"ticket_example": PolicyProblem.BAD_EXAMPLE}
    return {}
