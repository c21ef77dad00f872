"""What becomes of a mail after an attempt: its state, its row in the log, what it means for others.

One transaction for all three.
"""

import datetime as dt
from dataclasses import replace

from lib.mail.answers import Answer, Verdict
from lib.model import versions
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.outbox import Claim, MailKind, MailProblem, MailState
from lib.services.desk import Desk
from lib.services.outgoing.pace import Pace
from lib.services.resends import policies
from lib.store.database import Transaction
from lib.store.mail import outbox

_STATES = {
    Verdict.ACCEPTED: MailState.ACCEPTED,
    Verdict.REFUSED: MailState.FAILED,
    Verdict.UNCERTAIN: MailState.UNCERTAIN,
}
_LOGGED = {
    MailState.ACCEPTED: (Action.MAIL_ACCEPTED, Outcome.OK),
    MailState.FAILED: (Action.MAIL_FAILED, Outcome.FAILED),
    MailState.UNCERTAIN: (Action.MAIL_UNCERTAIN, Outcome.UNCERTAIN),
}


def settle(desk: Desk, pace: Pace, transaction: Transaction, claim: Claim, answer: Answer) -> None:
    """Final, or back into the queue: deferred mail comes to an end with its attempts, mail that
    waits for a setting doesn't."""
    exhausted = claim.attempts >= desk.settings.mail.max_attempts
    match answer.verdict:
        case Verdict.MISCONFIGURED:
            _put_back(transaction, claim, answer, pace.correction_s, counts=False)
        case Verdict.DEFERRED if not exhausted:
            _put_back(transaction, claim, answer, pace.backoff(claim.attempts), counts=True)
        case verdict:
            state = _STATES.get(verdict, MailState.FAILED)
            _finish(desk, transaction, claim, answer, state)


def lost(desk: Desk, transaction: Transaction, claim: Claim) -> None:
    """It was in the hands of a process that died: nobody knows whether it went."""
    answer = Answer(Verdict.UNCERTAIN, MailProblem.PROCESS_DIED)
    _finish(desk, transaction, claim, answer, MailState.UNCERTAIN)


def _finish(
    desk: Desk, transaction: Transaction, claim: Claim, answer: Answer, state: MailState
) -> None:
    pause_s = 0 if state is MailState.FAILED else policies.cooldown_s(desk, transaction)
    free_at = transaction.now + dt.timedelta(seconds=pause_s)
    smtp = (answer.code, answer.text)
    if outbox.settle(transaction, claim, state, answer.problem, smtp, free_at):
        _log(transaction, claim, answer, *_LOGGED[state])


def _put_back(
    transaction: Transaction, claim: Claim, answer: Answer, wait_s: float, *, counts: bool
) -> None:
    problem = answer.problem or MailProblem.INTERNAL
    until = transaction.now + dt.timedelta(seconds=wait_s)
    smtp = (answer.code, answer.text)
    if outbox.requeue(transaction, claim, until, problem, smtp, counts=counts):
        _log(transaction, claim, answer, Action.MAIL_DEFERRED, Outcome.FAILED)


def _log(
    transaction: Transaction, claim: Claim, answer: Answer, action: Action, outcome: Outcome
) -> None:
    """A mail of several systems is a row for each: the log answers by serial."""
    entry = Entry(
        action,
        outcome,
        account_no=claim.account_no,
        reason=answer.problem.value if answer.problem else "",
        subject=claim.id,
        detail={
            "recipient": claim.recipient,
            "attempt": claim.attempts,
            "smtp_code": answer.code,
            "smtp_text": answer.text,
        },
        versions=versions.template(claim.template),
    )
    several = claim.kind is MailKind.RESEND_MANY
    for serial in outbox.serials_of(transaction, claim.id) if several else (claim.serial,):
        transaction.log(SYSTEM, replace(entry, serial=serial))
