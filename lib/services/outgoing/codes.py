"""Opening a CDA: asked for by the mail worker's letters and by a manager's reveal, by nobody else
(tests/test_architecture.py holds that)."""

from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.store import vault
from lib.store.reading import Reader


def opened(desk: Desk, reader: Reader, serial: str) -> str:
    """The CDA in force of a serial: one that an unlock has replaced is never given.

    Raises AppError(NO_CODE | CDA_KEY_MISSING | CDA_KEY_WRONG).
    """
    sealed = vault.in_force(reader, serial)
    if sealed is None:
        raise AppError(Reason.NO_CODE)
    return desk.vault(sealed.key).open(serial, sealed.code)
