"""Seeds of second factors at rest: sealed for their person with a key of the doors' own.

Not the CDAs' key, which is changed now and then: data/keys/doors.key, made when it is first needed.
AES-SIV with the username as associated data: a seed moved to another person doesn't open.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.store import keys


def seal(desk: Desk, username: str, seed: bytes) -> bytes:
    return _cipher(desk).encrypt(seed, [username.encode()])


def unseal(desk: Desk, username: str, sealed: bytes) -> bytes:
    """Raises AppError(DOORS_KEY_WRONG) when this desk's key didn't seal it for this person."""
    try:
        return _cipher(desk).decrypt(sealed, [username.encode()])
    except InvalidTag as error:
        raise AppError(Reason.DOORS_KEY_WRONG) from error


def _cipher(desk: Desk) -> AESSIV:
    return AESSIV(keys.doors_key(desk.settings.data))
