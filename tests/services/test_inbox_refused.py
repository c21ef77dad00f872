"""The watched folder: what is no pack, or hides among too much, is said and put aside."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import Reason
from lib.model.inbox import Now
from lib.services.loads import inbox
from lib.store.records import inbox_folder
from tests import packs
from tests.services.log_rows import logged
from tests.services.watched import Watched, refused, said, small

# ---- refused ---------------------------------------------------------------------------------


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


# ---- too much beside it ----------------------------------------------------------------------


@pytest.mark.slow
def test_a_pack_is_found_whatever_else_lies_there(watched: Watched) -> None:
    small(watched.folder)
    for n in range(3_000):  # before and after it, whatever the order in which they are listed
        (watched.folder / f"{n}{'.csv' if n % 2 else ''}").touch()
    watched.settle()
    assert watched.batches() == [("sistema", "Carpeta vigilada «entregas»")]
    assert watched.desk.inbox.now.trouble is None


@pytest.mark.slow
def test_a_folder_too_full_to_look_through_is_said(
    watched: Watched, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that isn't seen isn't one that won't come: nothing of it is loaded until it is."""
    monkeypatch.setattr(inbox_folder, "MOST", 20)
    small(watched.folder)
    for n in range(20):
        (watched.folder / f"{n}").touch()
    now = watched.settle()
    assert watched.batches() == []
    assert now.trouble is not None
    assert now.trouble.reason is Reason.INBOX_FULL
    assert "hay demasiado para buscar ahí una entrega (más de 20 " in said(now.trouble)
    assert inbox.trouble(watched.desk, admin) is now.trouble
    for n in range(20):
        (watched.folder / f"{n}").unlink()
    watched.settle()
    assert (len(watched.batches()), watched.desk.inbox.now.trouble) == (1, None)


def test_so_is_a_sub_folder(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_folder, "MOST", 20)
    small(watched.folder / "ayer")
    for n in range(20):
        (watched.folder / "ayer" / f"{n}").touch()
    now = watched.settle()
    assert watched.batches() == []
    assert f"En la carpeta vigilada {watched.folder / 'ayer'} hay demasiado" in said(now.trouble)
