"""What the browser asks of a grid's rows, checked: the side panel's row, a button, a selection.

Ids and paths come from a browser: each is looked for again before anything is done with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.selection import Selection
from lib.model.view import MAX_KEY, MAX_SEQ, View, clean
from lib.services.desk import Desk
from lib.services.records import browsing
from lib.store.grid.sources import Source
from lib.ui import messages
from lib.ui.grid.acts import COPY, BulkAction, BulkEvent, RowAction, RowEvent
from lib.ui.grid.names import COPIES, ROW_GONE
from lib.ui.grid.peek import Peek
from lib.ui.plain import refusal

MOST_COPIED = 10_000  # serials put on the clipboard at once
_GONE = frozenset({Reason.UNKNOWN_SERIAL, Reason.UNKNOWN_FOLIO, Reason.UNKNOWN_ACCOUNT})
_GONE |= {Reason.UNKNOWN_ENTRY}


@dataclass(frozen=True)
class Offer:
    """What a grid's rows offer. `peek` tells the side panel's words for a row's id, or raises
    AppError; `copied` is the column whose value one key copies."""

    actions: Sequence[RowAction] = ()
    bulk: Sequence[BulkAction] = ()
    peek: Callable[[str], Peek] | None = None
    copied: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "actions": [asdict(action) for action in self.actions],
            "bulk": [asdict(action) for action in self.bulk],
            "peeks": self.peek is not None,
            "copied": asdict(COPIES[self.copied]) if self.copied else None,
        }

    def copied_apart(self, source: Source) -> str:
        """The copied column, where it isn't what rows are known by anyway."""
        column = source.column(self.copied)
        return "" if column is None or column.sql == source.row_id else self.copied

    def of(self, *, account: bool) -> list[str]:
        """The actions of a row, by whether it belongs to an account."""
        return [action.id for action in self.actions if account or not action.of_account]


@dataclass(frozen=True)
class Pressed:
    """What a grid's browser sent with this run, and whom it is answered for."""

    sent: Mapping[str, Any]
    desk: Desk
    source: Source
    actor: Actor
    view: View
    offer: Offer

    def answers(self) -> dict[str, Any]:
        """What goes down with the page: the open row's panel, the text to be copied."""
        return {"peek": self._peek(), "clip": self._clip()}

    def event(self) -> RowEvent | BulkEvent | None:
        """What the page has to do, if anything."""
        return self._row() or self._bulk()

    # ---- the side panel --------------------------------------------------------------------

    def _peek(self) -> dict[str, Any] | None:
        row_id = _id(self.sent.get("peek"))
        if not row_id or self.offer.peek is None:
            return None
        try:
            peek = self.offer.peek(row_id)
        except AppError as error:
            if error.reason is Reason.SIGNED_OUT:
                raise
            problem = ROW_GONE if error.reason in _GONE else messages.sentence(error)
            return {"id": row_id, "title": row_id, "about": "", "acts": [], "problem": problem}
        told = asdict(peek)
        acts = self.offer.of(account=told.pop("of_account"))
        return {"id": row_id, "acts": acts, **told}

    # ---- a row's button --------------------------------------------------------------------

    def _row(self) -> RowEvent | None:
        pressed = _said(self.sent.get("action"))
        action, row_id = pressed.get("action"), _id(pressed.get("id"))
        if not row_id or action not in [known.id for known in self.offer.actions]:
            return None
        try:
            row = browsing.row(self.desk, self.source, row_id, actor=self.actor)
        except AppError as error:
            st.toast(refusal(error), icon=":material/error:")
            return None
        if row is None:
            st.toast(ROW_GONE, icon=":material/error:")
            return None
        return RowEvent(str(action), row_id, row)

    # ---- what is selected ------------------------------------------------------------------

    def _bulk(self) -> BulkEvent | None:
        pressed = _said(self.sent.get("bulk"))
        action, selection = pressed.get("action"), Selection.parse(pressed.get("selection"))
        known = [known.id for known in self.offer.bulk if known.id != COPY]
        if action not in known or not selection:
            return None
        return BulkEvent(str(action), selection, self.view)

    def _clip(self) -> dict[str, Any] | None:
        """The serials of what is selected, one a line: rows of a closed group are known here."""
        pressed = _said(self.sent.get("bulk"))
        token, selection = pressed.get("token"), Selection.parse(pressed.get("selection"))
        if pressed.get("action") != COPY or COPY not in [known.id for known in self.offer.bulk]:
            return None
        if not isinstance(token, int) or not 0 < token < MAX_SEQ:
            return None
        try:
            found = browsing.selected(
                self.desk, self.source, self.view, selection, MOST_COPIED, actor=self.actor
            )
        except AppError as error:
            return {"token": token, "text": "", "words": messages.sentence(error)}
        copies = [str(row[self.offer.copied]) for row in found.rows if row.get(self.offer.copied)]
        words = self._words(len(copies), found.total) + _gone(found.gone)
        return {"token": token, "text": "\n".join(copies), "words": words}

    def _words(self, copied: int, total: int) -> str:
        words = COPIES[self.offer.copied]
        whole = words.done if copied == 1 else f"{copied:,} {words.many}"
        return whole if copied == total else f"{whole}, de {total:,} seleccionados"


def _gone(rows: int) -> str:
    """Of what was ticked, what isn't there any more."""
    if not rows:
        return ""
    return "; 1 renglón ya no existe" if rows == 1 else f"; {rows:,} renglones ya no existen"


def _said(raw: object) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _id(raw: object) -> str:
    return clean(raw, MAX_KEY)
