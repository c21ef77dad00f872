"""The keys that seal the CDAs: the one in use and, until the operator removes them, those before.

A ref says which key sealed its codes (meta.key_fingerprint), and that key is looked for wherever
one may be: in the setting, in data/keys/cda.key, among the others in that folder. So the ref in
force finds its key at every moment of a rotation, whatever a process that died got done.
"""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.store.ref import publish_file
from lib.store.vault import Vault

_KEY_BITS = 512
_DOORS = "doors.key"  # no CDA's


def open_vault(data: Path, configured_key: str, sealed_by: str = "", *, may_create: bool) -> Vault:
    """The vault of a desk whose codes the key with the fingerprint `sealed_by` sealed.

    While nothing is sealed (""), the key is the setting's, else data/keys/cda.key; with
    `may_create` that file is made when it is missing (mode 0600). Raises AppError
    (CDA_KEY_MISSING | CDA_KEY_WRONG).
    """
    configured = Vault(_decoded(configured_key)) if configured_key else None
    file = file_in_use(data)
    if sealed_by:
        return _sealing(sealed_by, data, configured)
    if configured:
        return configured
    if file.is_file():
        return Vault(_decoded(_text(file)))
    if not may_create:
        raise AppError(Reason.CDA_KEY_MISSING, file=str(file))
    return Vault(_decoded(_create(file)))


def new_key() -> str:
    """A random key as MESA_CDA_KEY takes it: base64 of 64 bytes."""
    return base64.b64encode(AESSIV.generate_key(_KEY_BITS)).decode()


def file_in_use(data: Path) -> Path:
    """Where the key in use lies when no setting gives it."""
    return data / "keys" / "cda.key"


def find(data: Path, fingerprint: str) -> Path | None:
    """The file that holds a key."""
    return next((file for file, vault in _kept(data) if vault.fingerprint == fingerprint), None)


def doors_key(data: Path) -> bytes:
    """The key that seals second factors (data/keys/doors.key, mode 0600), made when it is missing.
    Raises AppError(DOORS_KEY_WRONG) when the file holds something else."""
    file = data / "keys" / _DOORS
    try:
        return _decoded(_text(file) if file.is_file() else _create(file))
    except AppError as error:
        raise AppError(Reason.DOORS_KEY_WRONG) from error


# ---- a rotation ----------------------------------------------------------------------------------


def add(data: Path) -> Vault:
    """A new key, kept in a file of its own before anything is sealed with it."""
    text = new_key()
    vault = Vault(_decoded(text))
    _write(_unused(data, vault.fingerprint), text)
    return vault


def drop(data: Path, fingerprint: str) -> None:
    """Forget a key that `add` made and nothing is sealed with."""
    _unused(data, fingerprint).unlink(missing_ok=True)


def settle(data: Path, in_use: str) -> None:
    """Give the key in use its name, and the one that had it a dated one. What a process that died
    left undone is done by the next call. Raises OSError."""
    made, file = _unused(data, in_use), file_in_use(data)
    if not made.is_file():
        return
    if file.is_file():
        before = _text(file)
        aside = file.with_name(f"cda-{clock.today():%Y-%m-%d}-{_named(before)}.key")
        _write(aside, before)
    publish_file(made, file)


def _unused(data: Path, fingerprint: str) -> Path:
    return data / "keys" / f"new-{fingerprint}.key"


def _named(text: str) -> str:
    """What tells a key's file from the others."""
    try:
        return Vault(_decoded(text)).fingerprint
    except AppError:
        return "ilegible"


# ---- files ---------------------------------------------------------------------------------------


def _sealing(fingerprint: str, data: Path, configured: Vault | None) -> Vault:
    if configured and configured.fingerprint == fingerprint:
        return configured
    for _ in range(2):  # a file renamed between listing and reading is there at the second look
        for _, vault in _kept(data):
            if vault.fingerprint == fingerprint:
                return vault
    file = file_in_use(data)
    if configured or file.is_file():
        raise AppError(Reason.CDA_KEY_WRONG)
    raise AppError(Reason.CDA_KEY_MISSING, file=str(file))


def _kept(data: Path) -> Iterator[tuple[Path, Vault]]:
    """The keys in the folder; what isn't one is passed over."""
    for file in sorted({*(data / "keys").glob("*.key")} - {data / "keys" / _DOORS}):
        try:
            yield file, Vault(_decoded(_text(file)))
        except (AppError, FileNotFoundError):
            continue


def _text(file: Path) -> str:
    return file.read_text("ascii", errors="replace")


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
    _fill(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), text)
    return text


def _write(file: Path, text: str) -> None:
    """All of it under its name, or nothing."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = file.with_suffix(".part")
    _fill(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), text)
    publish_file(scratch, file)


def _fill(descriptor: int, text: str) -> None:
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text.strip() + "\n")
        stream.flush()
        os.fsync(stream.fileno())
