"""Faults of the machine under the desk: a full disk, a file that another process holds, a clock set
back. The agent is told in a sentence, nothing is half-written, and the log's chain is whole."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.model import clock
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailState
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.outgoing import letters
from lib.services.records import customers
from lib.services.resends import resending
from lib.settings import ROOT
from lib.store.mail import outbox, slots
from lib.ui import messages
from tests.services.conftest import mailing, settled
from tests.services.log_rows import logged

ACCOUNT = "00000001"
SERIAL = "S0000000001"
_AGENT = Actor("agente", "Agustina Agente", Role.AGENT)


@pytest.fixture
def data(tmp_path: Path, small_data: Path) -> Path:
    """The folder of a desk that no process has open."""
    return shutil.copytree(small_data, tmp_path / "data")


@contextmanager
def opened(data: Path) -> Iterator[Desk]:
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        yield desk
    finally:
        desk.close()


def child(code: str, data: Path) -> dict[str, Any]:
    """What a process of its own says as JSON in its last line."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


# ---- a full disk ---------------------------------------------------------------------------------

_AGENT_AT_WORK = """
import json, resource, sys
from pathlib import Path
from lib import settings
from lib.model.account import Section
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.roles import Role
from lib.services.outgoing import letters
from lib.services.records import customers
from lib.services.resends import resending
from lib.services.desk import open_desk
from lib.ui import messages

data = Path(sys.argv[1])
desk = open_desk(settings.read({"MESA_DATA": str(data)}))
agent = Actor("agente", "Agustina", Role.AGENT)
_, unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)

def full(room):
    wal = data / "ops.duckdb.wal"
    size = wal.stat().st_size if wal.exists() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, unlimited))

def correct(number):
    before = customers.find(desk, agent, "00000001")
    typed = {"name": before.name, "email": before.email, "phone": f"55{number:08}"}
    customers.correct(desk, agent, "00000001", Section.CONTACT, typed, before.version)

def refused(act):
    try:
        act()
    except AppError as error:
        return messages.sentence(error)
    return ""

done, sentence = 0, ""
correct(1)
full(20_000)
while not sentence and done < 2_000:
    sentence = refused(lambda: correct(done + 2))
    done += not sentence
mail = refused(lambda: resending.resend(desk, agent, "S0000000001", "other", "", "k1"))
resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))
later = refused(lambda: resending.resend(desk, agent, "S0000000002", "other", "", "k2"))
print(json.dumps({"done": done + 1, "sentence": sentence, "mail": mail, "later": later}))
sys.stdout.flush()
desk.close()
"""


@pytest.mark.slow
def test_on_a_full_disk_the_agent_is_told_and_nothing_is_half_written(data: Path) -> None:
    said = child(_AGENT_AT_WORK, data)
    told = messages.sentence(AppError(Reason.DISK_FULL))
    assert 1 < said["done"] < 2_000
    assert (said["sentence"], said["mail"]) == (told, told)
    assert said["later"] == ""  # with room again, it goes on without a restart
    with opened(data) as desk:
        rows = logged(desk)
        assert [r["action"] for r in rows] == ["contact_changed"] * said["done"] + [
            "resend_requested"
        ]
        phone = f"55{said['done']:08}"
        assert rows[-2]["detail"]["new"]["phone"] == phone
        account = customers.find(desk, _AGENT, ACCOUNT)
        assert (account.phone, account.version) == (phone, said["done"])
        assert len(outbox.pending_ids(desk.store)) == 1
        assert not slots.of(desk.store, [SERIAL])


def test_a_disk_that_is_full_while_a_mail_is_written_puts_it_off(
    mail_desk: Desk, agent: Actor, work: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failed = letters.written, []

    def fails_once(*given: Any) -> Any:
        if not failed:
            failed.append(True)
            raise AppError(Reason.DISK_FULL)
        return real(*given)

    monkeypatch.setattr(letters, "written", fails_once)
    asked = resending.resend(mail_desk, agent, SERIAL, "other", "", "k1")
    work(mail_desk)
    assert settled(mail_desk, asked.id).state is MailState.ACCEPTED
    assert failed


# ---- a file that another process holds -----------------------------------------------------------

_HOLDER = """
import duckdb, sys
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another process has this database open to write."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    try:
        assert holder.stdout.readline() == "held\n"
        yield
    finally:
        holder.communicate(timeout=30)


def content(data: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in data.rglob("*.duckdb*") if p.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["ops", "ref"])
def test_a_database_that_another_process_holds_is_left_as_it_is(data: Path, which: str) -> None:
    with opened(data) as desk:
        resending.resend(desk, _AGENT, SERIAL, "other", "", "k1")
        file = data / "ops.duckdb" if which == "ops" else desk.store.ref_path
    assert file
    before = content(data)
    with held(file):
        with pytest.raises(AppError) as refused, opened(data):
            pass
        assert refused.value.reason is Reason.DESK_IN_USE
        assert file.name in messages.sentence(refused.value)
    assert content(data) == before
    with opened(data) as desk:
        assert [row["action"] for row in logged(desk)] == ["resend_requested"]
        assert len(outbox.pending_ids(desk.store)) == 1


@pytest.mark.slow
def test_a_command_beside_a_running_desk_says_so_and_changes_nothing(
    desk: Desk, agent: Actor
) -> None:
    resending.resend(desk, agent, SERIAL, "other", "", "k1")
    done = subprocess.run(
        [sys.executable, "-m", "lib", "user", "add", "ana", "--role", "agente"],
        cwd=ROOT,
        env={"MESA_DATA": str(desk.settings.data)},
        input="una frase larga de paso\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Otra mesa ya tiene abierta")
    assert len(done.stderr.splitlines()) == 1
    resending.resend(desk, agent, "S0000000002", "other", "", "k2")
    assert [row["action"] for row in logged(desk)] == ["resend_requested"] * 2


# ---- a clock set back ----------------------------------------------------------------------------


@pytest.mark.parametrize("back", [dt.timedelta(seconds=61), dt.timedelta(hours=5)])
def test_a_clock_set_back_skips_no_cooldown(
    desk: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch, back: dt.timedelta
) -> None:
    slow = mailing(desk, 1, cooldown_s=60)
    resending.resend(slow, agent, SERIAL, "other", "", "k1")
    _accepted(slow)
    real = clock.now
    for seconds, number in ((-back.total_seconds(), 2), (1.0, 3), (50.0, 4)):
        monkeypatch.setattr(clock, "now", lambda ahead=seconds: real() + dt.timedelta(0, ahead))
        with pytest.raises(AppError) as refused:
            resending.resend(slow, agent, SERIAL, "other", "", f"k{number}")
        assert refused.value.reason in {Reason.SENT_A_MOMENT_AGO, Reason.STOPPED_BY_POLICY}
    monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(seconds=62))
    resending.resend(slow, agent, SERIAL, "other", "", "k5")
    assert [row["action"] for row in logged(slow)] == ["resend_requested"] * 2


def _accepted(desk: Desk) -> None:
    """End the mail on its way as the worker would."""

    def work(transaction: outbox.Transaction) -> None:
        taken = outbox.claim(transaction)
        assert taken
        free_at = transaction.now + dt.timedelta(seconds=desk.settings.resend_cooldown_s)
        outbox.settle(transaction, taken, MailState.ACCEPTED, None, (250, "OK"), free_at)

    desk.store.write(work)
