"""The server around the pages: session routes, health, headers, what happens at start and stop."""

import contextlib
import logging
import os
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal, TypedDict

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lib import settings
from lib.model.errors import AppError
from lib.services import addresses, demonstration
from lib.services.doors import access
from lib.services.doors.opening import hashed
from lib.store import private
from lib.ui import listening, logs, messages, modules, process, provider
from lib.ui.identity import COOKIE, DEVICE
from lib.ui.listing import download
from lib.ui.middleware import Guard
from lib.ui.plain import refusal


class _Cookie(TypedDict):
    secure: bool
    httponly: bool
    samesite: Literal["strict"]
    path: str


_LOG = logging.getLogger("mesa")
_ICON = Path(__file__).with_name("icon.svg")
_ALONE: _Cookie = {"secure": True, "httponly": True, "samesite": "strict", "path": "/"}
_KEPT_S = 400 * 24 * 3600  # as long as browsers keep any


async def _open(request: Request) -> Response:
    """Change a one-time ticket for the session's cookie. The custom header needs a preflight from
    any other origin, so no other site can call this.
    """
    ticket = request.headers.get("x-mesa-ticket", "")
    device = request.cookies.get(DEVICE, "") or secrets.token_urlsafe(32)
    cookie = await run_in_threadpool(access.redeem, process.desk(), ticket, hashed(device))
    if cookie is None:
        return Response(status_code=403)
    response = Response(status_code=204)
    # No max-age: the browser forgets it when it closes; the server ends it sooner than that.
    response.set_cookie(COOKIE, cookie, **_ALONE)
    # It opens nothing: it tells a browser that somebody came in with (lib/services/doors/attempts).
    response.set_cookie(DEVICE, device, max_age=_KEPT_S, **_ALONE)
    return response


async def _close(request: Request) -> Response:
    """End the cookie's session, if it still lives, and drop the cookie."""
    if "x-mesa-ticket" not in request.headers:
        return Response(status_code=403)
    cookie = request.cookies.get(COOKIE, "")
    await run_in_threadpool(_end, cookie)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, **_ALONE)
    return response


def _end(cookie: str) -> None:
    desk = process.desk()
    person = access.actor_of_cookie(desk, cookie, touch=False)
    if person:
        access.sign_out(desk, person)


async def _health(_: Request) -> Response:
    """Live: this answered. Ready: the database does too. No data, no versions."""
    ready = await run_in_threadpool(_ready)
    return JSONResponse({"live": True, "ready": ready}, status_code=200 if ready else 503)


def _ready() -> bool:
    try:
        return isinstance(process.desk().store.ref_file, str)  # a question to the database
    except AppError:
        return False


async def _icon(_: Request) -> Response:
    """The tab's icon, in the place where Streamlit keeps its own."""
    kept = {"Cache-Control": "public, max-age=86400"}
    return Response(_ICON.read_bytes(), media_type="image/svg+xml", headers=kept)


ROUTES = [
    Route("/sesion/abrir", _open, methods=["POST"]),
    Route("/sesion/cerrar", _close, methods=["POST"]),
    Route(download.RESULTS_PATH + "{ticket}", download.result, methods=["GET"]),
    Route(download.REPORTS_PATH + "{ticket}", download.report, methods=["GET"]),
    Route(download.AUDIT_PATH + "{ticket}", download.audit, methods=["GET"]),
    Route(download.ORIGINALS_PATH + "{ticket}", download.original, methods=["GET"]),
    Route(download.ERRORS_PATH + "{ticket}", download.errors, methods=["GET"]),
    Route(download.PATH + "{ticket}", download.export, methods=["GET"]),
    Route("/health", _health),
    Route("/favicon.png", _icon),
    *modules.ROUTES,
]
MIDDLEWARE = [Middleware(Guard), Middleware(provider.Provider)]
SECRETS = provider.at_start()  # of single sign-on, for st.App
listening.install()


def _require_place() -> None:
    """Raise AppError where people would be served who mustn't be: a demonstration to others, a
    real desk without TLS."""
    read, address = settings.read(), str(st.get_option("server.address") or "")
    demonstration.require_apart(read, address)
    addresses.require_safe(read, address, own_tls=bool(st.get_option("server.sslCertFile")))


@contextlib.asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Open the desk and what works beside it; a desk that can't open ends the process at once."""
    logs.install()
    private.new_files()
    try:
        _require_place()
        process.start()
    except AppError as error:
        sys.stderr.write(messages.sentence(error) + "\n")
        sys.stderr.flush()
        os._exit(1)  # anything gentler prints the server's own traceback over the sentence
    try:
        yield
    finally:
        process.stop()


def on_script_error(error: Exception) -> bool:
    """Nothing of the error reaches the screen but its reference; nothing of its text the log."""
    if isinstance(error, AppError):
        st.error(refusal(error), icon=":material/block:")
        return True
    reference = secrets.token_hex(4).upper()
    _LOG.error("reference %s: %s", reference, logs.summary(error))
    st.error(
        "Algo falló. Antes de repetirlo, revisa si quedó hecho; si sigue fallando, avisa al "
        f"administrador. Referencia {reference}.",
        icon=":material/error:",
    )
    return True
