"""What the log holds of one account's person, taken out for good.

The rows stay, with the salted hash that committed to what was there; without the salt it says
nothing. Nothing else may change the log (tests/test_architecture.py).
"""

from lib.model.action import Action
from lib.store.database import Transaction


def erase(transaction: Transaction, account_no: str) -> int:
    """How many details went. What a row says of an erasure itself names nobody, so it stays."""
    return transaction.changed(
        "DELETE FROM ops.audit_detail WHERE seq IN"
        " (SELECT seq FROM log_row WHERE account_no = ? AND action <> ?)",
        [account_no, Action.DETAILS_ERASED.value],
    )
