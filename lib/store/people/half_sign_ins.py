"""Sign-ins whose password was right and whose second factor is still to come."""

from dataclasses import dataclass, field
from datetime import datetime

from lib.model.client import NO_CLIENT, Client
from lib.store.database import Transaction
from lib.store.reading import Reader

_LIVE = (
    "SELECT h.username, h.address, h.seed, h.entrance, h.device, h.browser FROM ops.half_sign_in h"
    " JOIN ops.staff p ON p.username = h.username"
    " WHERE h.token_hash = ? AND h.ended_at IS NULL AND h.opened_at > ?"
    " AND p.active AND p.credential_version = h.credential_version"
)


@dataclass(frozen=True)
class Half:
    """`seed` is the sealed one that is being enrolled, b"" when there is none; `entrance` is the
    way in that they took (lib/services/doors/opening.py)."""

    username: str
    address: str
    seed: bytes = field(repr=False)
    entrance: str
    client: Client = NO_CLIENT


def add(
    transaction: Transaction,
    token_hash: str,
    username: str,
    credential_version: int,
    address: str,
    entrance: str,
    client: Client = NO_CLIENT,
) -> None:
    transaction.run(
        "INSERT INTO ops.half_sign_in"
        " (token_hash, username, credential_version, address, opened_at, entrance, device, browser)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            token_hash,
            username,
            credential_version,
            address,
            transaction.now,
            entrance,
            client.device,
            client.browser,
        ],
    )


def find(source: Reader, token_hash: str, opened_after: datetime) -> Half | None:
    """One that still counts: young, not ended, its person as they were."""
    row = source.one(_LIVE, [token_hash, opened_after])
    if row is None:
        return None
    return Half(row[0], row[1], bytes(row[2] or b""), row[3], Client(row[4], row[5]))


def keep_seed(transaction: Transaction, token_hash: str, seed: bytes) -> None:
    transaction.run("UPDATE ops.half_sign_in SET seed = ? WHERE token_hash = ?", [seed, token_hash])


def end(transaction: Transaction, token_hash: str) -> None:
    """It opened its session: it doesn't open another. Its seed is where it belongs."""
    transaction.run(
        "UPDATE ops.half_sign_in SET ended_at = ?, seed = NULL WHERE token_hash = ?",
        [transaction.now, token_hash],
    )
