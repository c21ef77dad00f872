"""Codes of six digits from a seed and the clock, as authenticator apps make them (RFC 6238)."""

import base64
import secrets
from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
STEP_S = 30
_SEED_BYTES = 20  # RFC 4226, 4: 160 bits are recommended
_DRIFT = 1  # steps that a phone's clock may be off, either way: RFC 6238, 5.2
_ISSUER = "Mesa CDA"


def new_seed() -> bytes:
    return secrets.token_bytes(_SEED_BYTES)


def step_of(seed: bytes, code: str, at: datetime, after: int) -> int | None:
    """The step whose code this is, of those that count at `at` (UTC) and come later than `after`;
    None when it is none's. Every step is looked at, so that the time taken says nothing."""
    digits = "".join(c for c in code if not c.isspace())
    now = int((at - datetime(1970, 1, 1)).total_seconds()) // STEP_S  # noqa: DTZ001
    found = None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        right = compare_digest(_code(seed, step).encode(), digits.encode())
        if right and step > after and found is None:
            found = step
    return found


def code_at(seed: bytes, at: datetime) -> str:
    """What an app shows at `at` (UTC)."""
    return _code(seed, int((at - datetime(1970, 1, 1)).total_seconds()) // STEP_S)  # noqa: DTZ001


def address(seed: bytes, username: str) -> str:
    """What the QR code says (otpauth://…)."""
    return _totp(seed).get_provisioning_uri(username, _ISSUER)


def written(seed: bytes) -> str:
    """For typing it into an app that can't see: base32 in groups of four."""
    text = base64.b32encode(seed).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def _code(seed: bytes, step: int) -> str:
    return _totp(seed).generate(step * STEP_S).decode()


def _totp(seed: bytes) -> TOTP:
    # SHA-1 as HMAC's hash, which is what apps know; RFC 6238 says why that is sound.
    return TOTP(seed, DIGITS, SHA1(), STEP_S)  # noqa: S303
