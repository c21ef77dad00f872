"""All that is written passes through one thread, in turn, each in one strict transaction on `ops`.

So an act and its row in the log are stored together or not at all, and the log's chain has one
writer.
"""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb

from lib.model import clock
from lib.model.action import Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.store import ages
from lib.store.answers import Rows
from lib.store.log import audit
from lib.store.log.anchors import HeadFile
from lib.store.opening import failure
from lib.store.people import rights
from lib.store.tickets import Readers

T = TypeVar("T")

_LOG = logging.getLogger("mesa.store")

Remembered = Callable[[str, Sequence[Any]], Rows]


class OvertakenError(Exception):
    """Somebody else changed meanwhile what a long transaction stood on: nothing of it is stored."""


class Transaction:
    """One strict transaction on `ops`: a failed statement anywhere means nothing is stored."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, head: audit.Head, remembered: Remembered
    ) -> None:
        self._cursor = cursor
        self._remembered = remembered
        self.head = head
        self.now = clock.now()
        self.failed = False
        self.written = set[str]()  # tables that it may have changed

    def run(self, sql: str, params: Sequence[Any] = ()) -> None:
        self._execute(sql, params)

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._execute(sql, params).fetchall()

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return self._execute(sql, params).fetchone()

    def remembered(self, sql: str, params: Sequence[Any] = ()) -> Rows:
        """As the store's (nobody else writes meanwhile), but of what this one wrote, its own."""
        if not self.written.isdisjoint(ages.named(sql)):
            return self.rows(sql, params)
        try:
            return self._remembered(sql, params)
        except AppError:
            self.failed = True  # the engine's fault, whatever the caller makes of it
            raise

    def changed(self, sql: str, params: Sequence[Any] = ()) -> int:
        """How many rows an UPDATE found: its count, in half the time that RETURNING takes. Before
        an INSERT it takes a third of what ON CONFLICT does; the key still guards it."""
        row = self.one(sql, params)
        return int(row[0]) if row else 0

    def take_turn(self, head: audit.Head) -> None:
        """Go on from the log as it is now: begun beside others, it is this one's turn."""
        self.head, self.now = head, clock.now()

    def log(self, actor: Actor, entry: Entry) -> int:
        """Append to the audit log in this transaction; its sequence number.

        Raises AppError(FORBIDDEN), for the whole transaction, when the person was disabled or
        their role lowered since `actor` was read; what they were refused is logged all the same.
        """
        if entry.outcome is not Outcome.REFUSED and rights.outdated(self, actor):
            self.failed = True
            raise AppError(Reason.FORBIDDEN)
        try:
            self.head = audit.append(self._cursor, self.head, self.now, actor, entry)
        except duckdb.Error:
            self.failed = True
            raise
        self.written |= audit.TABLES
        return self.head.seq

    def commit(self) -> None:
        """The writer's own last word. Raises AppError(STORAGE_FAILED) when anything failed."""
        if self.failed:
            raise AppError(Reason.STORAGE_FAILED)
        self._cursor.execute("COMMIT")

    def roll_back(self) -> None:
        """Nothing of it is stored. Of one that isn't begun, or whose COMMIT failed, nothing is."""
        with suppress(duckdb.Error):
            self._cursor.execute("ROLLBACK")

    def _execute(self, sql: str, params: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        self.written |= ages.written(sql)
        try:
            return self._cursor.execute(sql, list(params))
        except duckdb.Error:
            # COMMIT on an aborted transaction reports success and stores nothing: never commit.
            self.failed = True
            raise


@dataclass(frozen=True)
class _Job:
    """`begun` is a transaction that somebody else began, to be ended here."""

    work: Callable[[Transaction], Any]
    future: "Future[Any]"
    begun: Transaction | None = None


class Writer:
    """The thread, at work from the start. `grown` hears which tables each commit changed."""

    def __init__(
        self,
        root: duckdb.DuckDBPyConnection,
        heads: HeadFile,
        readers: Readers,
        remembered: Remembered,
        grown: Callable[[set[str]], None],
    ) -> None:
        self._root = root
        self._cursor = root.cursor()
        self._heads = heads
        self._readers = readers
        self._remembered = remembered
        self._grown = grown
        self.head = audit.read_head(self._cursor, heads.last().seq)
        self._work: queue.Queue[_Job | None] = queue.Queue()
        self._entrance = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write_in_turn, name="store", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What `work` returns, once it is durable (Store.write)."""
        return self._queued(work).result()

    def write_after(
        self,
        ready: Callable[[Transaction], None],
        work: Callable[[Transaction], T],
        overtaken: Callable[[], bool],
    ) -> T:
        """Store.write_after; `overtaken` is asked in turn."""

        def end(transaction: Transaction) -> T:
            if overtaken():
                raise OvertakenError
            return work(transaction)

        with self._readers.reading(), self._root.cursor() as cursor:
            transaction = Transaction(cursor, self.head, self._remembered)
            try:
                cursor.execute("BEGIN")
                ready(transaction)
                ending = self._queued(end, transaction)
            except BaseException as error:
                transaction.roll_back()
                if isinstance(error, duckdb.Error):
                    raise failure(error) from error
                raise
            return _ended(ending)

    def _queued(
        self, work: Callable[[Transaction], T], begun: Transaction | None = None
    ) -> "Future[T]":
        future: Future[T] = Future()
        with self._entrance:
            if self._closed:  # nobody would ever answer
                raise AppError(Reason.STORAGE_FAILED)
            self._work.put(_Job(work, future, begun))
        return future

    def close(self) -> None:
        """Finish what is in hand and end; a second call does nothing."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._work.put(None)
        self._thread.join()

    def _write_in_turn(self) -> None:
        while (job := self._work.get()) is not None:
            try:
                job.future.set_result(self._transact(job))
            except BaseException as error:
                job.future.set_exception(error)

    def _transact(self, job: _Job) -> Any:
        transaction = job.begun or Transaction(self._cursor, self.head, self._remembered)
        try:
            with self._readers.reading():
                if job.begun:
                    transaction.take_turn(self.head)
                else:
                    self._cursor.execute("BEGIN")
                value = job.work(transaction)
                transaction.commit()
        except BaseException as error:
            if job.begun:  # before the next job, which its changes would be in the way of
                transaction.roll_back()
            else:
                self._roll_back()
            if isinstance(error, duckdb.Error):
                raise failure(error) from error
            raise
        self._grown(transaction.written)
        if transaction.head != self.head:
            self.head = transaction.head
            self._note_head()
        return value

    def _note_head(self) -> None:
        """What is committed stays committed when its head can't be noted: the next covers it."""
        try:
            self._heads.append(self.head)
        except OSError as error:
            _LOG.error("audit.head not written: %s", type(error).__name__)

    def _roll_back(self) -> None:
        try:
            self._cursor.execute("ROLLBACK")
        except duckdb.Error:
            # Nothing to roll back (BEGIN or COMMIT itself failed); a fresh cursor starts clean.
            self._cursor = self._root.cursor()


def _ended(ending: "Future[T]") -> T:
    """What the writer made of a transaction that was handed over. It has the cursor until then, so
    an interrupted wait goes on: the answer tells whether it came too late."""
    while not ending.done():
        with suppress(KeyboardInterrupt):
            wait([ending])
    return ending.result()
