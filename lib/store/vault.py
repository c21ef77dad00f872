"""CDAs at rest: sealed as they are read, opened only to be mailed.

AES-SIV (RFC 5297) with the serial as associated data: a ciphertext moved to another serial does
not open. It is deterministic, so a load can tell an unchanged CDA without opening it; equal
ciphertexts reveal only that one serial's CDA didn't change. Measured: 2.1 µs a code.
"""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from lib.model.errors import AppError, Reason

_KEY_BITS = 512


class Vault:
    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)
        self.fingerprint = hashlib.sha256(b"mesa-cda key\x00" + key).hexdigest()[:16]

    def seal(self, serial: str, code: str) -> bytes:
        return self._cipher.encrypt(code.encode(), [serial.encode()])

    def open(self, serial: str, sealed: bytes) -> str:
        """Raises AppError(CDA_KEY_WRONG) when this key didn't seal it for this serial."""
        try:
            return self._cipher.decrypt(sealed, [serial.encode()]).decode()
        except InvalidTag as error:
            raise AppError(Reason.CDA_KEY_WRONG) from error


def open_vault(data: Path, configured_key: str, *, may_create: bool) -> Vault:
    """The vault of a desk: its key comes from the setting, else from data/keys/cda.key.

    With `may_create` a missing key file is made (mode 0600): only while there is nothing sealed
    yet. Raises AppError(CDA_KEY_MISSING | CDA_KEY_WRONG).
    """
    file = data / "keys" / "cda.key"
    if configured_key:
        return Vault(_decoded(configured_key))
    if file.is_file():
        return Vault(_decoded(file.read_text("ascii", errors="replace")))
    if not may_create:
        raise AppError(Reason.CDA_KEY_MISSING, file=str(file))
    return Vault(_decoded(_create(file)))


def new_key() -> str:
    """A random key as MESA_CDA_KEY takes it: base64 of 64 bytes."""
    return base64.b64encode(AESSIV.generate_key(_KEY_BITS)).decode()


def _decoded(text: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError as error:  # binascii.Error, or not ASCII
        raise AppError(Reason.CDA_KEY_WRONG) from error
    if len(key) * 8 != _KEY_BITS:
        raise AppError(Reason.CDA_KEY_WRONG)
    return key


def _create(file: Path) -> str:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = new_key()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    return text
