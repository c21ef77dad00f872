"""The data folder is its own user's alone, whatever it was when the desk opened."""

import os
import stat
from pathlib import Path

import pytest

from lib.model.errors import AppError, Reason
from lib.store import private
from lib.store.database import Store


def modes(data: Path) -> set[int]:
    """Of everything there: what a group and everybody else may do."""
    found = {stat.S_IMODE(data.stat().st_mode) & 0o077}
    return found | {stat.S_IMODE(p.lstat().st_mode) & 0o077 for p in data.rglob("*")}


def test_what_others_could_open_is_closed_at_the_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    Store.open(data).close()
    (data / "keys").mkdir()
    for path in (data / "keys" / "cda.key", data / "ops.duckdb.bak"):
        path.write_text("x")
    for path in (data, *data.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    outside = tmp_path / "shared"
    outside.write_text("somebody's")
    outside.chmod(0o644)
    (data / "link").symlink_to(outside)

    store = Store.open(data)
    store.close()

    (data / "link").unlink()
    assert modes(data) == {0}
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644  # what a link leads to isn't ours
    assert store.wide == 6


def test_what_is_not_the_desk_s_stays_as_it_is(tmp_path: Path) -> None:
    """MESA_DATA may name a home by mistake."""
    page = tmp_path / "reference" / "index.html"
    page.parent.mkdir()
    page.touch()
    for path, mode in ((tmp_path, 0o755), (page.parent, 0o755), (page, 0o644)):
        path.chmod(mode)
    for _ in range(2):
        Store.open(tmp_path).close()
    (tmp_path / "ops.duckdb").chmod(0o644)
    store = Store.open(tmp_path)
    store.close()
    assert store.wide == 1
    kept = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, page.parent, page)]
    assert kept == [0o755, 0o755, 0o644]
    assert modes(tmp_path / "ops.duckdb") == {0}


def test_what_cannot_be_closed_is_refused_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's, or on a file system without modes."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "audit.head").touch(0o644)
    (data / "audit.head").chmod(0o644)
    for chmod in (lambda *_, **__: None, _refused):
        monkeypatch.setattr(Path, "chmod", chmod)
        with pytest.raises(AppError) as error:
            Store.open(data)
        assert error.value.reason is Reason.NOT_PRIVATE
        assert error.value.facts == {"file": str(data / "audit.head")}
    assert not (data / "ops.duckdb").exists()


def _refused(*_: object, **__: object) -> None:
    raise PermissionError


def test_what_a_killed_process_spilled_is_gone(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "tmp" / "duckdb_temp_block-3.block").write_bytes(b"ana@example.com")
    Store.open(tmp_path).close()
    assert list(tmp_path.glob("tmp/*")) == []


def test_new_files_are_only_their_own_user_s(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        private.new_files()
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
