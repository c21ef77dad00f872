"""/exportar/<ticket>: the file, or the sentence; and what happens when somebody leaves midway."""

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.period import Period
from lib.model.report import Paper
from lib.model.roles import Role
from lib.model.sheet import Format, Row
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import report_files
from lib.services.records import exporting
from lib.store.grid import engine
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.ui import process, server
from lib.ui.identity import COOKIE
from lib.ui.listing import download, export
from tests.services.log_rows import logged

PASSWORD = "una frase nueva y larga"


@pytest.fixture
def served(desk: Desk, cheap_passwords: None) -> Iterator[Desk]:
    for username, role in (("gerente", Role.MANAGER), ("otra", Role.MANAGER)):
        access.add_staff(desk, SYSTEM, username, username, "", role, PASSWORD)
    process.adopt(desk)
    yield desk
    process.adopt(None)


@dataclass(frozen=True)
class Visitor:
    actor: Actor
    cookie: str


@pytest.fixture
def enter(served: Desk) -> Callable[[str], Visitor]:
    def act(username: str) -> Visitor:
        cookie = access.redeem(served, access.sign_in(served, username, PASSWORD).ticket)
        assert cookie
        actor = access.actor_of_cookie(served, cookie)
        assert actor
        return Visitor(actor, cookie)

    return act


@pytest.fixture
def manager(enter: Callable[[str], Visitor]) -> Visitor:
    return enter("gerente")


def ticket(desk: Desk, visitor: Visitor, form: Format = Format.CSV) -> str:
    words = export.words(SUBSCRIPTIONS)
    return exporting.start(desk, SUBSCRIPTIONS, View(), form, words, actor=visitor.actor)


@dataclass
class Browser:
    """Asks for a path; `leaves` closes the connection at the first piece, `stalls` takes none."""

    cookie: str = ""
    leaves: bool = False
    stalls: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    whole: bool = False

    def get(self, path: str, method: str = "GET") -> "Browser":
        # Playwright, in a test before this one, leaves its loop in the main thread.
        with ThreadPoolExecutor(1) as apart:
            apart.submit(anyio.run, self._get, path, method).result()
        return self

    async def _get(self, path: str, method: str) -> None:
        cookie = f"{COOKIE}={self.cookie}".encode()
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(),
            "query_string": b"", "headers": [(b"cookie", cookie)], "client": ("127.0.0.1", 1),
        }  # fmt: skip
        self._gone = anyio.Event()
        await Starlette(routes=server.ROUTES)(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        self.body += message["body"]
        self.whole = not message.get("more_body")
        if self.leaves:
            self._gone.set()
        if self.stalls:
            await anyio.sleep_forever()


def endless(*_: Any) -> Generator[list[Row], None, None]:
    while True:
        yield [("SAE",) * len(SUBSCRIPTIONS.columns)] * 1000


def broken(*_: Any) -> Generator[list[Row], None, None]:
    yield [("SAE",) * len(SUBSCRIPTIONS.columns)]
    raise AppError(Reason.STORAGE_FAILED)


def nothing(*_: Any) -> Generator[list[Row], None, None]:
    yield from ()


def outcomes(desk: Desk) -> list[str]:
    return [row["outcome"] for row in logged(desk, Action.ROWS_EXPORTED)]


@pytest.mark.slow
def test_the_file_comes_once_and_is_kept_nowhere(served: Desk, manager: Visitor) -> None:
    path = download.PATH + ticket(served, manager)
    got = Browser(manager.cookie).get(path)
    assert (got.status, got.whole) == (200, True)
    assert got.body.startswith(b"\xef\xbb\xbfSistema,")
    assert got.headers["cache-control"] == "no-store"
    assert got.headers["content-type"] == "text/csv; charset=utf-8"
    name = got.headers["content-disposition"]
    assert name.startswith('attachment; filename="suscripciones-20')
    assert name.endswith('.csv"')
    again = Browser(manager.cookie).get(path)
    assert (again.status, "vuelve a exportar" in again.body.decode()) == (410, True)
    assert outcomes(served) == ["ok"]


@pytest.mark.slow
def test_nobody_else_gets_it(
    served: Desk, manager: Visitor, enter: Callable[[str], Visitor]
) -> None:
    path = download.PATH + ticket(served, manager)
    stranger = Browser().get(path)
    assert (stranger.status, "vuelve a iniciar sesión" in stranger.body.decode()) == (401, True)
    assert Browser(enter("otra").cookie).get(path).status == 410
    assert Browser(enter("gerente").cookie).get(path).status == 410  # another session of theirs
    assert outcomes(served) == []
    assert Browser(manager.cookie).get(path).status == 200


def test_a_role_taken_away_meanwhile_is_said(served: Desk, manager: Visitor) -> None:
    path = download.PATH + ticket(served, manager)
    served.store.write(lambda t: t.run("UPDATE ops.staff SET role = 'agente'"))
    refused = Browser(manager.cookie).get(path)
    assert refused.status == 403
    assert refused.body.decode().startswith("Tu perfil no permite esta acción")
    assert refused.headers["cache-control"] == "no-store"
    assert outcomes(served) == []


@pytest.mark.slow
def test_asking_what_it_is_uses_nothing_up(served: Desk, manager: Visitor) -> None:
    path = download.PATH + ticket(served, manager)
    assert Browser(manager.cookie).get(path, "HEAD").status == 405
    assert Browser(manager.cookie).get(path).status == 200


@pytest.mark.slow
@pytest.mark.parametrize("form", Format)
def test_who_leaves_midway_frees_everything(
    served: Desk, manager: Visitor, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    path = download.PATH + ticket(served, manager, form)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "stream", endless)
        left = Browser(manager.cookie, leaves=True)
        if form is Format.XLSX:  # nothing comes before the last row
            patched.setattr(Browser, "_receive", _leave_at_once)
        left.get(path)
    assert not left.whole
    assert outcomes(served) == ["ok", "failed"]
    assert Browser(manager.cookie).get(download.PATH + ticket(served, manager)).status == 200


async def _leave_at_once(_: Browser) -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.slow
def test_who_takes_nothing_is_let_go(
    served: Desk, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "STALLED_S", 0.05)
    with pytest.raises(TimeoutError):  # the server closes the connection
        Browser(manager.cookie, stalls=True).get(download.PATH + ticket(served, manager))
    assert outcomes(served) == ["ok", "failed"]


def test_a_file_that_breaks_is_never_taken_for_whole(
    served: Desk, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = download.PATH + ticket(served, manager)
    monkeypatch.setattr(engine, "stream", broken)
    got = Browser(manager.cookie)
    with pytest.raises(AppError):
        got.get(path)
    assert not got.whole
    assert outcomes(served) == ["ok", "failed"]


def test_what_has_gone_meanwhile_is_said(
    served: Desk, manager: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = download.PATH + ticket(served, manager)
    monkeypatch.setattr(engine, "stream", nothing)
    gone = Browser(manager.cookie).get(path)
    assert (gone.status, "ningún registro" in gone.body.decode()) == (404, True)
    assert outcomes(served) == []


# ---- a report -------------------------------------------------------------------------------

WEEK = Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("paper", "begins", "media"),
    [(Paper.PDF, b"%PDF-", "application/pdf"), (Paper.XLSX, b"PK", "spreadsheetml")],
)
def test_a_report_leaves_once_and_logged(
    served: Desk, manager: Visitor, paper: Paper, begins: bytes, media: str
) -> None:
    path = download.REPORTS_PATH + report_files.start(served, manager.actor, WEEK, paper)
    browser = Browser(manager.cookie).get(path)
    assert (browser.status, browser.whole) == (200, True)
    assert browser.body.startswith(begins)
    assert media in browser.headers["content-type"]
    assert browser.headers["content-disposition"].endswith(f'.{paper}"')
    [row] = logged(served, Action.ROWS_EXPORTED)
    assert (row["actor"], row["outcome"]) == ("gerente", "ok")
    assert row["reason"] == f"Resumen de reenvíos, 16/11/2026 a 22/11/2026 ({paper.upper()})"
    assert Browser(manager.cookie).get(path).status == 410
    assert len(logged(served, Action.ROWS_EXPORTED)) == 1


def test_a_report_s_ticket_is_nobody_else_s(
    served: Desk, manager: Visitor, enter: Callable[[str], Visitor], agent: Actor
) -> None:
    placed = report_files.start(served, manager.actor, WEEK, Paper.PDF)
    for path in (download.REPORTS_PATH + placed, download.PATH + placed):
        assert Browser(enter("otra").cookie).get(path).status == 410
    assert Browser().get(download.REPORTS_PATH + placed).status == 401
    for act in (
        lambda: report_files.start(served, agent, WEEK, Paper.PDF),
        lambda: report_files.take(served, placed, actor=agent),
    ):
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.reason is Reason.FORBIDDEN
    assert logged(served, Action.ROWS_EXPORTED) == []
