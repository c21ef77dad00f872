"""Rows taken away: who may, what is in the file, what the log says, what comes back in."""

import csv
import dataclasses
import datetime as dt
import io
import sys
from collections.abc import Generator, Iterator

import openpyxl
import pytest

from lib.model.account import Section
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.model.selection import Selection
from lib.model.sheet import Format, Row, Words
from lib.model.view import Layout, View
from lib.services.desk import Desk, log_opening
from lib.services.imports import committing, previewing
from lib.services.records import browsing, customers, exporting, orders
from lib.services.records.exporting import Download, Personal
from lib.store.grid import engine
from lib.store.grid.sources import ACCOUNTS, AUDIT, CERTIFICATES, LICENCES, SUBSCRIPTIONS, Source
from lib.store.pack import files
from tests import small_ref
from tests.services.log_rows import logged

# What the vendor calls the columns; the screen's own are lib/ui/listing/export.py's.
VENDORS = {column.name: column.heading for file in files.FILES for column in file.columns}
TITLES = {SUBSCRIPTIONS.id: "Suscripciones", LICENCES.id: "Licenciamiento"}


def words(source: Source) -> Words:
    headings = {column.id: VENDORS.get(column.id, column.id) for column in source.columns}
    return Words(TITLES.get(source.id, "Lista"), headings)


def asked(
    desk: Desk,
    actor: Actor,
    source: Source = SUBSCRIPTIONS,
    view: View = View(),  # noqa: B008 — frozen
    form: Format = Format.CSV,
) -> str:
    return exporting.start(desk, source, view, form, words(source), actor=actor)


def fetched(desk: Desk, ticket: str, actor: Actor) -> bytes:
    download = exporting.take(desk, ticket, actor=actor)
    try:
        return b"".join(download)
    finally:
        download.close()


def exported(desk: Desk, actor: Actor, source: Source, view: View, form: Format) -> bytes:
    return fetched(desk, asked(desk, actor, source, view, form), actor)


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_table(
    desk: Desk, actor: Actor, source: Source = SUBSCRIPTIONS, view: View | None = None
) -> list[list[str]]:
    return table(exported(desk, actor, source, view or View(), Format.CSV))


def refused(reason: Reason) -> "pytest.RaisesExc[AppError]":
    return pytest.raises(AppError, check=lambda error: error.reason is reason)


@pytest.fixture
def open_download(desk: Desk, manager: Actor) -> Iterator[Download]:
    download = exporting.take(desk, asked(desk, manager), actor=manager)
    yield download
    download.close()


# ---- what is in it ------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_filtered_leaves_in_its_order(desk: Desk, manager: Actor) -> None:
    view = View(filters={"product": "SAE"}, sort=(("seats", False),), group=("version",))
    heading, *rows = as_table(desk, manager, view=view)
    assert heading[:5] == ["Sistema", "Versión", "Usuarios", "No. Serie", "No. Cuenta"]
    assert [row[3] for row in rows] == ["S0000000004", "S0000000001"]
    assert rows[1][6:8] == ["01/03/2025", "01/03/2027"]


def test_the_columns_are_those_in_sight_in_their_order(desk: Desk, manager: Actor) -> None:
    view = View(layout=Layout(columns=("serial", "no_such", "account_name")), q="zoe")
    assert as_table(desk, manager, view=view) == [
        ["No. Serie", "account_name"],
        ["S0000000002", "Zoé Pérez Ordóñez"],
    ]


def test_what_the_desk_corrected_leaves_corrected(desk: Desk, manager: Actor) -> None:
    changed = {"name": "Zoé Pérez", "email": "zoe@example.com", "phone": "+525512341234"}
    customers.correct(desk, manager, "00000002", Section.CONTACT, changed, version=0)
    view = View(layout=Layout(columns=("account_no", "name", "phone")))
    rows = as_table(desk, manager, ACCOUNTS, view)
    assert rows[2][:2] == ["00000002", "Zoé Pérez"]
    assert rows[2][2].endswith("1234")


def test_customers_data_leaves_masked_and_whole_only_for_who_may(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    view = View(layout=Layout(columns=("account_no", "email", "phone")))
    _, first, *_ = as_table(desk, manager, ACCOUNTS, view)
    assert first == ["00000001", "h***************r@example.com", "******4158"]
    _, first, *_ = as_table(desk, admin, ACCOUNTS, view)
    assert first == ["00000001", "hector.villasenor@example.com", "4424614158"]
    as_table(desk, manager, ACCOUNTS, View(layout=Layout(columns=("account_no", "name"))))
    said = [row["detail"]["personal"] for row in logged(desk, Action.ROWS_EXPORTED)]
    assert said == ["masked", "whole", ""]


def test_whoever_imports_certificates_takes_them_whole(manager: Actor, admin: Actor) -> None:
    for person in (manager, admin):
        assert exporting.personal(CERTIFICATES, View(), person) is Personal.WHOLE


def test_what_is_ticked_leaves_alone(desk: Desk, manager: Actor) -> None:
    view = View(group=("product",), q="a")
    ticked = Selection(ids=("S0000000002", "S0000000003"))
    ticket = exporting.start(
        desk, SUBSCRIPTIONS, view, Format.CSV, words(SUBSCRIPTIONS), ticked, actor=manager
    )
    rows = table(fetched(desk, ticket, manager))[1:]
    assert [row[3] for row in rows] == ["S0000000002", "S0000000003"]
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert row["reason"] == "Suscripciones: 2 (CSV)"
    assert row["detail"]["selection"] == "S0000000002, S0000000003"


@pytest.mark.slow
def test_a_load_in_the_middle_mixes_nothing(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_BATCH", 1)
    download = exporting.take(desk, asked(desk, manager), actor=manager)
    before = desk.store.ref_file
    with monkeypatch.context() as patched:
        renamed = [(s, k, "00000002", *rest) for s, k, _, *rest in small_ref.SYSTEMS]
        patched.setattr(small_ref, "SYSTEMS", renamed)
        small_ref.publish(desk.store, desk.vault())
    assert desk.store.ref_file != before
    rows = table(b"".join(download))[1:]
    download.close()
    assert [row[4] for row in rows] == ["00000001", "00000002", "00000003", "00000004"]
    assert {row[4] for row in as_table(desk, manager)[1:]} == {"00000002"}


def test_a_workbook_of_the_same(desk: Desk, manager: Actor) -> None:
    content = exported(desk, manager, LICENCES, View(), Format.XLSX)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Licenciamiento"]
    values = list(book.worksheets[0].iter_rows(values_only=True))
    assert [row[3] for row in values] == ["No. Serie", "L0000000001", "L0000000002"]
    assert values[1][4] == "00000001"
    assert values[1][6] == dt.datetime.fromisoformat("2020-01-09")


@pytest.mark.parametrize("source", [SUBSCRIPTIONS, LICENCES, ACCOUNTS, AUDIT])
def test_no_cda_leaves(desk: Desk, manager: Actor, source: Source) -> None:
    log_opening(desk)  # so that the log has a row
    said = exported(desk, manager, source, View(), Format.CSV).decode()
    assert len(said.splitlines()) > 1
    for serial, _, _, code in small_ref.ACTIVATIONS:
        assert code not in said
        assert desk.vault().seal(serial, code).hex() not in said


# ---- and back in --------------------------------------------------------------------------------

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta"
CERTIFICATE_ROWS = (
    "F1;0KFAQ05EFJ4;BANCO;6.0;2;16/05/2018;Maquiladora Peña;;00000001",
    "00002;00123;SAE;9.0;1;2020-01-31;=cmd|' /C calc'!A0;;",
    'F3;12345678901234567890;COI;10.0;1;;\'Ndrangheta "y" Cía, S.A.;XAXX010101000;',
    "F4;-12;NOI;10.0;1;;''@doble;;",
)


@pytest.mark.slow
def test_exported_certificates_come_back_unchanged(desk: Desk, manager: Actor) -> None:
    source_file = "\r\n".join([HEADING, *CERTIFICATE_ROWS, ""]).encode("cp1252")
    seen = previewing.preview(desk, manager, "a.csv", io.BytesIO(source_file))
    assert committing.commit(desk, manager, seen).new == len(CERTIFICATE_ROWS)

    content = exported(desk, manager, CERTIFICATES, View(), Format.CSV)
    assert b",'=cmd" in content
    again = previewing.preview(desk, manager, "b.csv", io.BytesIO(content))
    assert [problem for problem in again.problems if problem.bad] == []
    assert dataclasses.astuple(again.merge) == (0, 0, len(CERTIFICATE_ROWS))
    previewing.discard(again)


# ---- who may ------------------------------------------------------------------------------------


def test_agents_export_nothing(desk: Desk, agent: Actor, manager: Actor) -> None:
    with refused(Reason.FORBIDDEN):
        asked(desk, agent)
    with refused(Reason.FORBIDDEN):
        exporting.count(desk, SUBSCRIPTIONS, View(), actor=agent)
    with refused(Reason.FORBIDDEN):
        exporting.take(desk, asked(desk, manager), actor=agent)
    assert logged(desk, Action.ROWS_EXPORTED) == []


def test_a_role_taken_away_meanwhile_counts(desk: Desk, manager: Actor) -> None:
    ticket = asked(desk, manager)
    with refused(Reason.FORBIDDEN):
        exporting.take(desk, ticket, actor=dataclasses.replace(manager, role=Role.AGENT))
    assert logged(desk, Action.ROWS_EXPORTED) == []


def test_a_ticket_serves_once_for_the_session_that_asked(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    ticket = asked(desk, manager)
    for other in (admin, dataclasses.replace(manager, session="another")):
        with refused(Reason.EXPORT_GONE):
            exporting.take(desk, ticket, actor=other)
    assert fetched(desk, ticket, manager)
    with refused(Reason.EXPORT_GONE):
        exporting.take(desk, ticket, actor=manager)


def test_a_ticket_is_short_lived_and_the_last_one_counts(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = asked(desk, manager), asked(desk, manager)
    with refused(Reason.EXPORT_GONE):
        exporting.take(desk, older, actor=manager)
    monkeypatch.setattr(orders, "LIFE", dt.timedelta(0))
    with refused(Reason.EXPORT_GONE):
        exporting.take(desk, newer, actor=manager)


@pytest.mark.slow
def test_one_export_at_a_time_a_person(
    desk: Desk, open_download: Download, manager: Actor, admin: Actor
) -> None:
    with refused(Reason.EXPORT_RUNNING):
        asked(desk, manager)
    assert fetched(desk, asked(desk, admin), admin)
    open_download.close()
    assert fetched(desk, asked(desk, manager), manager)


def test_many_at_once_are_asked_to_wait(
    desk: Desk, open_download: Download, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "MOST_AT_ONCE", 1)
    with refused(Reason.EXPORTS_BUSY):
        asked(desk, admin)


def test_nothing_to_export_is_said(desk: Desk, manager: Actor) -> None:
    with refused(Reason.NOTHING_TO_EXPORT):
        asked(desk, manager, view=View(q="no hay nadie así"))
    assert logged(desk, Action.ROWS_EXPORTED) == []


def test_nobody_waits_for_an_export(
    desk: Desk, manager: Actor, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "stream", endless)
    download = exporting.take(desk, asked(desk, manager), actor=manager)
    assert next(iter(download))
    log_opening(desk)  # a write
    assert browsing.browse(desk, SUBSCRIPTIONS, View(), actor=agent).records == 4
    download.close()


def endless(*_: object) -> Generator[list[Row], None, None]:
    while True:
        yield [("SAE",) * len(SUBSCRIPTIONS.columns)] * 1000


# ---- the log ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_is_in_the_log_before_a_byte_leaves(desk: Desk, manager: Actor) -> None:
    view = View(q="villaseñor", filters={"product": "SAE"})
    download = exporting.take(desk, asked(desk, manager, view=view), actor=manager)
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert download.sent == 0
    assert (row["actor"], row["outcome"], row["subject"]) == ("gerente", "ok", "subscriptions")
    assert row["reason"] == "Suscripciones: 1 (CSV)"
    detail = row["detail"]
    assert detail["rows"] == 1
    assert detail["file"] == download.name
    assert download.name.startswith("suscripciones-20")
    assert (detail["search"], detail["filters"]) == ("villaseñor", "Sistema: SAE")
    assert detail["columns"].startswith("Sistema, Versión")
    assert b"".join(download)
    download.close()
    assert len(logged(desk, Action.ROWS_EXPORTED)) == 1


@pytest.mark.slow
def test_a_load_between_counting_and_reading_is_in_the_log(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = asked(desk, manager)
    monkeypatch.setattr(exporting, "count", lambda *_, **__: 3)
    fetched(desk, ticket, manager)
    before, after = logged(desk, Action.ROWS_EXPORTED)
    assert (before["reason"], before["detail"]["rows"]) == ("Suscripciones: 3 (CSV)", 3)
    assert (after["outcome"], after["detail"]["rows"]) == ("ok", 4)


def test_no_process_no_export_and_no_row_of_it(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = asked(desk, manager)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", "/no/such/python")
        with refused(Reason.EXPORT_FAILED):
            exporting.take(desk, ticket, actor=manager)
    assert logged(desk, Action.ROWS_EXPORTED) == []
    assert fetched(desk, asked(desk, manager), manager)


def test_one_that_broke_is_said_so(desk: Desk, open_download: Download) -> None:
    open_download.stop()
    with refused(Reason.EXPORT_FAILED):
        list(open_download)
    open_download.close()
    _, broken = logged(desk, Action.ROWS_EXPORTED)
    assert (broken["outcome"], broken["reason"]) == ("failed", "export_failed")
    assert (broken["detail"]["file"], broken["detail"]["sent"]) == (open_download.name, 0)


def test_an_export_of_one_customer_stands_in_their_history(desk: Desk, manager: Actor) -> None:
    exported(desk, manager, LICENCES.narrowed("account_no", "00000001"), View(), Format.CSV)
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert row["account_no"] == "00000001"


@pytest.mark.slow
def test_the_log_is_exported_without_its_details(desk: Desk, manager: Actor) -> None:
    as_table(desk, manager, view=View(q="villaseñor"))
    log = AUDIT.labelled({"action": {"rows_exported": "Exportación"}})
    heading, row = as_table(desk, manager, log)
    assert heading[:4] == ["logged_at", "actor", "action", "outcome"]
    assert row[1:4] == ["gerente", "Exportación", "ok"]
    assert row[6] == "Suscripciones: 1 (CSV)"
    assert "villaseñor" not in str(row)


def test_a_log_that_can_t_be_written_lets_nothing_out(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_work: object) -> None:
        raise AppError(Reason.STORAGE_FAILED)

    ticket = asked(desk, manager)
    with monkeypatch.context() as patched:
        patched.setattr(desk.store, "write", fails)
        with refused(Reason.STORAGE_FAILED):
            exporting.take(desk, ticket, actor=manager)
    assert fetched(desk, asked(desk, manager), manager)  # and the next one isn't refused
