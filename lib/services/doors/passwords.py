"""How a password is kept: argon2id, at most two at work at once. What one must be is said in
lib/services/doors/password_rules.py.
"""

import base64
import secrets
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 128  # characters

# RFC 9106's second recommendation (64 MiB, three passes): argon2-cffi's own default.
_HASHER = PasswordHasher()
# A flood of sign-ins can't take every core, nor the memory.
_ROOM = threading.BoundedSemaphore(2)


def normal(password: str) -> str:
    """The same characters however a keyboard composes them: RFC 8265's OpaqueString, which puts
    accents together (NFC) and takes any space for a space, and leaves case, width and ends alone.

    Not NFKC, which would make one password of several that people mean to be different.
    """
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def hashed(password: str) -> str:
    with _ROOM:
        return _HASHER.hash(normal(password))


def matches(password: str, password_hash: str) -> bool:
    """Constant work whatever the answer: give `NOBODY` where there is no account."""
    text = normal(password)
    with _ROOM:
        try:
            return _HASHER.verify(password_hash, text[:LONGEST]) and len(text) <= LONGEST
        except (VerificationError, InvalidHashError):
            return False


def is_none(password_hash: str) -> bool:
    """Whether there is no password yet, whichever start of the desk said so."""
    return password_hash.split("$")[-2:-1] == [_written(_NO_SALT)]


_NO_SALT = b"without password"  # sixteen bytes, as any


def _written(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")


def _of_no_password(hasher: PasswordHasher) -> str:
    """A hash that nothing matches, at the same cost: random instead of worked out, because every
    start of every command would wait for it."""
    salt, digest = map(_written, (_NO_SALT, secrets.token_bytes(hasher.hash_len)))
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


NOBODY = _of_no_password(_HASHER)
