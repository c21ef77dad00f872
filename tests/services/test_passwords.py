"""What a password must be: long enough, not one that everybody tries, and nothing else."""

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from lib.model.errors import AppError
from lib.services.doors import passwords


@pytest.mark.parametrize(
    "password",
    [
        "mesa-cda-demo",
        "una frase cualquiera",
        "ñandú ñoño ñ",
        "密码是一只会飞的小猫咪呀好",
        "solo letras sin numeros",
        "840192837465",
        "x" * 60 + "abcdefg",
        "ab cd" * 25,
    ],
)
def test_good_ones(password: str) -> None:
    passwords.check(password, "agente")


@pytest.mark.parametrize(
    "password",
    [
        "once letras",
        "x1y2" * 33,
        "123456789012",
        "Contraseña2026!",
        "PASSWORD1234",
        "aaaaaaaaaaaa",
        "abababababab",
        "agente2026!!!",
        "AgenteAgente",
        "           corta",
    ],
)
def test_bad_ones(password: str) -> None:
    with pytest.raises(AppError):
        passwords.check(password, "agente")


def test_a_hash_matches_its_password_however_it_was_composed() -> None:
    stored = passwords.hashed("contrasen\u0303a con tilde ")
    assert passwords.matches(" contraseña con tilde", stored)
    assert not passwords.matches("contrasena con tilde", stored)
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
