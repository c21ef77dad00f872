"""A desk in which every text that somebody could have written is an attack on who reads it.

What could run, load from outside or be read as Markdown stands in `TOKENS`, each behind a mark by
which tests/browser/test_hostile.py finds it again and sees whether it is shown as it was written.
"""

import csv
import io
import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lib import settings
from lib.model.account import Section
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.bulk import Manner
from lib.model.outbox import Motive
from lib.model.policy import Rule
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.imports import committing, previewing
from lib.services.loads import undoing
from lib.services.log import alerts
from lib.services.records import customers, views
from lib.services.resends import bulk, resending
from lib.store.grid.sources import AUDIT, SUBSCRIPTIONS
from lib.store.pack.files import CERTIFICATES
from tests import row_facts, small_ref
from tests.browser import desk_server
from tests.desks import ALONE

OUTSIDE = "outside.invalid"
TOKENS = {
    "qzA": "<img src=x onerror=hit()>",
    "qzB": "[x](javascript:hit())",
    "qzC": f"![y](http://{OUTSIDE}/p.png)",
    "qzD": ":material/skull:",
    "qzE": "$x^2$",
    "qzF": "</script><script>hit()</script>",
    "qzG": "**z** :red[r]",
    "qzH": "\u202ertl\u200b",
    "qzI": "{{7*7}}'\"--;",
    "qzJ": f"http://{OUTSIDE}",
    "qzK": "`c` <!--",
}
_SAID = [f"{mark}{token}" for mark, token in TOKENS.items()]
ACCOUNT, SERIAL = "00000001", "S0000000001"
# An account's number and a serial come from the vendor's files too.
ODD_ACCOUNT, ODD_SERIAL = "A'\"><img src=x onerror=hit()>", "Z'\"><img src=x onerror=hit()>"

_HEADINGS = tuple(column.heading for column in CERTIFICATES.columns)

ADMIN = Actor("admin", "", Role.ADMIN, "s")
MANAGER = Actor("gerente", "", Role.MANAGER, "s")
AGENT = Actor("agente", "", Role.AGENT, "s")


def text(first: int, most: int = 200) -> str:
    """Tokens, the one of this number first, as many as `most` characters hold."""
    first %= len(_SAID)
    said = ""
    for each in _SAID[first:] + _SAID[:first]:
        if len(said) + len(each) >= most:
            break
        said = f"{said} {each}".strip()
    return said


def file_name(first: int) -> str:
    """Of a file that somebody brings: no browser sends a path."""
    said = [each for each in _SAID[first:] + _SAID[:first] if "/" not in each]
    return f"{' '.join(said)}.csv"


def seed(data: Path) -> None:
    """Rows of every kind, then each text column that isn't a key or a code."""
    with patch.multiple(small_ref, ACCOUNTS=list(_accounts()), SYSTEMS=list(_systems())):
        folder = desk_server._seeded.__wrapped__()
    shutil.move(folder, data)
    desk = open_desk(settings.read({"MESA_DATA": str(data), **ALONE}))
    _work(desk)
    desk.store.write(lambda t: [t.log(AGENT, entry) for entry in _entries()])
    for table, columns in written_columns(desk).items():
        for column in columns:
            _fill(desk, table, column)
    desk.close()


# ---- what the vendor hands over ------------------------------------------------------------------


def _accounts() -> Iterator[tuple[str, ...]]:
    for n, (number, _, email, phone) in enumerate(small_ref.ACCOUNTS):
        yield number, text(n * 3), email, phone
    yield ODD_ACCOUNT, text(1), "x@example.com", "5511223344"


def _systems() -> Iterator[tuple[Any, ...]]:
    for n, (serial, kind, number, _, _, *rest) in enumerate(small_ref.SYSTEMS):
        yield serial, kind, number, text(n), text(n + 4, 60), *rest
    yield ODD_SERIAL, "subscription", ODD_ACCOUNT, *small_ref.SYSTEMS[0][3:]


# ---- what happens here ---------------------------------------------------------------------------


def _work(desk: Desk) -> None:
    """A customer whose address changed, resends of it that wait and that are queued, a view for
    everybody, a file that was imported with rows apart, alerts."""
    typed = {"name": "Ana", "email": "otra@example.com", "phone": "4424614158"}
    customers.correct(desk, AGENT, ACCOUNT, Section.CONTACT, typed, 0)
    motive, rules = Motive.NEW_ADDRESS, frozenset(Rule)
    resending.resend(desk, AGENT, SERIAL, motive, "T-1", "k", rules)
    views.save(desk, SUBSCRIPTIONS.id, text(0, 60), _view(), shared=True, actor=ADMIN)
    own = views.save(desk, AUDIT.id, text(3, 60), _view(), actor=ADMIN)
    views.pin(desk, own.id, on=True, actor=ADMIN)
    for n in range(2):
        seen = previewing.preview(desk, MANAGER, file_name(n), file(n))
        committing.commit(desk, MANAGER, seen)
    newest = desk.store.rows("SELECT id FROM ops.batch WHERE kind = 'certificates' LIMIT 1")
    undoing.undo(desk, MANAGER, newest[0][0], text(4, 100))
    checked = bulk.check_serials(desk, SUBSCRIPTIONS.id, [SERIAL, "S0000000002"], actor=AGENT)
    bulk.start(desk, AGENT, checked, Manner.PER_SYSTEM, Motive.OTHER, "", accepting=True)
    inbox = "INSERT INTO ops.inbox_pack VALUES ('p', '', 'sha', ?, false, '')"
    desk.store.write(lambda t: t.run(inbox, [t.now]))
    alerts.attend(desk, 0)
    for alert in alerts.standing(desk, ADMIN)[1:]:
        alerts.take(desk, MANAGER, alert.id)
        alerts.close(desk, MANAGER, alert.id, text(2, 200))


def _view() -> View:
    return View(q=text(1, 80), filters={"product": text(2, 80)}, group=("product",))


def file(n: int) -> io.BytesIO:
    """Certificates whose headings and cells are such texts; one row of them stays apart."""
    cell, other = text(n), text(n + 5)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";")
    rows.writerow([*_HEADINGS, other])
    good = {
        "Folio": f"F{n}01",
        "No. Serie": f"0H{n}",
        "Sistema": "SAE",
        "Versión": "9.0",
        "Usuarios": "1",
    }
    bad = dict.fromkeys(_HEADINGS, cell) | {"Folio": f"F{n}02", "Fecha Compra": "31/02/2020"}
    rows.writerow([*(good.get(name, "") for name in _HEADINGS), other])
    rows.writerow([*(bad[name] for name in _HEADINGS), other])
    return io.BytesIO(written.getvalue().encode())


def _entries() -> Iterator[Entry]:
    """A row of the log for each act, as done and as refused, with such texts for all it says."""
    numbers = itertools.count()
    for action, outcome in itertools.product(Action, (Outcome.OK, Outcome.REFUSED)):
        if action in (Action.SEGMENT_OPENED, Action.SEGMENT_ARCHIVED, Action.SEGMENT_DROPPED):
            continue  # the log's own marks, which it is read by
        n = next(numbers)
        yield Entry(
            action,
            outcome,
            account_no=ACCOUNT,
            serial=SERIAL,
            reason=text(n, 120),
            ticket=text(n + 1, 40),
            subject="1-9" if action is Action.AUDIT_EXPORTED else text(n + 2, 60),
            detail=dict(_facts(action, n)),
        )


_NUMBERS = {
    "attempt", "changed", "codes", "details", "gone", "left_out", "mails", "most", "new",
    "recipients", "requests", "returned", "rows", "sessions", "set_aside", "stays",
    "systems", "unchanged",
}  # fmt: skip


def _facts(action: Action, n: int) -> Iterator[tuple[str, Any]]:
    for fact in row_facts.SAID[action].split():
        name = fact.removeprefix("detail.")
        if name == fact:
            continue
        both = "detail.old" in row_facts.SAID[action]
        if name in ("old", "new") and both:
            yield name, {"name": text(n + (name == "new"), 200)}
        else:
            yield name, n if name in _NUMBERS else text(n, 200)


# ---- every text column ---------------------------------------------------------------------------

# Columns of any table that no person, file or browser writes: keys, codes of ours, hashes; and
# what the desk reads again as JSON, whose texts came with the work above.
KEYS = {
    "account_no", "alias", "batch_id", "bulk_id", "folio", "id", "idempotency_key", "key", "kind",
    "language", "list", "manner", "message_id", "mode", "name_key", "outbox_id", "owner", "rule",
    "serial", "state", "username", "view_id", "action", "outcome", "role", "entrance", "issuer",
}  # fmt: skip
NAMED = {
    "actor", "answered_by", "asked_by", "asked_in", "changed_by", "corrected_by", "linked_by",
    "made_by", "mapped_by", "requested_by", "saved_by", "taken_by", "undone_by", "about",
}  # fmt: skip
SEALED = {
    "challenge_hash", "code_hash", "commitment", "cookie_hash", "detail", "device", "device_hash",
    "digest", "hash", "head", "password_hash", "prev", "ref_file", "salt", "sha256", "signature",
    "status", "ticket_hash", "token_hash",
}  # fmt: skip
READ_AGAIN = {
    "accepted", "before", "columns", "entries", "facts", "findings", "headings", "laid_over",
    "layout", "notes", "payload", "people", "policy", "problem", "reading", "result", "stops",
    "summary", "unchecked", "versions", "view", "template",
}  # fmt: skip
# The log's own rows are chained, and written above; a template is checked when it is saved, and
# what it says is its author's; mails go to these.
TABLES = {"audit", "template", "checkpoint", "segment", "detail_aside", "audit_detail", "layout"}
PLACES = {"recipient", "email", "address", "search", "date_order"}


def written_columns(desk: Desk) -> dict[str, list[str]]:
    """The rest: what somebody wrote."""
    apart = KEYS | NAMED | SEALED | READ_AGAIN | PLACES
    found: dict[str, list[str]] = {}
    for table, column in desk.store.rows(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'ops'"
        " AND data_type = 'VARCHAR' AND NOT internal ORDER BY ALL"
    ):
        if table not in TABLES and column not in apart:
            found.setdefault(table, []).append(column)
    return found


def _fill(desk: Desk, table: str, column: str) -> None:
    """Each row of it another text, as long as the desk would take it."""
    rows = desk.store.rows(f"SELECT rowid FROM ops.{table} ORDER BY rowid")
    said = [(text(n, _MOST.get(column, 200)), row) for n, (row,) in enumerate(rows, len(column))]
    change = f"UPDATE ops.{table} SET {column} = ? WHERE rowid = ?"
    desk.store.write(lambda t: [t.run(change, each) for each in said])


_MOST = {"ticket": 40, "name": 120, "subject": 60}
