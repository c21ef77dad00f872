"""Details of rows that there aren't yet: somebody put them where the next rows' would go, so that
not one more could be written."""

from lib.store.database import Transaction
from lib.store.reading import Reader


def set_aside(transaction: Transaction) -> int:
    """Put out of the way the details of rows that there aren't yet; how many there were. What they
    hold is kept: it shows what somebody did."""
    found = transaction.one("SELECT coalesce(max(seq), 0) FROM ops.audit")
    top = found[0] if found else 0
    transaction.run(
        "INSERT INTO ops.detail_aside (id, seq, salt, detail, after, aside_at)"
        " SELECT uuid()::VARCHAR, seq, salt, detail, ?, ? FROM ops.audit_detail WHERE seq > ?",
        [top, transaction.now, top],
    )
    return transaction.changed("DELETE FROM ops.audit_detail WHERE seq > ?", [top])


def orphans(reader: Reader) -> bool:
    """Whether there are such details."""
    row = reader.one(
        "SELECT max(seq) > (SELECT coalesce(max(seq), 0) FROM ops.audit) FROM ops.audit_detail"
    )
    return bool(row and row[0])
