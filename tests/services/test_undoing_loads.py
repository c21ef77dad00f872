"""Undoing a load: the vendor's data of before are in force again; what the desk did stays."""

from pathlib import Path

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.services.desk import Desk
from lib.services.loads import loading, rotating, undoing
from lib.store import ref
from lib.store.pack.files import ACCOUNTS, CERTIFICATES
from lib.store.records import batches
from lib.store.vault import Vault
from tests import packs, small_ref
from tests.packs import row
from tests.services.log_rows import logged

ACCOUNT = "SELECT name FROM account WHERE account_no = ?"


def silent(_: Stage, __: float) -> None:
    pass


def load(desk: Desk, actor: Actor, folder: Path, name: str) -> str:
    """A pack of one account, of that name, and one certificate that it holds; its batch."""
    account, paper = row(ACCOUNTS, name=name), row(CERTIFICATES, holder=name)
    packs.write(folder, {ACCOUNTS: [account], CERTIFICATES: [paper]})
    return loading.load(desk, actor, folder, silent, apart=False).batch_id


def names(desk: Desk) -> list[str]:
    """Of the account that these packs bring, and of the holder of their certificate."""
    accounts = desk.store.rows(ACCOUNT, [next(iter(row(ACCOUNTS).values()))])
    return [n for (n,) in accounts + desk.store.rows("SELECT holder FROM held_certificate")]


def refusal(desk: Desk, actor: Actor, batch_id: str) -> Reason:
    with pytest.raises(AppError) as refused:
        undoing.undo(desk, actor, batch_id, "error")
    return refused.value.reason


@pytest.mark.slow
def test_the_data_of_before_are_in_force_again(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    load(desk, admin, tmp_path / "pack", "Primera")
    before = desk.store.ref_file
    second = load(desk, admin, tmp_path / "pack", "Segunda")
    assert names(desk) == ["Segunda", "Segunda"]
    done = undoing.undo(desk, admin, second, "archivo equivocado")
    assert (done.gone, done.returned, done.stays) == (0, 1, 0)
    assert names(desk) == ["Primera", "Primera"]
    assert desk.store.ref_file == before
    assert ref.read_current(desk.settings.data / "ref") == before
    (entry,) = logged(desk, Action.BATCH_UNDONE)
    assert (entry["subject"], entry["reason"]) == (second, "archivo equivocado")
    assert entry["detail"]["batch"] == "pack"


@pytest.mark.slow
def test_one_after_another_down_to_the_first(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    first = load(desk, admin, tmp_path / "pack", "Primera")
    second = load(desk, admin, tmp_path / "pack", "Segunda")
    undoing.undo(desk, admin, second, "error")
    undoing.undo(desk, admin, first, "error")
    assert "Primera" not in names(desk)
    assert refusal(desk, admin, first) is Reason.ALREADY_UNDONE
    assert len(logged(desk, Action.BATCH_UNDONE)) == 2


@pytest.mark.slow
def test_only_the_newest_load_is_undone(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    first = load(desk, admin, tmp_path / "pack", "Primera")
    second = load(desk, admin, tmp_path / "pack", "Segunda")
    assert refusal(desk, admin, first) is Reason.NOT_NEWEST_LOAD
    undoing.undo(desk, admin, second, "error")
    ((marker,),) = desk.store.rows(
        "SELECT id FROM ops.batch WHERE json_extract_string(summary, '$.undone') IS NOT NULL"
    )
    assert refusal(desk, admin, marker) is Reason.UNDO_OF_UNDO
    load(desk, admin, tmp_path / "pack", "Segunda")
    assert names(desk) == ["Segunda", "Segunda"]
    assert len(logged(desk, Action.BATCH_UNDONE)) == 1


def test_the_first_of_all_stays(desk: Desk, admin: Actor) -> None:
    ((only,),) = desk.store.rows("SELECT id FROM ops.batch")
    assert refusal(desk, admin, only) is Reason.FIRST_LOAD


@pytest.mark.slow
def test_data_that_are_not_kept_are_said(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    load(desk, admin, tmp_path / "pack", "Primera")
    before = desk.store.ref_path
    assert before is not None
    second = load(desk, admin, tmp_path / "pack", "Segunda")
    before.unlink()
    seen = undoing.see(desk, admin, second)
    assert seen.refusal is not None
    assert seen.refusal.reason is Reason.REF_NOT_KEPT
    assert refusal(desk, admin, second) is Reason.REF_NOT_KEPT
    assert names(desk) == ["Segunda", "Segunda"]


@pytest.mark.slow
def test_a_change_of_key_is_not_undone(desk: Desk, admin: Actor, tmp_path: Path) -> None:
    batch_id = load(desk, admin, tmp_path / "pack", "Primera")
    rotating.rotate(desk, admin, silent)
    assert refusal(desk, admin, batch_id) is Reason.NOT_NEWEST_LOAD
    ((key,),) = desk.store.rows("SELECT id FROM ops.batch WHERE source = 'Cambio de llave'")
    assert refusal(desk, admin, key) is Reason.UNDO_OF_KEY


@pytest.mark.slow
def test_data_sealed_with_another_key_are_said(desk: Desk, admin: Actor) -> None:
    small_ref.publish(desk.store, Vault(bytes(64)))
    newest = batches.newest(desk.store)[0].id
    assert refusal(desk, admin, newest) is Reason.REF_OTHER_KEY


@pytest.mark.slow
def test_a_manager_undoes_no_load(desk: Desk, admin: Actor, manager: Actor, tmp_path: Path) -> None:
    batch_id = load(desk, admin, tmp_path / "pack", "Primera")
    assert refusal(desk, manager, batch_id) is Reason.FORBIDDEN
    seen = undoing.see(desk, manager, batch_id)
    assert seen.refusal is not None
    assert seen.refusal.reason is Reason.FORBIDDEN
