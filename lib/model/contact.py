"""What an account's fields may hold when a person types them.

Errors stop a save; warnings don't: where the vendor's rule is unknown, data is never rejected on a
guess (domain.md).
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from lib.model import cfdi, rfc
from lib.model.account import FIELDS, Section

MAX_TEXT = 500  # longest value kept in one field
REQUIRED = frozenset({"name", "email", "phone"})  # marked * in the portal


class Problem(StrEnum):
    """Why a value can't stay, or should be looked at twice; words in lib/ui/field_words.py."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    BAD_RFC = "bad_rfc"
    RFC_CHECK_DIGIT = "rfc_check_digit"
    BAD_POSTAL_CODE = "bad_postal_code"
    UNKNOWN_CODE = "unknown_code"
    USE_NOT_WITH_REGIME = "use_not_with_regime"


@dataclass(frozen=True)
class Checked:
    """Values as they would be stored, with what is wrong (errors) or odd (warnings) by field."""

    values: dict[str, str]
    errors: dict[str, Problem] = field(default_factory=dict)
    warnings: dict[str, Problem] = field(default_factory=dict)


def check(section: Section, typed: Mapping[str, str]) -> Checked:
    """Clean and check one tab's fields; fields of other tabs are ignored."""
    checked = Checked({})
    for name in FIELDS[section]:
        _check_field(name, clean(typed.get(name, "")), checked)
    if section is Section.BILLING:
        _check_use(checked)
    return checked


def clean(text: str) -> str:
    """One line of composed characters: no control or direction marks, single spaces."""
    visible = (" " if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return unicodedata.normalize("NFC", " ".join("".join(visible).split()))


# Control, format (zero-width, right-to-left overrides), surrogate, line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_address(text: str) -> bool:
    """Whether mail could be sent to it, as far as its form tells (no network)."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def shown_phone(phone: str) -> str:
    """A phone as Mexicans write it; what isn't one comes back as it is.

    >>> shown_phone("5512345678")
    '55 1234 5678'
    """
    try:
        number = phonenumbers.parse(phone, "MX")
    except phonenumbers.NumberParseException:
        return phone
    if not phonenumbers.is_possible_number(number):
        return phone
    national = number.country_code == 52
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, form.NATIONAL if national else form.INTERNATIONAL)


def _check_field(name: str, value: str, checked: Checked) -> None:
    checked.values[name] = value
    if len(value) > MAX_TEXT:
        checked.errors[name] = Problem.TOO_LONG
    elif value:
        _CHECKS.get(name, _anything)(name, value, checked)
    elif name in REQUIRED:
        checked.errors[name] = Problem.REQUIRED


def _anything(name: str, value: str, checked: Checked) -> None:
    """Names and streets: any text in any script."""


def _check_email(name: str, value: str, checked: Checked) -> None:
    try:
        checked.values[name] = validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        checked.errors[name] = Problem.BAD_EMAIL


def _check_phone(name: str, value: str, checked: Checked) -> None:
    """Stored as the exports write it: ten digits in Mexico, E.164 elsewhere."""
    try:
        number = phonenumbers.parse(value, "MX")
    except phonenumbers.NumberParseException:
        checked.errors[name] = Problem.BAD_PHONE
        return
    if any(c.isalpha() for c in value) or not phonenumbers.is_possible_number(number):
        checked.errors[name] = Problem.BAD_PHONE
    elif number.country_code == 52:
        checked.values[name] = str(number.national_number)
    else:
        form = phonenumbers.PhoneNumberFormat.E164
        checked.values[name] = phonenumbers.format_number(number, form)


def _check_rfc(name: str, value: str, checked: Checked) -> None:
    checked.values[name] = rfc.normalized(value)
    if not rfc.is_well_formed(checked.values[name]):
        checked.errors[name] = Problem.BAD_RFC
    elif not rfc.has_right_check_digit(checked.values[name]):
        checked.warnings[name] = Problem.RFC_CHECK_DIGIT


def _check_postal_code(name: str, value: str, checked: Checked) -> None:
    if not (value.isascii() and value.isdigit() and len(value) == 5):
        checked.errors[name] = Problem.BAD_POSTAL_CODE


def _check_regime(name: str, value: str, checked: Checked) -> None:
    if value not in cfdi.TAX_REGIMES:
        checked.errors[name] = Problem.UNKNOWN_CODE


def _check_use_code(name: str, value: str, checked: Checked) -> None:
    if value not in cfdi.CFDI_USES:
        checked.errors[name] = Problem.UNKNOWN_CODE


def _check_use(checked: Checked) -> None:
    if not cfdi.allows(checked.values["tax_regime"], checked.values["cfdi_use"]):
        checked.errors["cfdi_use"] = Problem.USE_NOT_WITH_REGIME


_CHECKS: dict[str, Callable[[str, str, Checked], None]] = {
    "email": _check_email,
    "phone": _check_phone,
    "rfc": _check_rfc,
    "postal_code": _check_postal_code,
    "tax_regime": _check_regime,
    "cfdi_use": _check_use_code,
}
