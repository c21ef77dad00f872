"""A customer's account and the parts of it that the desk may correct."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """The tabs of the portal's Mi perfil."""

    CONTACT = "contact"
    BILLING = "billing"
    SHIPPING = "shipping"


# Which fields each tab holds, in the portal's order.
FIELDS: dict[Section, tuple[str, ...]] = {
    Section.CONTACT: ("name", "email", "phone"),
    Section.BILLING: ("rfc", "legal_name", "tax_regime", "cfdi_use", "postal_code"),
    Section.SHIPPING: ("street", "neighborhood", "municipality", "state"),
}
EDITABLE: tuple[str, ...] = tuple(f for fields in FIELDS.values() for f in fields)


@dataclass(frozen=True)
class Account:
    """An account as the desk shows it: the vendor's values with the desk's corrections laid over.

    `version` counts the desk's corrections (0: none); `corrected` names the fields that differ by
    a correction.
    """

    account_no: str
    name: str
    email: str
    phone: str
    rfc: str
    legal_name: str
    tax_regime: str
    cfdi_use: str
    postal_code: str
    street: str
    neighborhood: str
    municipality: str
    state: str
    registered_on: dt.date | None
    version: int = 0
    corrected: tuple[str, ...] = ()
