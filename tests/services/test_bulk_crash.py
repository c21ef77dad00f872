"""`kill -9` of a real process in the middle of a resend to many: the next one goes on with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lib import settings
from lib.model.actor import Actor
from lib.model.bulk import BulkState, Manner
from lib.model.outbox import MailState, Motive
from lib.model.roles import Role
from lib.services.desk import open_desk
from lib.services.outgoing.delivery import Worker
from lib.services.resends import bulk
from lib.services.resends.rounds import Rounds
from lib.store.mail import bulks
from lib.store.people import staff
from lib.store.people.staff import Staff
from tests import small_ref
from tests.mail.server import Behaviour, serving
from tests.services.log_rows import logged
from tests.services.test_crash import ROOT, environment
from tests.waiting import until

SERIALS = ("S0000000001", "S0000000002", "L0000000001")
AGENT = Actor("agente", "Agustina Agente", Role.AGENT, session="s-agente")
_DESK = """
import sys
from lib import settings
from lib.services.resends import rounds
from lib.services.outgoing.delivery import Worker
from lib.services.desk import open_desk
rounds.AHEAD = 1
desk = open_desk(settings.read())
Worker(desk).start()
rounds.Rounds(desk).start()
sys.stdin.read()
"""


@pytest.mark.slow
def test_what_a_dead_process_did_not_come_to_goes_once(tmp_path: Path) -> None:
    """One mail is with the server and its answer was never read; of the others some may not even
    have been asked for."""
    with serving() as (server, port):
        server.stall = "END"
        env = environment(tmp_path / "data", port)
        bulk_id = _started(env)
        _run_until_killed(env, server)

        server.stall = ""
        desk = open_desk(settings.read(env))
        threads = (Worker(desk), Rounds(desk))
        for thread in threads:
            thread.start()
        until(lambda: bulk.see(desk, AGENT, bulk_id).bulk.state is BulkState.ENDED)
        for thread in threads:
            thread.stop()
        tally = bulks.tally(desk.store, bulk_id)
        assert tally.asked == {MailState.UNCERTAIN: 1, MailState.ACCEPTED: 2}
        assert len(server.received) == 3
        assert len({mail["Message-ID"] for mail in server.mails}) == 3
        actions = [row["action"] for row in logged(desk)]
        assert actions.count("resend_requested") == 3
        assert actions[-1] == "bulk_ended"
        desk.close()


def _started(env: dict[str, str]) -> str:
    desk = open_desk(settings.read(env))
    small_ref.publish(desk.store, desk.vault())
    person = Staff("agente", "Agustina Agente", "", Role.AGENT, "-", True, 1)
    desk.store.write(lambda t: staff.add(t, person))
    checked = bulk.check_serials(desk, "subscriptions", SERIALS, actor=AGENT)
    started = bulk.start(desk, AGENT, checked, Manner.PER_SYSTEM, Motive.OTHER, "", accepting=True)
    desk.close()
    return started.id


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
