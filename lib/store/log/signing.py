"""The key that signs the log's checkpoints: Ed25519, outside the database.

data/keys/log.pem holds it (0600); each public one is kept for good beside it, under its
fingerprint, so that what an older key signed can be checked when a new one is in use. The log has a
row for each key that was ever made, so one that somebody put there is known by being in none.
"""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from lib.store.ref import publish_file

UNREADABLE = "ilegible"  # the fingerprint of a file that holds no key


class Signer:
    """`fingerprint` names the public key: half of its SHA-256, in hex."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.fingerprint = _fingerprint(key.public_key())

    def sign(self, message: bytes) -> str:
        return self._key.sign(message).hex()


def held(data: Path) -> Signer | None:
    """The key in use; None when there is none that can be read."""
    return _read(_file(data))


def held_fingerprint(data: Path) -> str:
    """Of the file of the key in use: "" when there is none, UNREADABLE when it holds no key."""
    if not _file(data).exists():
        return ""
    signer = held(data)
    return signer.fingerprint if signer else UNREADABLE


def make(data: Path) -> Signer:
    """A new key, not in use until `settle`; its public key is kept at once. Raises OSError."""
    key = Ed25519PrivateKey.generate()
    folder = _file(data).parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signer = Signer(key)
    public = folder / f"log-{signer.fingerprint}.pub"
    _write(public, key.public_key().public_bytes_raw().hex().encode() + b"\n", 0o644)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(_waiting(data), pem, 0o600)
    return signer


def waiting(data: Path) -> Signer | None:
    """A key that was made and never came into use."""
    return _read(_waiting(data))


def settle(data: Path) -> None:
    """The one that waits is the key in use from here on. Raises OSError."""
    publish_file(_waiting(data), _file(data))


def public_key(data: Path, fingerprint: str) -> Ed25519PublicKey | None:
    """None when its file is lost, or holds another key."""
    try:
        text = (_file(data).parent / f"log-{fingerprint}.pub").read_text("ascii")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(text.strip()))
    except (OSError, ValueError):
        return None
    return key if _fingerprint(key) == fingerprint else None


def is_signed(key: Ed25519PublicKey, message: bytes, signature: str) -> bool:
    try:
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:32]


def _file(data: Path) -> Path:
    return data / "keys" / "log.pem"


def _waiting(data: Path) -> Path:
    return _file(data).with_suffix(".pem.new")


def _read(file: Path) -> Signer | None:
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        return None
    return Signer(key) if isinstance(key, Ed25519PrivateKey) else None


def _write(file: Path, content: bytes, mode: int) -> None:
    """All of it under its name, or nothing."""
    scratch = file.with_name(file.name + ".part")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    publish_file(scratch, file)
