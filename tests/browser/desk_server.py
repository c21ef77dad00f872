"""A real desk for tests: `streamlit run Home.py` on a free port, small data, a real mail server."""

import atexit
import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache, partial
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lib import settings
from lib.model import clock
from lib.model.actor import SYSTEM
from lib.model.client import Client
from lib.model.roles import Role
from lib.services import demonstration
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.services.doors.opening import hashed
from lib.services.log import mailings
from lib.store.log import mailings as mailed
from lib.store.people import devices
from tests import small_ref
from tests.browser import left_behind
from tests.desks import ALONE
from tests.ports import free_port
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "frase probada"
PEOPLE = {"agente": Role.AGENT, "gerente": Role.MANAGER, "admin": Role.ADMIN}
KNOWN = "a-browser-that-everybody-came-in-with"  # what its cookie holds
NAMES = {"agente": "Agustina Agente", "gerente": "Gerardo Gerente", "admin": "Adela Admin"}


_KNOWN = Client(hashed(KNOWN), "Chromium")


@dataclass
class Mailbox:
    """What the mail server has accepted."""

    messages: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


@dataclass
class DeskServer:
    url: str
    data: Path
    log: Path
    mail: Mailbox
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def stop(self) -> int:
        """End it as an operator would; its exit status. What it leaves behind is looked at."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        left_behind.check(self.data, self.log_text(), frozenset({PASSWORD}))
        return status

    def log_text(self) -> str:
        return self.log.read_text("utf-8", errors="replace")


@contextmanager
def running(
    folder: Path, environment: Mapping[str, str] | None = None, port: int = 0
) -> Iterator[DeskServer]:
    """A desk over `folder`/data with small_ref's rows and one person of each role."""
    data = folder / "data"
    if not data.exists():
        seed(data)
    if environment and environment.get("MESA_DEMO") == "1":
        (data / demonstration.MARK).touch()
    with mail_server() as (mail_port, mailbox):
        more = {"MESA_SMTP_PORT": str(mail_port), **(environment or {})}
        server = start(data, folder / "server.log", mailbox, more, port=port)
        try:
            until(lambda: answers(server), 60)
            yield server
        finally:
            server.stop()


def seed(data: Path) -> None:
    shutil.copytree(_seeded(), data)


@cache
def _seeded() -> Path:
    """Made once in a process: migrating and hashing three passwords takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="mesa-seed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = folder / "data"
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    small_ref.publish(desk.store, desk.vault())
    for username, role in PEOPLE.items():
        email = f"{username}@example.com"
        access.add_staff(desk, SYSTEM, username, NAMES[username], email, role, PASSWORD)
        desk.store.write(partial(devices.seen, username=username, client=_KNOWN))
    _nothing_of_its_own(desk)
    desk.close()
    return data


def _nothing_of_its_own(desk: Desk) -> None:
    """The morning's mail would come amid whatever test runs a minute after the desk opened."""
    today = clock.today()
    for day in (today, today + dt.timedelta(days=1)):
        desk.store.write(lambda t, day=day: mailed.add(t, mailings.head_key(day)))


def start(
    data: Path,
    log: Path,
    mailbox: Mailbox | None = None,
    more: Mapping[str, str] | None = None,
    script: Path = ROOT / "Home.py",
    port: int = 0,
    address: str = "localhost",
) -> DeskServer:
    """Start the process and return at once."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), "--server.address", address],
            cwd=ROOT,
            env=environment_for(data, more or {}),
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    return DeskServer(f"http://localhost:{port}", data, log, mailbox or Mailbox(), process)


def environment_for(data: Path, more: Mapping[str, str]) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MESA_", "STREAMLIT_"))}
    mail = {"MESA_SMTP_HOST": "localhost", "MESA_SMTP_SECURITY": "none"}
    return {**inherited, "MESA_DATA": str(data), **mail, **ALONE, "PYTHONUNBUFFERED": "1", **more}


def answers(server: DeskServer) -> bool:
    """Whether /health says ready. Fails at once when the process has ended."""
    if server.process.poll() is not None:
        raise AssertionError(f"the desk ended: {server.log_text()}")
    try:
        with urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def mail_server(ident: str = demonstration.MAIL_SERVER) -> Iterator[tuple[int, Mailbox]]:
    """A real SMTP server on loopback: its port and what it accepted. Demonstrations start with none
    that calls itself otherwise."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="localhost", port=free_port(), ident=ident)
    controller.start()
    try:
        yield controller.port, mailbox
    finally:
        controller.stop()
