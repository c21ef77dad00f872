"""What may be mailed, and where to: of one system or of thousands, by the same questions."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from lib.mail import address
from lib.model.account import Account
from lib.model.errors import AppError, Reason
from lib.model.system import System
from lib.store.reading import Reader
from lib.store.records import accounts, systems

Found = TypeVar("Found", System, Account)


def system(reader: Reader, serial: str) -> System:
    """Raises AppError: UNKNOWN_SERIAL, PRINTED_ON_CERTIFICATE, NO_CODE (fact: serial)."""
    return _or_raise(all_systems(reader, [serial], systems.some(reader, [serial]))[serial])


def addressee(reader: Reader, account_no: str) -> Account:
    """The account as it is at this moment, with an address that mail can go to.

    Raises AppError: UNKNOWN_ACCOUNT, NO_ADDRESS, BAD_ADDRESS (fact: account_no).
    """
    return _or_raise(all_addressees([account_no], accounts.some(reader, [account_no]))[account_no])


def all_systems(
    reader: Reader, serials: Collection[str], found: Mapping[str, System]
) -> dict[str, System | AppError]:
    """Each serial's system or, as `system` raises it, why its CDA can't be mailed; `found` are
    those that there are."""
    coded = systems.with_code(reader, found)
    return {
        serial: found[serial] if serial in coded else _no_code(reader, found.get(serial), serial)
        for serial in serials
    }


def all_addressees(
    account_nos: Collection[str], found: Mapping[str, Account]
) -> dict[str, Account | AppError]:
    """Each account or, as `addressee` raises it, why no mail can go to it; `found` are those that
    there are."""
    return {number: _with_address(found.get(number), number) for number in account_nos}


def _no_code(reader: Reader, known: System | None, serial: str) -> AppError:
    if known:
        return AppError(Reason.NO_CODE, serial=serial)
    if systems.on_paper(reader, serial):
        return AppError(Reason.PRINTED_ON_CERTIFICATE, serial=serial)
    return AppError(Reason.UNKNOWN_SERIAL, serial=serial)


def _with_address(account: Account | None, account_no: str) -> Account | AppError:
    if account is None:
        return AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
    if not account.email:
        return AppError(Reason.NO_ADDRESS, account_no=account_no)
    try:
        address.read(account.email)
    except AppError as error:
        return AppError(error.reason, account_no=account_no)
    return account


def _or_raise(found: Found | AppError) -> Found:
    if isinstance(found, AppError):
        raise found
    return found
