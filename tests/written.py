"""Watches what services write: a transaction of theirs that changes the desk is in the log.

Of every test (tests/conftest.py): whichever way a service is come to, by a page, a thread, a
command, what it writes passes through `Store.write`. What a test writes itself isn't looked at.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lib.store import ages
from lib.store.database import Store, Transaction

LIB = Path(__file__).parent.parent / "lib"

# What a service has the store do that is no act of anybody's, or a step of one that is logged, and
# why. Everything else that it writes with no row in the log beside it fails the test that does it.
NOT_ACTS = {
    "delivery: outbox.claim": "a mail in hand; what becomes of it is logged",
    "delivery: outbox.resume": "at a start, what waited for a server is tried at once",
    "delivery: mail_queue.probe_now": "the same",
    "delivery: outbox.hold": "mails that wait while a pause lasts, whose beginning is logged",
    "delivery: mail_queue.stop": "one more failed try of it; and with the clock back no row may be",
    "mail_watch: mail_queue.stop": "the bounces can't be read, and administrators see it",
    "mail_watch: mail_queue.flow": "they can be read again",
    "sending: aftermath.not_archived": "the archive won't have its copy; its outcome is logged",
    "returns: aftermath.not_archived": "only the archive's copy came back",
    "returns: bounces.read_to": "how far the bounce folder was read",
    "returns: bounces.note": "which reports were read; what one does to a mail is logged",
    "rounds: bulks.left_out": "counted in the row that ends a resend to many",
    "rounds: policies.take_turn": "keeps two requests of one person from being counted at once",
    "codes: half_sign_ins.keep_seed": "a seed that counts when its enrolment, logged, does",
    "passkeys: passkeys.ask": "a question; whatever is answered is logged",
    "access: sessions.touch": "when somebody was last seen",
    "access: devices.seen": "which browser a sign-in came from, which is logged",
    "access: sessions.redeem": "the second half of a sign-in that is logged",
    "access: sessions.end": "of a session that has ended: the first time is logged",
    "single_sign_on: single_sign_on.use": "that no token counts twice; a second time is logged",
    "single_sign_on: single_sign_on.arrive": "the first half of a sign-in that is logged",
    "single_sign_on: single_sign_on.enter": "that an arrival is over; what it opens is logged",
    "archiving: archives.thin": "rows that lie in their archive, or were dropped: both are logged",
    "views: layouts.keep": "how a person left a list's columns",
    "views: saved_views.pin": "what stands in a person's own menu",
}


@contextmanager
def watching() -> Iterator[list[str]]:
    """While it lasts; who wrote what without a row in the log."""
    found: list[str] = []
    write, after, execute = Store.write, Store.write_after, Transaction._execute

    def seen(work: Callable[[Transaction], Any]) -> Callable[[Transaction], Any]:
        def look(transaction: Transaction) -> Any:
            value = work(transaction)
            found.extend(_unlogged(work, transaction))
            return value

        return look

    def watched(store: Store, work: Callable[[Transaction], Any]) -> Any:
        return write(store, seen(work))

    def watched_after(store: Store, ready: Any, work: Any, stands_on: str) -> Any:
        return after(store, ready, seen(work), stands_on)

    def noted(transaction: Transaction, sql: str, params: Sequence[Any]) -> Any:
        if ages.written(sql):
            _writers(transaction).add(_store_function())
        return execute(transaction, sql, params)

    with (
        patch.object(Store, "write", watched),
        patch.object(Store, "write_after", watched_after),
        patch.object(Transaction, "_execute", noted),
    ):
        yield found


def _unlogged(work: Callable[[Transaction], Any], transaction: Transaction) -> list[str]:
    service = asked_by(work)
    module = service.partition(".")[0]
    acts = sorted(a for a in _writers(transaction) if f"{module}: {a}" not in NOT_ACTS)
    if not service or not acts or "audit" in transaction.written:
        return []
    return [f"{service} did {', '.join(acts)}, and the log doesn't say so"]


def _writers(transaction: Transaction) -> set[str]:
    found: set[str] = transaction.__dict__.setdefault("writers", set())
    return found


def _store_function() -> str:
    """The innermost function of lib/store that writes now, as "outbox.claim"."""
    frame = sys._getframe(1)
    while frame.f_back:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(LIB / "store") and file.name not in {"database.py", "writing.py"}:
            return f"{file.stem}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "a statement of its own"


def asked_by(work: Any) -> str:
    """The service's function that writes ("delivery.Worker._recover"); "" when no service does."""
    while isinstance(work, partial):
        work = work.func
    code = getattr(getattr(work, "__func__", work), "__code__", None)
    if code is None or not Path(code.co_filename).is_relative_to(LIB / "services"):
        return ""
    return f"{Path(code.co_filename).stem}.{code.co_qualname.replace('.<locals>', '')}"
