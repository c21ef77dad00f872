"""CDAs at rest: opened only by the key that sealed them, for their own serial, the newest."""

import pytest

from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.outgoing import codes
from lib.store import vault
from lib.store.vault import Vault

CODE = "Z8ASC-B44L9-MDGYH-LV76X"
ONE, OTHER = Vault(bytes(64)), Vault(bytes(range(64)))


def refusal(vault: Vault, serial: str, sealed: bytes) -> Reason:
    with pytest.raises(AppError) as refused:
        vault.open(serial, sealed)
    return refused.value.reason


def test_a_sealed_code_opens_again_and_shows_nothing() -> None:
    sealed = ONE.seal("S1", CODE)
    assert CODE.encode() not in sealed
    assert ONE.open("S1", sealed) == CODE
    assert ONE.seal("S1", CODE) == sealed


def test_a_code_moved_to_another_serial_does_not_open() -> None:
    assert refusal(ONE, "S2", ONE.seal("S1", CODE)) is Reason.CDA_KEY_WRONG


def test_another_key_opens_nothing() -> None:
    assert refusal(OTHER, "S1", ONE.seal("S1", CODE)) is Reason.CDA_KEY_WRONG


def test_the_newest_code_is_the_one_in_force(desk: Desk) -> None:
    """S…1 was unlocked: its first CDA is dead."""
    sealed = vault.in_force(desk.store, "S0000000001")
    assert sealed is not None
    assert b"LIVE1" not in sealed.code
    assert sealed.key == desk.vault().fingerprint
    assert codes.opened(desk, desk.store, "S0000000001") == "LIVE1-AAAAA-BBBBB-CCCCC"


def test_a_serial_without_a_code(desk: Desk) -> None:
    assert vault.in_force(desk.store, "L0000000002") is None
    with pytest.raises(AppError) as refused:
        codes.opened(desk, desk.store, "L0000000002")
    assert refused.value.reason is Reason.NO_CODE
