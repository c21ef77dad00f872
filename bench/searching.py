"""Our own search, timed without a browser."""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from bench.figures import Figures
from bench.prepared import AGENT, copied
from lib import settings
from lib.model.account import FIELDS, Section
from lib.model.actor import Actor
from lib.model.roles import Role
from lib.model.text import fold
from lib.model.view import View
from lib.services.desk import open_desk
from lib.services.loads.warming import Warmer
from lib.services.records import customers, finding
from lib.store import ref
from lib.store.grid import engine
from lib.store.grid.reading import Reading
from lib.store.grid.search import find, terms
from lib.store.grid.sources import SYSTEMS
from lib.store.grid.tree import Record
from lib.store.opening import quoted
from lib.store.pack import engine as build_engine
from lib.store.pack import index

_EDITS = 20


def index_cost(data: Path) -> dict[str, Any]:
    """Making the search tables once more, of the ref in force, beside it."""
    file = data / "ref" / ref.read_current(data / "ref")
    with tempfile.TemporaryDirectory(dir=data) as folder:
        made = Path(folder) / "made.duckdb"
        connection = duckdb.connect(config={"memory_limit": "1GB"})
        connection.execute(f"ATTACH {quoted(file)} AS vendor (READ_ONLY)")
        connection.execute(f"ATTACH {quoted(made)} AS made; USE made")
        connection.execute(ref.SCHEMA.read_text("utf-8"))
        for table in ("account", "system"):
            connection.execute(f"DROP TABLE {table}")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM vendor.{table}")
        build_engine.teach_folding(connection)
        began, used = time.perf_counter(), time.process_time()
        index.write(connection, Path(folder))
        connection.execute("CHECKPOINT made")
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        systems, places = connection.execute(
            "SELECT (SELECT count(*) FROM vendor.system), (SELECT count(*) FROM made.search_place)"
        ).fetchone() or (0, 0)
        connection.close()
        return {
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "cpu_seconds_per_million": round(cpu / systems * 1e6, 1),
            "places": places,
            "mb": made.stat().st_size >> 20,
            "ref_mb": file.stat().st_size >> 20,
        }


class Ours:
    def __init__(self, data: Path) -> None:
        self._folder = copied(data)  # of what edits would change
        self._agent = Actor(AGENT, "Agustina Agente", Role.AGENT)
        self._open()
        self.systems = int(self._store.rows("SELECT count(*) FROM system")[0][0])

    def _open(self) -> None:
        """As a desk is a little after its start."""
        self._desk = open_desk(settings.read({"MESA_DATA": str(self._folder)}))
        self._store = self._desk.store
        self.first = _ms(lambda: finding.everything(self._desk, self._agent, "xylophon"))
        Warmer(self._desk).work()

    def reopen(self) -> "Ours":
        self._desk.close()
        self._open()
        return self

    def close(self) -> None:
        self._desk.close()
        shutil.rmtree(self._folder)

    def searches(self, typed: list[str]) -> Figures:
        return _each(typed, lambda text: self._window(View(q=text)))

    def sorted_searches(self, typed: list[str]) -> Figures:
        sort = (("next_payment_on", False),)
        return _each(typed, lambda text: self._window(View(q=text, sort=sort)))

    def everything(self, typed: list[str]) -> Figures:
        return _each(typed, lambda text: finding.everything(self._desk, self._agent, text))

    def found(self, slips: list[tuple[str, str]]) -> int:
        """How many mistyped names still find somebody of that name on the first page."""
        return sum(self._finds(typed, meant) for typed, meant in slips)

    def _finds(self, typed: str, meant: str) -> bool:
        rows = self._window(View(q=typed, limit=200)).rows
        return any(
            meant in fold(" ".join(map(str, r.cells))) for r in rows if isinstance(r, Record)
        )

    def mismatches(self, typed: list[str]) -> int:
        """Searches whose rows aren't those of reading every text."""
        return sum(self._differs(text) for text in typed)

    def _differs(self, text: str) -> bool:
        found = find(self._store, SYSTEMS, text, Reading(self._store, SYSTEMS))
        assert found is not None
        assert found.rows is not None
        exact = self._scanned(text)
        return found.rows[: len(exact)].tolist() != exact or (
            len(found.rows) > len(exact) and not found.near
        )

    def _scanned(self, text: str) -> list[int]:
        conditions, params = [], []
        for term in terms(text):
            ways = []
            for reading in term.readings:
                held = "contains(lower(s.serial) || ' ' || a.search || coalesce(c.search, ''), ?)"
                ways.append(" AND ".join([held] * len(reading)))
                params += reading
            conditions.append(" OR ".join(f"({way})" for way in ways))
        question = (
            "SELECT s.place FROM system s JOIN account a ON a.place = s.account_rank"
            " LEFT JOIN (SELECT account_no, ' ' || search AS search FROM ops.correction) c"
            f" ON c.account_no = a.account_no WHERE {' AND '.join(f'({c})' for c in conditions)}"
            " ORDER BY s.place"
        )
        return [row[0] for row in self._store.rows(question, params)]

    def edits(self) -> dict[str, float]:
        """A corrected name: its writing, and the first search that finds it."""
        writing, finding_ = Figures(), Figures()
        for number in range(2, 2 + _EDITS):
            name = f"Quetzalxochitl{chr(96 + number)} Prueba"
            writing.add(_ms(lambda n=number, to=name: self._correct(f"{n:08d}", to)))
            finding_.add(_ms(lambda to=name: self._window(View(q=to))))
        return {
            "write_p50": round(writing.at(0.5), 1),
            "write_p95": round(writing.at(0.95), 1),
            "search_after_p50": round(finding_.at(0.5), 1),
            "search_after_p95": round(finding_.at(0.95), 1),
        }

    def _correct(self, account_no: str, name: str) -> None:
        account = customers.find(self._desk, self._agent, account_no)
        typed = {field: str(getattr(account, field)) for field in FIELDS[Section.CONTACT]}
        section = Section.CONTACT
        typed |= {"name": name, "email": f"{account_no}@example.com", "phone": "5512345678"}
        customers.correct(self._desk, self._agent, account_no, section, typed, account.version)

    def _window(self, view: View) -> engine.Window:
        return engine.window(self._store, SYSTEMS, view)


def _each(typed: list[str], act: Callable[[str], Any]) -> Figures:
    figures = Figures()
    for text in typed:
        figures.add(_ms(lambda text=text: act(text)))
    return figures


def _ms(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000
