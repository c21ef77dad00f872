"""Masks: enough to compare with what somebody says, not enough to copy."""

import pytest

from lib.model import masks


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("email", "hector.villasenor@example.com", "h***************r@example.com"),
        ("email", "", ""),
        ("email", "ana.rios(arroba)gmail", "*" * 21),
        ("phone", "4424614158", "******4158"),
        ("phone", "+52 (442) 461-4158", "+** (***) ***-4158"),
        ("phone", "123", "123"),
        ("phone", "", ""),
        ("rfc", "VIMH800101AB1", "VIMH******AB1"),
        ("rfc", "vimh-800101-ab1", "VIMH******AB1"),
        ("rfc", "GOD561231GR8", "GOD561231GR8"),
        ("rfc", "XAXX010101000", "XAXX010101000"),
        ("rfc", "", ""),
        ("rfc", "VIMH8001", "********"),
        ("rfc", "VIMH800101AB", "VIMH*****1AB"),  # twelve characters, and no company's
        ("street", "Av. Juárez 1", "*****"),
        ("street", "", ""),
        ("name", "Zoé Pérez", "Zoé Pérez"),
        ("legal_name", "ZOÉ PÉREZ", "ZOÉ PÉREZ"),
    ],
)
def test_what_is_shown(field: str, value: str, shown: str) -> None:
    assert masks.masked(field, value) == shown
