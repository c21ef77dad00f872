"""Where the desk listens: this machine alone, or behind TLS."""

import ipaddress

from lib.model.errors import AppError, Reason
from lib.settings import Settings


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches it; "" is every address it has."""
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def require_safe(settings: Settings, address: str, *, own_tls: bool) -> None:
    """Raise AppError(NO_TLS) when passwords and sessions would pass in clear: an address that
    others reach needs TLS of the server's own, or a proxy that is named and an https:// address."""
    behind_a_proxy = settings.proxies and settings.url.startswith("https://")
    if not (is_loopback(address) or own_tls or behind_a_proxy):
        raise AppError(Reason.NO_TLS, address=address or "0.0.0.0")  # noqa: S104 - to name it
