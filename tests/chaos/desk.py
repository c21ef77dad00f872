"""The desk that is killed: its customers, its process, and what it is asked over HTTP."""

import http.client
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from lib import settings
from lib.model.actor import SYSTEM
from lib.model.load import Stage
from lib.services.desk import open_desk
from lib.services.loads import loading
from lib.store.pack import files
from tests import packs
from tests.browser import desk_server
from tests.browser.desk_server import DeskServer

APP = Path(__file__).with_name("desk_app.py")


def prepare(data: Path, systems: int) -> list[str]:
    """Load as many customers, each with one system and an address of its own; their serials."""
    numbers = range(1, systems + 1)
    serials = [f"S{number:010}" for number in numbers]
    accounts = [f"{number:08}" for number in numbers]
    pairs = list(zip(serials, accounts, strict=True))
    pack = packs.whole(data.parent / "pack")
    tables = {
        files.ACCOUNTS: [
            packs.row(files.ACCOUNTS, account_no=no, email=f"cliente{no}@example.com")
            for no in accounts
        ],
        files.SUBSCRIPTIONS: [
            packs.row(files.SUBSCRIPTIONS, serial=serial, account_no=no) for serial, no in pairs
        ],
        files.ACTIVATIONS: [packs.row(files.ACTIVATIONS, serial=serial) for serial in serials],
    }
    packs.write(pack, tables)
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        loading.load(desk, SYSTEM, pack, _quietly, apart=False)
    finally:
        desk.close()
    return serials


def start(data: Path, log: Path, environment: dict[str, str]) -> DeskServer:
    """Start the process and return at once."""
    return desk_server.start(data, log, more=environment, script=APP)


def resend(desk: DeskServer, serial: str, key: str) -> str | None:
    """The mail's id once it was acknowledged; None when the desk died, or wasn't up, before that.

    Raises AssertionError when it refuses.
    """
    answer = _asked(desk, "/chaos/resend", {"serial": serial, "key": key})
    return str(answer["id"]) if answer else None


def states(desk: DeskServer) -> dict[str, int]:
    """How many mails there are in each state."""
    answer = _asked(desk, "/chaos/states")
    assert answer is not None, desk.log_text()
    return answer


def _asked(desk: DeskServer, path: str, body: dict[str, str] | None = None) -> Any:
    """The answer; None when the connection broke before it was read whole."""
    sent = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(desk.url + path, sent, {"Origin": desk.url})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as error:
        raise AssertionError(f"refused: {error.code} {error.read()!r}") from None
    except (OSError, http.client.HTTPException, ValueError):
        return None


def _quietly(_stage: Stage, _fraction: float) -> None:
    """Nobody watches."""
