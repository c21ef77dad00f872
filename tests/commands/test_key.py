"""`python -m lib key` and `key rotate`, as processes: alone, and beside a desk that is running."""

import base64
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings
from lib.services.desk import open_desk
from lib.services.loads import handover, rotating
from lib.services.outgoing import codes
from lib.settings import ROOT
from lib.store import keys
from lib.store.records.handovers import Box
from tests import packs
from tests.commands.test_load import audited, environment, run, running_desk

ME = handover.os_actor().username
CODE = "SECRT-00001-AAAAA-BBBBB"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk's folder after its first load."""
    folder = tmp_path_factory.mktemp("loaded")
    assert run(folder / "data", packs.whole(folder / "pack")).returncode == 0
    return folder / "data"


@pytest.fixture
def data(tmp_path: Path, loaded: Path) -> Path:
    return shutil.copytree(loaded, tmp_path / "data")


def key(data: Path, *act: str, setting: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lib", "key", *act],
        cwd=ROOT,
        env=environment(data) | ({"MESA_CDA_KEY": setting} if setting else {}),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def code_of(data: Path, setting: str = "") -> str:
    told = {"MESA_CDA_KEY": setting} if setting else {}
    desk = open_desk(settings.read(environment(data) | told))
    try:
        desk.require_key()
        return codes.opened(desk, desk.store, "S0000000001")
    finally:
        desk.close()


def key_files(data: Path) -> list[str]:
    return sorted(file.name for file in (data / "keys").iterdir())


@pytest.mark.slow
def test_a_new_key_is_printed_and_nothing_else(tmp_path: Path) -> None:
    done = key(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(base64.b64decode(done.stdout.strip(), validate=True)) == 64
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_rotation_says_where_the_old_key_is(data: Path) -> None:
    done = key(data, "rotate")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 CDA quedaron sellados con una llave nueva (huella ")
    aside, used = key_files(data)
    assert used == "cda.key"
    assert str(data / "keys" / aside) in done.stdout
    for file in (data / "keys").iterdir():
        assert file.read_text().strip() not in done.stdout
    assert code_of(data) == CODE
    assert audited(data)[-1] == ("key_rotated", ME, "administrador")


@pytest.mark.slow
def test_with_the_key_in_a_setting_it_prints_what_to_set(data: Path) -> None:
    file = keys.file_in_use(data)
    old = file.read_text().strip()
    file.unlink()
    done = key(data, "rotate", setting=old)
    assert done.returncode == 0
    new = file.read_text().strip()
    assert new in done.stdout.splitlines()
    assert old not in done.stdout
    assert code_of(data, setting=old) == CODE  # until the operator has set it
    file.unlink()
    assert code_of(data, setting=new) == CODE


@pytest.mark.slow
def test_a_refusal_is_one_sentence(tmp_path: Path) -> None:
    done = key(tmp_path / "data", "rotate")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Todavía no hay ningún CDA que sellar de nuevo")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_the_running_desk_publishes_the_rotation(data: Path, tmp_path: Path) -> None:
    with running_desk(data) as desk:
        assert key(data, "rotate").returncode == 0
        assert len(key_files(data)) == 2
        assert run(data, packs.whole(tmp_path / "pack")).returncode == 0  # a load finds the new key
        assert desk.communicate(timeout=30)[0] == "2\n"
    assert list((data / "handover").iterdir()) == []
    assert code_of(data) == CODE
    assert [action for action, *_ in audited(data)][1:] == ["key_rotated", "pack_loaded"]


@pytest.mark.slow
def test_a_rotation_that_a_dead_desk_had_in_hand_is_published_once(data: Path) -> None:
    read = settings.read(environment(data))
    desk = open_desk(read)
    made = rotating.make(read, handover.os_actor(), desk.store.ref_path, lambda *_: None)
    offer = {"file": made.file, "rotation": made.to_json()}
    for _ in range(2):  # as when a desk dies before it answers
        Box(data).offer("a1", offer)
        handover.Clerk(desk).work()
        assert (Box(data).read_answer("a1") or {})["report"] == made.to_json()
    assert len(desk.store.rows("SELECT id FROM ops.batch")) == 2
    desk.close()
    assert code_of(data) == CODE


@pytest.mark.slow
@pytest.mark.parametrize("change", [{"file": "../keys/cda.key"}, {"file": "0" * 32 + ".duckdb"}])
def test_an_offer_that_is_not_as_it_should_be_changes_nothing(
    data: Path, change: dict[str, str]
) -> None:
    read = settings.read(environment(data))
    desk = open_desk(read)
    made = rotating.make(read, handover.os_actor(), desk.store.ref_path, lambda *_: None)
    before = desk.store.ref_file
    Box(data).offer("a1", {"rotation": made.to_json() | change})
    handover.Clerk(desk).work()
    assert (Box(data).read_answer("a1") or {})["error"] in {"forbidden", "stale_load"}
    assert desk.store.ref_file == before
    desk.close()
    assert code_of(data) == CODE
