"""One process, one root connection: `ops` attached to write, the ref in force attached to read.

The root connection is an empty in-memory database; views in it (`account`, `system`,
`activation`, `customer`) name the ref in force, so that a switch is one catalogue transaction and
every question's SQL stays the same. Each call gets a cursor of its own; all writes pass through
one FIFO thread. docs/decisions.md says why, with measurements.
"""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb

from lib.model import clock
from lib.store import ages, migrations, private, ref
from lib.store.answers import Answers, Rows, short
from lib.store.cipher import PLAIN, Cipher
from lib.store.log import log_row
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import Head
from lib.store.opening import failure, hardened, opening, quoted
from lib.store.tickets import Readers
from lib.store.writing import OvertakenError, Transaction, Writer

__all__ = ["OvertakenError", "Store", "Transaction"]

T = TypeVar("T")

_REF_TABLES = (
    "meta", "account", "name_order", "system", "activation", "sealed_code", "pack_certificate",
    "search_place", "search_gram", "search_text", "search_again", "search_letter", "search_name",
)  # fmt: skip
_MOST_ANSWERS = 2_000
_MOST_ROWS = 200_000  # of them all: some 60 MB of short values
_VIEWS = Path(__file__).with_name("views.sql")


class Store:
    """The desk's storage. Open it once in a process (`Store.open`), close it at the end."""

    def __init__(self, root: duckdb.DuckDBPyConnection, data: Path, cipher: Cipher = PLAIN) -> None:
        self.data, self.cipher = data, cipher
        self.wide = 0  # files and folders that others could open when this opened
        self._root = root
        self._readers = Readers()
        self._refs = itertools.count(1)
        self._ref_alias = ""
        self.generation = 0  # +1 at each switch: what was cached of the old ref is stale
        self.writes = 0  # +1 at each commit
        self._ages = ages.Ages()  # of its tables: what was cached of one that grew is stale
        self._answers = Answers[Rows](_MOST_ANSWERS, _MOST_ROWS, len)
        self.log_lost = frozenset[int]()
        self._log_seen = frozenset[tuple[str, int, int]]()
        self._laying = threading.Lock()
        self._making = threading.Lock()
        self._lending = threading.Lock()
        self._lent = dict[Path, tuple[str, int]]()  # attached files: their alias, by how many
        self._made_of, self._made = 0, dict[Callable[[Store], Any], Any]()
        heads = HeadFile(data / "audit.head")
        self._writer = Writer(root, heads, self._readers, self.remembered, self._grown)
        self.found = self._writer.head  # what the log ended with: later rows are this process's own

    @classmethod
    def open(cls, data: Path, *, behind_too: bool = False, cipher: Cipher = PLAIN) -> "Store":
        """Open (or make) the desk's storage under `data`.

        Raises AppError: NOT_PRIVATE when others can open what lies there and that can't be mended,
        DESK_IN_USE when another process holds it, DATA_KEY_…, NOT_ENCRYPTED, DATABASE_CORRUPT,
        DATABASE_NEWER, DATABASE_BEHIND when rows that were acknowledged are missing at the end of
        the log; nothing is overwritten. `behind_too` opens such a one, to be read or taken up
        (lib/services/log/continuing.py): a row written to it would hide what is missing.
        """
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data / "ref").mkdir(mode=0o700, exist_ok=True)
        wide = private.mend(data)
        root = hardened(data, cipher)
        try:
            with opening(data / "ops.duckdb"):
                root.execute(f"ATTACH {quoted(data / 'ops.duckdb')} AS ops{cipher.options()}")
                private.drop_spilled(data / "tmp")  # nobody else has it open
                (data / "ops.duckdb").chmod(0o600)
                # Closed at once: an answer read in part keeps its transaction open, and while one
                # is, nothing written after it is ever checkpointed.
                with root.cursor() as cursor:
                    migrations.apply(cursor, clock.now())
                    if not behind_too:
                        HeadFile(data / "audit.head").check(cursor)
            store = cls(root, data, cipher)
            store.wide = wide
        except BaseException:
            root.close()
            raise
        try:
            store.lay_log()
            store._use_published_ref()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Finish the writes in hand and close; a second call does nothing."""
        self._writer.close()
        self._root.close()

    @property
    def head(self) -> Head:
        """The log's newest row, of those committed."""
        return self._writer.head

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
        said = tuple(map(short, params))
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
        """See again where the log's rows lie (log_row.lay); what it has to do without is also in
        `log_lost` from then on."""
        with self._laying, self.cursor() as cursor:  # two at once would be refused
            self._log_seen = log_row.seen(self.data)
            lost = log_row.lay(cursor, self.data, self.cipher)
        if lost != self.log_lost:
            self._ages.grow({"audit"})  # what was kept of the log's rows is stale
        self.log_lost = lost
        return lost

    def look_at_log(self) -> None:
        """The same when somebody moved, changed or brought back an archive since."""
        if log_row.seen(self.data) != self._log_seen:
            self.lay_log()

    # ---- writing ---------------------------------------------------------------------------

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in one transaction, in turn, and return its value once it is durable.

        Whatever `work` raises rolls everything back and comes out here; the engine's own errors
        come out as AppError(STORAGE_FAILED | DISK_FULL), and a write to a store that has closed.
        """
        return self._writer.write(work)

    def write_after(
        self,
        ready: Callable[[Transaction], None],
        work: Callable[[Transaction], T],
        stands_on: str,
    ) -> T:
        """Run `ready` at once, beside everybody else's writes, and then `work` in turn, both in one
        transaction: for what takes seconds. `stands_on` names the tables that nobody else may have
        written to in between, as "ops.one ops.other"; `ready` mustn't change rows that others do.

        Raises as `write` does, and OvertakenError when somebody did: nothing is stored then.
        """
        # Counted before anything is read: a commit is at worst seen twice, never missed.
        before = self._ages.of(stands_on)
        return self._writer.write_after(ready, work, lambda: self._ages.of(stands_on) != before)

    def _grown(self, written: set[str]) -> None:
        """A commit changed these tables."""
        self.writes += 1
        self._ages.grow(written)

    # ---- the ref in force ------------------------------------------------------------------
    @property
    def ref_file(self) -> str:
        """Name of the ref file in force (under data/ref), or "" before the first load."""
        return ref.in_force(self)

    @property
    def ref_path(self) -> Path | None:
        """The ref file in force; None before the first load."""
        return self.data / "ref" / file if (file := self.ref_file) else None

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
        attach = f"ATTACH {quoted(path)} AS {alias}{self.cipher.options(read_only=True)}"
        with opening(path), self._root.cursor() as cursor:
            cursor.execute(attach)
        return alias

    @contextmanager
    def beside(self, path: Path) -> Iterator[str]:
        """The same for as long as somebody asks of it: the engine attaches a file once, and a page
        may look at what another thread is bringing in."""
        with self._lending:
            alias, users = self._lent.get(path) or (self.attach(path), 0)
            self._lent[path] = alias, users + 1
        try:
            yield alias
        finally:
            with self._lending:
                alias, users = self._lent.pop(path)
                if users > 1:
                    self._lent[path] = alias, users - 1
                else:
                    self.detach_ref(alias)

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
