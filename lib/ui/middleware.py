"""In front of everything: who may ask at all, what each route answers to whom (lib/ui/surface.py),
how much anybody may send, and the headers of every answer.
"""

import logging
from functools import cached_property
from urllib.parse import urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.roles import Permission
from lib.services.doors import access
from lib.ui import headers, process, surface, tabs
from lib.ui.bodies import Bodies
from lib.ui.identity import COOKIE
from lib.ui.origins import Names
from lib.ui.surface import Verdict, Way

_SAFE = frozenset({"GET", "HEAD"})
_REMARKABLE = frozenset({400, 401, 403, 405, 411, 413, 421})
_NOT_BINARY = 1003  # RFC 6455, 7.4.1
_NOT_ALLOWED = 1008
_STRANGE_NAME = (
    "La mesa no atiende este nombre. Si es el suyo, pon su dirección en MESA_URL, o el nombre en "
    "MESA_HOSTS."
)
_LOG = logging.getLogger("mesa.surface")


class Guard:
    """Pure ASGI, so that it neither buffers answers nor breaks the WebSocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._base = str(streamlit.get_option("server.baseUrlPath") or "").strip("/")
        self._bodies = Bodies(int(streamlit.get_option("server.maxUploadSize")) << 20)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:  # the type of ASGI's own is uvicorn's here
            await self._behind_proxies(scope, receive, send)  # type: ignore[arg-type]

    @cached_property
    def _behind_proxies(self) -> ProxyHeadersMiddleware:
        """From here on the request's address is its person's, where a proxy of ours says it."""
        trusted = list(process.desk().settings.proxies)
        return ProxyHeadersMiddleware(self._known, trusted_hosts=trusted)  # type: ignore[arg-type]

    @cached_property
    def _names(self) -> Names:
        settings = process.desk().settings
        return Names(settings.url, settings.hosts)

    @cached_property
    def _headers(self) -> dict[str, str]:
        return headers.fixed(tls=urlsplit(process.desk().settings.url).scheme == "https")

    async def _known(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        way, places = surface.way(self._below_base(scope["path"]))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                private = way.verdict not in (Verdict.ANYBODY, Verdict.SHUT)
                headers.finish(MutableHeaders(scope=message), self._headers, private=private)
            await send(message)

        refusal = self._unasked(scope) or await self._refusal(way, places, scope)
        if refusal:
            _note(scope, way.path, refusal.status_code)
            await refusal(scope, receive, with_headers)
        else:
            await self._heard(scope, receive, with_headers)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent = Headers(scope=scope)
        host, origin = sent.get("host", ""), sent.get("origin", "")
        if not (self._names.answers_to(host) and self._names.own_page(origin, host)):
            _note(scope, surface.SOCKET, 403)
            await send({"type": "websocket.close", "code": _NOT_ALLOWED})
            return

        async def binary() -> Message:
            """Streamlit fails, with a traceback, at a text; a browser of ours sends none."""
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                return {"type": "websocket.disconnect", "code": _NOT_BINARY}
            return message

        await self._app(scope, binary, send)

    def _unasked(self, scope: Scope) -> Response | None:
        """What no page of ours had a browser ask."""
        sent = Headers(scope=scope)
        host = sent.get("host", "")
        if not self._names.answers_to(host):
            return PlainTextResponse(_STRANGE_NAME, 421)
        if "transfer-encoding" in sent and "content-length" in sent:
            return Response(status_code=400)  # two lengths: one of us and a proxy may take either
        if scope["method"] not in _SAFE and not self._names.own_page(sent.get("origin", ""), host):
            return Response(status_code=403)
        return None

    async def _refusal(self, way: Way, places: dict[str, str], scope: Scope) -> Response | None:
        if way is surface.ELSEWHERE and Headers(scope=scope).get("sec-fetch-dest") == "document":
            return RedirectResponse(f"/{self._base}", 303)  # somebody mistyped a page's address
        if way.verdict is Verdict.SHUT:
            return Response(status_code=404)
        if scope["method"] not in way.methods:
            return Response(status_code=405, headers={"Allow": ", ".join(sorted(way.methods))})
        if way.verdict in (Verdict.TAB, Verdict.FILE):
            not_theirs = await run_in_threadpool(_not_theirs, way.verdict, places, scope)
            if not_theirs:
                return not_theirs
        tab = places.get("session_id", "") if scope["method"] == "PUT" else ""
        return self._bodies.refused(Headers(scope=scope), tab)

    async def _heard(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._bodies.receiving(Headers(scope=scope), receive) as body:
            try:
                await self._app(scope, body.receive, send)
            except ClientDisconnect:
                if not body.gave_up:
                    raise
                late = Response(status_code=408, headers={"Connection": "close"})
                await late(scope, receive, send)

    def _below_base(self, path: str) -> str:
        """A route's path as the table has it."""
        base = f"/{self._base}"
        inside = self._base and (path == base or path.startswith(base + "/"))
        return path.removeprefix(base) or "/" if inside else path


def _note(scope: Scope, route: str, status: int) -> None:
    """What no page of ours asks for, in the operator's log: by its route, not by what was sent."""
    if status in _REMARKABLE:
        address = scope["client"][0] if scope.get("client") else "?"
        _LOG.warning("turned away with %d: %s of %s", status, route, address)


def _not_theirs(verdict: Verdict, places: dict[str, str], scope: Scope) -> Response | None:
    person = _person(scope)
    if person is None:
        return PlainTextResponse("Inicia sesión para continuar.", 401)
    if verdict is Verdict.FILE:
        file_id = places["file_id"].split(".", 1)[0]
        return None if tabs.has_file(person.session, file_id) else Response(status_code=404)
    uploads = person.may(Permission.IMPORT) or person.may(Permission.LOAD)
    own = tabs.owner(places["session_id"]) == person.session
    return None if uploads and own else Response(status_code=403)


def _person(scope: Scope) -> Actor | None:
    cookie = HTTPConnection(scope).cookies.get(COOKIE, "")
    try:
        return access.actor_of_cookie(process.desk(), cookie, touch=False) if cookie else None
    except AppError:
        return None
