"""A key of hardware in a few lines: makes passkeys and signs with them, honestly or not.

`key.create(options)` and `key.get(options)` answer as a browser would, in JSON. What a test says of
`origin`, `host`, `verified` or `counter` goes into the answer as it is, signed by the real key.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost:8501"
HOST = "localhost"
_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40
_NOBODY_S = bytes(16)  # the AAGUID of who doesn't say what they are


@dataclass
class Key:
    """`algorithm` is COSE's: -7 ES256, -8 EdDSA, -257 RS256. `counter`: None for one that has no
    counter, as synchronised passkeys have none."""

    algorithm: int = -7
    counter: int | None = 0
    origin: str = ORIGIN
    host: str = HOST
    verified: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def __post_init__(self) -> None:
        if self.algorithm == -7:
            self._key: Any = ec.generate_private_key(ec.SECP256R1())
        elif self.algorithm == -8:
            self._key = ed25519.Ed25519PrivateKey.generate()
        else:
            self._key = rsa.generate_private_key(65537, 2048)

    def create(self, options: dict[str, Any], aaguid: bytes = _NOBODY_S) -> dict[str, Any]:
        """What navigator.credentials.create gives, without attestation."""
        public = cbor2.dumps(self._public())
        attested = aaguid + len(self.id).to_bytes(2, "big") + self.id + public
        said = self._said(_WITH_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options), attestationObject=attestation
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """What navigator.credentials.get gives."""
        if self.counter is not None:
            self.counter += 1
        client, said = self._client("webauthn.get", options), self._said()
        signature = self._sign(said + hashlib.sha256(client).digest())
        return self._answer(clientDataJSON=client, authenticatorData=said, signature=signature)

    def _said(self, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verified else 0)
        counter = (self.counter or 0).to_bytes(4, "big")
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + counter

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        ours = bytes_to_base64url(self.id)
        parts = {name: bytes_to_base64url(value) for name, value in response.items()}
        return {"id": ours, "rawId": ours, "type": "public-key", "response": parts}

    def _sign(self, data: bytes) -> bytes:
        if self.algorithm == -7:
            return bytes(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        if self.algorithm == -8:
            return bytes(self._key.sign(data))
        return bytes(self._key.sign(data, padding.PKCS1v15(), hashes.SHA256()))

    def _public(self) -> dict[int, Any]:
        public = self._key.public_key()
        if self.algorithm == -7:
            point = public.public_numbers()
            x, y = (number.to_bytes(32, "big") for number in (point.x, point.y))
            return {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        if self.algorithm == -8:
            raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
            return {1: 1, 3: -8, -1: 6, -2: public.public_bytes(*raw)}
        numbers = public.public_numbers()
        return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: b"\x01\x00\x01"}
