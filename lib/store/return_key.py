"""The key that seals return paths (lib/mail/verp.py): a file beside the other keys, never in the
database. Without it what comes back to older mails is matched by their Message-ID alone.
"""

import os
import secrets
from pathlib import Path

from lib.model.errors import AppError, Reason

_BYTES = 32


def read_or_make(data: Path) -> bytes:
    """Raises AppError(UNREADABLE_FILE) when it can be neither read nor made."""
    file = data / "keys" / "return.key"
    try:
        if not file.is_file():
            _make(file)
        return bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        why = "sella las devoluciones; revisa sus permisos, o bórralo y se hará otro."
        raise AppError(Reason.UNREADABLE_FILE, file=str(file), why=why) from error


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(".part")  # whole or not at all
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(secrets.token_hex(_BYTES) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
