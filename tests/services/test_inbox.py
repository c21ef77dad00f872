"""The watched folder: a pack is loaded when it is whole, once, and put aside with the result."""

import dataclasses
import errno
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.inbox import Now
from lib.model.load import FileCounts
from lib.services.desk import Desk
from lib.services.loads import inbox, loading
from lib.services.loads.in_hand import InHand, Pace
from lib.services.loads.inbox import InboxWatch
from lib.store.pack.files import ACCOUNTS, CERTIFICATES, FILES
from lib.store.records import batches, inbox_folder, loads
from lib.ui import messages
from tests import packs
from tests.conftest import copied
from tests.packs import row
from tests.services.log_rows import logged
from tests.waiting import until

SETTLE_S = 30.0


class Watched:
    """A desk, its folder and a watch over it whose clock stands still."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.folder = folder
        self.desk = dataclasses.replace(
            desk, settings=dataclasses.replace(desk.settings, inbox=folder)
        )
        self.time = 0.0
        self.again()

    def again(self) -> None:
        """As after a restart."""
        self.watch = InboxWatch(
            self.desk, messages.sentence, Pace(SETTLE_S), apart=False, now=lambda: self.time
        )

    def look(self, after_s: float = 0.0) -> Now:
        self.time += after_s
        self.watch.look()
        return self.desk.inbox.now

    def settle(self) -> Now:
        """Two looks with enough time between them."""
        self.look()
        return self.look(SETTLE_S)

    def aside(self, place: str) -> list[Path]:
        return sorted((self.folder / place).glob("*"))

    def batches(self) -> list[tuple[str, str]]:
        return [(b.actor, b.source) for b in batches.newest(self.desk.store)]


@pytest.fixture
def watched(tmp_path: Path, empty_data: Path) -> Iterator[Watched]:
    folder = tmp_path / "entregas"
    folder.mkdir()
    with copied(empty_data, tmp_path / "data") as desk:
        yield Watched(desk, folder)


def small(folder: Path) -> Path:
    """A whole pack of one file: quicker to load, where what it holds doesn't matter."""
    packs.write(folder, {CERTIFICATES: [row(CERTIFICATES)]})
    (folder / "listo").touch()
    return folder


def said(error: AppError | None) -> str:
    return messages.sentence(error) if error else ""


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


# ---- restarts --------------------------------------------------------------------------------


@pytest.mark.slow
def test_killed_between_the_load_and_the_move_it_isn_t_loaded_twice(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    small(watched.folder)
    with monkeypatch.context() as patch:
        patch.setattr(InHand, "_put_aside", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.settle()
    assert len(watched.batches()) == 1
    watched.again()
    watched.settle()
    assert len(watched.batches()) == 1
    assert len(watched.aside("cargados")) == 1


@pytest.mark.slow
def test_killed_amid_the_load_it_is_loaded_once(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    small(watched.folder / "2026-11-23")
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_build", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.settle()
    watched.again()
    watched.look()
    assert watched.batches() == [("sistema", "Carpeta vigilada «entregas»: 2026-11-23")]


@pytest.mark.slow
@pytest.mark.parametrize("moves", [3, 6])
def test_killed_while_it_is_taken_it_is_whole_again(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    rename, done = Path.rename, 0

    def killed(path: Path, to: Path) -> Path:
        nonlocal done
        done += 1
        if done == moves:
            raise KeyboardInterrupt
        return rename(path, to)

    packs.whole(watched.folder)
    watched.look()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.look(SETTLE_S)
    watched.again()
    watched.settle()
    [batch] = batches.newest(watched.desk.store)
    assert batch.summary["new"] == 5


def test_what_was_half_taken_isn_t_laid_over_a_newer_delivery(watched: Watched) -> None:
    half = watched.folder / ".en-curso" / f"{'a' * 32}.archivos"
    packs.whole(half / "entregas")
    packs.write(watched.folder, {ACCOUNTS: [row(ACCOUNTS, name="Nueva")]})
    watched.look()
    assert b"Nueva" in (watched.folder / "cuentas.csv").read_bytes()
    [kept] = watched.aside("rechazados")
    assert [f.name for f in (kept / "entregas").iterdir()] == ["cuentas.csv"]


# ---- refused ---------------------------------------------------------------------------------


def refused(watched: Watched) -> str:
    """The text beside the only pack that was refused; nothing was loaded."""
    assert watched.batches() == []
    [folder] = watched.aside("rechazados")
    text = (folder / "motivo.txt").read_text("utf-8")
    [logged_row] = logged(watched.desk, Action.PACK_REFUSED)
    assert logged_row["outcome"] == "refused"
    assert logged_row["detail"]["why"] in text
    assert watched.look().trouble is None
    return text


@pytest.mark.slow
def test_a_bad_pack_lies_in_rechazados_with_the_reason(watched: Watched) -> None:
    packs.whole(watched.folder / "ayer")
    (watched.folder / "ayer" / "cda.csv").write_bytes(b"\x89PNG\r\n")
    watched.settle()
    assert "No pude leer cda.csv: es una imagen" in refused(watched)
    watched.again()
    watched.settle()
    assert len(logged(watched.desk, Action.PACK_REFUSED)) == 1


@pytest.mark.slow  # its hash takes a second or two
def test_two_gigabytes_of_one_line_are_refused(watched: Watched) -> None:
    packs.whole(watched.folder)
    with (watched.folder / "certificados.csv").open("wb") as file:
        file.write(b"x" * (3 << 20))
        file.truncate(2 << 30)
    watched.settle()
    assert "la línea 1 mide más de 1 MB" in refused(watched)


def test_a_link_out_of_the_folder_is_never_followed(watched: Watched) -> None:
    link = "cda.csv"
    packs.whole(watched.folder)
    secret = watched.folder.parent / "ajeno.csv"
    shutil.move(watched.folder / link, secret)
    (watched.folder / link).symlink_to(secret)
    watched.settle()
    assert f"No pude leer {link}: no es un archivo" in refused(watched)
    assert secret.is_file()


def test_nor_is_a_sub_folder_that_is_one(watched: Watched) -> None:
    elsewhere = packs.whole(watched.folder.parent / "ajena")
    (watched.folder / "enlace").symlink_to(elsewhere)
    watched.settle()
    assert "No pude leer enlace" in refused(watched)
    assert len(list(elsewhere.iterdir())) == 5


def test_a_pipe_stops_nobody(watched: Watched) -> None:
    packs.whole(watched.folder)
    (watched.folder / "cda.csv").unlink()
    os.mkfifo(watched.folder / "cda.csv")
    watched.settle()
    assert "No pude leer cda.csv" in refused(watched)


def test_a_pack_deeper_down_is_none(watched: Watched) -> None:
    packs.whole(watched.folder / "uno" / "dos")
    now = watched.settle()
    assert (now.waiting, now.strangers) == ((), ("uno/",))
    assert watched.batches() == []


def test_a_file_that_can_t_be_read_is_refused_with_what_to_look_at(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another user's 0600 is: whoever runs the tests may read everything."""
    packs.whole(watched.folder)

    def denied(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path / "cda.csv"))

    monkeypatch.setattr(inbox_folder, "digest", denied)
    watched.settle()
    assert "la mesa no pudo abrirlo (sin permiso); revisa sus permisos" in refused(watched)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["\udcff\udcfea\nb\u202e", "resultado.txt"])
def test_a_folder_may_be_called_anything(watched: Watched, name: str) -> None:
    small(watched.folder / name)
    assert watched.settle() == Now()
    assert len(watched.batches()) == 1
    assert len(watched.aside("cargados")) == 1


# ---- a disk that takes nothing more ----------------------------------------------------------


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.slow
def test_a_full_disk_while_moving_loads_nothing_twice(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(watched.folder)
    with monkeypatch.context() as patch:
        patch.setattr(inbox_folder, "put_aside", full)
        assert "(el disco está lleno)" in said(watched.settle().trouble)
        assert "(el disco está lleno)" in said(watched.look().trouble)
    assert len(watched.batches()) == 1
    assert watched.look().trouble is None
    assert len(watched.batches()) == 1
    assert len(watched.aside("cargados")) == 1


@pytest.mark.slow
def test_a_pack_that_can_t_be_taken_lies_where_it_lay(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(watched.folder)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        patch.setattr(inbox_folder, "recover", lambda _: None)
        assert "no puede mover entregas" in said(watched.settle().trouble)
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
