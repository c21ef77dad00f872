"""A serial's slot, which lets it have only one mail on its way.

`free_at` lies in FAR_AHEAD while its mail is held, queued or sending; then it says from when the
serial may be mailed again.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from lib.store.database import Transaction
from lib.store.reading import Reader, marks

FAR_AHEAD = dt.datetime(9999, 1, 1)  # noqa: DTZ001 - stored instants carry no zone


@dataclass(frozen=True)
class Slot:
    """A serial's latest mail, and from when (UTC) another may be queued."""

    mail_id: str
    free_at: dt.datetime

    @property
    def is_taken(self) -> bool:
        """Whether that mail is still on its way."""
        return self.free_at == FAR_AHEAD


def of(reader: Reader, serials: Sequence[str]) -> dict[str, Slot]:
    """The slot of each of these serials that was ever mailed."""
    if not serials:
        return {}
    rows = reader.rows(
        "SELECT serial, outbox_id, free_at FROM ops.resend_slot"
        f" WHERE serial IN ({marks(serials)})",
        serials,
    )
    return {row[0]: Slot(*row[1:]) for row in rows}


def take(transaction: Transaction, mail_id: str, serial: str) -> None:
    """From now on this mail is the one on its way."""
    taken = transaction.changed(
        "UPDATE ops.resend_slot SET outbox_id = ?, free_at = ? WHERE serial = ?",
        [mail_id, FAR_AHEAD, serial],
    )
    if not taken:
        transaction.run(
            "INSERT INTO ops.resend_slot VALUES (?, ?, ?)", [serial, mail_id, FAR_AHEAD]
        )


def free(transaction: Transaction, mail_id: str, serials: Sequence[str], at: dt.datetime) -> None:
    """From `at` on another mail may be queued for these serials; those that a later mail than this
    one holds stay its own.

    By serial, which is the key: looked for by mail, a million slots take 14 ms.
    """
    if serials:
        transaction.run(
            f"UPDATE ops.resend_slot SET free_at = ? WHERE serial IN ({marks(serials)})"
            " AND outbox_id = ?",
            [at, *serials, mail_id],
        )
