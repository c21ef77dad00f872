"""What an account's fields may hold."""

import pytest

from lib.model import contact
from lib.model.account import Section
from lib.model.contact import Problem

GOOD = {"name": "Zoé Núñez", "email": "zoe@example.com", "phone": "55 1234 5678"}
BILLING = {
    "rfc": "GODE561231GR8",
    "legal_name": "Zoé Núñez",
    "tax_regime": "612",
    "cfdi_use": "G03",
    "postal_code": "06600",
}


def test_good_contact_data_is_stored_as_the_exports_write_it() -> None:
    checked = contact.check(Section.CONTACT, GOOD)
    assert checked.errors == {}
    assert checked.values == {
        "name": "Zoé Núñez",
        "email": "zoe@example.com",
        "phone": "5512345678",
    }


@pytest.mark.parametrize("field", ["name", "email", "phone"])
def test_the_portal_s_starred_fields_are_required(field: str) -> None:
    checked = contact.check(Section.CONTACT, GOOD | {field: "  "})
    assert checked.errors == {field: Problem.REQUIRED}


@pytest.mark.parametrize(
    "email", ["ana.rios(arroba)gmail", "a@b", "a b@example.com", "a@example.com, b@example.com"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert contact.check(Section.CONTACT, GOOD | {"email": email}).errors == {
        "email": Problem.BAD_EMAIL
    }


@pytest.mark.parametrize("email", ["josé@example.com", "a@ejemplo.photography"])
def test_accents_and_new_domains_are_addresses(email: str) -> None:
    assert contact.check(Section.CONTACT, GOOD | {"email": email}).errors == {}


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+52 55 1234 5678", "5512345678"),
        ("(442) 461-4158", "4424614158"),
        ("+1 212 555 0123", "+12125550123"),
    ],
)
def test_phones_are_stored_without_ornament(typed: str, stored: str) -> None:
    assert contact.check(Section.CONTACT, GOOD | {"phone": typed}).values["phone"] == stored


@pytest.mark.parametrize("phone", ["123", "55-1234-CASA", "hola", "55123456789012345"])
def test_what_is_no_phone_is_refused(phone: str) -> None:
    assert contact.check(Section.CONTACT, GOOD | {"phone": phone}).errors == {
        "phone": Problem.BAD_PHONE
    }


def test_invisible_characters_are_taken_out() -> None:
    assert contact.clean("a\r\nBcc: x\u202e\u200bb\x00 ") == "a Bcc: x b"


def test_a_name_longer_than_a_field_is_refused() -> None:
    checked = contact.check(Section.CONTACT, GOOD | {"name": "ñ" * 501})
    assert checked.errors == {"name": Problem.TOO_LONG}


def test_good_billing_data() -> None:
    checked = contact.check(Section.BILLING, BILLING)
    assert (checked.errors, checked.warnings) == ({}, {})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rfc": "GODE561332GR8"}, Problem.BAD_RFC),
        ({"rfc": "ABC"}, Problem.BAD_RFC),
        ({"postal_code": "6600"}, Problem.BAD_POSTAL_CODE),
        ({"postal_code": "٠٦٦٠٠"}, Problem.BAD_POSTAL_CODE),
        ({"tax_regime": "999"}, Problem.UNKNOWN_CODE),
        ({"cfdi_use": "Z99"}, Problem.UNKNOWN_CODE),
    ],
)
def test_wrong_billing_data_is_refused(change: dict[str, str], problem: Problem) -> None:
    assert contact.check(Section.BILLING, BILLING | change).errors == {next(iter(change)): problem}


def test_a_wrong_check_digit_only_warns() -> None:
    checked = contact.check(Section.BILLING, BILLING | {"rfc": "GODE561231GR1"})
    assert checked.errors == {}
    assert checked.warnings == {"rfc": Problem.RFC_CHECK_DIGIT}


@pytest.mark.parametrize("regime", ["605", "616"])
def test_general_expenses_go_not_with_every_regime(regime: str) -> None:
    checked = contact.check(Section.BILLING, BILLING | {"tax_regime": regime})
    assert checked.errors == {"cfdi_use": Problem.USE_NOT_WITH_REGIME}
    checked = contact.check(Section.BILLING, BILLING | {"tax_regime": regime, "cfdi_use": "S01"})
    assert checked.errors == {}


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("5512345678", "55 1234 5678"), ("4424614158", "442 461 4158"), ("no tiene", "no tiene")],
)
def test_phones_are_shown_as_mexicans_write_them(phone: str, shown: str) -> None:
    assert contact.shown_phone(phone) == shown
