"""Settings of single sign-on by OpenID Connect, and of who may still come in with a password.

Half a configuration stops the start (AppError(BAD_SETTING)): it would open less, or more, than was
meant.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from lib.model.errors import AppError, Reason
from lib.model.roles import Role

WELL_KNOWN = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, 4
LOCAL_SIGN_IN = ("todos", "emergencia")  # everybody with a password; break-glass administrators
_WAY_OUT = ("mesa", "proveedor")
_NEW_PEOPLE = ("no", "con-perfil")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_NEEDED = ("MESA_OIDC_ISSUER", "MESA_OIDC_CLIENT_ID", "MESA_OIDC_SECRET_FILE")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class OidcSettings:
    """`issuer` is "" where there is no single sign-on. `roles` are the values of `role_claim` and
    what each makes of a person; `factors` are values of amr or acr that stand for a second factor.
    """

    issuer: str = ""
    client_id: str = ""
    secret_file: Path = Path()
    role_claim: str = ""  # "": roles are those of Usuarios
    roles: tuple[tuple[str, Role], ...] = ()
    domains: frozenset[str] = frozenset()  # of e-mail addresses; empty: any
    verified_claim: str = "email_verified"
    adds_people: bool = False  # whoever the claim gives a role
    factors: frozenset[str] = frozenset()
    signs_out_there: bool = False
    emergency_only: bool = False  # passwords are for break-glass administrators

    @property
    def metadata_url(self) -> str:
        return self.issuer.rstrip("/") + WELL_KNOWN


NONE = OidcSettings()


class Source(Protocol):
    def text(self, name: str, default: str) -> str: ...
    def choice(self, name: str, default: str, options: tuple[str, ...]) -> str: ...


def read(source: Source, desk_url: str) -> OidcSettings:
    """`desk_url` is MESA_URL: the provider sends people back there."""
    issuer, client_id, secret_file = (source.text(name, "").strip() for name in _NEEDED)
    found = OidcSettings(
        issuer=issuer,
        client_id=client_id,
        secret_file=Path(secret_file),
        role_claim=source.text("MESA_OIDC_ROLE_CLAIM", "").strip(),
        roles=_roles(source.text("MESA_OIDC_ROLES", "")),
        domains=_domains(source.text("MESA_OIDC_DOMAINS", "")),
        verified_claim=source.text("MESA_OIDC_VERIFIED_CLAIM", "email_verified").strip(),
        adds_people=source.choice("MESA_OIDC_NEW_PEOPLE", "no", _NEW_PEOPLE) == "con-perfil",
        factors=frozenset(_listed(source.text("MESA_OIDC_FACTOR", ""))),
        signs_out_there=source.choice("MESA_OIDC_SIGN_OUT", "mesa", _WAY_OUT) == "proveedor",
        emergency_only=source.choice("MESA_LOCAL_SIGN_IN", "todos", LOCAL_SIGN_IN) == "emergencia",
    )
    if found != NONE:
        _require_whole(found, dict(zip(_NEEDED, (issuer, client_id, secret_file), strict=True)))
        _require(bool(desk_url), "MESA_URL", "la dirección de la mesa, que MESA_OIDC_ISSUER pide")
    return found


def _require_whole(found: OidcSettings, needed: dict[str, str]) -> None:
    for name, value in needed.items():
        _require(bool(value), name, "un valor: sin él no hay inicio de sesión único")
    _require(is_safe(found.issuer), "MESA_OIDC_ISSUER", "una dirección https:// sin parámetros")
    absolute = "la ruta completa de un archivo"
    _require(found.secret_file.is_absolute(), "MESA_OIDC_SECRET_FILE", absolute)
    with_roles = "pares VALOR=perfil separados por comas, junto con MESA_OIDC_ROLE_CLAIM"
    _require(bool(found.role_claim) == bool(found.roles), "MESA_OIDC_ROLES", with_roles)
    only_roles = "'con-perfil' solo junto con MESA_OIDC_ROLE_CLAIM"
    _require(bool(found.roles) or not found.adds_people, "MESA_OIDC_NEW_PEOPLE", only_roles)
    _require(bool(found.verified_claim), "MESA_OIDC_VERIFIED_CLAIM", "el nombre de un dato")


def is_safe(issuer: str) -> bool:
    """TLS, but for a provider on this very machine (tests, a try)."""
    parts = urlsplit(issuer)
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    whole = bool(parts.hostname) and not parts.query and not parts.fragment and not parts.username
    return whole and (plain or parts.scheme == "https") and not issuer.endswith(WELL_KNOWN)


def _roles(value: str) -> tuple[tuple[str, Role], ...]:
    known = {role.value: role for role in Role}
    pairs = [tuple(part.strip() for part in each.rpartition("=")) for each in _listed(value)]
    for said, _, role in pairs:
        takes = "pares como mesa-gerentes=gerente; perfiles: " + ", ".join(known)
        _require(bool(said) and role in known, "MESA_OIDC_ROLES", takes)
    return tuple((said, known[role]) for said, _, role in pairs)


def _domains(value: str) -> frozenset[str]:
    found = frozenset(each.casefold().removeprefix("@") for each in _listed(value))
    fit = all(_DOMAIN.fullmatch(each) for each in found)
    _require(fit, "MESA_OIDC_DOMAINS", "dominios separados por comas, como empresa.com.mx")
    return found


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _require(fit: bool, setting: str, takes: str) -> None:
    if not fit:
        raise AppError(Reason.BAD_SETTING, setting=setting, takes=takes)


def secret(settings: OidcSettings) -> str:
    """The client's, out of its file, which only the desk's own user may read.

    Raises AppError(BAD_SETTING).
    """
    takes = "un archivo con el secreto que solo su dueño pueda leer (chmod 600)"
    try:
        closed = not settings.secret_file.stat().st_mode & 0o077
        found = settings.secret_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AppError(Reason.BAD_SETTING, setting="MESA_OIDC_SECRET_FILE", takes=takes) from error
    _require(closed and bool(found), "MESA_OIDC_SECRET_FILE", takes)
    return found
