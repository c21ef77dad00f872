"""CDAs at rest: opened only by the right key, only for the right serial."""

import stat
from pathlib import Path

import pytest

from lib.model.errors import AppError, Reason
from lib.store.vault import new_key, open_vault

CODE = "Z8ASC-B44L9-MDGYH-LV76X"


def refusal(data: Path, key: str = "") -> Reason:
    with pytest.raises(AppError) as refused:
        open_vault(data, key, may_create=False)
    return refused.value.reason


def test_a_sealed_code_opens_again_and_shows_nothing(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, new_key(), may_create=False)
    sealed = vault.seal("S1", CODE)
    assert CODE.encode() not in sealed
    assert vault.open("S1", sealed) == CODE
    assert vault.seal("S1", CODE) == sealed


def test_a_code_moved_to_another_serial_does_not_open(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, new_key(), may_create=False)
    with pytest.raises(AppError) as refused:
        vault.open("S2", vault.seal("S1", CODE))
    assert refused.value.reason is Reason.CDA_KEY_WRONG


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = open_vault(tmp_path, new_key(), may_create=False).seal("S1", CODE)
    other = open_vault(tmp_path, new_key(), may_create=False)
    with pytest.raises(AppError) as refused:
        other.open("S1", sealed)
    assert refused.value.reason is Reason.CDA_KEY_WRONG


def test_the_key_file_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    first = open_vault(tmp_path, "", may_create=True)
    assert open_vault(tmp_path, "", may_create=False).fingerprint == first.fingerprint
    mode = (tmp_path / "keys" / "cda.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_lost_key_is_not_replaced(tmp_path: Path) -> None:
    assert refusal(tmp_path) is Reason.CDA_KEY_MISSING
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("key", ["no es base64", "AAAA", "ñ"])
def test_a_malformed_key_is_refused(tmp_path: Path, key: str) -> None:
    assert refusal(tmp_path, key) is Reason.CDA_KEY_WRONG
