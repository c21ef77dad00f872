"""The mail worker: one thread that takes what is queued, has it sent and records what happened.

A claim is committed before the first byte leaves; the outcome and its row in the log are one
transaction. What was claimed when the process died may have gone: it becomes uncertain, and only
the archive (archive.py) or a person sends it again.
"""

import logging
import threading
from collections.abc import Sequence
from typing import NamedTuple

from lib.mail.answers import Answer
from lib.mail.transport import MAX_IDLE_S
from lib.model import clock
from lib.model.errors import AppError
from lib.model.outbox import Claim
from lib.services.desk import Desk
from lib.services.outgoing import archive, gate, letters, outcomes
from lib.services.outgoing.gate import Gate, Sign
from lib.services.outgoing.pace import Pace
from lib.services.outgoing.sending import Sender, Senders, named
from lib.store.database import Transaction
from lib.store.mail import outbox

_LOG = logging.getLogger("mesa.mail")


class Ended(NamedTuple):
    """`probed`: it went to see whether the server is back."""

    claim: Claim
    answer: Answer
    sign: Sign
    probed: bool


class Worker:
    """Start it once in a process; what is queued while it is stopped stays queued."""

    def __init__(
        self, desk: Desk, connections: Sequence[Sender] = (), pace: Pace | None = None
    ) -> None:
        self._desk = desk
        self._pace = pace or Pace()
        self._gate = Gate(self._pace)
        self._senders = Senders(desk, connections)
        self._probe = ""  # the mail that knocks at a server that was down
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="mail", daemon=True)

    def start(self) -> None:
        """Say what became of the mails in hand when the last process died, and begin.

        Raises AppError(STORAGE_FAILED).
        """
        self._desk.store.write(self._recover)
        self._thread.start()

    def stop(self) -> None:
        """Finish the mails in hand and end; a second call does nothing."""
        self._stopping.set()
        self._desk.mail_waiting.set()
        if self._thread.is_alive():
            self._thread.join()

    def _recover(self, transaction: Transaction) -> None:
        for claim in outbox.in_hand(transaction):
            outcomes.lost(self._desk, transaction, claim)
        gate.knock(transaction)

    # ---- the loop --------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._stopping.is_set() or self._senders.in_hand:
            try:
                self._turn()
            except Exception as error:
                # Storage, or a fault of ours: nothing here ends the thread. No text, no data.
                _LOG.error("mail worker: %s", named(error))
                self._stopping.wait(self._pace.fault_s)
        self._senders.close()

    def _turn(self) -> None:
        # Cleared before looking: what is queued or ends from here on sets it again.
        self._desk.mail_waiting.clear()
        ended = [
            Ended(claim, answer, self._gate.sign(answer), claim.id == self._probe)
            for claim, answer in self._senders.ended()
        ]
        for claim in self._recorded(ended):
            self._senders.start(claim)
        if self._gate.knocking and not self._senders.in_hand:
            self._knock()
        else:
            self._desk.mail_waiting.wait(self._idle_s())
            self._senders.close_idle()

    def _claim(self, transaction: Transaction) -> list[Claim]:
        """As many as may be sent at once; of a server that was down, one that knocks."""
        room = self._senders.free
        if self._stopping.is_set() or not room or not self._gate.is_open(transaction):
            return []
        if self._gate.knocking and self._senders.in_hand:
            return []  # who knocks is still at it, whatever was queued meanwhile
        room = 1 if self._gate.knocking else room
        found: list[Claim] = []
        while len(found) < room and (claim := self._claim_one(transaction)):
            found.append(claim)
        self._probe = found[0].id if found and self._gate.knocking else ""
        return found

    def _claim_one(self, transaction: Transaction) -> Claim | None:
        return outbox.claim(
            transaction,
            archived=archive.configured(self._desk),
            template=lambda waiting: letters.template_of(transaction, waiting),
        )

    def _idle_s(self) -> float:
        """Until something is queued, ends or is due. Not for longer than a connection may idle, nor
        than a clock set forward may mislead."""
        stopping, in_hand = self._stopping.is_set(), self._senders.in_hand
        if in_hand and (stopping or self._gate.knocking or not self._senders.free):
            return MAX_IDLE_S
        if stopping:
            return 0.0
        dues = [d for d in (outbox.next_due(self._desk.store), self._gate.shut_until) if d]
        wait_s = (min(dues) - clock.now()).total_seconds() if dues else MAX_IDLE_S
        return min(max(wait_s, 0.0), MAX_IDLE_S)

    def _knock(self) -> None:
        """Nothing waits to be tried, so the server itself is: the pause ends when it can."""
        answer = self._senders.check()
        sign = self._gate.sign(answer)
        self._desk.store.write(lambda t: self._gate.heed(t, answer, sign, probed=True))

    # ---- what became of them ---------------------------------------------------------------

    def _recorded(self, ended: Sequence[Ended]) -> list[Claim]:
        """Write it down, and take the next mails in the same transaction: a queue leaves with one
        commit a mail, or less. If the process ends first, these are uncertain.
        """

        def settle_and_claim(transaction: Transaction) -> list[Claim]:
            for each in ended:
                self._settle(transaction, each)
            return self._claim(transaction)

        try:
            return self._desk.store.write(settle_and_claim)
        except Exception as error:
            if not ended:
                raise
            # Another's fault, perhaps: each is written down alone.
            _LOG.error("mails not recorded: %s", named(error))
            for each in ended:
                self._persist(each)
            return []

    def _settle(self, transaction: Transaction, ended: Ended) -> None:
        claim, answer, sign, probed = ended
        outcomes.settle(self._desk, self._pace, transaction, claim, answer)
        self._gate.heed(transaction, answer, sign, probed=probed)

    def _persist(self, ended: Ended) -> None:
        """However long storage takes."""
        while True:
            try:
                self._desk.store.write(lambda t: self._settle(t, ended))
                return
            except AppError as error:
                _LOG.error("mail %s not recorded: %s", ended.claim.id, named(error))
                if self._stopping.wait(self._pace.fault_s):
                    return
