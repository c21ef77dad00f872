"""Why nothing leaves: the state of the way out as a whole, beside each mail's own."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from lib.model.outbox import MailProblem


class Way(StrEnum):
    """What can be out of order as a whole."""

    MAIL = "mail"  # the mail server that takes what leaves
    IMAP = "imap"  # the account with the archive and the bounces


@dataclass(frozen=True)
class Pause:
    """Nothing is tried before `probe_at`, then one; `failures`: probes in a row that failed."""

    problem: MailProblem
    since: dt.datetime
    probe_at: dt.datetime
    failures: int
