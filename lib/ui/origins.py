"""Under which names this server answers, and from which pages a browser may have it do anything.

A page of anybody's can make its own name point at this machine (DNS rebinding) or open a WebSocket
here from a browser that is signed in; what it can't do is make the browser lie in Host and Origin.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Names:
    """This machine's own, that of `url` (where people open the desk) and `others`."""

    def __init__(self, url: str, others: Sequence[str] = ()) -> None:
        self._url = urlsplit(url)
        self._names = _HERE | {_plain(self._url.hostname or ""), *map(_plain, others)} - {""}

    def answers_to(self, host: str) -> bool:
        """Whether this Host header names this server, with whatever port."""
        found = _split(f"//{host}")
        extra = found is None or found.path or found.query or found.fragment or "@" in host
        return not extra and found is not None and _plain(found.hostname or "") in self._names

    def own_page(self, origin: str, host: str) -> bool:
        """Whether `origin` is a page that came from where `host`, already answered to, is. Behind
        TLS, a page that came in clear isn't."""
        found = _split(origin)
        if found is None or found.scheme not in ("http", "https") or found.path:
            return False
        if found.hostname == self._url.hostname and found.scheme != self._url.scheme:
            return False
        return found.netloc.lower() == host.lower()


def _plain(name: str) -> str:
    return name.lower().rstrip(".")


def _split(address: str) -> SplitResult | None:
    """None for what is no address."""
    try:
        found = urlsplit(address)
        _ = found.port  # raises for what is no port
    except ValueError:
        return None
    return found
