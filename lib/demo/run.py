"""`make run`: prepare the demonstration, start its mail server and its desk, stop both cleanly."""

import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping

from lib import settings
from lib.demo import prepare, staff
from lib.demo.smtp_sink import Sink
from lib.model.errors import AppError, Reason
from lib.services import demonstration, ports
from lib.services.desk import open_desk
from lib.settings import ROOT, Settings

_STARTING_S = 60
_STOPPING_S = 30
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run() -> int:
    """Serve until asked to stop; 0 then, else the desk's own status.

    Raises AppError: DEMO_SETTING, NOT_A_DEMO_FOLDER, PORT_TAKEN, and what preparing and opening the
    desk raise.
    """
    demo = settings.read({**os.environ, "MESA_DEMO": "1"})
    demonstration.claim(demo)
    ports.require_free(demo.port)
    _prepare(demo)
    stopping = threading.Event()
    for number in _STOPS:
        signal.signal(number, lambda *_: stopping.set())
    with Sink(demo.mailbox) as sink:
        desk = _start(demo, sink.port)
        try:
            return _attend(desk, demo, stopping)
        finally:
            _end(desk)


def _prepare(demo: Settings) -> None:
    prepare.prepare(demo)
    desk = open_desk(demo)
    try:
        staff.add(desk)
    finally:
        desk.close()


def _start(demo: Settings, mail_port: int) -> "subprocess.Popen[bytes]":
    """The desk as a process in a session of its own: Ctrl-C reaches only us, who pass it on."""
    command = [sys.executable, "-m", "streamlit", "run", "Home.py"]
    where = ["--server.port", str(demo.port), "--server.address", "localhost"]
    return subprocess.Popen(  # noqa: S603
        command + where, cwd=ROOT, env=_environment(demo, mail_port), start_new_session=True
    )


def _environment(demo: Settings, mail_port: int) -> Mapping[str, str]:
    """Its own mail server in the place of the one that settings have by default."""
    return {
        **os.environ,
        "MESA_DEMO": "1",
        "MESA_DATA": str(demo.data),
        "MESA_SMTP_HOST": "localhost",
        "MESA_SMTP_PORT": str(mail_port),
        "MESA_SMTP_SECURITY": "none",
        "MESA_SMTP_USER": "",
        "MESA_SMTP_PASSWORD": "",
        "MESA_SMTP_CA": "",
        "STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true",
    }


def _attend(desk: "subprocess.Popen[bytes]", demo: Settings, stopping: threading.Event) -> int:
    url = f"http://localhost:{demo.port}"
    waited = 0.0
    while desk.poll() is None and not stopping.is_set() and not _answers(url):
        if waited > _STARTING_S:
            raise AppError(Reason.DESK_SILENT, url=url)
        stopping.wait(0.2)
        waited += 0.2
    if desk.poll() is None and not stopping.is_set():
        _greet(url, demo)
    while desk.poll() is None and not stopping.wait(0.2):
        pass
    if stopping.is_set():
        print("\nDeteniendo la mesa…", flush=True)
        return 0
    return desk.returncode or 1


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _greet(url: str, demo: Settings) -> None:
    names = ", ".join(username for username, _, _ in staff.PEOPLE)
    print(
        f"""
  Mesa CDA está lista en {url}

    Usuarios    {names}
    Contraseña  {staff.PASSWORD}
    Correos     {demo.mailbox}

  Ctrl-C la detiene; lo hecho se conserva en {demo.data}
""",
        flush=True,
    )


def _end(desk: "subprocess.Popen[bytes]") -> None:
    """Let it finish what it has in hand; an end by force is only for a desk that hangs."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)
    if desk.poll() is None:
        desk.send_signal(signal.SIGTERM)
    try:
        desk.wait(_STOPPING_S)
    except subprocess.TimeoutExpired:
        desk.kill()
        desk.wait()
