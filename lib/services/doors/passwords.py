"""What a password must be, and how it is kept: argon2id, at most two at work at once."""

import base64
import secrets
import threading
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lib.model.errors import AppError, Reason
from lib.model.text import fold

SHORTEST, LONGEST = 12, 128
_FEWEST_DIFFERENT = 4
_COMMON = frozenset(
    Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
)

# RFC 9106's second recommendation (64 MiB, three passes): argon2-cffi's own default.
_HASHER = PasswordHasher()
# A flood of sign-ins can't take every core, nor the memory.
_ROOM = threading.BoundedSemaphore(2)


def normal(password: str) -> str:
    """The same characters however a keyboard composes them; the form trims its ends too."""
    return unicodedata.normalize("NFC", password).strip()


def check(password: str, username: str) -> None:
    """Raise AppError(WEAK_PASSWORD) unless it is long enough and not one that everybody tries.

    Length, any script, a block-list, no rules of composition: NIST SP 800-63B-4, 3.1.1.2.
    """
    text = normal(password)
    letters = "".join(c for c in fold(text) if c.isalpha())
    if (
        not SHORTEST <= len(text) <= LONGEST
        or len(set(text)) < _FEWEST_DIFFERENT
        or fold(text) in _COMMON
        or letters in _COMMON
        or (letters and not letters.replace(fold(username), ""))
    ):
        raise AppError(Reason.WEAK_PASSWORD)


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


def _of_no_password(hasher: PasswordHasher) -> str:
    """A hash that nothing matches, at the same cost: random instead of worked out, because every
    start of every command would wait for it."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


NOBODY = _of_no_password(_HASHER)
