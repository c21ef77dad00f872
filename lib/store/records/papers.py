"""Questions that a certificate in a customer's hand asks: is there one of this folio or serial, and
where does what the desk says of it come from?"""

import datetime as dt
from dataclasses import dataclass

from lib.store.reading import Reader
from lib.store.records.batches import BY_HAND

_BARE = "replace(replace(upper({}), '-', ''), ' ', '')"
_MOST = 20  # of one serial, or near one


@dataclass(frozen=True)
class Origin:
    """The batch that brought a certificate, or changed it last; UTC."""

    batch_id: str
    source: str
    finished_at: dt.datetime
    actor: str


@dataclass(frozen=True)
class Registered:
    """A certificate that a person registered by itself; UTC."""

    finished_at: dt.datetime
    batch_id: str
    folio: str
    serial: str
    product: str
    version: str
    purchased_on: dt.date | None
    holder: str
    account_no: str


def bare(typed: str) -> str:
    """A folio or serial as it is compared: without spaces or hyphens, in capitals.

    >>> bare(" 0kfa-q05e fj4")
    '0KFAQ05EFJ4'
    """
    return "".join(typed.split()).replace("-", "").upper()


def of_code(reader: Reader, typed: str) -> list[str]:
    """Folios of the certificates with this folio or serial: as typed, or without its spaces."""
    code = bare(typed)
    rows = reader.rows(
        "SELECT folio FROM held_certificate WHERE folio IN (?, ?) OR serial IN (?, ?)"
        f" ORDER BY folio LIMIT {_MOST}",
        [code, typed.strip()] * 2,
    )
    return [row[0] for row in rows]


def of_spaced_code(reader: Reader, typed: str) -> list[str]:
    """The same where a file wrote hyphens or spaces of its own: every certificate is read."""
    rows = reader.rows(
        f"SELECT folio FROM held_certificate WHERE {_BARE.format('folio')} = ?"
        f" OR {_BARE.format('serial')} = ? ORDER BY folio LIMIT {_MOST}",
        [bare(typed)] * 2,
    )
    return [row[0] for row in rows]


def near(reader: Reader, typed: str) -> list[tuple[str, str]]:
    """(folio, its folio or serial) of certificates one slip away: a symbol wrong, missing, too
    many, or two neighbours swapped. Such a slip spares what stands before it or after it."""
    code = bare(typed)
    half = len(code) // 2
    alike = (
        "abs(length({0}) - ?) <= 1 AND (starts_with({0}, ?) OR ends_with({0}, ?))"
        " AND damerau_levenshtein({0}, ?) = 1"
    )
    either = " UNION ".join(
        f"SELECT folio, {name} FROM held_certificate WHERE {alike.format(f'upper({name})')}"
        for name in ("folio", "serial")
    )
    like = [len(code), code[: half - 1], code[half + 1 :], code]
    rows = reader.rows(f"SELECT * FROM ({either}) ORDER BY 1, 2 LIMIT {_MOST}", like * 2)
    return [(folio, taken) for folio, taken in rows]


def namesakes(reader: Reader, folio: str, serial: str) -> list[str]:
    """Other folios with the same serial."""
    rows = reader.rows(
        "SELECT folio FROM held_certificate WHERE serial = ? AND folio <> ?"
        f" ORDER BY folio LIMIT {_MOST}",
        [serial, folio],
    )
    return [row[0] for row in rows]


def origin(reader: Reader, folio: str) -> Origin | None:
    row = reader.one(
        "SELECT b.id, b.source, b.finished_at, b.actor FROM held_certificate c"
        " JOIN ops.batch b ON b.id = c.batch_id WHERE c.folio = ?",
        [folio],
    )
    return Origin(*row) if row else None


def registered(reader: Reader, username: str, most: int) -> list[Registered]:
    """The last that this person registered one at a time, newest first."""
    rows = reader.rows(
        "SELECT b.finished_at, b.id, c.folio, c.serial, c.product, c.version, c.purchased_on,"
        " c.holder, c.account_no FROM ops.batch b JOIN held_certificate c ON c.batch_id = b.id"
        " WHERE b.source = ? AND b.actor = ? ORDER BY b.finished_at DESC, c.folio LIMIT ?",
        [BY_HAND, username, most],
    )
    return [Registered(*row) for row in rows]
