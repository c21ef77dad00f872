"""Whether anything may leave now: a circuit breaker before the mail server.

A server that is down, a login it refuses, a clock set back are nobody's mail in particular. The
whole queue waits, each mail says for what, and one mail at a time knocks again.
"""

import datetime as dt
from enum import Enum, auto

from lib.mail.answers import Answer, Verdict
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.outbox import CONFIGURATION, SERVER_DOWN, MailProblem
from lib.services.clock_watch import ClockWatch
from lib.services.outgoing.pace import Pace
from lib.store.database import Transaction
from lib.store.mail import mail_queue, outbox

# A code that doesn't open may be one damaged row.
HOLDS_ALL = CONFIGURATION - {MailProblem.NO_CDA_KEY}
_HELD = HOLDS_ALL | SERVER_DOWN
_CUT_SHORT = SERVER_DOWN | {MailProblem.ANSWER_LOST}
_IN_A_ROW = 3  # mails that the server cut short before it is taken to be down
_CLOCK_S = 60.0  # at most, until the clock is looked at again


class Sign(Enum):
    """What an answer says of the way out."""

    FINE = auto()  # the server answered, whatever it said
    DOWN = auto()
    WRONG = auto()  # a setting
    NOTHING = auto()


class Gate:
    """Used by the mail worker's thread alone."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._clock = ClockWatch()
        self._cut_short = 0
        self.knocking = False  # whether what is claimed next is a probe
        self.shut_until: dt.datetime | None = None

    def is_open(self, transaction: Transaction) -> bool:
        """Whether a mail may be claimed; if not, all that is queued says why it waits."""
        self.knocking, self.shut_until = False, None
        standing = mail_queue.standing(transaction)
        ahead = self._clock.ahead(transaction, standing.clock_after)
        if ahead is not None:
            self._shut(transaction, MailProblem.CLOCK_BACK, min(ahead.total_seconds(), _CLOCK_S))
            return False
        pause = standing.pause
        if pause is None:
            return True
        if pause.problem is MailProblem.CLOCK_BACK:
            self._open(transaction)
        elif transaction.now < pause.probe_at:
            outbox.hold(transaction, pause.problem, pause.probe_at)
            self.shut_until = pause.probe_at
            return False
        else:
            self.knocking = True
        return True

    def sign(self, answer: Answer) -> Sign:
        """What this answer says. Asked once for each attempt: it counts them."""
        if answer.verdict is Verdict.MISCONFIGURED:
            whole = answer.holds_all or answer.problem in HOLDS_ALL
            return Sign.WRONG if whole else Sign.NOTHING
        if answer.holds_all:
            return Sign.DOWN
        if answer.code is not None:
            self._cut_short = 0
            return Sign.FINE
        if answer.problem not in _CUT_SHORT:
            return Sign.NOTHING
        self._cut_short += 1
        return Sign.DOWN if self._cut_short >= _IN_A_ROW else Sign.NOTHING

    def heed(
        self, transaction: Transaction, answer: Answer, sign: Sign, *, probed: bool = False
    ) -> None:
        """Open or shut, in the transaction that writes the mail's own outcome down. `probed`: it
        went to see whether the server is back; what left beside the mail that shut the gate, and
        comes to the same end, is no probe.
        """
        if not probed and (sign is Sign.FINE or mail_queue.standing(transaction).pause):
            return
        problem = answer.problem or MailProblem.INTERNAL
        if sign is Sign.FINE:
            self._open(transaction)
        elif sign is Sign.WRONG:
            self._shut(transaction, problem, self._pace.correction_s)
        elif sign is Sign.DOWN:
            lost = problem is MailProblem.ANSWER_LOST
            down = MailProblem.CONNECTION_LOST if lost else problem
            failures = mail_queue.failures(transaction, down) + 1
            self._shut(transaction, down, self._pace.probing(failures))

    def _shut(self, transaction: Transaction, problem: MailProblem, wait_s: float) -> None:
        until = transaction.now + dt.timedelta(seconds=wait_s)
        news = mail_queue.stop(transaction, problem, until)
        outbox.hold(transaction, problem, until)
        if news and problem is not MailProblem.CLOCK_BACK:
            # With the clock back a row would lie before the log's newest: the next one tells.
            paused = Entry(Action.MAIL_PAUSED, Outcome.FAILED, reason=problem.value)
            transaction.log(SYSTEM, paused)

    def _open(self, transaction: Transaction) -> None:
        problem = mail_queue.flow(transaction)
        if problem is not None:
            outbox.resume(transaction, _HELD)
            transaction.log(SYSTEM, Entry(Action.MAIL_RESUMED, reason=problem.value))


def knock(transaction: Transaction) -> None:
    """At a start: whatever was wrong may have been corrected."""
    mail_queue.probe_now(transaction)
    outbox.resume(transaction, CONFIGURATION | SERVER_DOWN)
