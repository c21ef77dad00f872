"""Whatever is typed where a service looks something up or keeps it: a value, never SQL."""

import csv
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lib.model.account import Section
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.outbox import MailKind
from lib.model.template import Draft, Language
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access, invitations
from lib.services.imports import committing, previewing
from lib.services.loads import undoing
from lib.services.log import alerts, entries
from lib.services.outgoing import templates
from lib.services.records import (
    customers,
    exporting,
    finding,
    linking,
    peeking,
    verifying,
    views,
)
from lib.services.resends import bulk, resending
from lib.store.grid.sources import SUBSCRIPTIONS
from lib.store.pack.files import CERTIFICATES
from tests.examples import spread
from tests.store.grid.test_hostile import ATTACKS

# Half a surrogate comes from no form, file or address; the grid's own JSON is tried there.
TYPED = [
    attack for attack in (*ATTACKS, "$$", "{{7*7}}", "x'||current_user||'") if attack != "\ud800"
]


def lookups(desk: Desk, who: Actor, typed: str) -> list[Callable[[], Any]]:
    found = finding.everything(desk, who, "nada")
    return [
        partial(finding.everything, desk, who, typed),
        partial(verifying.verdict, desk, typed, found, actor=who),
        partial(linking.look_at, desk, typed, actor=who),
        partial(linking.search, desk, "F1", typed, actor=who),
        partial(peeking.account, desk, typed, actor=who),
        partial(peeking.system, desk, typed, actor=who),
        partial(peeking.certificate, desk, typed, actor=who),
        partial(customers.find, desk, who, typed),
        partial(resending.prepare, desk, who, typed),
        partial(resending.delivery, desk, who, typed),
        partial(resending.deliveries, desk, who, [typed, typed]),
        partial(bulk.see, desk, who, typed),
        partial(bulk.check_serials, desk, SUBSCRIPTIONS.id, [typed], actor=who),
        partial(undoing.see, desk, who, typed),
        partial(alerts.find, desk, who, typed),
        partial(entries.of_account, desk, who, typed, 5),
        partial(access.sign_in, desk, typed, typed, typed),
        partial(access.actor_of_cookie, desk, typed),
        partial(access.redeem, desk, typed),
        partial(invitations.whose, desk, typed),
        partial(exporting.take, desk, typed, actor=who),
    ]


def catalogue(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.store.rows("SELECT table_name FROM duckdb_tables() ORDER BY ALL")


@pytest.mark.parametrize("typed", spread(TYPED, 3))
def test_it_is_answered_or_refused(
    desk: Desk, admin: Actor, cheap_passwords: None, typed: str
) -> None:
    bring(desk, admin, "Ana")
    before = catalogue(desk)
    for look in lookups(desk, admin, typed):
        try:
            look()
        except AppError:
            continue
    assert catalogue(desk) == before


@pytest.mark.parametrize("typed", spread([typed for typed in TYPED if typed != "\x00"], 3))
def test_it_is_kept_as_it_was_typed(desk: Desk, admin: Actor, typed: str) -> None:
    """But for what no name holds: spaces at its ends, characters that can't be seen."""
    before = catalogue(desk)
    now = customers.find(desk, admin, "00000001")
    name = " ".join(typed.replace("\x00", "").replace("\u202e", "").split())[:60]
    change = {"name": name, "email": now.email, "phone": now.phone}
    customers.correct(desk, admin, "00000001", Section.CONTACT, change, now.version)
    assert customers.find(desk, admin, "00000001").name == name
    view = views.save(desk, SUBSCRIPTIONS.id, name, View(q=name), actor=admin)
    assert (view.name, view.view.q) == (name, name)
    assert views.offered(desk, SUBSCRIPTIONS.id, actor=admin) == [view]
    bring(desk, admin, name)
    held = desk.store.rows("SELECT holder FROM held_certificate")
    assert held == [(name,)]
    assert catalogue(desk) == before


def bring(desk: Desk, actor: Actor, text: str) -> None:
    """A certificate out of a file whose name, headings and cells are this text."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow([*(column.heading for column in CERTIFICATES.columns), text])
    values = {"Folio": "F1", "No. Serie": "0C1", "Sistema": "SAE", "Versión": "9.0"}
    values |= {"Usuarios": "1", "Titular": text}
    rows.writerow([*(values.get(column.heading, "") for column in CERTIFICATES.columns), text])
    content = io.BytesIO(written.getvalue().encode())
    seen = previewing.preview(desk, actor, f"{text.replace('/', '')}.csv", content)
    committing.commit(desk, actor, seen)


def test_a_template_s_part_is_no_sql(desk: Desk, admin: Actor) -> None:
    now = templates.in_force(desk, admin, MailKind.RESEND, Language.ES)
    draft = Draft("'; DROP TABLE ops.staff; --", now.draft.text, now.draft.html)
    kept = templates.save(desk, admin, MailKind.RESEND, Language.ES, draft, now.version)
    assert kept.draft.subject == "'; DROP TABLE ops.staff; --"
