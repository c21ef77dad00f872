"""HTTP by hand: what an attacker's program can send, and what it gets."""

import http.client
import json
import socket
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from typing import Any

from tests.browser.desk_server import DeskServer

_HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "bWVzYSBjZGEgbWVzYSBjZA==",
    "Sec-WebSocket-Protocol": "streamlit",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    server: DeskServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> Answer:
    """One request. Underscores in the headers' names are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection(server.host, timeout=20)) as connection:
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def handshake(server: DeskServer, **headers: str) -> int:
    """The status with which a WebSocket's opening is answered: 101 when it is open."""
    return ask(server, "GET", "/_stcore/stream", None, **{**_HANDSHAKE, **headers}).status


def exchange(server: DeskServer, sent: bytes) -> bytes:
    """Bytes as they are, and all that comes back until the server closes."""
    port = int(server.host.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(sent)
        heard = b""
        try:
            while piece := line.recv(65536):
                heard += piece
        except ConnectionResetError:
            pass  # it closed with bytes of ours unread
        return heard


def put_file(
    server: DeskServer,
    tab: str,
    cookie: str,
    name: str = "x.csv",
    content: bytes = b"a\n",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Upload as Streamlit's page does, with its double-submitted token (in `headers`, else new)."""
    sent = headers or upload_headers(server, cookie)
    path = f"/_stcore/upload_file/{tab}/{file_id(name)}"
    return ask(server, "PUT", path, form(name, content), **sent)


def file_id(name: str) -> str:
    return name.encode().hex()[:32]


def form(name: str, content: bytes) -> bytes:
    """A file, as a page's form sends it."""
    said = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    head = f"--b\r\n{said}\r\nContent-Type: text/csv\r\n\r\n"
    return head.encode() + content + b"\r\n--b--\r\n"


def upload_headers(server: DeskServer, cookie: str) -> dict[str, str]:
    fresh = ask(server, "GET", "/_stcore/health").headers["Set-Cookie"]
    return form_headers(server.url, cookie, fresh)


def form_headers(url: str, cookie: str, fresh: str) -> dict[str, str]:
    """`fresh`: the Set-Cookie with which Streamlit gave its token."""
    token = fresh.partition("=")[2].partition(";")[0]
    cookies = f"_streamlit_xsrf={token}" + (f"; __Host-mesa={cookie}" if cookie else "")
    kind = "multipart/form-data; boundary=b"
    return {"Origin": url, "Cookie": cookies, "X_Xsrftoken": token, "Content_Type": kind}
