"""What stands in the way of the log's next row: rows missing at its end, whose numbers are taken,
and details that somebody put where the next rows' would go."""

from lib.store.database import Store, Transaction
from lib.store.log.anchors import HeadFile
from lib.store.log.audit import Head
from lib.store.reading import Reader


def set_aside(transaction: Transaction) -> int:
    """Put out of the way the details of rows that there aren't yet; how many there were. What they
    hold is kept: it shows what somebody did."""
    top: int = transaction.head.seq
    transaction.run(
        "INSERT INTO ops.detail_aside (id, seq, salt, detail, after, aside_at)"
        " SELECT uuid()::VARCHAR, seq, salt, detail, ?, ? FROM ops.audit_detail WHERE seq > ?",
        [top, transaction.now, top],
    )
    return transaction.changed("DELETE FROM ops.audit_detail WHERE seq > ?", [top])


def cut_at(store: Store) -> Head | None:
    """The last head that was known outside, when the log ends before it."""
    known = HeadFile(store.data / "audit.head").last()
    row = store.one("SELECT coalesce(max(seq), 0) FROM ops.audit")
    return known if row and row[0] < known.seq else None


def orphans(reader: Reader) -> bool:
    """Whether there are such details."""
    row = reader.one(
        "SELECT max(seq) > (SELECT coalesce(max(seq), 0) FROM ops.audit) FROM ops.audit_detail"
    )
    return bool(row and row[0])
