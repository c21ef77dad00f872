"""The thread that works off resends to many, a few mails a transaction: others' writes get their
turn in between, and what a process that died hadn't come to waits for the next one.
"""

import logging
import threading
import time
from collections.abc import Sequence

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.bulk import Bulk, BulkState, Place
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailState
from lib.model.policy import Rule
from lib.model.roles import Permission, may
from lib.model.system import System
from lib.services.desk import Desk
from lib.services.resends import asking, cancelling
from lib.services.resends.sifting import Sieve
from lib.store.database import Transaction
from lib.store.mail import bulks
from lib.store.people import staff

_LOG = logging.getLogger("mesa.bulk")
AHEAD = 60  # mails of bulks waiting for their first attempt: a single resend waits behind no more
BATCH = 30  # mails asked for in one transaction
BATCH_S = 0.1  # and for no longer than this: everybody's writes wait for it
_LOOK_S = 0.5  # how often what became of the mails is looked at
_IDLE_S = 30.0  # without any work
_UNSENT = frozenset({MailState.QUEUED, MailState.HELD})
_FAULT_S = 2.0  # after an error of storage or of our own


class Rounds:
    """Start it once in a process; what isn't worked off when it stops waits for the next one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bulk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction in hand and end; a second call does nothing."""
        self._stopping.set()
        self._desk.bulk_waiting.set()
        if self._thread.is_alive():
            self._thread.join()

    def turn(self) -> float:
        """A few mails of each bulk that isn't over, so that none waits for another; how long there
        is nothing to do then, in seconds. Raises AppError(STORAGE_FAILED).
        """
        advanced = [self._advance(each) for each in bulks.unfinished(self._desk.store)]
        if any(advanced):
            return 0.0
        return _LOOK_S if advanced else _IDLE_S

    def _run(self) -> None:
        while not self._stopping.is_set():
            # Cleared before looking: what is asked for from here on sets it again.
            self._desk.bulk_waiting.clear()
            if not self._stopping.is_set():
                self._desk.bulk_waiting.wait(self._safe_turn())

    def _safe_turn(self) -> float:
        """One turn; how long to wait for the next, in seconds."""
        try:
            return self.turn()
        except Exception as error:
            # Storage, or a fault of ours: nothing here ends the thread. No text, no data.
            reason = f" {error.reason}" if isinstance(error, AppError) else ""
            _LOG.error("bulk: %s%s", type(error).__name__, reason)
            return _FAULT_S

    def _advance(self, bulk: Bulk) -> bool:
        """Whether anything was done. Reads first: what waits for its mails writes nothing."""
        store = self._desk.store
        tally = bulks.tally(store, bulk.id)
        room = AHEAD - bulks.untried(store)
        if bulk.state is BulkState.CANCELLING and _UNSENT & tally.asked.keys():
            store.write(lambda t: cancelling.withdraw(t, bulk.id))
        elif not tally.pending:
            store.write(lambda t: _end(t, bulk))
        elif bulk.state is BulkState.RUNNING and tally.waiting and room > 0:
            store.write(lambda t: _ask(self._desk, t, bulk.id, min(room, BATCH)))
            self._desk.mail_waiting.set()
        else:
            return False
        return True


def _ask(desk: Desk, transaction: Transaction, bulk_id: str, most: int) -> None:
    """Ask for its next mails, in the name of who started it as they are now."""
    bulk = bulks.find(transaction, bulk_id)
    if bulk is None or bulk.state is not BulkState.RUNNING:
        return
    actor = _actor(transaction, bulk)
    if actor is None:
        tried = Entry(
            Action.BULK_CANCELLED, Outcome.REFUSED, reason=Reason.FORBIDDEN.value, subject=bulk_id
        )
        cancelling.stop(transaction, SYSTEM, bulk, tried)
        return
    mails = bulks.waiting(transaction, bulk_id, most)
    serials = [place.serial for mail in mails for place in mail]
    sieve = Sieve(transaction, actor, serials, transaction.now)
    deadline = time.monotonic() + BATCH_S
    asked = _Mails(desk, transaction, actor, bulk, sieve)
    for mail in mails:
        asked.ask(mail)
        if time.monotonic() > deadline:
            break


def _actor(transaction: Transaction, bulk: Bulk) -> Actor | None:
    """Who started it, if they may still resend."""
    person = staff.find(transaction, bulk.requested_by)
    if person is None or not person.active or not may(person.role, Permission.RESEND):
        return None
    return Actor(person.username, person.name, person.role, bulk.session, bulk.address)


class _Mails:
    """A bulk's mails, within the transaction that asks for them."""

    def __init__(
        self, desk: Desk, transaction: Transaction, actor: Actor, bulk: Bulk, sieve: Sieve
    ) -> None:
        self._desk, self._transaction, self._actor = desk, transaction, actor
        self._bulk, self._sieve = bulk, sieve
        self._accepted = frozenset(rule for rule in Rule if rule.value in bulk.accepted)

    def ask(self, places: Sequence[Place]) -> None:
        """With those of its systems that may go. What keeps one back keeps the others only where it
        is about their account or its address."""
        try:
            self._queue(places)
        except AppError as error:
            if len(places) == 1:
                self._leave_out(places, error)
            else:
                self._queue_what_may(places)

    def _queue_what_may(self, places: Sequence[Place]) -> None:
        going = self._allowed(self._unmoved(places))
        if not going:
            return
        try:
            self._queue(going)
        except AppError as error:
            self._leave_out(going, error)

    def _queue(self, places: Sequence[Place]) -> None:
        bulk = self._bulk
        how = asking.Asking(
            Action.RESEND_REQUESTED,
            bulk.reason,
            bulk.ticket,
            f"{bulk.id}.{places[0].mail_no}",
            self._accepted,
            bulk.id,
        )
        systems = [self._system(place) for place in places]
        sent = asking.ask_for(self._desk, self._transaction, self._actor, systems, how)
        bulks.asked(self._transaction, bulk.id, _numbers(places), sent.id)

    def _unmoved(self, places: Sequence[Place]) -> list[Place]:
        """Those that can be mailed and are still of the account they were checked as."""
        found = []
        for place in places:
            try:
                self._system(place)
            except AppError as error:
                self._leave_out([place], error)
            else:
                found.append(place)
        return found

    def _allowed(self, places: Sequence[Place]) -> list[Place]:
        """By what is known after the mails asked for before it in this transaction."""
        found, serials = [], [place.serial for place in places]
        sieve = Sieve(self._transaction, self._actor, serials, self._transaction.now)
        candidates = sieve.candidates(serials)
        for place, candidate in zip(places, candidates, strict=True):
            if refusal := candidate.refusal(self._accepted):
                self._leave_out([place], refusal)
            else:
                found.append(place)
        return found

    def _system(self, place: Place) -> System:
        system = self._sieve.system(place.serial)
        if system.account_no != place.account_no:
            raise AppError(Reason.OTHER_ACCOUNT_NOW, serial=place.serial)
        return system

    def _leave_out(self, places: Sequence[Place], why: AppError) -> None:
        bulks.left_out(self._transaction, self._bulk.id, _numbers(places), why)


def _numbers(places: Sequence[Place]) -> list[int]:
    return [place.place for place in places]


def _end(transaction: Transaction, bulk: Bulk) -> None:
    """Over, once: said in the log with what became of its systems."""
    after = BulkState.CANCELLED if bulk.state is BulkState.CANCELLING else BulkState.ENDED
    tally = bulks.tally(transaction, bulk.id)
    if tally.pending or not bulks.set_state(transaction, bulk.id, bulk.state, after):
        return
    went = tally.asked.get
    entry = Entry(
        Action.BULK_ENDED,
        subject=bulk.id,
        detail={
            "systems": tally.systems,
            "mails": tally.mails,
            "accepted_mails": went(MailState.ACCEPTED, 0),
            "uncertain": went(MailState.UNCERTAIN, 0),
            "held": went(MailState.HELD, 0),
            "failed": went(MailState.FAILED, 0),
            "left_out": tally.left_out,
            "cancelled": tally.cancelled,
        },
    )
    transaction.log(SYSTEM, entry)
