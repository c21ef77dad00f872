"""In front of everything over HTTP: security headers, and no files without a live session."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.model.errors import AppError
from lib.services.doors import access
from lib.ui import pages, process
from lib.ui.identity import COOKIE

# Files of the desk's people, in and out, and Streamlit's own counters: only with a session.
_CLOSED = ("/_stcore/upload_file", "/media/", "/_stcore/metrics")
# Streamlit's way in for programs, off by default: not even its description.
_HIDDEN = "/_stcore/agent"
# Not pages, and yet a browser may open them as one.
_OTHERS = (
    "/_stcore/", "/media/", "/static/", "/sesion/", "/exportar/", "/health", "/favicon.png",
)  # fmt: skip


class Guard:
    """Pure ASGI, so that it neither buffers answers nor breaks the WebSocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = _headers()
        base = "/" + str(streamlit.get_option("server.baseUrlPath") or "").strip("/")
        self._closed = tuple(base.rstrip("/") + path for path in _CLOSED)
        self._hidden = base.rstrip("/") + _HIDDEN
        self._home = base
        self._pages = {base.rstrip("/") + page.path for page in pages.PAGES} | {base}
        self._others = tuple(base.rstrip("/") + path for path in _OTHERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if path.startswith(self._closed):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await (await self._answering(path, scope))(scope, receive, with_headers)

    async def _answering(self, path: str, scope: Scope) -> ASGIApp:
        if path.startswith(self._hidden):
            return Response(status_code=404)
        if self._leads_nowhere(path, scope):
            return RedirectResponse(self._home, 303)  # else Streamlit says so, in English
        if path.startswith(self._closed) and not await run_in_threadpool(_signed_in, scope):
            return Response("Inicia sesión para continuar.", status_code=401)
        return self._app

    def _leads_nowhere(self, path: str, scope: Scope) -> bool:
        """Whether a browser is opening as a page what isn't one."""
        if path in self._pages or path.startswith(self._others):
            return False
        return HTTPConnection(scope).headers.get("sec-fetch-dest") == "document"


def _signed_in(scope: Scope) -> bool:
    cookie = HTTPConnection(scope).cookies.get(COOKIE, "")
    try:
        return bool(cookie and access.actor_of_cookie(process.desk(), cookie, touch=False))
    except AppError:
        return False


def _headers() -> dict[str, str]:
    return {
        "Content-Security-Policy": _policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _policy() -> str:
    """Only this host, no eval. Streamlit needs inline styles, blob: modules (our components) and
    the inline scripts of its own index.html, allowed one by one by their hash.
    """
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", index.read_text("utf-8"), re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self' blob: " + " ".join(f"'sha256-{h}'" for h in hashes),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
