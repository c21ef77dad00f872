"""What an ID token says, and whether it may count here at all.

Its signature has been checked by then: Streamlit's callback has Authlib do it against the
provider's keys, with the nonce, the expiry and the access token's hash. Read in its source (1.9.9)
and not relied on here: it compares `aud` only when there is no `azp`, `iss` only when the metadata
names one, it takes whatever algorithms the metadata lists, and a token of any age.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lib.model.contact import is_address
from lib.model.roles import Role
from lib.settings_oidc import OidcSettings

# Signed with a key that only the provider has: never "none", nor a secret that both know (HS…).
_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
OLDEST = timedelta(minutes=5)  # since it was issued: it comes straight from the provider
_SKEW = timedelta(minutes=1)  # between the provider's clock and ours
_LONGEST_SUBJECT = 255  # octets (OpenID Connect Core 1.0, 2)
_TRUE = (True, "true", "1")  # Entra ID's xms_edov comes as any of them (1 equals True)
_ORDER = (Role.ADMIN, Role.MANAGER, Role.AGENT)


@dataclass(frozen=True)
class Identity:
    """Whom a token is about. `email` is "" when there is none that is an address; `verified`: the
    provider checked that it is theirs. Instants are UTC; `authenticated_at` is when the provider
    last asked them who they are, None when it doesn't say.
    """

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str
    role: Role | None
    strong: bool  # the provider asked for a second factor
    issued_at: datetime
    authenticated_at: datetime | None


def read(token: str, settings: OidcSettings, now: datetime) -> Identity:
    """Raises ValueError when it may not count, whatever the reason."""
    header, claims = _decoded(token)
    _require(header.get("alg") in _ALGORITHMS)
    _require(str(claims["iss"]).rstrip("/") == settings.issuer.rstrip("/"))
    _require(claims["aud"] in (settings.client_id, [settings.client_id]))
    _require(claims.get("azp") in (None, settings.client_id))
    _require(bool(claims.get("nonce")))  # the caller has compared it
    issued_at = _instant(claims["iat"])
    _require(now - OLDEST < issued_at < now + _SKEW)
    _require(_instant(claims["exp"]) > now - _SKEW)
    subject = claims["sub"]
    _require(isinstance(subject, str) and 0 < len(subject.encode()) <= _LONGEST_SUBJECT)
    email = str(claims.get("email") or "").strip()
    since = claims.get("auth_time")
    return Identity(
        issuer=settings.issuer,
        subject=subject,
        email=email if is_address(email) else "",
        verified=claims.get(settings.verified_claim) in _TRUE,
        name=" ".join(str(claims.get("name") or email).split()),
        role=_role(claims, settings),
        strong=bool(settings.factors & _methods(claims)),
        issued_at=issued_at,
        authenticated_at=None if since is None else _instant(since),
    )


def _decoded(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    parts = token.split(".")
    _require(len(parts) == 3)
    header, claims = (_json(part) for part in parts[:2])
    missing = {"iss", "sub", "aud", "exp", "iat"} - set(claims)
    _require(not missing)
    return header, claims


def _json(part: str) -> Mapping[str, Any]:
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a token") from error
    _require(isinstance(found, dict))
    return dict(found)


def _instant(seconds: object) -> datetime:
    _require(isinstance(seconds, int | float) and not isinstance(seconds, bool))
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC).replace(tzinfo=None)
    except (OverflowError, OSError) as error:
        raise ValueError("no such instant") from error


def _methods(claims: Mapping[str, Any]) -> set[str]:
    amr = claims.get("amr") or []
    return {str(each) for each in (amr if isinstance(amr, list) else [])} | {str(claims.get("acr"))}


def _role(claims: Mapping[str, Any], settings: OidcSettings) -> Role | None:
    """The one that allows most, of those that the claim's values give."""
    said = _claim(claims, settings.role_claim)
    values = {str(each) for each in (said if isinstance(said, list) else [said])}
    given = {role for value, role in settings.roles if value in values}
    return next((role for role in _ORDER if role in given), None)


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """By its whole name, else by its path: Keycloak has `realm_access.roles`."""
    found: object = claims
    if name in claims:
        return claims[name]
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _require(fit: bool) -> None:
    if not fit:
        raise ValueError("may not count")
