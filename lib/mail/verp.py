"""A return path of its own for each mail: name+ID-SEAL@domain, so that what comes back says which
mail it was, and nobody who can't seal can say it.
"""

import base64
import hashlib
import hmac
import re

_SEAL_BYTES = 10  # 16 letters of base32: with an id of 32 they leave 14 for the name
_SEALED = re.compile(r"^(?P<id>[0-9a-z]{1,32})-(?P<seal>[2-7a-z]{16})$")


class ReturnPath:
    """`address` is the plain one, "" where bounces aren't wanted; `key` makes the seals."""

    def __init__(self, address: str, key: bytes) -> None:
        self._name, _, self._domain = address.casefold().rpartition("@")
        self._address = address
        self._key = key

    def of(self, mail_id: str) -> str:
        """The envelope's sender for this mail: the plain one for an id that can't stand in it."""
        sealed = f"{mail_id}-{self._seal(mail_id)}"
        if not self._address or not _SEALED.match(sealed):
            return self._address
        return f"{self._name}+{sealed}@{self._domain}"

    def is_ours(self, address: str) -> bool:
        """Whether it claims to be the return path of one mail."""
        name, _, domain = address.casefold().rpartition("@")
        ours = domain == self._domain and name.startswith(self._name + "+")
        return bool(self._address) and ours

    def mail_id(self, address: str) -> str | None:
        """The mail whose return path this is; None when the seal isn't ours."""
        if not self.is_ours(address):
            return None
        detail = address.casefold().rpartition("@")[0][len(self._name) + 1 :]
        found = _SEALED.match(detail)
        if found is None or not hmac.compare_digest(found["seal"], self._seal(found["id"])):
            return None
        return found["id"]

    def _seal(self, mail_id: str) -> str:
        mac = hmac.digest(self._key, b"return path\x00" + mail_id.encode(), hashlib.sha256)
        return base64.b32encode(mac[:_SEAL_BYTES]).decode().lower()
