"""Which account a certificate belongs to: suggested, said by a person, taken back."""

from dataclasses import dataclass
from enum import StrEnum

from lib.model import rfc
from lib.model.account import Account
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.model.text import fold
from lib.model.view import View
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.grid.engine import window
from lib.store.grid.sources import ACCOUNTS
from lib.store.grid.tree import Record
from lib.store.reading import Reader
from lib.store.records import accounts, certificates, links
from lib.store.records.links import ByHand
from lib.store.remembering import Remembering

_LOOKED_AT = 20  # accounts that a search is read for: an RFC has one, seldom three
MOST = 5  # accounts offered at once


class Why(StrEnum):
    """What a certificate and an account share; words in lib/ui/records/linking.py."""

    RFC = "rfc"
    NAME = "name"


@dataclass(frozen=True)
class Candidate:
    """An account that a certificate may belong to, with what speaks for it; `other_rfc`: both have
    an RFC of their own, and they differ."""

    account_no: str
    name: str
    rfc: str
    why: tuple[Why, ...] = ()
    other_rfc: bool = False


@dataclass(frozen=True)
class Case:
    """A certificate and where it stands. `account` is None when it names none that there is;
    `by_hand` is None when its account is as the files say."""

    certificate: Certificate
    account: Account | None
    by_hand: ByHand | None
    suggestions: tuple[Candidate, ...]


def look_at(desk: Desk, folio: str, *, actor: Actor) -> Case:
    """A certificate to be linked. Raises AppError(FORBIDDEN | UNKNOWN_FOLIO | STORAGE_FAILED)."""
    desk.require(actor, Permission.LINK)
    found = _certificate(desk.store, folio)
    return Case(
        found,
        accounts.find(desk.store, found.account_no) if found.account_no else None,
        links.by_hand(desk.store, folio),
        _suggestions(desk, found),
    )


def search(desk: Desk, folio: str, typed: str, *, actor: Actor) -> tuple[Candidate, ...]:
    """Accounts found by what was typed, alone that of this number, as candidates for a certificate.
    Raises AppError(FORBIDDEN | UNKNOWN_FOLIO | STORAGE_FAILED)."""
    desk.require(actor, Permission.LINK)
    of = _certificate(desk.store, folio)
    if exact := accounts.find(desk.store, typed.strip()):
        return (_candidate(of, exact),)
    numbers = _found(desk, typed, MOST)
    found = accounts.some(desk.store, numbers)
    return tuple(_candidate(of, found[number]) for number in numbers if number in found)


def link(desk: Desk, folio: str, account_no: str, seen: str, *, actor: Actor) -> Certificate:
    """Put a certificate under an account; `seen` is the account number that it had on screen. Back
    under the number that the files say it may go though there is no such account.

    Raises AppError: FORBIDDEN, UNKNOWN_FOLIO, UNKNOWN_ACCOUNT, SAME_LINK, LINK_CHANGED_MEANWHILE
    when it has another number by now.
    """
    desk.require(actor, Permission.LINK)

    def save(transaction: Transaction) -> Certificate:
        by_hand = links.by_hand(transaction, folio)
        is_back = by_hand is not None and by_hand.laid_over == account_no
        if not is_back and accounts.find(transaction, account_no) is None:
            raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
        return _put(transaction, actor, folio, account_no, seen)

    return desk.store.write(save)


def unlink(desk: Desk, folio: str, seen: str, *, actor: Actor) -> Certificate:
    """Take a certificate from its account. Raises what `link` does, less UNKNOWN_ACCOUNT."""
    desk.require(actor, Permission.LINK)
    return desk.store.write(lambda transaction: _put(transaction, actor, folio, "", seen))


def count(desk: Desk, actor: Actor) -> int:
    """Certificates of no account that there is. Raises AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.LINK)
    return links.count_without(Remembering(desk.store))


def following(desk: Desk, folio: str, *, actor: Actor) -> str:
    """The folio of the next certificate without an account; "" when there is no other. Raises
    AppError(FORBIDDEN | STORAGE_FAILED)."""
    desk.require(actor, Permission.LINK)
    return links.next_without(desk.store, folio)


def _certificate(reader: Reader, folio: str) -> Certificate:
    found = certificates.find(reader, folio)
    if found is None:
        raise AppError(Reason.UNKNOWN_FOLIO, folio=folio)
    return found


def _put(
    transaction: Transaction, actor: Actor, folio: str, account_no: str, seen: str
) -> Certificate:
    before = _certificate(transaction, folio)
    if before.account_no != seen:
        raise AppError(Reason.LINK_CHANGED_MEANWHILE, account_no=before.account_no or "ninguna")
    if before.account_no == account_no:
        raise AppError(Reason.SAME_LINK)
    links.set_account(transaction, before, account_no, actor.username)
    transaction.log(actor, _entry(before, account_no))
    return _certificate(transaction, folio)


def _entry(before: Certificate, account_no: str) -> Entry:
    """Of the account that it came to, or that it was taken from."""
    return Entry(
        Action.CERTIFICATE_LINKED if account_no else Action.CERTIFICATE_UNLINKED,
        account_no=account_no or before.account_no,
        serial=before.serial,
        subject=before.folio,
        detail={"old": {"account_no": before.account_no}, "new": {"account_no": account_no}},
    )


# ---- what is suggested ---------------------------------------------------------------------


def _suggestions(desk: Desk, of: Certificate) -> tuple[Candidate, ...]:
    """Accounts with its RFC or its holder's name, those with both first; not the one it has."""
    own = _is_own(of.rfc)
    numbers = _found(desk, rfc.normalized(of.rfc), _LOOKED_AT) if own else []
    if fold(of.holder):
        numbers += links.named(desk.store, of.holder, _LOOKED_AT)
    found = accounts.some(desk.store, dict.fromkeys(numbers))
    judged = (_candidate(of, account) for account in found.values())
    fitting = [c for c in judged if c.why and c.account_no != of.account_no]
    return tuple(sorted(fitting, key=_rank)[:MOST])


def _rank(candidate: Candidate) -> tuple[bool, bool, bool, str]:
    """The RFC says more than a name, which people share."""
    why = candidate.why
    return Why.RFC not in why, Why.NAME not in why, candidate.other_rfc, candidate.account_no


def _candidate(of: Certificate, account: Account) -> Candidate:
    same_rfc = _is_own(of.rfc) and rfc.normalized(of.rfc) == rfc.normalized(account.rfc)
    same_name = bool(fold(of.holder)) and fold(of.holder) == fold(account.name)
    why = [w for w, so in ((Why.RFC, same_rfc), (Why.NAME, same_name)) if so]
    other = _is_own(of.rfc) and _is_own(account.rfc) and not same_rfc
    return Candidate(account.account_no, account.name, account.rfc, tuple(why), other)


def _is_own(code: str) -> bool:
    """Whether an RFC is somebody's: the generic ones are everybody's."""
    return rfc.normalized(code) not in {"", *rfc.GENERIC}


def _found(desk: Desk, typed: str, most: int) -> list[str]:
    """Accounts by number, as their list finds them."""
    found = window(desk.store, ACCOUNTS, View(q=typed, limit=most))
    return [row.account_no for row in found.rows if isinstance(row, Record)]
