"""Which account a certificate belongs to when a person said so, and which still lack one.

The number in force stands in ops.certificate; ops.certificate_link says that a person put it there
and what the files said. A link is in force while both agree: a file that names another account
takes its place, one that names none or the same as before doesn't (`respected`).
"""

import datetime as dt
from dataclasses import dataclass

from lib.model.system import Certificate
from lib.model.text import fold
from lib.store.database import Transaction
from lib.store.reading import Reader

# SQL over a certificate named t.
BY_HAND = (
    "EXISTS (SELECT 1 FROM ops.certificate_link l"
    " WHERE l.folio = t.folio AND l.account_no = t.account_no)"
)
WITHOUT = "NOT EXISTS (SELECT 1 FROM account a WHERE a.account_no = t.account_no)"
_FIRST_WITHOUT = f"SELECT min(folio) FROM held_certificate AS t WHERE {WITHOUT}"
_IN_FORCE = (
    "SELECT l.folio, l.account_no, l.laid_over FROM ops.certificate_link l"
    " JOIN ops.certificate h ON h.folio = l.folio AND h.account_no = l.account_no"
)


@dataclass(frozen=True)
class ByHand:
    """Who linked a certificate, when (UTC), and what the files say of its account."""

    linked_by: str
    linked_at: dt.datetime
    laid_over: str


def respected(incoming: str) -> str:
    """A relation of certificates that come in, with the accounts that links in force leave them."""
    return (
        "(SELECT n.* REPLACE (CASE WHEN l.folio IS NOT NULL AND n.account_no IN ('', l.laid_over)"
        f" THEN l.account_no ELSE n.account_no END AS account_no) FROM {incoming} n"
        f" LEFT JOIN ({_IN_FORCE}) l ON l.folio = n.folio)"
    )


def by_hand(reader: Reader, folio: str) -> ByHand | None:
    """The link in force of a certificate; None when its account is as the files say."""
    row = reader.one(
        "SELECT l.linked_by, l.linked_at, l.laid_over FROM ops.certificate_link l"
        " JOIN ops.certificate c ON c.folio = l.folio AND c.account_no = l.account_no"
        " WHERE l.folio = ?",
        [folio],
    )
    return ByHand(*row) if row else None


def set_account(transaction: Transaction, before: Certificate, account_no: str, by: str) -> None:
    """Put a certificate under another account ("": none) in the name of `by`."""
    known = by_hand(transaction, before.folio)
    laid_over = known.laid_over if known else before.account_no
    said = (before.folio, before.serial, before.holder, before.rfc, account_no)
    transaction.run(
        "UPDATE ops.certificate SET account_no = ?, search = ? WHERE folio = ?",
        [account_no, _searched(*said), before.folio],
    )
    transaction.run(
        "INSERT INTO ops.certificate_link VALUES (?, ?, ?, 1, ?, ?)"
        " ON CONFLICT (folio) DO UPDATE SET account_no = excluded.account_no,"
        " laid_over = excluded.laid_over, version = certificate_link.version + 1,"
        " linked_at = excluded.linked_at, linked_by = excluded.linked_by",
        [before.folio, account_no, laid_over, transaction.now, by],
    )


def count_without(reader: Reader) -> int:
    """Certificates of no account that there is."""
    row = reader.one(f"SELECT count(*) FROM held_certificate AS t WHERE {WITHOUT}")
    return row[0] if row else 0


def next_without(reader: Reader, after: str) -> str:
    """The folio after this one, in order, of a certificate without an account; round to the first
    again; "" when there is no other."""
    row = reader.one(f"{_FIRST_WITHOUT} AND t.folio > ?", [after])
    if row and row[0]:
        return str(row[0])
    row = reader.one(f"{_FIRST_WITHOUT} AND t.folio < ?", [after])
    return str(row[0]) if row and row[0] else ""


def named(reader: Reader, name: str, most: int) -> list[str]:
    """Accounts whose name is this one but for case and accents, by number."""
    folded = fold(name)
    rows = reader.rows(
        "SELECT account_no FROM account WHERE name_folded = ? ORDER BY account_no LIMIT ?",
        [folded, most],
    )
    corrected = reader.rows(
        "SELECT account_no, name FROM ops.correction WHERE name IS NOT NULL ORDER BY account_no"
    )
    again = [number for number, now in corrected if fold(now) == folded]
    return list(dict.fromkeys([*(row[0] for row in rows), *again]))[:most]


def _searched(folio: str, serial: str, holder: str, rfc: str, account_no: str) -> str:
    """The folded text that a certificate is searched by, as pack/sql/write.sql makes it."""
    parts = (folio, _spaced(serial), holder, _spaced(rfc), account_no)
    return fold(" ".join(filter(None, parts)))


def _spaced(code: str) -> str:
    """As written and, where that isn't letters and digits alone, without the rest."""
    bare = "".join(c for c in code if c.isascii() and c.isalnum())
    return code if bare in (code, "") else f"{code} {bare}"
