"""A system (sistema): what a customer bought, known by its serial number."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

# The products on sale (domain.md). Several users only for the first six.
PRODUCTS = ("SAE", "COI", "NOI", "CAJA", "BANCO", "PROD", "FACTURE", "ADM")
MAX_SEATS = 99


class Kind(StrEnum):
    SUBSCRIPTION = "subscription"
    LICENCE = "licence"
    CERTIFICATE = "certificate"


class Cause(StrEnum):
    """Why a CDA was issued, in the vendor's words."""

    NEW = "Alta"
    UNLOCK = "Desbloqueo"


@dataclass(frozen=True)
class Issue:
    """One CDA ever issued for a serial, without the code: those stay encrypted in the store."""

    issued_on: dt.date
    cause: str


@dataclass(frozen=True)
class System:
    """A subscription or a licence. Dates without a time; None where the vendor gave none."""

    serial: str
    kind: Kind
    account_no: str
    product: str
    version: str
    seats: int
    purchased_on: dt.date | None
    activated_on: dt.date | None
    next_payment_on: dt.date | None
    period: str
    status: str

    def is_overdue(self, today: dt.date) -> bool:
        """Whether a payment's date has passed."""
        return self.next_payment_on is not None and self.next_payment_on < today


@dataclass(frozen=True)
class Certificate:
    """A physical certificate: its CDA is printed on the paper and nowhere else."""

    folio: str
    serial: str
    product: str
    version: str
    seats: int
    purchased_on: dt.date | None
    holder: str
    rfc: str
    account_no: str
