"""A return path says which mail it is of, and only the desk can make one."""

import uuid

import pytest

from lib.mail.verp import ReturnPath

KEY = bytes(range(32))
OURS = ReturnPath("bounces@Mesa.test", KEY)
ID = uuid.uuid4().hex


def test_it_says_which_mail_and_fits_an_address() -> None:
    address = OURS.of(ID)
    assert address.startswith(f"bounces+{ID}-")
    assert address.endswith("@mesa.test")
    assert OURS.is_ours(address)
    assert OURS.mail_id(address) == ID
    assert OURS.mail_id(address.upper()) == ID  # servers change letters' case
    longest = ReturnPath("devoluciones-a@mesa.test", KEY).of(ID)
    assert len(longest.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "forge",
    [
        lambda a: a.replace(ID, uuid.uuid4().hex),  # another mail's
        lambda a: ReturnPath("bounces@mesa.test", bytes(32)).of(ID),  # sealed by somebody else
        lambda a: f"bounces+{ID}@mesa.test",
        lambda a: "bounces+@mesa.test",
        lambda a: a.replace("-", "-a"),
    ],
)
def test_nobody_else_can_make_one(forge: object) -> None:
    address = forge(OURS.of(ID))  # type: ignore[operator]
    assert OURS.is_ours(address)
    assert OURS.mail_id(address) is None


def test_others_addresses_are_no_return_paths() -> None:
    for address in ("bounces@mesa.test", "ana@mesa.test", OURS.of(ID).replace("mesa", "otra"), ""):
        assert not OURS.is_ours(address)
        assert OURS.mail_id(address) is None


def test_an_id_that_cannot_stand_in_an_address_gets_the_plain_one() -> None:
    assert OURS.of("id con espacios") == "bounces@Mesa.test"
    assert ReturnPath("", b"").of(ID) == ""
    assert not ReturnPath("", b"").is_ours("+x-y@")
