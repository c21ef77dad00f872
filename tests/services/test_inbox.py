"""The watched folder: a pack is loaded when it is whole, once, and put aside with the result."""

import os
import shutil
import threading

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.inbox import Now
from lib.model.load import FileCounts
from lib.services.loads import inbox, loading
from lib.services.loads.in_hand import Pace
from lib.services.loads.inbox import InboxWatch
from lib.store.pack.files import ACCOUNTS, CERTIFICATES, FILES
from lib.store.records import batches, loads
from lib.ui import messages
from tests import packs
from tests.packs import row
from tests.services.log_rows import logged
from tests.services.watched import SETTLE_S, Watched, said, small
from tests.waiting import until

# ---- whole packs are loaded ------------------------------------------------------------------


@pytest.mark.slow
def test_five_files_that_lie_still_are_loaded_and_put_aside(watched: Watched) -> None:
    packs.whole(watched.folder)
    (watched.folder / "notas.txt").write_text("de otra cosa")
    [waiting] = watched.look().waiting
    assert (waiting.name, len(waiting.found), waiting.missing) == ("", 5, ())
    watched.look(SETTLE_S - 1)
    assert watched.batches() == []
    now = watched.look(1)
    assert now == Now(strangers=("notas.txt",))
    assert watched.batches() == [("sistema", "Carpeta vigilada «entregas»")]
    [batch] = batches.newest(watched.desk.store)
    [done] = watched.aside("cargados")
    assert done.name.endswith(batch.id)
    assert sorted(f.name for f in (done / "entregas").iterdir()) == sorted(f.name for f in FILES)
    assert f"Filas: nuevas 5, cambiadas 0, iguales 0 y apartadas 0.\nLote: {batch.id}" in (
        done / "resultado.txt"
    ).read_text("utf-8")
    assert sorted(p.name for p in watched.folder.iterdir()) == [
        ".en-curso",
        "cargados",
        "notas.txt",
    ]
    assert (watched.folder / "cargados").stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_the_log_names_the_folder_and_the_desk_as_who_did_it(watched: Watched) -> None:
    packs.whole(watched.folder / "2026-11-23")
    watched.settle()
    [loaded] = logged(watched.desk, Action.PACK_LOADED)
    assert (loaded["actor"], loaded["detail"]["source"]) == (
        "sistema", "Carpeta vigilada «entregas»: 2026-11-23",
    )  # fmt: skip
    assert loaded["detail"]["new"] == 5
    assert (watched.aside("cargados")[0] / "2026-11-23" / "cda.csv").is_file()


@pytest.mark.slow
def test_sub_folders_are_loaded_as_they_were_made(watched: Watched) -> None:
    for at, name in enumerate(("b-primera", "a-segunda")):
        folder = packs.whole(watched.folder / name)
        packs.write(folder, {ACCOUNTS: [row(ACCOUNTS, name=name)]})
        for file in folder.iterdir():
            os.utime(file, (1_000_000 + at, 1_000_000 + at))
    watched.settle()
    assert watched.desk.store.rows("SELECT name FROM account") == [("a-segunda",)]


@pytest.mark.slow
def test_fewer_files_wait_until_a_marker_says_that_is_all(watched: Watched) -> None:
    packs.write(watched.folder, {CERTIFICATES: [row(CERTIFICATES)]})
    [waiting] = watched.settle().waiting
    assert waiting.missing == ("cuentas.csv", "suscripciones.csv", "licencias.csv", "cda.csv")
    assert watched.batches() == []
    (watched.folder / "LISTO.txt").touch()
    watched.settle()
    [done] = watched.aside("cargados")
    assert sorted(f.name for f in (done / "entregas").iterdir()) == [
        "LISTO.txt",
        "certificados.csv",
    ]
    [batch] = batches.newest(watched.desk.store)
    assert batch.summary["new"] == 1


@pytest.mark.parametrize(
    "name", ["cda.csv.filepart", "x.PART", "cuentas.tmp", ".cuentas.csv.Ab12", ".cda.csv.swp"]
)
def test_a_temporary_name_says_that_it_still_arrives(watched: Watched, name: str) -> None:
    packs.whole(watched.folder)
    (watched.folder / name).touch()
    [waiting] = watched.settle().waiting
    assert waiting.arriving == (name,)
    assert watched.batches() == []


@pytest.mark.slow
def test_hidden_files_of_somebody_s_home_hold_nothing_up(watched: Watched) -> None:
    small(watched.folder)
    (watched.folder / ".bashrc").touch()
    assert watched.settle() == Now()
    assert len(watched.batches()) == 1


@pytest.mark.slow
def test_what_grows_isn_t_still(watched: Watched) -> None:
    packs.whole(watched.folder)
    watched.look()
    with (watched.folder / "cuentas.csv").open("ab") as file:
        file.write(b"\r\n")
    watched.look(SETTLE_S)
    assert watched.batches() == []
    watched.look(SETTLE_S)
    assert len(watched.batches()) == 1


@pytest.mark.slow
def test_a_file_that_a_hanging_writer_holds_open_isn_t_loaded(watched: Watched) -> None:
    """It lies still for an hour, half written: the system knows that somebody has it open."""
    packs.whole(watched.folder)
    with (watched.folder / "cda.csv").open("ab") as half:
        watched.look()
        [waiting] = watched.look(3_600).waiting
        assert waiting.arriving == ("cda.csv",)
        assert watched.batches() == []
        half.write(b"S0000000001;SECRT-00009-AAAAA-BBBBB;01/11/2024;Desbloqueo\r\n")
    watched.settle()
    [batch] = batches.newest(watched.desk.store)
    assert batch.summary["files"]["cda.csv"]["new"] == 2


@pytest.mark.slow
def test_what_changes_while_it_is_loaded_isn_t_published(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a share the system can't tell who has a file open."""
    small(watched.folder)
    build = loading._build

    def and_it_grows(*args: object, **named: object) -> object:
        built = build(*args, **named)  # type: ignore[arg-type]
        monkeypatch.setattr(loading, "_build", build)
        with next(watched.folder.glob(".en-curso/*/*/certificados.csv")).open("ab") as late:
            late.write(b"\r\n")
        return built

    monkeypatch.setattr(loading, "_build", and_it_grows)
    assert "cambió mientras se cargaba" in said(watched.settle().trouble)
    assert watched.batches() == []
    assert watched.look(SETTLE_S).trouble is None
    assert len(watched.batches()) == 1


@pytest.mark.slow
def test_the_same_pack_again_is_said_and_no_error(watched: Watched, admin: Actor) -> None:
    for _ in range(2):
        packs.whole(watched.folder)
        watched.settle()
    newest, first = batches.newest(watched.desk.store)
    assert (newest.summary["new"], newest.summary["unchanged"]) == (0, 5)
    seen = inbox.seen(watched.desk, admin)
    assert seen
    assert seen.last
    assert seen.last.again == first.finished_at
    assert len(watched.aside("cargados")) == 2


# ---- waits -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_it_waits_for_another_load(watched: Watched) -> None:
    small(watched.folder)
    with loads.alone(watched.desk.settings.data):
        assert said(watched.settle().trouble).startswith("Ya hay una carga en curso")
    assert watched.look(SETTLE_S).trouble is None
    assert len(watched.batches()) == 1


@pytest.mark.slow
def test_a_newer_pack_waits_for_the_one_that_waits(watched: Watched) -> None:
    for at, name in enumerate(("lunes", "martes")):
        pack = packs.write(watched.folder / name, {ACCOUNTS: [row(ACCOUNTS, name=name)]})
        (pack / "listo").touch()
        for file in pack.iterdir():
            os.utime(file, (1_000_000 + at, 1_000_000 + at))
    with loads.alone(watched.desk.settings.data):
        assert [w.name for w in watched.settle().waiting] == ["martes"]
    watched.look(SETTLE_S)
    assert watched.desk.store.rows("SELECT name FROM account") == [("martes",)]


def test_a_load_that_breaks_is_tried_three_times(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise AppError(Reason.LOAD_FAILED, why="OSError")

    monkeypatch.setattr(loading, "_build", broken)
    packs.whole(watched.folder)
    assert "se interrumpió" in said(watched.settle().trouble)
    watched.look(1)  # not yet
    watched.look(60)
    assert watched.aside("rechazados") == []
    watched.look(60)
    assert len(watched.aside("rechazados")) == 1


@pytest.mark.slow
def test_a_folder_that_vanishes_is_said_and_comes_back_by_itself(watched: Watched) -> None:
    small(watched.folder)
    watched.look()
    away = watched.folder.rename(watched.folder.with_name("otra"))
    gone = watched.look(SETTLE_S)
    assert gone.waiting == ()
    assert said(gone.trouble).startswith(f"La carpeta vigilada {watched.folder} no se puede abrir")
    away.rename(watched.folder)
    assert watched.settle().trouble is None
    assert len(watched.batches()) == 1


# ---- the thread ------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_thread_loads_what_is_dropped_while_others_still_write(watched: Watched) -> None:
    watch = InboxWatch(watched.desk, messages.sentence, Pace(0.05, 0.01, 0.05), apart=False)
    watch.start()
    stop = threading.Event()

    def deliver() -> None:
        with (watched.folder / "cuentas.csv").open("wb") as slow:
            until(stop.is_set)
            slow.write((source / "cuentas.csv").read_bytes())

    source = packs.whole(watched.folder.parent / "fuente")
    for file in source.iterdir():
        if file.name != "cuentas.csv":
            shutil.copy(file, watched.folder)
    writer = threading.Thread(target=deliver)
    writer.start()
    until(lambda: any(w.arriving for w in watched.desk.inbox.now.waiting))
    assert watched.batches() == []
    stop.set()
    writer.join()
    until(watched.batches)
    until(lambda: watched.aside("cargados"))
    watch.stop()
    [batch] = batches.newest(watched.desk.store)
    assert FileCounts(**batch.summary["files"]["cuentas.csv"]) == FileCounts(rows=1, new=1)


@pytest.mark.slow
def test_stopped_amid_a_load_it_leaves_that_to_the_next_start(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = InboxWatch(watched.desk, messages.sentence, Pace(0.0, 0.01, 0.05), apart=False)
    build = loading._build

    def while_it_stops(*args: object, **named: object) -> object:
        watch._stopping.set()
        return build(*args, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(loading, "_build", while_it_stops)
        small(watched.folder)
        watch.start()
        watch._thread.join(30)
    assert watched.batches() == []
    watched.look()
    assert len(watched.batches()) == 1


@pytest.mark.slow
def test_a_pack_is_loaded_by_a_process_of_its_own(watched: Watched) -> None:
    packs.whole(watched.folder)
    watch = InboxWatch(watched.desk, messages.sentence, Pace(0.0, 0.01, 0.05))
    watch.start()
    until(lambda: watched.aside("cargados"))
    watch.stop()
    assert len(watched.batches()) == 1


# ---- who, and whether it can be ----------------------------------------------------------------


def test_only_who_loads_sees_the_folder(watched: Watched, manager: Actor) -> None:
    with pytest.raises(AppError) as refusal:
        inbox.seen(watched.desk, manager)
    assert refusal.value.reason is Reason.FORBIDDEN


def test_a_folder_that_isn_t_there_stops_the_start(watched: Watched) -> None:
    inbox.require(watched.desk)
    watched.folder.rename(watched.folder.with_name("otra"))
    with pytest.raises(AppError) as refusal:
        inbox.require(watched.desk)
    assert refusal.value.reason is Reason.BAD_SETTING
    assert refusal.value.facts["setting"] == "MESA_INBOX"


def test_nor_is_one_used_where_others_made_our_folders(
    watched: Watched,
) -> None:
    (watched.folder / ".en-curso").symlink_to(watched.folder.parent)
    with pytest.raises(AppError):
        inbox.require(watched.desk)
