"""What a manager should look at: rules over the log with their thresholds, and what became of it.

The thresholds are constants on purpose: an administrator whose acts the rules watch could otherwise
loosen them without anybody's leave. The office's hours are the policy's.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lib.model.action import Action


class Rule(StrEnum):
    """Values stand in the log as reasons: none is another enum's (lib/ui/log/log_words.py)."""

    RESENDS = "alert_resends"  # an agent far above their own usual
    EMAIL_CHANGED = "alert_email_changed"  # a resend soon after the account's address changed
    SHARED_ADDRESS = "alert_shared_address"  # the CDAs of many accounts to one address
    REVEALS = "alert_reveals"  # many CDAs seen in a day
    REVEAL_LIMIT = "alert_reveal_limit"  # wanted to see more than an hour allows
    OUT_OF_HOURS = "alert_out_of_hours"  # acts while the office is closed
    SIGN_INS = "alert_sign_ins"  # failed, in one person's name
    SIGN_INS_FROM = "alert_sign_ins_from"  # failed, from one network address
    VERIFICATION = "alert_verification"  # the log itself isn't as it was written


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


# A desk takes some forty calls a day and person: below that nobody is remarkable, and it is what is
# presumed of somebody new, who has no usual of their own yet.
RESENDS_LEAST = 30  # in a day
RESENDS_PRESUMED = 40  # a day
RESENDS_TIMES = 3  # the median working day: a bad Monday doubles it, hardly ever triples it
USUAL_DAYS = 30
USUAL_LEAST_DAYS = 5  # worked, of those: one week

# As long as the policy holds such mail unless it is told otherwise; the fraud that everyone fears
# takes hours, and a customer who really moved mailbox asks once.
EMAIL_CHANGED_H = 72

# An accountant keeps the books of several firms; the policy warns from as many, too.
SHARED_ACCOUNTS = 5
SHARED_DAYS = 30

# Two full hours of what the limit allows (MESA_REVEALS_PER_HOUR): comparing codes by telephone is
# rare, a day of it is collecting them.
REVEALS_A_DAY = 20
REVEAL_LIMITS_A_DAY = 1

# Who stays for a last call or comes early isn't told on.
OUT_OF_HOURS_MARGIN = dt.timedelta(hours=1)
OUT_OF_HOURS_LEAST = 1
OUT_OF_HOURS_ACTS = (
    Action.RESEND_REQUESTED,
    Action.RESEND_RETRIED,
    Action.APPROVAL_GIVEN,
    Action.CONTACT_CHANGED,
    Action.CDA_REVEALED,
    Action.ROWS_EXPORTED,
    Action.POLICY_CHANGED,
    Action.TEMPLATE_SAVED,
    Action.STAFF_ADDED,
)

# Twice what slows a person down, and what slows an address down (doors/attempts.py): people
# who forgot a password stop before; a whole office behind one address rarely forgets together.
SIGN_INS_A_DAY = 10
SIGN_INS_FROM_A_DAY = 30

MOST_ENTRIES = 200  # of the log kept with an alert: the newest, hardly ever not all
MAX_NOTE = 500  # characters of what it was


@dataclass(frozen=True)
class Sighting:
    """What a rule found, before it is known whether it was raised already.

    `key` is the same each time the same thing is found. `about` is a person, an account or a
    network address, as the rule has it, never a whole e-mail address; `people` are whose acts they
    are. `facts` are what its sentence needs: values JSON can hold, never a CDA; days and instants
    (UTC) in ISO form. `entries` are rows of the log by seq, oldest first.
    """

    rule: Rule
    key: str
    about: str
    people: tuple[str, ...]
    facts: Mapping[str, Any]
    entries: tuple[int, ...]

    @property
    def account_no(self) -> str:
        return self.about if self.rule is Rule.EMAIL_CHANGED else ""


@dataclass(frozen=True)
class Alert(Sighting):
    """One that was raised. Instants are UTC; `taken_by` is "" while nobody has, `note` until it is
    closed."""

    id: str
    raised_at: dt.datetime
    state: State
    taken_by: str
    taken_at: dt.datetime | None
    closed_at: dt.datetime | None
    note: str
