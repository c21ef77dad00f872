"""Is this certificate real, and whose is it? One answer for a folio or a serial."""

import re
from dataclasses import dataclass

from lib.model import rfc
from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.records.finding import Found
from lib.store.reading import Reader
from lib.store.records import accounts, certificates, links, papers
from lib.store.records.links import ByHand
from lib.store.records.papers import Origin
from lib.store.remembering import Remembering

# What may be a folio or a serial: one word of letters and digits, some of them digits.
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Za-zÑñ]{5,40}")


@dataclass(frozen=True)
class Paper:
    """A registered certificate. `account` is None when it names none that there is; `by_hand` when
    its account is as the files say; `namesakes` are other folios of the same serial."""

    certificate: Certificate
    account: Account | None
    by_hand: ByHand | None
    origin: Origin | None
    namesakes: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """`papers`: the certificates of that folio or serial. Without any, `near` pairs the folios of
    those one slip away with the folio or serial that is like what was typed."""

    code: str
    papers: tuple[Paper, ...]
    near: tuple[tuple[str, str], ...] = ()


def may_be_code(typed: str) -> bool:
    """Whether what was typed looks like a folio or a serial; an RFC does but isn't one."""
    code = papers.bare(typed)
    return _CODE.fullmatch(code) is not None and not rfc.is_well_formed(code)


def verdict(desk: Desk, typed: str, found: Found, *, actor: Actor) -> Verdict | None:
    """What the desk knows of the certificate with this folio or serial; None when what was typed is
    neither, or is something else's. `found` is what a search over everything found for it, so that
    a system's serial isn't looked for among certificates letter by letter.

    Raises AppError(FORBIDDEN | STORAGE_FAILED).
    """
    desk.require(actor, Permission.FIND)
    reader = Remembering(desk.store)
    code, is_code = papers.bare(typed), may_be_code(typed)
    folios = papers.of_code(reader, typed) if code else []
    if not folios and is_code and (found.certificates.total or not found.exact):
        folios = papers.of_spaced_code(reader, typed)
    known = tuple(paper for folio in folios if (paper := of_folio(reader, folio)))
    if known:
        return Verdict(code, known)
    if found.exact or not is_code:
        return None
    return Verdict(code, (), tuple(papers.near(reader, typed)))


def of_folio(reader: Reader, folio: str) -> Paper | None:
    """A certificate with all that speaks for it; None when there is none."""
    found = certificates.find(reader, folio)
    if found is None:
        return None
    return Paper(
        found,
        accounts.find(reader, found.account_no) if found.account_no else None,
        links.by_hand(reader, folio),
        papers.origin(reader, folio),
        tuple(papers.namesakes(reader, folio, found.serial)),
    )
