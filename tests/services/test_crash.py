"""`kill -9` of a real process between handing a mail over and writing down what became of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings
from lib.model.actor import SYSTEM
from lib.model.outbox import MailState
from lib.services.desk import open_desk
from lib.services.outgoing.delivery import Worker
from lib.services.resends import resending
from lib.store.mail import outbox
from tests import small_ref
from tests.mail.server import Behaviour, serving
from tests.services.conftest import settled
from tests.services.log_rows import logged
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
_DESK = """
import sys
from lib import settings
from lib.services.outgoing.delivery import Worker
from lib.services.desk import open_desk
Worker(open_desk(settings.read())).start()
sys.stdin.read()
"""


def environment(data: Path, port: int) -> dict[str, str]:
    return {
        "MESA_DATA": str(data),
        "MESA_SMTP_HOST": "127.0.0.1",
        "MESA_SMTP_PORT": str(port),
        "MESA_SMTP_SECURITY": "none",
        "MESA_RESEND_COOLDOWN": "0",
        "MESA_SMTP_CONNECTIONS": "1",
        "PYTHONPATH": str(ROOT),
    }


@pytest.mark.slow
def test_killed_after_the_body_left(tmp_path: Path) -> None:
    """The server has the mail and its answer was never read: uncertain, and never sent again."""
    with serving() as (server, port):
        server.stall = "END"
        env = environment(tmp_path / "data", port)
        ids = _queued(env, "S0000000001", "S0000000002")
        _run_until_killed(env, server)
        assert len(server.received) == 1

        server.stall = ""
        desk = open_desk(settings.read(env))
        worker = Worker(desk)
        worker.start()
        lost, other = (settled(desk, mail_id) for mail_id in ids)
        worker.stop()
        assert (lost.state, lost.problem) == (MailState.UNCERTAIN, "process_died")
        assert other.state is MailState.ACCEPTED
        assert [m["Message-ID"].split("@")[0][1:] for m in server.mails] == ids
        assert [r["action"] for r in logged(desk)][2:] == ["mail_uncertain", "mail_accepted"]
        assert outbox.pending_ids(desk.store) == []
        desk.close()


def _queued(env: dict[str, str], *serials: str) -> list[str]:
    desk = open_desk(settings.read(env))
    small_ref.publish(desk.store, desk.vault())
    ids = [resending.resend(desk, SYSTEM, s, "other", "", f"k{s}").id for s in serials]
    desk.close()
    return ids


def _run_until_killed(env: dict[str, str], server: Behaviour) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _DESK], env=env, stdin=subprocess.PIPE, cwd=ROOT
    )
    try:
        until(lambda: server.received or process.poll() is not None)
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
