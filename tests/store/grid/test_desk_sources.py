"""Lists of what is written at the desk: certificates and the audit log."""

import datetime as dt
import io

import pytest

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.imports import committing, previewing, registering
from lib.store.database import Store, Transaction
from lib.store.grid import engine
from lib.store.grid.sources import ACCOUNTS, AUDIT, CERTIFICATES
from lib.store.grid.tree import Group, Record
from lib.store.records import batches
from lib.ui.log import log_names

LABELS = {
    "action": {"signed_in": "Inicio de sesión", "mail_failed": "Correo fallido"},
    "outcome": {"ok": "Correcto", "failed": "Fallido"},
}


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC).replace(tzinfo=None)  # type: ignore[misc,arg-type]


def log_at(store: Store, at: dt.datetime, actor: Actor, entry: Entry) -> None:
    def work(transaction: Transaction) -> None:
        transaction.now = at
        transaction.log(actor, entry)

    store.write(work)


@pytest.fixture
def logged(store: Store, agent: Actor, manager: Actor) -> Store:
    """Three entries; the first two on one office day, though not on one UTC day."""
    signed_in = Entry(Action.SIGNED_IN)
    failed = Entry(Action.MAIL_FAILED, Outcome.FAILED, "00000002", "S9", "Perdió el correo", "T-1")
    log_at(store, utc(2026, 7, 21, 23, 0), agent, signed_in)
    log_at(store, utc(2026, 7, 22, 5, 59, 59), agent, failed)
    log_at(store, utc(2026, 7, 22, 6, 0), manager, signed_in)
    return store


def ids(store: Store, view: View) -> list[str]:
    rows = engine.window(store, AUDIT.labelled(LABELS), view).rows
    return [row.id for row in rows if isinstance(row, Record)]


def test_the_log_shows_the_newest_first(logged: Store) -> None:
    assert ids(logged, View()) == ["3", "2", "1"]
    assert ids(logged, View(sort=(("logged_at", False),))) == ["1", "2", "3"]
    log_at(logged, clock.now(), SYSTEM, Entry(Action.APP_STOPPED))
    assert ids(logged, View())[0] == "4"


def test_the_log_is_grouped_by_the_office_day(logged: Store) -> None:
    view = View(group=("logged_at",), expanded=(("2026-07-21",),))
    window = engine.window(logged, AUDIT, view)
    shape = [(r.value, r.count) if isinstance(r, Group) else r.id for r in window.rows]
    assert shape == [(dt.date(2026, 7, 22), 1), (dt.date(2026, 7, 21), 2), "2", "1"]


def test_the_log_is_grouped_by_the_month_of_the_office(logged: Store, manager: Actor) -> None:
    log_at(logged, utc(2026, 8, 1, 5, 59), manager, Entry(Action.SIGNED_IN))  # still July there
    log_at(logged, utc(2026, 8, 1, 6, 0), manager, Entry(Action.SIGNED_IN))
    window = engine.window(logged, AUDIT, View(group=("logged_at:year", "logged_at:month")))
    assert [(r.path, r.count) for r in window.rows if isinstance(r, Group)] == [((2026,), 5)]
    opened = View(group=("logged_at:month",), expanded=(("2026-08",),))
    window = engine.window(logged, AUDIT, opened)
    shape = [(r.value, r.count) if isinstance(r, Group) else r.id for r in window.rows]
    assert shape == [(dt.date(2026, 8, 1), 1), "5", (dt.date(2026, 7, 1), 4)]


def test_the_days_of_the_log_are_listed(logged: Store) -> None:
    listed = engine.facet(logged, AUDIT, View(), "logged_at")
    assert listed.values == (("2026-07-21", 2), ("2026-07-22", 1))


def test_the_log_has_no_users_to_add_up(logged: Store) -> None:
    window = engine.window(logged, AUDIT, View(group=("actor",)))
    assert window.seats is None
    assert {row.seats for row in window.rows if isinstance(row, Group)} == {None}


def test_a_days_entries_keep_the_order_asked_for(logged: Store) -> None:
    days = (("2026-07-21",), ("2026-07-22",))
    for descending, shown in [(False, ["1", "2", "3"]), (True, ["3", "2", "1"])]:
        sort = (("logged_at", descending),)
        assert ids(logged, View(group=("logged_at",), expanded=days, sort=sort)) == shown


def test_the_log_by_person_and_act(logged: Store) -> None:
    window = engine.window(logged, AUDIT.labelled(LABELS), View(group=("action", "actor")))
    assert [row.path for row in window.rows if isinstance(row, Group)] == [
        ("mail_failed",),
        ("signed_in",),
    ]


@pytest.mark.parametrize(
    ("view", "found"),
    [
        (View(q="s9 perdio"), ["2"]),
        (View(q="gerente"), ["3"]),
        (View(filters={"action": "correo fallido"}), ["2"]),
        (View(filters={"action": "mail_failed"}), ["2"]),
        (View(filters={"logged_at": "21/07/2026"}), ["2", "1"]),
        (View(filters={"logged_at": "22/07/2026.."}), ["3"]),
        (View(filters={"outcome": "Fallido", "ticket": "t-1"}), ["2"]),
    ],
)
def test_the_log_is_searched_and_filtered(logged: Store, view: View, found: list[str]) -> None:
    assert ids(logged, view) == found


def test_an_agents_own_log(logged: Store, manager: Actor) -> None:
    own = AUDIT.narrowed("actor", manager.username)
    rows = engine.window(logged, own, View(filters={"actor": "agente"})).rows
    assert rows == ()
    assert [r.id for r in engine.window(logged, own, View()).rows if isinstance(r, Record)] == ["3"]


def test_choices_are_in_the_order_they_read(logged: Store) -> None:
    choices = engine.window(logged, AUDIT.labelled(LABELS), View()).choices
    assert choices["action"] == ("mail_failed", "signed_in")


def certificate(store: Store, folio: str, holder: str, account_no: str) -> None:
    store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES (?, ?, 'SAE', '9.0', 1, NULL, ?, '', ?, ?, 'b')",
            [folio, f"C{folio}", holder, account_no, f"{folio} {holder}".casefold()],
        )
    )


def test_certificates_are_found_by_what_their_account_is_found_by(desk: Desk) -> None:
    certificate(desk.store, "F1", "Otro Titular", "00000001")
    certificate(desk.store, "F2", "Sin Cuenta", "")

    def folios(q: str) -> list[str]:
        rows = engine.window(desk.store, CERTIFICATES, View(q=q)).rows
        return [row.id for row in rows if isinstance(row, Record)]

    assert folios("") == ["F1", "F2"]
    assert folios("otro") == ["F1"]
    assert folios("hector.villasenor@example.com") == ["F1"]
    assert folios("442 461 4158 titular") == ["F1"]
    assert folios("F2 zoe") == []


def test_accounts_show_what_was_corrected(desk: Desk) -> None:
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.correction (account_no, email, search, version, corrected_at,"
            " corrected_by) VALUES ('00000003', 'nuevo@example.com', 'nuevo@example.com', 1, ?,"
            " 'agente')",
            [t.now],
        )
    )
    window = engine.window(desk.store, ACCOUNTS, View(q="nuevo@"))
    (row,) = window.rows
    assert isinstance(row, Record)
    assert row.cells[:3] == ("00000003", "Sin Correo Núñez", "nuevo@example.com")
    by_email = View(sort=(("email", True),), filters={"email": "NUEVO"})
    assert engine.window(desk.store, ACCOUNTS, by_email).records == 1


@pytest.mark.slow
def test_certificates_are_filtered_and_grouped_by_their_batch(desk: Desk, manager: Actor) -> None:
    brought = []
    for name in ("marzo", "abril"):
        rows = f"{name},0{name},SAE,9.0,1,,Ana,,\n"
        head = "Folio,No. Serie,Sistema,Versión,Usuarios,Fecha Compra,Titular,RFC,No. Cuenta\n"
        seen = previewing.preview(desk, manager, f"{name}.csv", io.BytesIO((head + rows).encode()))
        brought.append(batches.new_id())
        committing.commit(desk, manager, seen, brought[-1])
    typed = dict.fromkeys(registering.FIELDS, "") | {
        "folio": "A-MANO", "serial": "0X", "product": "SAE", "seats": "1",
    }  # fmt: skip
    registering.register(desk, manager, typed)
    # Newer ones, more than a choice lists: the old ones keep their names.
    desk.store.write(
        lambda t: [
            batches.add(t, batches.new_id(), "certificates", f"{n}.csv", "gerente", {}, "")
            for n in range(201)
        ]
    )
    shown = log_names.labelled(CERTIFICATES, desk, manager)

    def folios(wanted: str) -> list[str]:
        rows = engine.window(desk.store, shown, View(filters={"batch": wanted})).rows
        return [row.id for row in rows if isinstance(row, Record)]

    assert folios(f"={brought[1]}") == ["abril"]
    assert folios("=hand") == ["A-MANO"]
    groups = engine.window(desk.store, shown, View(group=("batch",))).rows
    assert {group.value for group in groups if isinstance(group, Group)} == {*brought, "hand"}
    labels = next(column.labels for column in shown.columns if column.id == "batch")
    assert labels[brought[0]].startswith("marzo.csv · ")
    assert folios(labels[brought[0]]) == ["marzo"]
    listed = engine.facet(desk.store, shown, View(), "batch")
    assert {code for code, _ in listed.values} == {*brought, "hand"}
    typed = engine.facet(desk.store, shown, View(), "batch", "marzo")
    assert typed.values == ((brought[0], 1),)
