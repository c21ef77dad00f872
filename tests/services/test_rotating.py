"""A new key for the CDAs: every code under it at once, or none; killed anywhere, all open."""

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lib import settings
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.rotation import Resealed
from lib.services.desk import Desk, open_desk
from lib.services.loads import loading, rotating
from lib.services.outgoing import codes
from lib.settings import ROOT
from lib.store import keys, vault
from lib.store.records import loads
from lib.store.vault import Sealed, Vault
from tests import packs, small_ref
from tests.services.log_rows import logged

SERIAL, CODE = "S0000000001", "LIVE1-AAAAA-BBBBB-CCCCC"
REF_TABLES = (
    "account", "name_order", "system", "activation",
    "search_place", "search_gram", "search_text", "search_again", "search_letter", "search_name",
)  # fmt: skip


def rotate(desk: Desk, actor: Actor) -> Resealed:
    return rotating.rotate(desk, actor, lambda *_: None)


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value.reason


def code_of(desk: Desk, serial: str = SERIAL) -> str:
    return codes.opened(desk, desk.store, serial)


def key_files(desk: Desk) -> list[str]:
    return sorted(file.name for file in (desk.settings.data / "keys").iterdir())


def ref_files(desk: Desk) -> set[str]:
    return {p.name for p in (desk.settings.data / "ref").iterdir() if p.suffix == ".duckdb"}


def sealed(desk: Desk, serial: str = SERIAL) -> Sealed:
    found = vault.in_force(desk.store, serial)
    assert found is not None
    return found


# ---- done ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_code_is_sealed_with_the_new_key_and_opens(desk: Desk, admin: Actor) -> None:
    before = sealed(desk)
    made = rotate(desk, admin)
    after = sealed(desk)
    assert (made.old_key, made.new_key) == (before.key, after.key)
    assert made.codes == len(small_ref.ACTIVATIONS)
    assert before.code != after.code
    rows = desk.store.rows("SELECT serial, issued_on, code FROM sealed_code")
    opened = {(s, on, desk.vault().open(s, code)) for s, on, code in rows}
    assert opened == {(s, on, code) for s, on, _, code in small_ref.ACTIVATIONS}


@pytest.mark.slow
def test_single_rows_are_still_found_by_keys(desk: Desk, admin: Actor) -> None:
    rotate(desk, admin)
    in_force = "SELECT table_name FROM duckdb_indexes() WHERE database_name LIKE 'ref_%' ORDER BY 1"
    found = [row[0] for row in desk.store.rows(in_force)]
    assert found == ["account", "activation", "sealed_code", "system"]


@pytest.mark.slow
def test_all_else_lies_as_it_lay(desk: Desk, admin: Actor) -> None:
    everything = [f"SELECT * FROM {table} ORDER BY place" for table in REF_TABLES]
    before = [desk.store.rows(question) for question in everything]
    assert all(before)
    rotate(desk, admin)
    assert [desk.store.rows(question) for question in everything] == before


@pytest.mark.slow
def test_it_is_logged_and_told_among_the_loads(desk: Desk, admin: Actor) -> None:
    made = rotate(desk, admin)
    [row] = logged(desk, Action.KEY_ROTATED)
    assert (row["actor"], row["outcome"]) == ("admin", "ok")
    assert row["detail"] == {"codes": 6, "old_key": made.old_key, "new_key": made.new_key}
    batches = desk.store.rows("SELECT id, source, ref_file, actor FROM ops.batch")
    assert (row["subject"], "Cambio de llave", made.file, "admin") in batches


@pytest.mark.slow
def test_the_old_key_is_kept_aside_under_a_dated_name(desk: Desk, admin: Actor) -> None:
    first = rotate(desk, admin)
    second = rotate(desk, admin)
    names = key_files(desk)
    assert len(names) == 3
    assert "cda.key" in names
    for made in (first, second):
        aside = keys.find(desk.settings.data, made.old_key)
        assert aside is not None
        assert aside.name.startswith("cda-20")
        aside.unlink()
    assert code_of(desk) == CODE


@pytest.mark.slow
def test_a_code_read_just_before_the_switch_still_opens(desk: Desk, admin: Actor) -> None:
    """As by the worker, between reading a code and opening it."""
    read = sealed(desk)
    rotate(desk, admin)
    assert desk.vault(read.key).open(SERIAL, read.code) == CODE


@pytest.mark.slow
def test_the_new_ref_holds_nothing_that_the_old_key_opens(desk: Desk, admin: Actor) -> None:
    before = desk.store.rows("SELECT code FROM sealed_code")
    made = rotate(desk, admin)
    written = (desk.settings.data / "ref" / made.file).read_bytes()
    assert [code for (code,) in before if bytes(code) in written] == []


@pytest.mark.slow
def test_it_outlives_the_process(desk: Desk, admin: Actor) -> None:
    made = rotate(desk, admin)
    desk.close()
    with reopened(desk) as again:
        again.require_key()
        assert again.store.ref_file == made.file
        assert code_of(again) == CODE


@contextmanager
def reopened(desk: Desk) -> Iterator[Desk]:
    again = open_desk(desk.settings)
    try:
        yield again
    finally:
        again.close()


@pytest.mark.slow
def test_a_load_after_it_goes_on_with_the_new_key(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    rotate(desk, admin)
    pack = packs.whole(tmp_path / "pack")
    for apart in (False, True):  # by this process, and by a child that looks for the key itself
        report = loading.load(desk, admin, pack, lambda *_: None, apart=apart)
        assert report.files["cda.csv"].set_aside == 0
    assert code_of(desk) == CODE
    assert loads.key_fingerprint(desk.store) == desk.vault().fingerprint


def test_with_the_key_in_a_setting_the_new_one_lies_in_the_folder(desk: Desk, admin: Actor) -> None:
    file = keys.file_in_use(desk.settings.data)
    told = dataclasses.replace(desk.settings, cda_key=file.read_text().strip())
    file.unlink()
    set_so = dataclasses.replace(desk, settings=told)
    made = rotate(set_so, admin)
    assert code_of(set_so) == CODE
    assert key_files(desk) == ["cda.key"]
    new = dataclasses.replace(told, cda_key=file.read_text().strip())
    file.unlink()  # as the operator does, once the setting has it
    moved = dataclasses.replace(desk, settings=new)
    assert code_of(moved) == CODE
    assert moved.vault().fingerprint == made.new_key


# ---- refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["agent", "manager"])
def test_only_administrators_change_the_key(
    desk: Desk, who: str, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    assert refused(lambda: rotate(desk, actor)) is Reason.FORBIDDEN
    assert key_files(desk) == ["cda.key"]
    assert logged(desk) == []


def test_before_the_first_load_there_is_nothing_to_seal(
    tmp_path: Path, empty_data: Path, admin: Actor
) -> None:
    data = shutil.copytree(empty_data, tmp_path / "empty")
    empty = open_desk(settings.read({"MESA_DATA": str(data)}))
    assert refused(lambda: rotate(empty, admin)) is Reason.NOTHING_SEALED
    assert not (data / "keys").exists()
    empty.close()


def test_one_load_or_rotation_at_a_time(desk: Desk, admin: Actor) -> None:
    with loads.alone(desk.settings.data):
        assert refused(lambda: rotate(desk, admin)) is Reason.LOAD_IN_PROGRESS
    assert key_files(desk) == ["cda.key"]


@pytest.mark.slow
def test_a_load_meanwhile_makes_it_stale_and_nothing_is_left_of_it(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rotating.make

    def overtaken(*given: object) -> Resealed:
        made = real(*given)  # type: ignore[arg-type]
        small_ref.publish(desk.store, desk.vault())
        return made

    monkeypatch.setattr(rotating, "make", overtaken)
    assert refused(lambda: rotate(desk, admin)) is Reason.STALE_LOAD
    assert key_files(desk) == ["cda.key"]
    assert len(ref_files(desk)) == 2
    assert code_of(desk) == CODE
    assert logged(desk) == []


@pytest.mark.slow
def test_a_code_that_does_not_open_stops_it(desk: Desk, admin: Actor) -> None:
    small_ref.publish(desk.store, _Mislabelled(Vault(bytes(64)), desk.vault().fingerprint))
    assert refused(lambda: rotate(desk, admin)) is Reason.CDA_KEY_WRONG
    assert key_files(desk) == ["cda.key"]
    assert logged(desk) == []


class _Mislabelled(Vault):
    """A vault that seals with one key and says it was another."""

    def __init__(self, sealing: Vault, fingerprint: str) -> None:
        self._cipher = sealing._cipher
        self.fingerprint = fingerprint


# ---- killed --------------------------------------------------------------------------------------

_DIES = """
import os, sys
from lib import settings
from lib.model.actor import SYSTEM
from lib.services.loads import loading, rotating
from lib.services.desk import open_desk
from lib.store import keys, ref
from lib.store.database import Store, Transaction

def dies(*_, **__):
    os._exit(9)

desk = open_desk(settings.read({"MESA_DATA": sys.argv[1]}))
{death}
rotating.rotate(desk, SYSTEM, lambda *_: None)
"""
DEATHS = {
    "once the key is kept": ("rotating.reseal = dies", False),
    "once the ref is written": ("rotating.publish = dies", False),
    "inside the transaction": ("Transaction.log = dies", False),
    "once it is committed": ("Store.use_ref = dies", True),
    "before the files are tidied": ("rotating.loading.tidy = dies", True),
    "before the keys are renamed": ("keys.settle = dies", True),
    "between the two names": ("keys.publish_file = _second(keys.publish_file)", True),
}
_SECOND = """
def _second(real):
    def move(*names):
        if str(names[1]).endswith("cda.key"):
            os._exit(9)
        real(*names)
    return move
"""


@pytest.mark.slow
@pytest.mark.parametrize("moment", DEATHS)
def test_killed_at_any_moment_every_code_opens(desk: Desk, admin: Actor, moment: str) -> None:
    death, published = DEATHS[moment]
    before = sealed(desk).key
    desk.close()
    code = _DIES.replace("{death}", _SECOND + death)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(desk.settings.data)], cwd=ROOT, check=False
    )
    assert ended.returncode == 9
    with reopened(desk) as again:
        again.require_key()
        assert code_of(again) == CODE
        assert (sealed(again).key != before) is published
        assert len(logged(again, Action.KEY_ROTATED)) == published
        rotating.finish(again)  # as each start does
        assert keys.find(again.settings.data, sealed(again).key) == keys.file_in_use(
            again.settings.data
        )
        assert keys.find(again.settings.data, before) is not None
        assert rotate(again, admin).codes == len(small_ref.ACTIVATIONS)
        assert code_of(again) == CODE
