"""What is shown of a person's data where the whole isn't needed: enough to compare with what
somebody says on the phone, not enough to copy. docs/privacy.md says where each is whole, and why.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lib.model import rfc
from lib.model.text import mask_email

_LAST_DIGITS = 4
_PERSON_S = slice(4, -3)  # of an RFC: between the initials and the homoclave lies a birthday
_LONG_ENOUGH = 10


def mask_phone(number: str) -> str:
    """Its last four digits, however it is written.

    >>> mask_phone("55 1234 5678")
    '** **** 5678'
    """
    return re.sub(rf"\d(?=(?:\D*\d){{{_LAST_DIGITS}}})", "*", number)


def mask_rfc(code: str) -> str:
    """A person's without the date in it; a company's, which is public, and the generic ones whole.

    >>> mask_rfc("VIMH800101AB1")
    'VIMH******AB1'
    >>> mask_rfc("GOD561231GR8")
    'GOD561231GR8'
    """
    plain = rfc.normalized(code)
    if plain in rfc.GENERIC or (not rfc.is_person(plain) and rfc.is_well_formed(plain)):
        return code
    if len(plain) < _LONG_ENOUGH:
        return "*" * len(plain)
    hidden = "*" * len(plain[_PERSON_S])
    return f"{plain[: _PERSON_S.start]}{hidden}{plain[_PERSON_S.stop :]}"


def mask_text(_: str) -> str:
    """That there is something: a street, a neighbourhood."""
    return "*****"


# By the field of an account or a certificate that holds it.
OF_FIELD: Mapping[str, Callable[[str], str]] = {
    "email": mask_email,
    "phone": mask_phone,
    "rfc": mask_rfc,
    "street": mask_text,
    "neighborhood": mask_text,
}


def masked(field: str, value: Any) -> Any:
    """The value of a field as lists show it; of those that say little of a person, the whole."""
    mask = OF_FIELD.get(field)
    return mask(value) if mask and value else value
