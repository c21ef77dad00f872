"""The company's provider for tests: oidc-provider-mock, and over it what a real one does besides.

It insists on PKCE, says when it asked who somebody is, and signs what a test makes of its tokens:
`company.make` gets the claims and the provider's own key.
"""

import base64
import hashlib
import json
import os
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flask
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from tests.ports import free_port

with warnings.catch_warnings():
    import authlib.deprecate  # noqa: F401 - it wants its warnings always shown: first, then

    warnings.simplefilter("ignore")  # the provider uses what its own library has deprecated
    import oidc_provider_mock

_LINK = re.compile(r"<link.*?/>", re.DOTALL)
CLIENT, SECRET = "mesa", "un secreto del cliente, largo"
Claims = dict[str, Any]
Make = Callable[[Claims, RSAKey], str]


def signed(claims: Claims, key: RSAKey) -> str:
    return jwt.encode({"alg": "RS256", "kid": key.thumbprint()}, claims, key)


@dataclass
class Company:
    """`asked` are the questions of each way there, `tokens` the ID tokens it gave."""

    url: str
    make: Make = signed
    more: Claims = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    down: bool = False
    metadata: Claims = field(default_factory=dict)

    def settings(self, folder: Path, desk: str) -> dict[str, str]:
        """Of a desk at the address `desk`."""
        secret = folder / "oidc.secret"
        secret.write_text(SECRET + "\n", "utf-8")
        secret.chmod(0o600)
        return {
            "MESA_URL": desk,
            "MESA_OIDC_ISSUER": self.url,
            "MESA_OIDC_CLIENT_ID": CLIENT,
            "MESA_OIDC_SECRET_FILE": str(secret),
        }


@contextmanager
def running(people: Mapping[str, Claims]) -> Iterator[Company]:
    """On 127.0.0.1, while the desk is on localhost: another site to a browser."""
    port = free_port()
    company = Company(f"http://127.0.0.1:{port}")
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()]
    app = oidc_provider_mock.app(user_claims=users, require_nonce=True)
    _Over(company, app)
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # of this process: TLS is not its subject
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield company
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(server: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.serve_forever(0.05)


class _Over:
    """Around the mock's own routes."""

    def __init__(self, company: Company, app: flask.Flask) -> None:
        self._company = company
        self._challenges: dict[str, str] = {}
        app.before_request(self._before)
        app.after_request(self._after)

    def _before(self) -> Any:
        request = flask.request
        if self._company.down:
            return flask.Response(status=503)
        if request.path == "/oauth2/authorize" and request.method == "GET":
            self._company.asked.append(request.args.to_dict())
        if request.path == "/oauth2/token":
            verifier = request.form.get("code_verifier", "")
            digest = hashlib.sha256(verifier.encode()).digest()
            said = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            basic = request.authorization
            known = basic is not None and (basic.username, basic.password) == (CLIENT, SECRET)
            if not known or self._challenges.pop(request.form.get("code", ""), None) != said:
                return flask.jsonify({"error": "invalid_grant"}), 400
        return None

    def _after(self, response: flask.Response) -> flask.Response:
        request = flask.request
        if request.path == "/oauth2/authorize" and request.method == "POST":
            query = response.headers.get("Location", "").partition("?")[2]
            code = dict(part.partition("=")[::2] for part in query.split("&")).get("code", "")
            if request.args.get("code_challenge_method") == "S256":
                self._challenges[code] = request.args["code_challenge"]
        if request.path == "/oauth2/token" and response.status_code == 200:
            response.set_data(json.dumps(self._retold(response.get_json())))
        if response.mimetype == "text/html":  # its style is another host's
            response.set_data(_LINK.sub("", response.get_data(as_text=True)))
        if request.path.startswith("/.well-known/") and self._company.metadata:
            response.set_data(json.dumps(response.get_json() | self._company.metadata))
        return response

    def _retold(self, answer: Claims) -> Claims:
        part = answer["id_token"].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=="))
        claims |= {"auth_time": claims["iat"]} | self._company.more
        storage = flask.g.oidc_provider_mock_storage
        key = RSAKey.import_key(storage.jwk.as_dict(is_private=True))
        token = self._company.make(claims, key)
        self._company.tokens.append(token)
        return {**answer, "id_token": token}
