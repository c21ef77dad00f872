"""What the side panel tells of one row, asked at once. Never a CDA, never a whole address.

The panel asks anew with each of its grid's answers: what nothing has changed is not read again.
"""

from dataclasses import dataclass

from lib.model import contact, masks
from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery
from lib.model.roles import Permission
from lib.model.system import Certificate, Issue, System
from lib.model.text import mask_email
from lib.services.desk import Desk
from lib.services.records import verifying
from lib.services.records.verifying import Paper
from lib.store.mail import outbox
from lib.store.reading import Reader
from lib.store.records import accounts, certificates, systems
from lib.store.records.accounts import AddressChange
from lib.store.remembering import Remembering

_DELIVERIES = 5
_SYSTEMS = 8


@dataclass(frozen=True)
class Customer:
    """An account as it is read back on the phone: what says who it is, masked (lib/model/masks.py).
    `address_is_good`: mail could be sent to it."""

    account_no: str
    name: str
    masked_address: str
    address_is_good: bool
    phone: str
    rfc: str
    address_change: AddressChange | None


@dataclass(frozen=True)
class SystemPeek:
    """`customer` is None when the vendor's files name an account that they don't hold. `issues`
    and `deliveries` are newest first."""

    system: System
    customer: Customer | None
    issues: list[Issue]
    deliveries: list[Delivery]


@dataclass(frozen=True)
class CertificatePeek:
    """`paper` is all that speaks for the certificate (lib/services/records/verifying.py)."""

    paper: Paper
    customer: Customer | None

    @property
    def certificate(self) -> Certificate:
        return self.paper.certificate


@dataclass(frozen=True)
class AccountPeek:
    """The account's first systems, and how many it has of each."""

    customer: Customer
    systems: list[System]
    system_count: int
    certificate_count: int


def system(desk: Desk, serial: str, *, actor: Actor) -> SystemPeek:
    """Raises AppError(FORBIDDEN | UNKNOWN_SERIAL | STORAGE_FAILED)."""
    desk.require(actor, Permission.FIND)
    reader = Remembering(desk.store)
    found = systems.find(reader, serial)
    if found is None:
        raise AppError(Reason.UNKNOWN_SERIAL, serial=serial)
    return SystemPeek(
        found,
        _customer(reader, found.account_no),
        systems.issues(reader, serial),
        outbox.history(reader, serial, _DELIVERIES),
    )


def certificate(desk: Desk, folio: str, *, actor: Actor) -> CertificatePeek:
    """Raises AppError(FORBIDDEN | UNKNOWN_FOLIO | STORAGE_FAILED)."""
    desk.require(actor, Permission.FIND)
    reader = Remembering(desk.store)
    found = verifying.of_folio(reader, folio)
    if found is None:
        raise AppError(Reason.UNKNOWN_FOLIO, folio=folio)
    return CertificatePeek(found, _customer(reader, found.certificate.account_no))


def account(desk: Desk, account_no: str, *, actor: Actor) -> AccountPeek:
    """Raises AppError(FORBIDDEN | UNKNOWN_ACCOUNT | STORAGE_FAILED)."""
    desk.require(actor, Permission.FIND)
    reader = Remembering(desk.store)
    customer = _customer(reader, account_no)
    if customer is None:
        raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
    first, count = systems.of_account(reader, account_no, _SYSTEMS)
    printed = certificates.count_of_account(reader, account_no)
    return AccountPeek(customer, first, count, printed)


def _customer(reader: Reader, account_no: str) -> Customer | None:
    found = accounts.find(reader, account_no) if account_no else None
    return _read_back(reader, found) if found else None


def _read_back(reader: Reader, account: Account) -> Customer:
    return Customer(
        account.account_no,
        account.name,
        mask_email(account.email),
        contact.is_address(account.email),
        masks.mask_phone(contact.shown_phone(account.phone)),
        masks.masked("rfc", account.rfc),
        accounts.address_change(reader, account.account_no),
    )
