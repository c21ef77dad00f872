"""A file asked for is one person's, in one session, once. That it is nobody's who may no more is
tried in tests/services/test_role_acts.py, of every way to take one."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from inspect import getsource
from typing import Any

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.audit_export import Asked
from lib.model.bulk import Manner
from lib.model.errors import AppError, Reason
from lib.model.outbox import Motive
from lib.model.period import Period
from lib.model.report import Paper
from lib.model.roles import Role
from lib.model.sheet import Format
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.imports import committing, error_download, original_download, previewing
from lib.services.log import auditing, report_files
from lib.services.records import exporting
from lib.services.resends import bulk, bulk_results
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.ui.listing import download, export
from lib.ui.log import audit_words
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
FILE = (
    b"Folio;No. Serie;Sistema;Versi\xc3\xb3n;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\r\n"
    b"F1;0C1;SAE;9.0;1;;Ana;;\r\nF2;;;;;;;;\r\n"
)


@dataclass(frozen=True)
class Kind:
    """How a file of it is asked for, and how its ticket is changed for it."""

    start: Callable[[Desk, Actor], str]
    take: Callable[..., Any]


def rows(desk: Desk, actor: Actor) -> str:
    words = export.words(SUBSCRIPTIONS)
    return exporting.start(desk, SUBSCRIPTIONS, View(), Format.CSV, words, actor=actor)


def result(desk: Desk, actor: Actor) -> str:
    checked = bulk.check_serials(desk, SUBSCRIPTIONS.id, ["S0000000002"], actor=actor)
    started = bulk.start(desk, actor, checked, Manner.PER_SYSTEM, Motive.OTHER, "", accepting=True)
    words = bulk_results.Words("Resultado", ("Serie",), lambda line: (line.serial,))
    return bulk_results.start(desk, actor, started.id, words)


def report(desk: Desk, actor: Actor) -> str:
    return report_files.start(desk, actor, Period(clock.today(), clock.today()), Paper.XLSX)


def audit(desk: Desk, actor: Actor) -> str:
    return auditing.start(desk, actor, Asked(detailed=False), audit_words.WORDS)


def original(desk: Desk, actor: Actor) -> str:
    return original_download.start(desk, actor, batch(desk, actor), "Archivo original")


def errors(desk: Desk, actor: Actor) -> str:
    return error_download.start(desk, actor, Format.CSV, batch_id=batch(desk, actor))


def batch(desk: Desk, actor: Actor) -> str:
    seen = previewing.preview(desk, actor, "marzo.csv", io.BytesIO(FILE))
    committing.commit(desk, actor, seen)
    [(newest,)] = desk.store.rows("SELECT id FROM ops.batch WHERE kind = 'certificates'")
    return str(newest)


KINDS = {
    "rows": Kind(rows, exporting.take),
    "result": Kind(result, bulk_results.take),
    "report": Kind(report, report_files.take),
    "audit": Kind(audit, auditing.take),
    "original": Kind(original, original_download.take),
    "errors": Kind(errors, error_download.take),
}


@pytest.fixture
def gil(desk: Desk, cheap_passwords: None) -> Actor:
    for username in ("gil", "otro"):
        access.add_staff(desk, SYSTEM, username, username, "", Role.MANAGER, PASSWORD)
    return Actor("gil", "Gil", Role.MANAGER, session="s-gil")


def refusal(act: Callable[[], Any]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def left(desk: Desk) -> int:
    return len(logged(desk, Action.ROWS_EXPORTED, Action.AUDIT_EXPORTED))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_ticket_is_one_session_s_once(desk: Desk, gil: Actor, kind: Kind) -> None:
    ticket = kind.start(desk, gil)
    strangers = (replace(gil, session="s-2"), Actor("otro", "", Role.MANAGER, session="s-gil"))
    for stranger in strangers:
        assert refusal(partial(kind.take, desk, ticket, actor=stranger)) is Reason.EXPORT_GONE
    others = [other for other in KINDS.values() if other is not kind]
    for other in others:  # nor is it good for anything else
        assert refusal(partial(other.take, desk, ticket, actor=gil)) is Reason.EXPORT_GONE
    assert left(desk) == 0
    file = kind.take(desk, ticket, actor=gil)
    assert b"".join(file)
    file.close()
    assert left(desk) == 1
    assert refusal(partial(kind.take, desk, ticket, actor=gil)) is Reason.EXPORT_GONE
    assert left(desk) == 1


def test_each_way_out_is_here() -> None:
    """Those of lib/ui/listing/download.py."""
    ways = {kind.take.__module__.rpartition(".")[2] for kind in KINDS.values()}
    assert ways == {
        line.split("_file(request, ")[1].split(".")[0]
        for line in getsource(download).splitlines()
        if "_file(request, " in line
    }
