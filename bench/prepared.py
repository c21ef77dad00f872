"""A desk full of made-up customers under bench/data, loaded as a pack would be, and timed."""

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from lib import settings
from lib.demo import customers
from lib.model import clock
from lib.model.account import FIELDS, Section
from lib.model.actor import SYSTEM, Actor
from lib.model.load import Stage
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.services.loads import loading
from lib.services.records import customers as profiles
from lib.store import ref
from tests.browser import desk_server

AGENT = "agente"
CORRECTED = 500  # customers whose name and e-mail people have corrected, as a desk at work has
DATA = Path(__file__).with_name("data")


def desk(accounts: int, *, fresh: bool) -> tuple[Path, dict[str, Any]]:
    """A desk's folder with that many accounts, and how its load went."""
    data = DATA / f"{accounts}"
    told = _told(data)
    if fresh or not told:
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(parents=True)
        told = _load(data, accounts)
        _report(data).write_text(json.dumps(told), "utf-8")
    return data, told


def is_made(accounts: int) -> bool:
    """Whether a desk with that many accounts is there, of this program's kind."""
    return bool(_told(DATA / f"{accounts}"))


def _report(data: Path) -> Path:
    return data / "load.json"


def _told(data: Path) -> dict[str, Any]:
    """How its load went; {} when there is none that this program can open."""
    report = _report(data)
    told: dict[str, Any] = json.loads(report.read_text("utf-8")) if report.exists() else {}
    return told if told.get("format") == ref.REF_FORMAT else {}


def copied(data: Path) -> Path:
    """A copy of a desk's folder to write in, its ref files shared; the caller takes it away."""
    copy = Path(tempfile.mkdtemp(prefix="mesa-bench-"))
    for name in ("ops.duckdb", "audit.head", "audit.checkpoints"):
        if (data / name).exists():  # there is no checkpoint before the first
            shutil.copy2(data / name, copy / name)
    shutil.copytree(data / "keys", copy / "keys")
    (copy / "ref").mkdir()
    for file in (data / "ref").iterdir():
        _shared(file, copy / "ref" / file.name)
    return copy


def _shared(file: Path, link: Path) -> None:
    try:
        link.hardlink_to(file)
    except OSError:  # another file system
        shutil.copy2(file, link)


def cookies(data: Path, count: int) -> list[str]:
    """Signed-in browsers of as many agents. The desk must be closed, and opened soon."""
    opened = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        return [_cookie(opened, f"{AGENT}{number:02d}") for number in range(1, count + 1)]
    finally:
        opened.close()


def _cookie(opened: Desk, username: str) -> str:
    password, role = desk_server.PASSWORD, Role.AGENT
    if not access.is_staff(opened, username):
        access.add_staff(opened, SYSTEM, username, username.title(), "", role, password)
    cookie = access.redeem(opened, access.sign_in(opened, username, password).ticket)
    assert cookie
    return cookie


def _load(data: Path, accounts: int) -> dict[str, Any]:
    pack = data / "pack"
    pack.mkdir()
    print(f"Writing a pack of {accounts:,} accounts…", flush=True)
    customers.write_pack(pack, accounts, clock.today())
    print("Loading it…", flush=True)
    opened = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        began = time.perf_counter()
        loaded = loading.load(opened, SYSTEM, pack, _quietly, apart=False)
        seconds = time.perf_counter() - began
        people(opened, accounts)
    finally:
        opened.close()
    shutil.rmtree(pack)
    rows = sum(counts.rows for counts in loaded.files.values())
    said = {"rows": rows, "seconds": round(seconds, 1), "rows_per_s": round(rows / seconds)}
    return {"format": ref.REF_FORMAT, **said}


def people(opened: Desk, accounts: int) -> None:
    """Somebody who works there, and what they have corrected so far."""
    role, email = desk_server.PEOPLE[AGENT], "agente@example.com"
    name, password = "Agustina Agente", desk_server.PASSWORD
    access.add_staff(opened, SYSTEM, AGENT, name, email, role, password)
    agent = Actor(AGENT, name, role)
    for number in range(1, accounts, max(1, accounts // CORRECTED)):
        _correct(opened, agent, f"{number:08d}")


def _correct(opened: Desk, agent: Actor, account_no: str) -> None:
    account = profiles.find(opened, agent, account_no)
    typed = {field: str(getattr(account, field)) for field in FIELDS[Section.CONTACT]}
    typed |= {"name": f"{account.name} e hijos", "email": f"nuevo{account_no}@example.com"}
    profiles.correct(opened, agent, account_no, Section.CONTACT, typed, account.version)


def _quietly(_stage: Stage, _fraction: float) -> None:
    """Nobody watches."""
