"""What a browser is asked about passkeys and what its answers prove (WebAuthn), without the desk.

Options go to the browser and answers come from it as the specification writes them in JSON, bytes
as base64url. Answers are anybody's bytes: whatever is wrong with one, it proves nothing.
"""

import ipaddress
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

Options = dict[str, Any]

_DESK = "Mesa CDA"
_VERIFIED = UserVerificationRequirement.REQUIRED  # else whoever finds the key has the factor
_ALGORITHMS = [
    Algorithm.ECDSA_SHA_256,
    Algorithm.EDDSA,
    Algorithm.RSASSA_PKCS1_v1_5_SHA_256,  # what Windows Hello makes
]
_TIMEOUT_MS = 120_000  # to find the key; WebAuthn level 3 (15.1) recommends up to ten minutes
_PORTS = {"http": 80, "https": 443}
_LONGEST = 20_000  # characters of an answer's part: attestations with certificates take some 8,000
_SOME_KEY = "Llave de acceso"
# What keeps a passkey, by its AAGUID: github.com/passkeydeveloper/passkey-authenticator-aaguids.
_KEEPERS = {
    "08987058-cadc-4b81-b6e1-30de50dcbe96": "Windows Hello",
    "6028b017-b1d4-4c02-b4b3-afcdafc96bb2": "Windows Hello",
    "9ddd1817-af5a-4672-a2b9-3e3dd95000a9": "Windows Hello",
    "adce0002-35bc-c60a-648b-0b25f1f05503": "Chrome en Mac",
    "bada5566-a7aa-401f-bd96-45619a55120d": "1Password",
    "d548826e-79b4-db40-a3d8-11116f7e8349": "Bitwarden",
    "ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4": "Administrador de contraseñas de Google",
    "fbfc3007-154e-4ecc-8c0b-6e020557d7bd": "Contraseñas de Apple",
}
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Site:
    """Whose passkeys they are: `host` is the relying party's id, `origin` what browsers say they
    are looking at."""

    host: str
    origin: str


@dataclass(frozen=True)
class Made:
    """A passkey just made: `id` is base64url, `keeper` what keeps it, in words."""

    id: str
    public_key: bytes = field(repr=False)
    counter: int
    keeper: str


def site(url: str, origin: str) -> Site | None:
    """Where a browser that shows `origin` has passkeys: at the desk's own address `url`, or at
    localhost while it has none. None elsewhere: browsers keep them for https and localhost alone,
    and for names, not numbers. What the browser claims decides nothing: a made-up `origin` gets
    the site that is, or none."""
    found = _site(origin)
    if found is None or found != (_site(url) if url else found):
        return None
    return found if url or found.host == "localhost" else None


def _site(address: str) -> Site | None:
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return None
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return None
    if not host or scheme not in _PORTS or (scheme == "http" and host != "localhost"):
        return None
    shown = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    return Site(host, f"{scheme}://{shown}")


# ---- what is asked -------------------------------------------------------------------------------


def to_make(
    at: Site, handle: bytes, username: str, name: str, challenge: bytes, has: Iterable[str]
) -> Options:
    """For navigator.credentials.create. `handle` stands for the person where keys are kept, and
    says nothing of them; `has` are the ids of theirs, so that nothing keeps two."""
    options = webauthn.generate_registration_options(
        rp_id=at.host,
        rp_name=_DESK,
        user_id=handle,
        user_name=username,
        user_display_name=name,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_described(has),
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json_dict(options)


def to_sign(at: Site, challenge: bytes, has: Iterable[str]) -> Options:
    """For navigator.credentials.get, with any passkey of these ids."""
    options = webauthn.generate_authentication_options(
        rp_id=at.host,
        challenge=challenge,
        timeout=_TIMEOUT_MS,
        allow_credentials=_described(has),
        user_verification=_VERIFIED,
    )
    return options_to_json_dict(options)


def _described(ids: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in ids]


# ---- what is answered ----------------------------------------------------------------------------


def challenge_of(answer: object) -> bytes | None:
    """The challenge that it says it answers."""
    return _of(answer, lambda plain: _challenge(plain["response"]["clientDataJSON"]))


def _challenge(client_data: str) -> bytes:
    return parse_client_data_json(base64url_to_bytes(client_data)).challenge


def id_of(answer: object) -> str:
    """The id of the passkey that answers, "" when it says none."""
    return _of(answer, lambda plain: str(plain["id"])) or ""


def made(answer: object, challenge: bytes, at: Site) -> Made | None:
    """The new passkey, whose person was verified as it was made."""
    return _of(answer, lambda plain: _made(plain, challenge, at))


def _made(plain: dict[str, Any], challenge: bytes, at: Site) -> Made:
    found = webauthn.verify_registration_response(
        credential=plain,
        expected_challenge=challenge,
        expected_rp_id=at.host,
        expected_origin=at.origin,
        require_user_verification=True,
        supported_pub_key_algs=_ALGORITHMS,
    )
    return Made(
        bytes_to_base64url(found.credential_id),
        found.credential_public_key,
        found.sign_count,
        _KEEPERS.get(found.aaguid, _SOME_KEY),
    )


def signed(answer: object, challenge: bytes, at: Site, public_key: bytes) -> int | None:
    """The counter of the passkey that signed, its person verified; None when it didn't.

    The library would compare the counter before the signature, so that anybody's bytes could pass
    for a copy of the key: it is the caller's to compare.
    """
    return _of(answer, lambda plain: _signed(plain, challenge, at, public_key))


def _signed(plain: dict[str, Any], challenge: bytes, at: Site, public_key: bytes) -> int:
    found = webauthn.verify_authentication_response(
        credential=plain,
        expected_challenge=challenge,
        expected_rp_id=at.host,
        expected_origin=at.origin,
        credential_public_key=public_key,
        credential_current_sign_count=0,
        require_user_verification=True,
    )
    return found.new_sign_count


def _of(answer: object, look: Callable[[dict[str, Any]], _Found]) -> _Found | None:
    if not isinstance(answer, dict) or not _is_short(answer):
        return None
    try:
        return look(answer)
    except Exception:  # the library's own, and KeyError, ValueError… for what it didn't foresee
        return None


def _is_short(answer: dict[Any, Any]) -> bool:
    response = answer.get("response")
    parts = [*answer.values(), *(response.values() if isinstance(response, dict) else ())]
    return all(len(part) <= _LONGEST for part in parts if isinstance(part, str))
