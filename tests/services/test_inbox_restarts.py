"""The watched folder: killed at any instant, or on a full disk, nothing is loaded twice or lost."""

import errno
from pathlib import Path

import pytest

from lib.services.loads import loading
from lib.services.loads.in_hand import InHand
from lib.store.pack.files import ACCOUNTS
from lib.store.records import batches, inbox_folder
from tests import packs
from tests.packs import row
from tests.services.watched import SETTLE_S, Watched, said, small

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
