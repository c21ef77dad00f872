"""The way to the company's provider and back, over HTTP.

Streamlit's own routes go there (`st.login`) and take what comes back: Authlib keeps state, nonce
and PKCE, exchanges the code and checks the token. What Streamlit would do next is stopped here: its
answer sets cookies that would open `st.user` for thirty days, beyond recall, with the access token
in them. They never reach the browser: the token in them is taken once for a session of ours
(lib/services/doors/single_sign_on.py), and nothing here ever reads `st.user`.
"""

import json
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from lib import settings, settings_oidc
from lib.model.errors import AppError, Reason
from lib.services.doors import single_sign_on
from lib.settings import Settings
from lib.ui import process
from lib.ui.identity import AGAIN as CONFIRMING
from lib.ui.identity import ARRIVAL, address_of

COMPANY = "empresa"  # Streamlit's names of the two ways there
AGAIN = "confirmar"  # asks the person again, whatever session they have with the provider
REFUSAL = "acceso"  # in the address of the door, why nobody came in
CODES = {
    "incompleto": Reason.SSO_REFUSED,
    "sin-alta": Reason.SSO_NOT_STAFF,
    "sin-respuesta": Reason.SSO_SILENT,
}
_SAID = {reason: code for code, reason in CODES.items()}
_LOGIN, _CALLBACK = "/auth/login", "/oauth2callback"
_USER, _TOKENS = "_streamlit_user", "_streamlit_user_tokens"
_STATE = "_streamlit_session="  # Authlib's state, nonce and PKCE verifier, signed


def secrets_of(found: Settings) -> dict[str, Any]:
    """What `st.login` reads, in memory alone; {} without single sign-on. The key of its cookies is
    new at each start: none is older than a way there and back. Raises AppError(BAD_SETTING)."""
    oidc = found.oidc
    if not oidc.issuer:
        return {}
    client = {
        "client_id": oidc.client_id,
        "client_secret": settings_oidc.secret(oidc),
        "server_metadata_url": oidc.metadata_url,
    }
    # Streamlit asks for PKCE only where the provider's metadata says so; who doesn't know it
    # leaves it aside (RFC 7636, 5).
    company = {"scope": "openid email profile", "code_challenge_method": "S256"}
    again = {**company, "prompt": "login"}
    return {
        "auth": {
            "redirect_uri": found.url + _CALLBACK,
            "cookie_secret": secrets.token_hex(32),
            COMPANY: {**client, "client_kwargs": company},
            AGAIN: {**client, "client_kwargs": again, "authorize_params": {"max_age": "0"}},
        }
    }


def at_start() -> dict[str, Any]:
    """For st.App, before there is anybody to tell: the lifespan tells what is wrong."""
    try:
        return secrets_of(settings.read())
    except AppError:
        return {}


class Provider:
    """Pure ASGI, around Streamlit's two routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._base = (
            "/" + str(streamlit.get_option("server.baseUrlPath") or "").strip("/")
        ).rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(self._base) if scope["type"] == "http" else ""
        if path not in (_LOGIN, _CALLBACK):
            await self._app(scope, receive, send)
            return
        if not process.desk().settings.oidc.issuer:
            answer: Response = self._home()
        elif path == _LOGIN:
            answer = self._leaving(await _answered(self._app, scope, receive))
        elif "error" in QueryParams(scope["query_string"]):  # they pressed Cancel, or may not
            answer = self._home(Reason.SSO_REFUSED)
        else:
            answer = await self._coming(await _answered(self._app, scope, receive), scope)
        await answer(scope, receive, send)

    def _home(self, why: Reason | None = None) -> Response:
        said = f"?{REFUSAL}={_SAID[why]}" if why else ""
        return RedirectResponse(f"{self._base}/{said}", 303)

    def _leaving(self, theirs: "_Answer") -> Response:
        """To the provider, or to the door when it can't be asked where."""
        there = theirs.headers.get("location", "")
        if theirs.status >= 400:
            return self._home(Reason.SSO_SILENT)
        if not there.startswith(("https://", "http://")):  # its own token of two minutes was over
            return self._home()
        return _keeping_state(RedirectResponse(there, 302), theirs)

    async def _coming(self, theirs: "_Answer", scope: Scope) -> Response:
        cookies = theirs.cookies()
        token = _said(cookies, _TOKENS, "id_token")
        address = address_of(HTTPConnection(scope))
        if not token:
            if theirs.clears(_USER):  # what came was checked, not just anything sent here
                await run_in_threadpool(single_sign_on.refuse, process.desk(), address)
            return _keeping_state(self._home(Reason.SSO_REFUSED), theirs)
        try:
            arrival = await run_in_threadpool(single_sign_on.arrive, process.desk(), token, address)
        except AppError as error:
            why = error.reason if error.reason in _SAID else Reason.SSO_REFUSED
            return _keeping_state(self._home(why), theirs)
        answer = _keeping_state(self._home(), theirs)
        life = int(single_sign_on.ARRIVAL_LIFE.total_seconds())
        # Strict: not sent with this redirect, which another site began, but with the page's own
        # WebSocket, whose site is ours.
        name = CONFIRMING if _said(cookies, _USER, "provider") == AGAIN else ARRIVAL
        answer.set_cookie(
            name, arrival, max_age=life, secure=True, httponly=True, samesite="strict", path="/"
        )
        return answer


class _Answer:
    """What a route answered, kept from the browser; its body is nobody's."""

    def __init__(self) -> None:
        self.status, self.headers = 500, Headers()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], Headers(raw=message["headers"])

    def cookies(self) -> Mapping[str, str]:
        """As a browser would have them afterwards."""
        jar = SimpleCookie()
        for header in self.headers.getlist("set-cookie"):
            try:
                jar.load(header)
            except CookieError:
                continue
        return {name: morsel.value for name, morsel in jar.items() if morsel["max-age"] != "0"}

    def clears(self, name: str) -> bool:
        """Streamlit does so once it has asked the provider in vain."""
        return any(h.startswith(f"{name}=") for h in self.headers.getlist("set-cookie"))


async def _answered(app: ASGIApp, scope: Scope, receive: Receive) -> _Answer:
    answer = _Answer()
    await app(scope, receive, answer.take)
    return answer


def _keeping_state(answer: Response, theirs: _Answer) -> Response:
    """Of Streamlit's cookies only the one that ties the way back to this browser."""
    for header in theirs.headers.getlist("set-cookie"):
        if header.startswith(_STATE):
            answer.headers.append("set-cookie", header)
    answer.headers["cache-control"] = "no-store"
    return answer


def _said(cookies: Mapping[str, str], name: str, what: str) -> str:
    """Out of Streamlit's own cookies, which it signed a moment ago; "" when it took nobody in."""
    key = get_cookie_secret()

    def opened(part: str) -> bytes | None:
        return decode_signed_value(key, part, cookies[part]) if part in cookies else None

    try:
        return str(json.loads(get_cookie_with_chunks(opened, name) or b"{}")[what])
    except (ValueError, KeyError, TypeError):
        return ""
