"""Contact data corrected at the desk, laid over what the vendor hands over."""

from collections.abc import Mapping

from lib.model.account import EDITABLE
from lib.model.text import fold
from lib.store.database import Transaction
from lib.store.reading import marks

# What a customer is searched by, of the fields that can be corrected.
_SEARCHED = ("name", "email", "phone", "rfc")


def lay(transaction: Transaction, account_no: str, new: Mapping[str, str], by: str) -> None:
    """Lay new values over an account, beside the corrections it already has.

    A field set back to the vendor's own value is no longer a correction.
    """
    laid = _laid(transaction, account_no) | {
        field: None if value == vendor else value
        for field, value, vendor in _beside_the_vendor(transaction, account_no, new)
    }
    columns = [*EDITABLE, "search", "corrected_at", "corrected_by"]
    search = fold(" ".join(laid[f] or "" for f in _SEARCHED))
    values = [*(laid[f] for f in EDITABLE), search, transaction.now, by]
    updates = ", ".join(f"{c} = excluded.{c}" for c in columns)
    transaction.run(
        f"INSERT INTO ops.correction (account_no, {', '.join(columns)}, version)"
        f" VALUES (?, {marks(columns)}, 1)"
        f" ON CONFLICT (account_no) DO UPDATE SET {updates}, version = correction.version + 1",
        [account_no, *values],
    )


def _laid(transaction: Transaction, account_no: str) -> dict[str, str | None]:
    """The corrections in force; None for a field that has none."""
    columns = ", ".join(EDITABLE)
    row = transaction.one(
        f"SELECT {columns} FROM ops.correction WHERE account_no = ?", [account_no]
    )
    return dict(zip(EDITABLE, row, strict=True)) if row else dict.fromkeys(EDITABLE)


def _beside_the_vendor(
    transaction: Transaction, account_no: str, new: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(field, new value, vendor's value) for each new value."""
    row = transaction.one(
        f"SELECT {', '.join(new)} FROM account WHERE account_no = ?", [account_no]
    )
    return [(f, new[f], v) for f, v in zip(new, row or (), strict=True)]
