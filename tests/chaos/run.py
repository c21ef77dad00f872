"""One run of chaos, from customers to reckoning."""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lib import settings
from lib.services.desk import open_desk
from tests.chaos import desk, post
from tests.chaos.mailboxes import Mailboxes
from tests.chaos.reckoning import Reckoning, reckon
from tests.chaos.rounds import Asked, Moment, Rounds


@dataclass(frozen=True)
class Chaos:
    """`acts` counts the log's rows by act."""

    asked: int
    kills: list[Moment]
    acts: Counter[str]
    reckoning: Reckoning


_GRACE_S = 2  # that the archive may lag behind the server; it never does for as long


def run(resends: int, kills: int, seed: int, told: Callable[[str], None]) -> Chaos:
    """Kill a desk of its own so many times while so many resends pass; then count."""
    with tempfile.TemporaryDirectory(prefix="mesa-chaos-") as folder:
        Path(folder).chmod(0o755)  # Dovecot works as another user
        return _run(Path(folder), resends, kills, seed, told)


def _run(folder: Path, resends: int, kills: int, seed: int, told: Callable[[str], None]) -> Chaos:
    asked = Asked(desk.prepare(folder / "data", resends))
    mailboxes = Mailboxes(folder)
    with mailboxes.served() as archive, post.serving(Random(seed), mailboxes.deliver) as served:
        environment = {
            "MESA_SMTP_HOST": "127.0.0.1",
            "MESA_SMTP_PORT": str(served.port),
            "MESA_RESEND_COOLDOWN": "0",
            "MESA_ARCHIVE_GRACE": str(_GRACE_S),
            **archive,
        }
        rounds = Rounds(folder, asked, served.post, environment, Random(seed + 1))
        rounds.run(kills, told)
    opened = open_desk(settings.read({"MESA_DATA": str(folder / "data")}))
    try:
        acts = Counter(row[0] for row in opened.store.rows("SELECT action FROM ops.audit"))
        found = reckon(opened, asked, mailboxes.copies())
    finally:
        opened.close()
    return Chaos(len(asked.ids), rounds.kills, acts, found)
