"""What people and the desk do with a log of ten million rows, each timed as after a commit: a row
is logged before it, so that no answer of before is kept."""

import datetime as dt
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.figures import Figures
from lib import settings
from lib.model import period
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.period import Period, Preset
from lib.model.proof import Checked
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import open_desk
from lib.services.log import board, entries, nightly, proof, stories
from lib.services.records import browsing
from lib.store.database import Transaction
from lib.store.grid.sources import AUDIT
from lib.store.log import audit
from lib.ui.grid.names import labelled

_MANAGER = Actor("gerente", "Gerente", Role.MANAGER)
_AGENT = Actor("agente", "Agente", Role.AGENT, "0" * 24, "10.0.0.1")
_LATELY = 50_000  # rows from the log's end: what people look for is mostly new
_LOOP_ROWS = 50_000  # read at once by the plain loop
_SAMPLE = 400  # people, accounts, serials and rows that are asked for


class Acts:
    """Over a desk's folder, to whose log it adds rows."""

    def __init__(self, data: Path, last_day: dt.date) -> None:
        self._desk = open_desk(settings.read({"MESA_DATA": str(data)}))
        self._store = self._desk.store
        self._last_day = last_day
        self._list = labelled(AUDIT)
        self._chance = random.Random(5)
        self._numbers = iter(range(10**9))
        top = self._store.rows("SELECT max(seq) FROM ops.audit")[0][0]
        self.rows = int(top)
        some = self._store.rows(
            "SELECT seq, actor, account_no, serial FROM ops.audit WHERE action ="
            " 'resend_requested' AND subject <> '' AND seq > ? ORDER BY hash(seq) LIMIT ?",
            [top - _LATELY, _SAMPLE],
        )
        people = "SELECT DISTINCT actor FROM ops.audit WHERE seq > ? ORDER BY hash(actor)"
        self._people = [row[0] for row in self._store.rows(people, [top - _LATELY])]
        self._some = some

    def close(self) -> None:
        self._desk.close()

    # ---- the proof -------------------------------------------------------------------------------

    def verify(self, *, rests: bool = False) -> tuple[float, Checked]:
        """Seconds, and what it said. `rests`: as by night, when nobody asked for it."""
        going_on = nightly.Nightly(self._desk)._going_on if rests else lambda _: None
        began = time.perf_counter()
        checked = proof.check(self._desk, _MANAGER, going_on)
        return time.perf_counter() - began, checked

    def plain_loop(self, rows: int) -> float:
        """Seconds for the first `rows`, each read, hashed and compared in Python."""
        began, head, fails = time.perf_counter(), audit.Head(), 0
        for low in range(0, rows, _LOOP_ROWS):
            for row in self._read(low, min(low + _LOOP_ROWS, rows)):
                salt, detail = bytes.fromhex(row["salt"]), row["detail"].encode()
                fails += audit.row_hash(row) != row["hash"] or row["prev"] != head.hash
                fails += audit.digest("detail", salt, detail) != row["commitment"]
                fails += row["seq"] != head.seq + 1
                head = audit.Head(row["seq"], row["hash"])
        assert not fails
        return time.perf_counter() - began

    def _read(self, low: int, high: int) -> Iterator[dict[str, Any]]:
        names = [*audit.HASHED, "hash", "salt", "detail"]
        columns = ", ".join(("d." if n in ("salt", "detail") else "a.") + n for n in names)
        question = (
            f"SELECT {columns} FROM log_row a JOIN ops.audit_detail d ON d.seq = a.seq"
            " WHERE a.seq > ? AND a.seq <= ? AND d.seq > ? AND d.seq <= ? ORDER BY a.seq"
        )
        for row in self._store.rows(question, [low, high, low, high]):
            yield dict(zip(names, row, strict=True))

    # ---- appending -------------------------------------------------------------------------------

    def append(self, times: int) -> tuple[Figures, Figures]:
        """A request for a mail as one transaction: with its row of the log, and without; in
        turns."""
        with_row, without = Figures(), Figures()
        for _ in range(times):
            with_row.add(_ms(lambda: self._store.write(lambda t: self._ask(t, logged=True))))
            without.add(_ms(lambda: self._store.write(lambda t: self._ask(t, logged=False))))
        return with_row, without

    def _ask(self, transaction: Transaction, *, logged: bool) -> None:
        """A mail that is over as soon as it was asked for: nothing of the bench ever leaves."""
        mail_id = uuid.uuid4().hex
        _, _, account_no, serial = self._chance.choice(self._some)
        transaction.run(
            "INSERT INTO ops.outbox (id, idempotency_key, serial, account_no, recipient,"
            " recipient_name, message_id, requested_by, requested_at, reason, ticket, state,"
            " attempts, problem, smtp_text) VALUES"
            " (?, ?, ?, ?, 'cliente@example.com', 'Cliente', ?, 'agente', ?, 'other', '', 'failed',"
            " 1, 'cancelled', '')",
            [mail_id, mail_id, serial, account_no, f"<{mail_id}@example.com>", transaction.now],
        )
        if logged:
            asked = Entry(
                Action.RESEND_REQUESTED,
                account_no=account_no,
                serial=serial,
                reason="other",
                subject=mail_id,
                detail={"recipient": "cliente@example.com"},
            )
            transaction.log(_AGENT, asked)

    # ---- reading ---------------------------------------------------------------------------------

    def lists(self, times: int) -> dict[str, Figures]:
        """Bitácora, as the grid asks for it."""
        some = self._some
        return {
            "first page": self._each(times, lambda _: self._window()),
            "filter by person": self._each(
                times, lambda n: self._window(actor=self._people[n % len(self._people)])
            ),
            "filter by account": self._each(times, lambda n: self._window(account_no=some[n][2])),
            "filter by serial": self._each(times, lambda n: self._window(serial=some[n][3])),
            "filter by act": self._each(times, lambda _: self._window(action="mail_bounced")),
            "filter by day": self._each(
                times, lambda n: self._window(logged_at=f"{self._day(n):%d/%m/%Y}")
            ),
        }

    def told(self, times: int) -> dict[str, Figures]:
        some = self._some
        return {
            "story of a row": self._each(times, lambda n: self._story(some[n][0])),
            "history of an account": self._each(
                times,
                lambda n: entries.of_account(self._desk, _MANAGER, some[n][2], 50),
            ),
        }

    def boards(self, times: int) -> dict[str, Figures]:
        """Tablero on the log's last day, by period."""
        asked = {preset.value: period.of(preset, self._last_day) for preset in Preset}
        year = self._last_day - dt.timedelta(days=period.MOST_DAYS - 1)
        asked["a year"] = period.between(year, self._last_day, self._last_day)
        return {name: self._each(times, self._board(each)) for name, each in asked.items()}

    def _board(self, asked: Period) -> Callable[[int], Any]:
        def read(_: int) -> None:
            board.figures(self._desk, _MANAGER, asked)
            board.outlook(self._desk, _MANAGER)

        return read

    def _story(self, seq: int) -> None:
        entry = entries.entry(self._desk, _MANAGER, seq)
        assert len(stories.story(self._desk, _MANAGER, entry)) > 1

    def _window(self, **filters: str) -> None:
        found = browsing.browse(self._desk, self._list, View(filters=filters), actor=_MANAGER)
        assert found.rows
        assert not found.left_out

    def _day(self, n: int) -> dt.date:
        """A Monday."""
        monday = self._last_day - dt.timedelta(days=self._last_day.weekday())
        return monday - dt.timedelta(weeks=n % 100)

    def _each(self, times: int, act: Callable[[int], Any]) -> Figures:
        figures = Figures()
        for n in range(times):
            self._store.write(self._log)
            figures.add(_ms(lambda n=n: act(n)))
        return figures

    def _log(self, transaction: Transaction) -> None:
        """A whole transaction as of a mail: what was kept of the log and of the outbox is stale."""
        self._ask(transaction, logged=True)

    # ---- at once ---------------------------------------------------------------------------------

    def meanwhile(self, *, rests: bool) -> tuple[dict[str, Figures], float]:
        """What others wait while a verification runs, and how long that then takes, in s."""
        page, person, commit = Figures(), Figures(), Figures()
        with self._verifying(rests=rests) as running:
            while running.is_alive():
                commit.add(_ms(lambda: self._store.write(self._log)))
                page.add(_ms(self._window))
                self._store.write(self._log)
                who = self._chance.choice(self._people)
                person.add(_ms(lambda who=who: self._window(actor=who)))
        told = {"first page": page, "filter by person": person, "a commit": commit}
        return told, self._took

    @contextmanager
    def _verifying(self, *, rests: bool) -> Iterator[threading.Thread]:
        self._took = 0.0

        def run() -> None:
            self._took = self.verify(rests=rests)[0]

        thread = threading.Thread(target=run)
        thread.start()
        yield thread
        thread.join()


def _ms(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
