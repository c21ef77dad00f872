"""One process, one root connection: `ops` attached to write, the ref in force attached to read.

The root connection is an empty in-memory database; views in it (`account`, `system`,
`activation`, `customer`) name the ref in force, so that a switch is one catalogue transaction and
every question's SQL stays the same. Each call gets a cursor of its own; all writes pass through
one FIFO thread. docs/decisions.md says why, with measurements.
"""

import hashlib
import itertools
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb

from lib.model import clock
from lib.model.action import Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.store import ages, migrations, ref
from lib.store.answers import Answers, Rows
from lib.store.log import audit, log_row
from lib.store.log.anchors import HeadFile
from lib.store.opening import failure, hardened, opening, quoted
from lib.store.tickets import Readers

T = TypeVar("T")

_LOG = logging.getLogger("mesa.store")

_REF_TABLES = (
    "meta", "account", "name_order", "system", "activation", "sealed_code", "pack_certificate",
    "search_place", "search_gram", "search_text", "search_letter", "search_name",
)  # fmt: skip
Remembered = Callable[[str, Sequence[Any]], Rows]
_MOST_ANSWERS = 2_000
_MOST_ROWS = 200_000  # of them all: some 60 MB of short values
_LONG = 1_000  # bytes
_MANY = 200  # values of a list: their text is longer
_VIEWS = Path(__file__).with_name("views.sql")


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

    def log(self, actor: Actor, entry: Entry) -> int:
        """Append to the audit log in this transaction; its sequence number."""
        try:
            self.head = audit.append(self._cursor, self.head, self.now, actor, entry)
        except duckdb.Error:
            self.failed = True
            raise
        self.written |= audit.TABLES
        return self.head.seq

    def _execute(self, sql: str, params: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        self.written |= ages.written(sql)
        try:
            return self._cursor.execute(sql, list(params))
        except duckdb.Error:
            # COMMIT on an aborted transaction reports success and stores nothing: never commit.
            self.failed = True
            raise


class Store:
    """The desk's storage. Open it once in a process (`Store.open`), close it at the end."""

    def __init__(self, root: duckdb.DuckDBPyConnection, data: Path) -> None:
        self.data = data
        self._root = root
        self._writer = root.cursor()
        self._heads = HeadFile(data / "audit.head")
        self._head = audit.read_head(self._writer)
        self.found = self._head  # what the log ended with: later rows are this process's own
        self._readers = Readers()
        self._refs = itertools.count(1)
        self._ref_alias = ""
        self.generation = 0  # +1 at each switch: what was cached of the old ref is stale
        self.writes = 0  # +1 at each commit
        self._ages = ages.Ages()  # of its tables: what was cached of one that grew is stale
        self._answers = Answers[Rows](_MOST_ANSWERS, _MOST_ROWS, len)
        self._making = threading.Lock()
        self._made_of, self._made = 0, dict[Callable[[Store], Any], Any]()
        self._work: queue.Queue[_Job | None] = queue.Queue()
        self._entrance = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._write_in_turn, name="store", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, data: Path, *, behind_too: bool = False) -> "Store":
        """Open (or make) the desk's storage under `data`.

        Raises AppError: DESK_IN_USE when another process holds it, DATABASE_CORRUPT,
        DATABASE_NEWER, DATABASE_BEHIND when rows that were acknowledged are missing at the end of
        the log. Nothing is overwritten in any of them. `behind_too` opens such a one, to be read
        alone: a row written to it would hide what is missing.
        """
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "ref").mkdir(mode=0o700, exist_ok=True)
        root = hardened(data)
        try:
            with opening(data / "ops.duckdb"):
                root.execute(f"ATTACH {quoted(data / 'ops.duckdb')} AS ops")
                (data / "ops.duckdb").chmod(0o600)
                # Closed at once: an answer read in part keeps its transaction open, and while one
                # is, nothing written after it is ever checkpointed.
                with root.cursor() as cursor:
                    migrations.apply(cursor, clock.now())
                    if not behind_too:
                        HeadFile(data / "audit.head").check(cursor)
                    log_row.lay(cursor, data)
            store = cls(root, data)
        except BaseException:
            root.close()
            raise
        try:
            store._use_published_ref()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Finish the writes in hand and close; a second call does nothing."""
        with self._entrance:
            if not self._closed:
                self._closed = True
                self._work.put(None)
        self._thread.join()
        self._root.close()

    # ---- reading ---------------------------------------------------------------------------

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self.cursor() as cursor:
            return cursor.execute(sql, list(params)).fetchall()

    def one(self, sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self.cursor() as cursor:
            return cursor.execute(sql, list(params)).fetchone()

    def records(self, sql: str, params: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows as dictionaries by column name."""
        with self.cursor() as cursor:
            answer = cursor.execute(sql, list(params))
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def remembered(
        self,
        sql: str,
        params: Sequence[Any] = (),
        made: Callable[[Rows], Rows] | None = None,
    ) -> Rows:
        """Rows, or what is `made` of them, kept until the ref is switched or a commit writes to one
        of the desk's own tables that the question names.

        They are shared by everybody who asks: never change them.
        """
        # Counted before reading: an answer is at worst newer than its key, never older.
        said = tuple(map(_short, params))
        key = (sql, said, made, self.generation, self._ages.of(sql))
        return self._answers.get(
            key, lambda: made(self.rows(sql, params)) if made else self.rows(sql, params)
        )

    def kept(self, make: Callable[["Store"], T]) -> T:
        """What `make` reads of the ref in force, made once and kept until that is switched."""
        with self._making:
            if self._made_of != self.generation:
                self._made_of, self._made = self.generation, {}
            if make not in self._made:
                self._made[make] = make(self)
            return cast(T, self._made[make])

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one call. Raises AppError(STORAGE_FAILED) from the engine's own errors."""
        with self._readers.reading():
            try:
                with self._root.cursor() as cursor:
                    yield cursor
            except duckdb.Error as error:
                raise failure(error) from error
        self._let_go()

    def lay_log(self) -> frozenset[int]:
        """See again where the log's rows lie: which archives are there and whole (log_row.lay)."""
        with self.cursor() as cursor:
            return log_row.lay(cursor, self.data)

    # ---- writing ---------------------------------------------------------------------------

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction, in turn, and return its value once it is durable.

        Whatever `work` raises rolls everything back and comes out here; the engine's own errors
        come out as AppError(STORAGE_FAILED | DISK_FULL), and a write to a store that has closed.
        """
        future: Future[T] = Future()
        with self._entrance:
            if self._closed:  # nobody would ever answer
                raise AppError(Reason.STORAGE_FAILED)
            self._work.put(_Job(work, future))
        return future.result()

    def _write_in_turn(self) -> None:
        while (job := self._work.get()) is not None:
            try:
                job.future.set_result(self._transact(job.work))
            except BaseException as error:
                job.future.set_exception(error)

    def _transact(self, work: Callable[[Transaction], T]) -> T:
        transaction = Transaction(self._writer, self._head, self.remembered)
        try:
            with self._readers.reading():
                self._writer.execute("BEGIN")
                value = work(transaction)
                if transaction.failed:
                    raise AppError(Reason.STORAGE_FAILED)
                self._writer.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, duckdb.Error):
                raise failure(error) from error
            raise
        self.writes += 1
        self._ages.grow(transaction.written)
        if transaction.head != self._head:
            self._head = transaction.head
            self._note_head()
        return value

    def _note_head(self) -> None:
        """What is committed stays committed when its head can't be noted: the next covers it."""
        try:
            self._heads.append(self._head)
        except OSError as error:
            _LOG.error("audit.head not written: %s", type(error).__name__)

    def _roll_back(self) -> None:
        try:
            self._writer.execute("ROLLBACK")
        except duckdb.Error:
            # Nothing to roll back (BEGIN or COMMIT itself failed); a fresh cursor starts clean.
            self._writer = self._root.cursor()

    # ---- the ref in force ------------------------------------------------------------------

    @property
    def ref_file(self) -> str:
        """Name of the ref file in force (under data/ref), or "" before the first load."""
        return ref.in_force(self)

    @property
    def ref_path(self) -> Path | None:
        """The ref file in force; None before the first load."""
        file = self.ref_file
        return self.data / "ref" / file if file else None

    def attach_ref(self, file: str) -> str:
        """Attach data/ref/`file` beside the one in force; its alias for SQL. Raises AppError:
        REF_OLDER, DATABASE_NEWER when its tables are another program's."""
        path = self.data / "ref" / file
        alias = self.attach(path)
        try:
            ref.check_format(self.one(f"SELECT format FROM {alias}.meta"), path)
        except BaseException:
            self.detach_ref(alias)
            raise
        return alias

    def attach(self, path: Path) -> str:
        """Attach a database file under `data`, read-only; its alias for SQL."""
        alias = f"ref_{next(self._refs)}"  # two threads never get the same
        with opening(path), self._root.cursor() as cursor:
            cursor.execute(f"ATTACH {quoted(path)} AS {alias} (READ_ONLY)")
        return alias

    def detach_ref(self, alias: str) -> None:
        with self._root.cursor() as cursor:
            cursor.execute(f"DETACH {alias}")

    def use_ref(self, alias: str) -> None:
        """Point every new question at an attached ref, at once; the old one goes when its last
        reader is done.
        """
        old, self._ref_alias = self._ref_alias, alias
        with self._root.cursor() as cursor:
            cursor.execute("BEGIN")
            for table in _REF_TABLES:
                # By `place`, where a row lies, the engine finds it at once (lib/store/grid).
                stored = f"SELECT *, rowid AS place FROM {alias}.{table}"
                cursor.execute(f"CREATE OR REPLACE VIEW {table} AS {stored}")
            cursor.execute(_VIEWS.read_text("utf-8"))
            cursor.execute("COMMIT")
        self.generation += 1
        if old:
            self._readers.retire(old)
            self._let_go()

    def _let_go(self) -> None:
        for alias in self._readers.unread():
            self.detach_ref(alias)

    def _use_published_ref(self) -> None:
        file = self.ref_file
        if file:
            self.use_ref(self.attach_ref(file))
            return
        with self._root.cursor() as cursor:
            cursor.execute("ATTACH ':memory:' AS ref_0; USE ref_0")
            cursor.execute(ref.SCHEMA.read_text("utf-8"))
            cursor.execute("USE memory")
        self.use_ref("ref_0")


def _short(value: Any) -> Any:
    """A value as a key: of a long one only its hash, or every kept answer kept it too."""
    if isinstance(value, tuple) and len(value) > _MANY:
        value = repr(value).encode()
    if isinstance(value, bytes) and len(value) > _LONG:
        return hashlib.blake2b(value, digest_size=16).digest()
    return value


class _Job:
    def __init__(self, work: Callable[[Transaction], Any], future: "Future[Any]") -> None:
        self.work = work
        self.future = future
