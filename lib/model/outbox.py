"""A mail on its way out: why it was asked for, its states, what can go wrong.

Never "entregado": SMTP can't know.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class MailState(StrEnum):
    QUEUED = "queued"  # en cola, or waiting for its next attempt
    SENDING = "sending"  # claimed; committed before DATA
    ACCEPTED = "accepted"  # aceptado por el servidor
    FAILED = "failed"  # fallido: final, the agent may retry
    UNCERTAIN = "uncertain"  # incierto: the body went, the answer never came


class Motive(StrEnum):
    """Why a CDA is sent again; words in lib/ui/messages.py."""

    NOT_RECEIVED = "not_received"
    NEW_ADDRESS = "new_address"
    NEW_COMPUTER = "new_computer"
    REINSTALLED = "reinstalled"
    UNLOCKED = "unlocked"
    OTHER = "other"


class MailProblem(StrEnum):
    """What went wrong on the way; words in lib/ui/messages.py."""

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

    # nobody knows whether it went
    ANSWER_LOST = "answer_lost"
    PROCESS_DIED = "process_died"

    # the desk's configuration
    BAD_CERTIFICATE = "bad_certificate"
    TLS_FAILED = "tls_failed"
    NO_TLS = "no_tls"
    BAD_LOGIN = "bad_login"
    SENDER_REFUSED = "sender_refused"
    BAD_SERVER_SETTING = "bad_server_setting"
    NO_CDA_KEY = "no_cda_key"


CONFIGURATION = frozenset(
    {
        MailProblem.BAD_CERTIFICATE,
        MailProblem.TLS_FAILED,
        MailProblem.NO_TLS,
        MailProblem.BAD_LOGIN,
        MailProblem.SENDER_REFUSED,
        MailProblem.BAD_SERVER_SETTING,
        MailProblem.NO_CDA_KEY,
    }
)
PENDING = frozenset({MailState.QUEUED, MailState.SENDING})


@dataclass(frozen=True)
class Delivery:
    """One request to mail a CDA and what became of it.

    `problem` is a MailProblem, or "" while all is well; `smtp_code` is the server's answer where
    there was one. `reason` is a Motive.
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


@dataclass(frozen=True)
class Request:
    """A request to mail a CDA, as it enters the outbox. `key` makes a double click one mail."""

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


@dataclass(frozen=True)
class Claim:
    """A mail in the worker's hands; `attempts` counts this one."""

    id: str
    serial: str
    account_no: str
    recipient: str
    recipient_name: str
    message_id: str
    attempts: int
