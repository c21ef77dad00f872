"""The states of a mail on its way out. Never "entregado": SMTP can't know."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class MailState(StrEnum):
    QUEUED = "queued"  # en cola, or waiting for its next attempt
    SENDING = "sending"  # claimed; committed before DATA
    ACCEPTED = "accepted"  # aceptado por el servidor
    FAILED = "failed"  # fallido: final, the agent may retry
    UNCERTAIN = "uncertain"  # incierto: the body went, the answer never came


PENDING = frozenset({MailState.QUEUED, MailState.SENDING})


@dataclass(frozen=True)
class Delivery:
    """One request to mail a CDA and what became of it.

    `problem` is a code of lib/mail/transport.py (empty while all is well); `smtp_code` is the
    server's answer where there was one.
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
