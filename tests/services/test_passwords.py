"""How a password is kept, and compared."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from lib.services.doors import passwords


def test_a_hash_matches_its_password_however_it_was_composed() -> None:
    stored = passwords.hashed("contrasen\u0303a\u00a0con tilde")
    assert passwords.matches("contraseña con tilde", stored)
    for other in ("contrasena con tilde", "Contraseña con tilde", "contraseña con tilde "):
        assert not passwords.matches(other, stored)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_one_too_long_never_matches_by_its_beginning() -> None:
    longest = "a1b2c3d4" * 16
    assert not passwords.matches(longest + "x", passwords.hashed(longest))
    assert not passwords.matches("anything", "not a hash")


def test_nobody_s_hash_costs_what_any_does_and_matches_nothing() -> None:
    kind, costs = passwords.hashed("una frase cualquiera").split("$")[1:4:2]
    assert passwords.NOBODY.split("$")[1:4:2] == [kind, costs]
    with pytest.raises(VerifyMismatchError):  # worked out whole, then compared: no short way out
        PasswordHasher().verify(passwords.NOBODY, "una frase cualquiera")


def test_no_password_is_known_as_none_after_the_next_start() -> None:
    """Each start makes its own; the ones of before lie in the database."""
    before = passwords._of_no_password(PasswordHasher())
    assert before != passwords.NOBODY
    assert passwords.is_none(before)
    assert passwords.is_none(passwords.NOBODY)
    assert not passwords.is_none(passwords.hashed("una frase cualquiera"))
    assert not passwords.is_none("")
