"""One certificate typed or scanned: the import's own reader and checks over a file of one row, so
that what may go in by hand is what may go in by file. Its batch can be looked at and undone alike.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import RowNote
from lib.model.reading import Choice, FileKind
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from lib.services.imports.previewing import Preview
from lib.store.pack.files import CERTIFICATES
from lib.store.records import batches, papers
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
    """What went in, and what is odd about it: (field, reason), the field "" for the whole."""

    folio: str
    batch_id: str
    warnings: tuple[tuple[str, str], ...]


def register(desk: Desk, actor: Actor, typed: Mapping[str, str]) -> Saved:
    """Bring in one certificate; `typed` has a text for each of FIELDS.

    Raises AppError: FORBIDDEN, BAD_CERTIFICATE (facts: problems by field), FOLIO_REGISTERED when
    the desk holds that folio (facts: folio, same: whether as it was typed), STORAGE_FAILED.
    """
    actor.require(Permission.IMPORT)
    content = _file(typed)
    seen = previewing.preview(desk, actor, BY_HAND, content, _AS_WRITTEN)
    try:
        _refuse(seen, previewing.notes(desk, actor, seen, bad=True))
        odd = previewing.notes(desk, actor, seen, bad=False)
        batch_id = batches.new_id()
        committing.commit(desk, actor, seen, batch_id)
    finally:
        previewing.discard(seen)
    return Saved(seen.sample[0].folio, batch_id, tuple(map(_warning, odd)))


def last(desk: Desk, actor: Actor) -> list[Registered]:
    """The last ones that this person registered, newest first. Raises AppError(FORBIDDEN)."""
    actor.require(Permission.IMPORT)
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
    if not seen.merge.new:
        folio, same = seen.sample[0].folio, bool(seen.merge.unchanged)
        raise AppError(Reason.FOLIO_REGISTERED, folio=folio, same=same)


def _by_field(notes: list[RowNote]) -> dict[str, str]:
    """What is wrong, by field."""
    found: dict[str, list[str]] = defaultdict(list)
    for note in notes:
        found[_HEADINGS.get(note.field, FIELDS[0])].append(note.why)
    return {field: "; ".join(why) for field, why in found.items()}


def _warning(note: RowNote) -> tuple[str, str]:
    return _HEADINGS.get(note.field, ""), note.why
