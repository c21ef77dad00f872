"""Undoing an import or a load: whole, once, with its audit row, and nobody's later work is lost."""

import errno
import io
import os
import threading
from collections.abc import Callable

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.undo import Undoing
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.imports import committing, original_download, originals, previewing
from lib.services.loads import undoing
from lib.services.records import browsing, linking
from lib.store.database import Transaction
from lib.store.grid.sources import AUDIT
from lib.store.records import batches, certificates
from tests.services.log_rows import logged
from tests.small_ref import ACCOUNTS

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta"


def paper(folio: str, holder: str, bought: str = "31/01/2020") -> str:
    return f"{folio};00{folio};SAE;9.0;1;{bought};{holder};;"


def file(*rows: str, heading: str = HEADING) -> bytes:
    return "\r\n".join([heading, *rows, ""]).encode("cp1252")


def bring(desk: Desk, actor: Actor, *rows: str, name: str = "marzo.csv") -> str:
    """The id of the batch that these rows became."""
    batch_id = batches.new_id()
    seen = previewing.preview(desk, actor, name, io.BytesIO(file(*rows)))
    committing.commit(desk, actor, seen, batch_id)
    return batch_id


def held(desk: Desk) -> dict[str, str]:
    """Holder by folio."""
    rows = desk.store.rows("SELECT folio, holder FROM held_certificate ORDER BY folio")
    return dict(rows)


def refused(work: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as error:
        work()
    return error.value.reason


# ---- the file is kept --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_very_bytes_are_kept_for_nobody_else(desk: Desk, manager: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana Núñez"), paper("", "Sin folio"))
    kept = desk.settings.data / "batches" / batch_id / "marzo.csv"
    assert kept.read_bytes() == file(paper("F1", "Ana Núñez"), paper("", "Sin folio"))
    assert kept.stat().st_mode & 0o777 == 0o600
    origin = batches.origin(desk.store, batch_id)
    assert (origin.kept, origin.bytes) == (True, kept.stat().st_size)
    assert [note.line for note in origin.set_aside] == [3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../fuera.csv", "fuera.csv"),
        ("C:\\casa\\x.csv", "x.csv"),
        ("..", "archivo"),
        ("", "archivo"),
    ],
)
def test_a_file_s_name_leads_nowhere_else(desk: Desk, manager: Actor, name: str, kept: str) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"), name=name)
    assert [f.name for f in (desk.settings.data / "batches" / batch_id).iterdir()] == [kept]


@pytest.mark.slow
@pytest.mark.parametrize("title", ["CDA", "Clave"])
def test_a_file_with_codes_is_not_kept(desk: Desk, manager: Actor, title: str) -> None:
    content = file(paper("F1", "Ana") + ";SECRT-11111", heading=f"{HEADING};{title}")
    committing.commit(
        desk, manager, previewing.preview(desk, manager, "con cda.csv", io.BytesIO(content))
    )
    batch = batches.newest(desk.store)[0]
    assert batches.origin(desk.store, batch.id).kept is False
    for found in desk.settings.data.rglob("*"):
        assert not found.is_file() or b"SECRT" not in found.read_bytes(), found


@pytest.mark.slow
def test_a_refused_import_leaves_no_file(desk: Desk, manager: Actor) -> None:
    first, second = (
        previewing.preview(desk, manager, "marzo.csv", io.BytesIO(file(paper("F1", "Ana"))))
        for _ in range(2)
    )
    committing.commit(desk, manager, first)
    assert refused(lambda: committing.commit(desk, manager, second)) is Reason.STALE_PREVIEW
    assert len(list((desk.settings.data / "batches").iterdir())) == 1


@pytest.mark.slow
def test_a_file_that_can_t_be_kept_stops_the_import(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", full)
    assert refused(lambda: bring(desk, manager, paper("F1", "Ana"))) is Reason.DISK_FULL
    assert held(desk) == {}
    assert list((desk.settings.data / "batches").iterdir()) == []


def test_a_start_sweeps_what_no_batch_says(desk: Desk, manager: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"))
    stray = desk.settings.data / "batches" / batches.new_id()
    stray.mkdir()
    (stray / "abril.csv").write_bytes(b"x")
    originals.sweep(desk)
    assert [f.name for f in (desk.settings.data / "batches").iterdir()] == [batch_id]


@pytest.mark.slow
def test_the_original_is_taken_away_once_and_logged(
    desk: Desk, manager: Actor, agent: Actor
) -> None:
    content = file(paper("F1", "Ana Núñez"))
    batch_id = bring(desk, manager, paper("F1", "Ana Núñez"), name="Año «1».csv")
    ticket = original_download.start(desk, manager, batch_id, "Archivo original")
    taken = original_download.take(desk, ticket, actor=manager)
    assert (taken.name, b"".join(taken)) == ("ano-1-.csv", content)
    taken.close()
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert (row["subject"], row["reason"]) == (batch_id, "Archivo original: 1")
    assert row["detail"] == {"file": "Año «1».csv", "rows": 1}
    again = refused(lambda: original_download.take(desk, ticket, actor=manager))
    assert again is Reason.EXPORT_GONE
    denied = refused(lambda: original_download.start(desk, agent, batch_id, "x"))
    assert denied is Reason.FORBIDDEN
    (desk.settings.data / "batches" / batch_id / "Año «1».csv").unlink()
    lost = refused(lambda: original_download.start(desk, manager, batch_id, "x"))
    assert lost is Reason.FILE_NOT_KEPT


# ---- an import undone --------------------------------------------------------------------------


@pytest.mark.slow
def test_what_it_brought_goes_and_what_it_changed_returns(desk: Desk, manager: Actor) -> None:
    bring(desk, manager, paper("F1", "Ana", ""), paper("F2", "Beto"))
    before = desk.store.rows("SELECT * FROM held_certificate ORDER BY folio")
    batch_id = bring(desk, manager, paper("F1", "Ana Ruiz"), paper("F2", "Beto"), paper("F3", "C"))
    seen = undoing.see(desk, manager, batch_id)
    assert seen.would == Undoing(gone=1, returned=1, stays=0)
    assert undoing.undo(desk, manager, batch_id, " archivo\nviejo ", seen.would) == seen.would
    assert desk.store.rows("SELECT * FROM held_certificate ORDER BY folio") == before
    assert certificates.find(desk.store, "F3") is None
    (row,) = logged(desk, Action.BATCH_UNDONE)
    assert (row["actor"], row["subject"], row["reason"]) == ("gerente", batch_id, "archivo viejo")
    assert row["detail"] == {
        "source": "marzo.csv",
        "batch": "certificates",
        "gone": 1,
        "returned": 1,
        "stays": 0,
    }
    # What was typed is what the log's search finds the row by.
    assert browsing.browse(desk, AUDIT, View(q="archivo viejo"), actor=manager).records == 1
    undone = undoing.see(desk, manager, batch_id).undone
    assert undone is not None
    assert (undone.by, undone.reason, undone.result) == ("gerente", "archivo viejo", seen.would)


@pytest.mark.slow
def test_what_a_later_import_changed_stays_and_is_named(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"), paper("F2", "Beto"))
    later = bring(desk, admin, paper("F2", "Beto Paz"), name="abril.csv")
    done = undoing.undo(desk, manager, batch_id, "error")
    assert (done.gone, done.returned, done.stays) == (1, 0, 1)
    assert [(e.folio, e.by, e.source) for e in done.kept] == [("F2", "admin", "abril.csv")]
    assert held(desk) == {"F2": "Beto Paz"}
    # The later one undone leaves the row as it found it.
    undoing.undo(desk, manager, later, "error")
    assert held(desk) == {"F2": "Beto"}
    assert len(logged(desk, Action.BATCH_UNDONE)) == 2


@pytest.mark.slow
def test_a_link_made_by_hand_since_stays_and_is_named(desk: Desk, manager: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"), paper("F2", "Beto"))
    linking.link(desk, "F2", ACCOUNTS[0][0], "", actor=manager)
    done = undoing.undo(desk, manager, batch_id, "error")
    assert [(e.folio, e.by, e.source) for e in done.kept] == [("F2", "gerente", "")]
    found = certificates.find(desk.store, "F2")
    assert found is not None
    assert found.account_no == ACCOUNTS[0][0]
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1


@pytest.mark.slow
def test_the_same_file_again_after_an_undo(desk: Desk, manager: Actor) -> None:
    rows = [paper("F1", "Ana"), paper("F2", "Beto")]
    for _ in range(2):
        undoing.undo(desk, manager, bring(desk, manager, *rows), "error")
        assert held(desk) == {}
    seen = previewing.preview(desk, manager, "marzo.csv", io.BytesIO(file(*rows)))
    assert seen.merge.new == 2
    committing.commit(desk, manager, seen)
    assert held(desk) == {"F1": "Ana", "F2": "Beto"}
    assert len(logged(desk, Action.BATCH_UNDONE)) == 2


@pytest.mark.slow
def test_undoing_twice_says_who_did_it(desk: Desk, manager: Actor, admin: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"))
    undoing.undo(desk, manager, batch_id, "error")
    with pytest.raises(AppError) as again:
        undoing.undo(desk, admin, batch_id, "error")
    assert again.value.reason is Reason.ALREADY_UNDONE
    assert again.value.facts["by"] == "gerente"
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1


@pytest.mark.slow
def test_of_two_at_once_one_undoes_it(desk: Desk, manager: Actor, admin: Actor) -> None:
    batch_id = bring(desk, manager, *(paper(f"F{n}", "Ana") for n in range(50)))
    met, ends = threading.Barrier(2), list[object]()

    def undo(actor: Actor) -> None:
        met.wait()
        try:
            ends.append(undoing.undo(desk, actor, batch_id, "error").gone)
        except AppError as error:
            ends.append(error.reason)

    both = [threading.Thread(target=undo, args=(actor,)) for actor in (manager, admin)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(map(str, ends)) == ["50", "already_undone"]
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1


@pytest.mark.slow
def test_numbers_that_no_longer_hold_are_asked_again(desk: Desk, manager: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"), paper("F2", "Beto"))
    seen = undoing.see(desk, manager, batch_id).would
    bring(desk, manager, paper("F2", "Beto Paz"))
    undo = refused(lambda: undoing.undo(desk, manager, batch_id, "error", seen))
    assert undo is Reason.UNDO_CHANGED_MEANWHILE
    assert held(desk) == {"F1": "Ana", "F2": "Beto Paz"}


@pytest.mark.slow
def test_who_may_and_what_is_asked(desk: Desk, agent: Actor, manager: Actor) -> None:
    batch_id = bring(desk, manager, paper("F1", "Ana"))
    assert refused(lambda: undoing.undo(desk, agent, batch_id, "error")) is Reason.FORBIDDEN
    assert refused(lambda: undoing.see(desk, agent, batch_id)) is Reason.FORBIDDEN
    assert refused(lambda: undoing.undo(desk, manager, batch_id, " \n")) is (
        Reason.UNDO_REASON_MISSING
    )
    assert refused(lambda: undoing.undo(desk, manager, "nada", "x")) is Reason.UNKNOWN_BATCH
    bring(desk, manager, paper("F1", "Ana Paz"))
    assert refused(lambda: undoing.undo(desk, manager, batch_id, "x")) is Reason.NOTHING_TO_UNDO
    assert logged(desk, Action.BATCH_UNDONE) == []


@pytest.mark.slow
def test_a_failure_halfway_leaves_all_as_it_was(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(desk, manager, paper("F1", "Ana"))
    batch_id = bring(desk, manager, paper("F1", "Ana Paz"), paper("F2", "Beto"))

    def fail(*_: object) -> int:
        raise AppError(Reason.DISK_FULL)

    with monkeypatch.context() as broken:
        broken.setattr(Transaction, "log", fail)
        assert refused(lambda: undoing.undo(desk, manager, batch_id, "x")) is Reason.DISK_FULL
    assert held(desk) == {"F1": "Ana Paz", "F2": "Beto"}
    assert undoing.undo(desk, manager, batch_id, "x").gone == 1
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1
