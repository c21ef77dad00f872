"""One certificate typed or scanned: the import's own reader and checks over a file of one row, so
that what may go in by hand is what may go in by file. Its batch can be looked at and undone alike.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import RowNote
from lib.model.reading import Choice, FileKind
from lib.model.roles import Permission
from lib.model.system import Certificate
from lib.services.desk import Desk
from lib.services.imports import committing, comparing, previewing
from lib.services.imports.previewing import Preview
from lib.store.database import Transaction
from lib.store.pack.files import CERTIFICATES
from lib.store.records import batches, certificates, links, papers
from lib.store.records.batches import BY_HAND
from lib.store.records.papers import Registered

FIELDS = tuple(column.name for column in CERTIFICATES.columns)  # in the vendor's order
_HEADINGS = {column.heading: column.name for column in CERTIFICATES.columns}
_AS_WRITTEN = Choice(
    kind=FileKind.CSV, encoding="utf-8", separator=";", heading_line=1, remembered=False
)
_LAST = 5


@dataclass(frozen=True)
class Saved:
    """What went in, and what is odd about it: (field, reason), the field "" for the whole;
    `corrected`: it stands for what the desk held of that folio."""

    folio: str
    batch_id: str
    warnings: tuple[tuple[str, str], ...]
    corrected: bool = False


class FolioRegisteredError(AppError):
    """The desk holds that folio already: `held`, and `typed` as it would be stored."""

    def __init__(self, held: Certificate, typed: Certificate) -> None:
        super().__init__(Reason.FOLIO_REGISTERED, folio=held.folio, same=held == typed)
        self.held, self.typed = held, typed


def register(
    desk: Desk, actor: Actor, typed: Mapping[str, str], over: Certificate | None = None
) -> Saved:
    """Bring in one certificate; `typed` has a text for each of FIELDS. `over` is what the person
    saw that the desk holds of its folio, and wants corrected.

    Raises AppError: FORBIDDEN, BAD_CERTIFICATE (facts: problems by field), STORAGE_FAILED,
    STALE_PREVIEW when that folio changed at the same moment, and FolioRegisteredError when the desk
    holds something else of it than `over`, or what was typed.
    """
    desk.require(actor, Permission.IMPORT)
    content = _file(typed)
    seen = previewing.preview(desk, actor, BY_HAND, content, _AS_WRITTEN)
    try:
        _refuse(seen, previewing.notes(desk, actor, seen, bad=True))
        new = _as_stored(desk, seen.sample[0])
        _refuse_held(desk, seen, new, over)
        odd = previewing.notes(desk, actor, seen, bad=False)
        odd += _twins(desk, actor, seen)
        batch_id = batches.new_id()
        first = (lambda t: _note(t, actor, over, new)) if over and seen.merge.changed else None
        committing.commit(desk, actor, seen, batch_id, first=first)
    finally:
        previewing.discard(seen)
    return Saved(new.folio, batch_id, tuple(map(_warning, odd)), corrected=bool(first))


def _twins(desk: Desk, actor: Actor, seen: Preview) -> list[RowNote]:
    """The folios under which its serial is held already, the first of them."""
    _, found = comparing.twins(desk, actor, seen, 1)
    reason = "la misma serie está en otro folio"
    return [RowNote("", 2, "No. Serie", reason, t.serial, detail=f"el {t.held}") for t in found]


def last(desk: Desk, actor: Actor) -> list[Registered]:
    """The last ones that this person registered, newest first. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return papers.registered(desk.store, actor.username, _LAST)


def _file(typed: Mapping[str, str]) -> io.BytesIO:
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow(_HEADINGS)
    rows.writerow([" ".join(typed[field].split()) for field in FIELDS])
    return io.BytesIO(text.getvalue().encode())


def _refuse(seen: Preview, problems: list[RowNote]) -> None:
    """Raise why the row can't go in, if it can't."""
    if not seen.counts.good:
        said = problems or [RowNote("", 2, "Folio", "falta Folio")]  # all of it empty
        raise AppError(Reason.BAD_CERTIFICATE, problems=_by_field(said))


def _as_stored(desk: Desk, new: Certificate) -> Certificate:
    """With the account that a link by hand leaves it (links.respected)."""
    linked, held = links.by_hand(desk.store, new.folio), certificates.find(desk.store, new.folio)
    if linked and held and new.account_no in ("", linked.laid_over):
        return replace(new, account_no=held.account_no)
    return new


def _refuse_held(desk: Desk, seen: Preview, new: Certificate, over: Certificate | None) -> None:
    """Raise unless the folio is new, or is what the person saw and differs from what they typed."""
    held = None if seen.merge.new else certificates.find(desk.store, new.folio)
    if held and (seen.merge.unchanged or held != over):
        raise FolioRegisteredError(held, new)


def _note(transaction: Transaction, actor: Actor, old: Certificate, new: Certificate) -> None:
    """What is corrected, from what to what. Raises AppError(STALE_PREVIEW)."""
    if certificates.find(transaction, old.folio) != old:
        raise AppError(Reason.STALE_PREVIEW)
    was, now = _told(old), _told(new)
    fields = [field for field in now if was[field] != now[field]]
    detail = {"old": {f: was[f] for f in fields}, "new": {f: now[f] for f in fields}}
    transaction.log(
        actor,
        Entry(
            Action.CERTIFICATE_CORRECTED,
            account_no=new.account_no,
            serial=new.serial,
            subject=new.folio,
            detail=detail,
        ),
    )


def _told(of: Certificate) -> dict[str, Any]:
    """Its facts as the log keeps them."""
    day = of.purchased_on
    return asdict(of) | {"purchased_on": f"{day:%d/%m/%Y}" if day else ""}


def _by_field(notes: list[RowNote]) -> dict[str, str]:
    """What is wrong, by field."""
    found: dict[str, list[str]] = defaultdict(list)
    for note in notes:
        found[_HEADINGS.get(note.field, FIELDS[0])].append(note.why)
    return {field: "; ".join(why) for field, why in found.items()}


def _warning(note: RowNote) -> tuple[str, str]:
    return _HEADINGS.get(note.field, ""), note.why
