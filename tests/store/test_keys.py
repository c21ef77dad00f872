"""The keys of the CDAs: made once, kept by their owner, found by what they sealed, kept aside."""

import stat
from pathlib import Path

import pytest

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.store import keys
from lib.store.keys import new_key, open_vault


def refusal(data: Path, key: str = "", sealed_by: str = "") -> Reason:
    with pytest.raises(AppError) as refused:
        open_vault(data, key, sealed_by, may_create=False)
    return refused.value.reason


def names(data: Path) -> list[str]:
    return sorted(file.name for file in (data / "keys").iterdir())


def test_the_key_file_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    first = open_vault(tmp_path, "", may_create=True)
    assert open_vault(tmp_path, "", may_create=False).fingerprint == first.fingerprint
    mode = keys.file_in_use(tmp_path).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    assert refusal(tmp_path) is Reason.CDA_KEY_MISSING
    assert refusal(tmp_path, sealed_by="0" * 16) is Reason.CDA_KEY_MISSING
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("key", ["no es base64", "AAAA", "ñ"])
@pytest.mark.parametrize("sealed_by", ["", "0" * 16])
def test_a_malformed_key_is_refused(tmp_path: Path, key: str, sealed_by: str) -> None:
    assert refusal(tmp_path, key, sealed_by) is Reason.CDA_KEY_WRONG


def test_another_key_is_not_taken_for_the_one_that_sealed(tmp_path: Path) -> None:
    open_vault(tmp_path, "", may_create=True)
    assert refusal(tmp_path, "", "0" * 16) is Reason.CDA_KEY_WRONG
    assert refusal(tmp_path, new_key(), "0" * 16) is Reason.CDA_KEY_WRONG


def test_the_key_that_sealed_is_found_wherever_it_lies(tmp_path: Path) -> None:
    used, made = open_vault(tmp_path, "", may_create=True), keys.add(tmp_path)
    (tmp_path / "keys" / "rubbish.key").write_text("no es una llave")
    for vault in (used, made):
        found = open_vault(tmp_path, "", vault.fingerprint, may_create=False)
        assert found.fingerprint == vault.fingerprint
    elsewhere = new_key()
    told = open_vault(tmp_path, elsewhere, may_create=False)
    assert open_vault(tmp_path, elsewhere, told.fingerprint, may_create=False)
    assert open_vault(tmp_path, elsewhere, used.fingerprint, may_create=False)


def test_the_key_in_use_gets_its_name_and_the_old_one_a_dated_one(tmp_path: Path) -> None:
    used, made = open_vault(tmp_path, "", may_create=True), keys.add(tmp_path)
    for _ in range(2):
        keys.settle(tmp_path, made.fingerprint)
    assert names(tmp_path) == [f"cda-{clock.today()}-{used.fingerprint}.key", "cda.key"]
    assert keys.find(tmp_path, made.fingerprint) == keys.file_in_use(tmp_path)
    for file in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_of_a_rotation_that_never_came_in_force_takes_no_place(tmp_path: Path) -> None:
    used, made = open_vault(tmp_path, "", may_create=True), keys.add(tmp_path)
    keys.settle(tmp_path, used.fingerprint)
    assert names(tmp_path) == ["cda.key", f"new-{made.fingerprint}.key"]
    keys.drop(tmp_path, made.fingerprint)
    assert names(tmp_path) == ["cda.key"]
