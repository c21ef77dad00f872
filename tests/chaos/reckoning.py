"""What is left at the end: mails counted in the mailbox, and the log beside them row by row."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lib.services.desk import Desk
from lib.store.log import audit, proving
from tests.chaos.rounds import Asked

# What may follow what in the log of one mail: each attempt that was begun has its end there.
_ASKED, _ACCEPTED = "resend_requested", "mail_accepted"
_TRIED = {"mail_deferred", "mail_uncertain", _ACCEPTED}
_FOLLOWS: dict[str, set[str]] = {
    "": {_ASKED},
    _ASKED: _TRIED,
    "mail_deferred": _TRIED,
    "mail_uncertain": {"mail_sent_again", _ACCEPTED},
    "mail_sent_again": _TRIED,
    _ACCEPTED: set(),
}


@dataclass(frozen=True)
class Reckoning:
    """`lost` and `doubled` are ids of mails; `wrong` says what doesn't agree, a sentence each."""

    lost: list[str]
    doubled: list[str]
    wrong: list[str]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)


def reckon(desk: Desk, asked: Asked, copies: Mapping[tuple[str, str], int]) -> Reckoning:
    """`copies` counts what the mailboxes hold, by (recipient, Message-ID)."""
    outbox = {row["id"]: row for row in desk.store.records("SELECT * FROM ops.outbox ORDER BY id")}
    with desk.store.cursor() as cursor:
        log = list(audit.stored_rows(cursor))
    counts = {
        mail_id: copies.get((row["recipient"], row["message_id"]), 0)
        for mail_id, row in outbox.items()
    }
    acknowledged = asked.ids.values()
    return Reckoning(
        lost=[mail_id for mail_id in acknowledged if not counts.get(mail_id)],
        doubled=[mail_id for mail_id, count in counts.items() if count > 1],
        wrong=[
            *_of_the_outbox(outbox, asked, copies),
            *_of_the_log(outbox, log),
            *_of_the_chain(desk),
        ],
    )


def _of_the_outbox(
    outbox: Mapping[str, Mapping[str, Any]], asked: Asked, copies: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    """One row for each key, and a mail in a mailbox for each row that says so."""
    ids = {row["idempotency_key"]: mail_id for mail_id, row in outbox.items()}
    for key in ids.keys() ^ asked.ids.keys():
        yield f"{key}: {'never acknowledged' if key in ids else 'acknowledged and not there'}"
    for key, mail_id in asked.ids.items():
        if ids.get(key, mail_id) != mail_id:
            yield f"{key}: acknowledged as {mail_id}, is {ids[key]}"
    for mail_id, row in outbox.items():
        if row["state"] != "accepted":
            yield f"{mail_id}: ended {row['state']} ({row['problem']})"
    known = {row["message_id"] for row in outbox.values()}
    for _, message_id in copies:
        if message_id not in known:
            yield f"{message_id}: nobody asked for it"


def _of_the_log(
    outbox: Mapping[str, Mapping[str, Any]], log: list[dict[str, Any]]
) -> Iterator[str]:
    """Each mail's rows tell one story: asked for, tried, accepted at last, of its own serial."""
    of_mail: dict[str, list[dict[str, Any]]] = {}
    for row in log:
        if row["serial"]:
            of_mail.setdefault(row["subject"], []).append(row)
    for mail_id in outbox.keys() ^ of_mail.keys():
        yield f"{mail_id}: only in {'the outbox' if mail_id in outbox else 'the log'}"
    for mail_id in outbox.keys() & of_mail.keys():
        acts = [row["action"] for row in of_mail[mail_id]]
        if not _tells(acts):
            yield f"{mail_id}: {' → '.join(acts)}"
        names = {(row["serial"], row["account_no"]) for row in of_mail[mail_id]}
        if names != {(outbox[mail_id]["serial"], outbox[mail_id]["account_no"])}:
            yield f"{mail_id}: its rows are of {names}"


def _tells(acts: list[str]) -> bool:
    steps = itertools.pairwise(["", *acts])
    return acts[-1] == _ACCEPTED and all(
        after in _FOLLOWS.get(before, set()) for before, after in steps
    )


def _of_the_chain(desk: Desk) -> Iterator[str]:
    finding = proving.check(desk.store, lambda _: None).finding
    if finding:
        yield f"row {finding.seq} of the log: {finding.problem}"
