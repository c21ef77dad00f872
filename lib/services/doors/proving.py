"""What people can prove themselves with beside a password: which of it they have, and what a code
proves, of an authenticator app or a recovery code. Either works once (RFC 6238, 5.2).
"""

import base64
import secrets

from lib.services.desk import Desk
from lib.services.doors import seeds, totp
from lib.services.doors.opening import Proof, hashed
from lib.store.database import Transaction
from lib.store.people import factors as stored
from lib.store.people import passkeys
from lib.store.reading import Reader

RECOVERY_CODES = 10
_CODE_BYTES = 15  # 120 bits, 24 letters: ASVS 5.0, 6.5.2 asks for 112


def factors_of(source: Reader, username: str) -> frozenset[Proof]:
    """Which a person has, of TOTP and PASSKEY. A recovery code stands in for either."""
    has = {
        Proof.TOTP: stored.totp(source, username) is not None,
        Proof.PASSKEY: bool(passkeys.of(source, username)),
    }
    return frozenset(proof for proof, there in has.items() if there)


def factors_of_everybody(source: Reader) -> dict[str, frozenset[Proof]]:
    """The same by username; nobody who has none."""
    having = {Proof.TOTP: stored.enrolled(source), Proof.PASSKEY: passkeys.holders(source)}
    return {
        username: frozenset(proof for proof, who in having.items() if username in who)
        for username in set().union(*having.values())
    }


def proof(desk: Desk, transaction: Transaction, username: str, code: str) -> Proof | None:
    """What the code proves, and it is used up; None when it isn't theirs.

    Raises AppError(DOORS_KEY_WRONG).
    """
    known = stored.totp(transaction, username)
    if known:
        seed = seeds.unseal(desk, username, known.seed)
        step = totp.step_of(seed, code, transaction.now, known.last_step)
        if step is not None:
            stored.use_step(transaction, username, step)
            return Proof.TOTP
    used = stored.use_code(transaction, username, hashed(_plain(code)))
    return Proof.RECOVERY_CODE if used else None


def renewed_codes(transaction: Transaction, username: str) -> tuple[str, ...]:
    """Recovery codes to be shown this once; those of before are void."""
    codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
    stored.renew_codes(transaction, username, [hashed(_plain(code)) for code in codes])
    return codes


def _new_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _plain(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())
