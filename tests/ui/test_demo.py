"""`python -m lib demo`: what make run starts, from nothing to Ctrl-C."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lib import settings
from lib.demo import staff
from lib.services import ports
from lib.services.desk import open_desk
from lib.services.doors import access
from tests.browser import desk_server
from tests.browser.desk_server import DeskServer, Mailbox
from tests.ports import free_port
from tests.waiting import until

pytestmark = pytest.mark.slow
READY = "Mesa CDA está lista en http://localhost:"


def demo(data: Path, port: int, out: Path, more: Mapping[str, str] | None = None) -> DeskServer:
    with out.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "lib", "demo"],
            cwd=desk_server.ROOT,
            env={
                **desk_server.environment_for(data, {"PORT": str(port)}),
                "MESA_DEMO_ACCOUNTS": "20",
                **(more or {}),
            },
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    return DeskServer(f"http://localhost:{port}", data, out, Mailbox(), process)


def is_free(port: int) -> bool:
    try:
        ports.require_free(port)
    except Exception:
        return False
    return True


def children(process: int) -> list[int]:
    """The processes that this one started and that are still there."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process:
            found.append(int(entry.parent.name))
    return found


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_from_nothing_to_ctrl_c_and_again(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    first = demo(data, port, tmp_path / "first.log")
    try:
        until(lambda: READY in first.log_text() or first.process.poll() is not None, 90)
        said = first.log_text()
        for word in (READY + str(port), "agente, gerente, admin", "mesa-cda-demo"):
            assert word in said
        (desk,) = children(first.process.pid)
        taken = demo(tmp_path / "other", port, tmp_path / "taken.log")
        assert taken.process.wait(60) == 2
        assert taken.log_text().startswith(f"El puerto {port} está ocupado;")
        in_use = demo(data, free_port(), tmp_path / "in_use.log")
        assert in_use.process.wait(60) == 2
        assert in_use.log_text().startswith("Otra mesa ya tiene abierta")
    finally:
        first.process.send_signal(signal.SIGINT)
    assert first.process.wait(40) == 0
    assert not alive(desk)
    assert is_free(port)
    assert "Traceback" not in first.log_text()
    with_people(data)
    second = demo(data, port, tmp_path / "second.log")
    try:
        until(lambda: READY in second.log_text() or second.process.poll() is not None, 90)
        assert "Preparando" not in second.log_text()
    finally:
        second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(40) == 0


def test_it_doesn_t_start_beside_a_real_mail_server(tmp_path: Path) -> None:
    real = {"MESA_SMTP_HOST": "smtp.example.com", "MESA_SMTP_SECURITY": "tls"}
    refused = demo(tmp_path / "data", free_port(), tmp_path / "log", real)
    assert refused.process.wait(30) == 2
    assert refused.log_text().startswith("La demostración no corre con MESA_SMTP_HOST")
    assert not (tmp_path / "data").exists()


def with_people(data: Path) -> None:
    desk = open_desk(settings.read({"MESA_DATA": str(data), "MESA_DEMO": "1"}))
    try:
        for username, name, role in staff.PEOPLE:
            signed_in = access.sign_in(desk, username, staff.PASSWORD)
            actor = access.actor_of_session(desk, signed_in.session)
            assert actor is not None
            assert (actor.name, actor.role) == (name, role)
    finally:
        desk.close()
