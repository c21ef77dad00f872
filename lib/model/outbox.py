"""A mail on its way out: why it was asked for, its states, what can go wrong.

Never "entregado": SMTP can't know.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class MailKind(StrEnum):
    RESEND = "resend"  # the CDA of one system
    RESEND_MANY = "resend_many"  # those of several systems of an account, in one mail
    ADDRESS_CHANGED = "address_changed"  # tells an account's old address that it has another
    APPROVAL_WAITING = "approval_waiting"  # tells the managers that something waits
    WEEKLY_REPORT = "weekly_report"  # a week's figures, to the managers
    LOG_HEAD = "log_head"  # the log's newest row, to the managers: an anchor outside the desk
    ALERTS_RAISED = "alerts_raised"  # to who asked for such a mail
    STAFF_INVITED = "staff_invited"  # a link to set one's own password: the first
    PASSWORD_LINK = "password_link"  # noqa: S105 - another, in place of a forgotten one
    DOOR_CHANGED = "door_changed"  # tells a person what happened to their own way in
    LOAD_REPORT = "load_report"  # what became of a pack of the watched folder, to who wants it
    TEMPLATE_TEST = "template_test"  # a template with made-up values, to who edits it


# What the desk writes of its own accord, in its own words: nobody edits a template of theirs.
OWN_WORDS = frozenset(
    {
        MailKind.WEEKLY_REPORT,
        MailKind.LOG_HEAD,
        MailKind.ALERTS_RAISED,
        MailKind.LOAD_REPORT,
        MailKind.STAFF_INVITED,
        MailKind.PASSWORD_LINK,
        MailKind.DOOR_CHANGED,
    }
)


class MailState(StrEnum):
    HELD = "held"  # detenido: waits for a manager
    QUEUED = "queued"  # en cola, or waiting for its next attempt
    SENDING = "sending"  # claimed; committed before DATA
    ACCEPTED = "accepted"  # aceptado por el servidor
    FAILED = "failed"  # fallido: final, the agent may retry
    UNCERTAIN = "uncertain"  # incierto: the body went, the answer never came
    BOUNCED = "bounced"  # rebotado: accepted, and given back later


class Motive(StrEnum):
    """Why a CDA is sent again; words in lib/ui/mail/mail_words.py."""

    NOT_RECEIVED = "not_received"
    NEW_ADDRESS = "new_address"
    NEW_COMPUTER = "new_computer"
    REINSTALLED = "reinstalled"
    UNLOCKED = "unlocked"
    OTHER = "other"


class MailProblem(StrEnum):
    """What went wrong on the way; words in lib/ui/mail/mail_words.py."""

    # the server, for a while
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    SERVER_BUSY = "server_busy"  # it answered 4xx

    # this mail, for good
    ADDRESS_REFUSED = "address_refused"
    MESSAGE_REFUSED = "message_refused"
    ADDRESS_NOT_ASCII = "address_not_ascii"  # the server has no SMTPUTF8
    NO_CODE = "no_code"
    INTERNAL = "internal"  # a fault of ours, logged
    REJECTED = "rejected"  # a manager said no
    EXPIRED = "expired"  # no manager answered in time
    CANCELLED = "cancelled"  # its bulk resend was stopped before it left

    GIVEN_BACK = "given_back"  # the customer's own server, after ours had taken it

    # nobody knows whether it went
    ANSWER_LOST = "answer_lost"
    PROCESS_DIED = "process_died"
    LOG_CUT = "log_cut"  # the database lost its newest rows, perhaps those that said it went

    # the desk's configuration
    BAD_CERTIFICATE = "bad_certificate"
    TLS_FAILED = "tls_failed"
    NO_TLS = "no_tls"
    BAD_LOGIN = "bad_login"
    SENDER_REFUSED = "sender_refused"
    BAD_SERVER_SETTING = "bad_server_setting"
    NO_CDA_KEY = "no_cda_key"
    CLOCK_BACK = "clock_back"  # the machine's clock is before the log's newest row


CONFIGURATION = frozenset(
    {
        MailProblem.BAD_CERTIFICATE,
        MailProblem.TLS_FAILED,
        MailProblem.NO_TLS,
        MailProblem.BAD_LOGIN,
        MailProblem.SENDER_REFUSED,
        MailProblem.BAD_SERVER_SETTING,
        MailProblem.NO_CDA_KEY,
        MailProblem.CLOCK_BACK,
    }
)
# Why a mail of doubtful fate is taken to have gone, in the log.
FOUND_ARCHIVED = "found_archived"
# The server can't be talked to: it is nobody's mail in particular.
SERVER_DOWN = frozenset(
    {MailProblem.UNREACHABLE, MailProblem.TIMED_OUT, MailProblem.CONNECTION_LOST}
)
# Ended before it left: it is asked for anew, never retried past whoever stopped it.
UNSENT = frozenset({MailProblem.REJECTED, MailProblem.EXPIRED, MailProblem.CANCELLED})
PENDING = frozenset({MailState.QUEUED, MailState.SENDING})


@dataclass(frozen=True)
class Delivery:
    """One request for a mail and what became of it.

    `problem` is a MailProblem, or "" while all is well; `smtp_code` is the server's answer where
    there was one. `reason` is a Motive. `serial` is "" in a mail of several systems or of none.
    `archived`: the archive was to get a copy of it, so it can tell whether it went.
    """

    id: str
    serial: str
    account_no: str
    recipient: str
    requested_by: str
    requested_at: dt.datetime
    state: MailState
    attempts: int
    next_attempt_at: dt.datetime | None
    finished_at: dt.datetime | None
    problem: str
    smtp_code: int | None
    reason: str = ""
    kind: MailKind = MailKind.RESEND
    bulk_id: str = ""
    archived: bool = False


@dataclass(frozen=True)
class Request:
    """A request for a mail, as it enters the outbox. `key` makes a double click one mail.

    `serials` are those of a mail of several systems, whose own `serial` is "". `payload` is what
    its words need beyond that, never a CDA. `held`: it waits for a manager.
    """

    id: str
    key: str
    serial: str
    account_no: str
    recipient: str
    recipient_name: str
    message_id: str
    requested_by: str
    reason: str
    ticket: str
    kind: MailKind = MailKind.RESEND
    serials: tuple[str, ...] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)
    bulk_id: str = ""
    policy: int = 0
    held: bool = False


@dataclass(frozen=True)
class Claim:
    """A mail in the worker's hands; `attempts` counts this one, `template` names the version its
    words are made from (lib/model/template.py).
    """

    id: str
    serial: str
    account_no: str
    recipient: str
    recipient_name: str
    message_id: str
    attempts: int
    kind: MailKind = MailKind.RESEND
    payload: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
