"""What this server answers to whom: every route there is, decided one by one.

Streamlit brings most of them. lib/ui/middleware.py asks this table before any of them runs: what
isn't in it isn't there, as a route that an upgrade of Streamlit's brings, which a test then names.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from starlette.routing import compile_path

from lib.ui import modules, pages
from lib.ui.listing import download


class Verdict(Enum):
    ANYBODY = auto()  # no person's data: what draws the door
    ITSELF = auto()  # its handler asks for the session, and for its one-time ticket
    TAB = auto()  # the live session that this tab belongs to, and its person may upload
    FILE = auto()  # the live session that the file was made for
    SHUT = auto()  # to everybody, as if it weren't there


@dataclass(frozen=True)
class Way:
    """A route as the route table names it, the methods that mean something there, and why."""

    path: str
    methods: frozenset[str]
    verdict: Verdict
    why: str

    def leads(self, path: str) -> dict[str, str] | None:
        """What the path's places hold, when it is one of this route's."""
        found = self._pattern.match(path)
        return found.groupdict() if found else None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return compile_path(self.path)[0]


_READ = frozenset({"GET", "HEAD"})
_GET = frozenset({"GET"})  # a HEAD would use a ticket up
_POST = frozenset({"POST"})
_NONE = frozenset[str]()
SOCKET = "/_stcore/stream"


def _ticket(prefix: str, why: str) -> Way:
    return Way(prefix + "{ticket}", _GET, Verdict.ITSELF, why)


def _shut(path: str, why: str) -> Way:
    return Way(path, _NONE, Verdict.SHUT, why)


WAYS = (
    Way("/sesion/abrir", _POST, Verdict.ITSELF, "changes a one-time ticket for the cookie"),
    Way("/sesion/cerrar", _POST, Verdict.ITSELF, "ends the cookie's own session"),
    _ticket(download.RESULTS_PATH, "what became of a resend to many"),
    _ticket(download.REPORTS_PATH, "a period's figures"),
    _ticket(download.AUDIT_PATH, "the log, for an auditor"),
    _ticket(download.ORIGINALS_PATH, "the file that an import came from"),
    _ticket(download.ERRORS_PATH, "the rows that an import left out"),
    _ticket(download.PATH, "a list's rows"),
    Way("/health", _READ, Verdict.ANYBODY, "live and ready, for whoever watches"),
    Way("/favicon.png", _READ, Verdict.ANYBODY, "the tab's icon"),
    *(Way(r.path, _READ, Verdict.ANYBODY, "a component's code") for r in modules.ROUTES),
    Way("/_stcore/health", _READ, Verdict.ANYBODY, "Streamlit's page asks before it connects"),
    Way("/_stcore/host-config", _GET, Verdict.ANYBODY, "Streamlit's page asks; nothing of ours"),
    _shut("/_stcore/script-health-check", "runs a page; off by default"),
    _shut("/_stcore/metrics", "what the process holds, by session"),
    Way("/media/{file_id:path}", _READ, Verdict.FILE, "the template that Importar gives away"),
    Way(
        "/_stcore/upload_file/{session_id}/{file_id}",
        frozenset({"PUT", "DELETE"}),
        Verdict.TAB,
        "what Importar and Cargar read",
    ),
    _shut("/component/{path:path}", "files of components of the old kind: we have none"),
    _shut("/_stcore/bidi-components/{path:path}", "ours come as text, not as files"),
    Way(SOCKET, _NONE, Verdict.ANYBODY, "the WebSocket: each run asks who is there"),
    Way("/auth/login", _GET, Verdict.ANYBODY, "the way to the identity provider"),
    Way("/oauth2callback", _GET, Verdict.ANYBODY, "the way back from it"),
    _shut("/auth/logout", "a GET that any page could have a browser make"),
    _shut("/_stcore/agent/interact", "Streamlit's way in for programs"),
    _shut("/_stcore/agent/openapi.json", "its description"),
    _shut("/_stcore/agent/mcp", "the same for models"),
    _shut("/app/static/{path:path}", "off by default"),
    Way("/static/{file:path}", _READ, Verdict.ANYBODY, "the code of Streamlit's page"),
    *(Way(page.path, _READ, Verdict.ANYBODY, "Streamlit's page, empty") for page in pages.PAGES),
)  # fmt: skip
ELSEWHERE = _shut("/{rest:path}", "nothing: Streamlit would answer with its page")


def way(path: str) -> tuple[Way, dict[str, str]]:
    """The first that leads there, and what the places in its path hold."""
    for known in WAYS:
        places = known.leads(path)
        if places is not None:
            return known, places
    return ELSEWHERE, {}
