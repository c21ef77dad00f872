"""ID tokens that a provider would never sign so: each takes the claims and the provider's key."""

import base64
import json
import time
from collections.abc import Callable

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.browser.company import SECRET, Claims, Make, signed

_ALL = JWSRegistry(algorithms=["HS256", "HS512", "RS256"])


def _changed(**more: object) -> Make:
    """Well signed, of other claims; None takes one away."""

    def make(claims: Claims, key: RSAKey) -> str:
        return signed({n: v for n, v in {**claims, **more}.items() if v is not None}, key)

    return make


def _unsigned(claims: Claims, _: RSAKey) -> str:
    parts = ({"alg": "none"}, claims)
    said = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*said, ""])


def _with_secret(alg: str, secret: Callable[[RSAKey], bytes]) -> Make:
    def make(claims: Claims, key: RSAKey) -> str:
        header = {"alg": alg, "kid": key.thumbprint()}
        return jwt.encode(header, claims, OctKey.import_key(secret(key)), registry=_ALL)

    return make


def _weak(claims: Claims, key: RSAKey) -> str:
    """Of a key that can be factored, under the name of the provider's."""
    weak = RSAKey.generate_key(1024, auto_kid=False)
    return jwt.encode({"alg": "RS256", "kid": key.thumbprint()}, claims, weak)


def _altered(claims: Claims, key: RSAKey) -> str:
    """Another person's claims under a signature of one's own."""
    mine, theirs = signed(claims, key), signed({**claims, "sub": "gil-1"}, key)
    return ".".join([*theirs.split(".")[:2], mine.split(".")[2]])


NOW = int(time.time())
FORGED: dict[str, Make] = {
    "none": _unsigned,
    "HS512, with the client's own secret": _with_secret("HS512", lambda _: SECRET.encode()),
    "HS256, with the provider's public key": _with_secret(
        "HS256", lambda key: key.as_pem(private=False)
    ),
    "a weak key": _weak,
    "a signature of other claims": _altered,
    "expired": _changed(exp=NOW - 3600, iat=NOW - 7200),
    "issued long ago": _changed(iat=NOW - 3600),
    "for another client": _changed(aud="otra-mesa"),
    "for another client, asked by this one": _changed(aud="otra-mesa", azp="mesa"),
    "of another issuer": _changed(iss="https://cuentas.example.com"),
    "for another question": _changed(nonce="otra"),
    "for no question": _changed(nonce=None),
    "about nobody": _changed(sub=""),
}
