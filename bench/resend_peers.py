"""The same mails by other means: yagmail called once a mail, and django-post_office.

Neither keeps what the desk does (a claim before each mail, its outcome and a log row after it):
yagmail keeps nothing, post_office writes what it sent once for each hundred.
"""

import json
import os
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yagmail

from bench.figures import Figures
from bench.mail_server import Server
from bench.peers import environment
from bench.prepared import DATA
from tests.mail import letters

DOMAIN = "clientes.example.com"  # of everybody the peers mail
_HERE = Path(__file__).parent / "peers"


def _mail() -> dict[str, str]:
    """The words of one of the desk's own mails."""
    sent = letters.sent()
    return {
        "sender": letters.LETTER["sender"],
        "subject": str(sent["Subject"]),
        "text": letters.body(sent, "plain"),
        "html": letters.body(sent, "html"),
    }


def _recipients(mails: int) -> list[str]:
    return [f"cliente{number:05}@{DOMAIN}" for number in range(mails)]


def _yagmail(server: Server, mails: int) -> dict[str, Any]:
    """As its README has it: opened, asked to send, closed; for each mail."""
    mail = _mail()
    options = {"host": "localhost", "port": server.port, "smtp_ssl": False}
    secure: dict[str, Any] = {"user": mail["sender"], "smtp_starttls": False}
    secure |= {"smtp_skip_login": True}
    if server.user:
        tls = {"context": ssl.create_default_context(cafile=server.ca)}
        secure = {"user": server.user, "password": server.password, "smtp_starttls": tls}
    began = time.perf_counter()
    for recipient in _recipients(mails):
        with yagmail.SMTP(**options, **secure) as client:
            client.send(recipient, mail["subject"], mail["html"])
    return {"mails_per_s": round(mails / (time.perf_counter() - began), 1)}


def _post_office(server: Server, mails: int) -> dict[str, Any]:
    folder = DATA / "post_office"
    folder.mkdir(parents=True, exist_ok=True)
    python = environment.python(folder / "venv", _HERE / "mail_requirements.txt")
    with tempfile.TemporaryDirectory(prefix="mesa-bench-") as scratch:
        request = Path(scratch) / "request.json"
        login = {"port": server.port, "user": server.user, "password": server.password}
        asked = {"folder": scratch, **login, **_mail(), "recipients": _recipients(mails)}
        request.write_text(json.dumps(asked), "utf-8")
        command = [python, _HERE / "mail_queue.py", request]
        trusting = {**os.environ, **({"SSL_CERT_FILE": server.ca} if server.ca else {})}
        done = subprocess.run(command, check=True, capture_output=True, env=trusting)
        told = json.loads(done.stdout)
    assert told["sent"] == mails
    return {
        "mails_per_s": round(mails / told["sent_s"], 1),
        "queued_ms": Figures(told["queued_ms"]).to_json(),
    }


PEERS: Mapping[str, Callable[[Server, int], dict[str, Any]]] = {
    "yagmail, called per mail": _yagmail,
    "django-post_office": _post_office,
}
