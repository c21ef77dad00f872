"""Alertas and Inicio under AppTest: whoever presses a button is told what came of it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.alert import MOST_ENTRIES, Alert, Rule, State
from lib.model.filter import understand
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.log import alerts
from lib.services.records import browsing
from lib.store.grid.sources import AUDIT
from lib.ui.log import alert_words
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered


@pytest.fixture
def raised(desk: Desk, cheap_passwords: None, admin: Actor) -> Alert:
    """Failed sign-ins in the agent's name, and people who may look into it."""
    for username, role in (("gerente", Role.MANAGER), ("admin", Role.ADMIN)):
        access.add_staff(desk, SYSTEM, username, username.title(), "", role, PASSWORD)
    failed = Entry(Action.SIGN_IN_FAILED, Outcome.REFUSED, subject="agente")
    desk.store.write(lambda t: [t.log(SYSTEM, failed) for _ in range(10)])
    alerts.attend(desk, 0)
    [found] = alerts.standing(desk, admin)
    return found


@pytest.fixture
def page(desk: Desk, tmp_path: Path, raised: Alert) -> Iterator[AppTest]:
    with entered("Alertas.py", desk, tmp_path, "gerente") as app:
        yield app


def press(app: AppTest, name: str) -> None:
    next(b for b in app.button if b.label == name).click().run()
    assert not app.exception


def text(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in [*app.markdown, *app.caption, *app.text])


@pytest.mark.slow
def test_taken_and_closed_with_what_it_was(page: AppTest, desk: Desk, admin: Actor) -> None:
    assert "Con el usuario agente fallaron 10 inicios de sesión" in text(page)
    press(page, "Tomar la alerta")
    assert "está a tu cargo" in page.success[0].value
    press(page, "Guardar y cerrar")
    assert "Escribe qué fue" in page.error[0].value
    page.text_area[0].input("Olvidó su contraseña; hablé con ella.")
    press(page, "Guardar y cerrar")
    assert "Cerraste la alerta" in page.success[0].value
    assert "«Olvidó su contraseña; hablé con ella.»" in text(page)
    [past] = alerts.past(desk, admin)
    assert past.taken_by == "gerente"
    [row] = logged(desk, Action.ALERT_CLOSED)
    assert row["detail"] == {"note": "Olvidó su contraseña; hablé con ella."}


@pytest.mark.slow
def test_who_comes_second_is_told_and_may_take_it_over(
    page: AppTest, desk: Desk, admin: Actor, raised: Alert
) -> None:
    alerts.take(desk, admin, raised.id)
    press(page, "Tomar la alerta")
    assert "ya la tomó Admin" in page.error[0].value
    press(page, "Tomarla en su lugar")
    assert "está a tu cargo" in page.success[0].value
    assert logged(desk, Action.ALERT_TAKEN)[-1]["detail"] == {"from": "admin"}


FACTS: dict[Rule, dict[str, Any]] = {
    Rule.RESENDS: {"count": 40, "day": "2026-11-18", "usual": 10.5, "days": 12},
    Rule.EMAIL_CHANGED: {
        "changed_by": "ana", "changed_at": "2026-11-18T18:00:00",
        "asked_by": "luis", "asked_at": "2026-11-18T18:05:00", "held": True,
    },
    Rule.SHARED_ADDRESS: {"accounts": 5, "days": 30},
    Rule.OUT_OF_HOURS: {
        "count": 1, "day": "2026-11-18", "opens": "09:00", "closes": "18:00", "is_office_day": True,
    },
}  # fmt: skip
FACTS[Rule.VERIFICATION] = {"problem": "altered"}
COUNTED = {"count": 31, "day": "2026-11-18"}
AT = dt.datetime(2026, 11, 18, 20)  # noqa: DTZ001 - stored instants carry no zone


def fired(rule: Rule, about: str, facts: Mapping[str, Any]) -> Alert:
    said = (rule, "k", about, ("ana",), facts, (1,))
    return Alert(*said, "a", AT, State.OPEN, "", None, None, "")


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_says_why_and_leads_to_rows_that_bitacora_understands(rule: Rule) -> None:
    found = fired(rule, "quien", FACTS.get(rule, COUNTED))
    assert alert_words.why(found, {}).endswith(".")
    [(name, typed)] = alert_words.view(found).filters.items()
    column = AUDIT.column(name)
    assert column is not None
    understand(column.kind, typed, AT.date())


def test_its_link_shows_the_very_rows_behind_it(
    desk: Desk, manager: Actor, admin: Actor, raised: Alert
) -> None:
    """And none of those like them since."""
    failed = Entry(Action.SIGN_IN_FAILED, Outcome.REFUSED, subject="agente")
    desk.store.write(lambda t: t.log(SYSTEM, failed))
    found = browsing.browse(desk, AUDIT, alert_words.view(raised), actor=manager)
    assert sorted(int(row.id) for row in found.rows) == list(raised.entries)
    assert len(raised.entries) == 10


def test_as_many_rows_as_an_alert_keeps_fit_into_its_link(raised: Alert) -> None:
    many = replace(raised, entries=tuple(range(10**8, 10**8 + MOST_ENTRIES)))
    view = alert_words.view(many)
    assert View.from_query(view.to_query()) == view


def test_a_change_and_its_resend_in_words() -> None:
    found = fired(Rule.EMAIL_CHANGED, "00000001", FACTS[Rule.EMAIL_CHANGED])
    assert alert_words.why(found, {"ana": "Ana Uno"}) == (
        "Ana Uno cambió el correo de la cuenta 00000001 (18/11/2026 12:00:00) y 5 min después luis "
        "pidió reenviar su CDA. La política lo detuvo para que un gerente lo aprobara."
    )


@pytest.mark.slow
def test_alerts_by_mail_are_asked_for_by_who_has_an_address(page: AppTest, desk: Desk) -> None:
    [choice] = page.toggle
    assert (choice.label, choice.value) == ("Avísame por correo", False)
    choice.set_value(True).run()
    assert "Tu usuario no tiene correo" in page.error[0].value
    assert not page.toggle[0].value
    desk.store.rows("UPDATE ops.staff SET email = 'g@example.com' WHERE username = 'gerente'")
    page.toggle[0].set_value(True).run()
    assert page.toggle[0].value
    assert not page.error
    page.toggle[0].set_value(False).run()
    assert not page.toggle[0].value
    rows = logged(desk, Action.ALERT_MAIL_WANTED, Action.ALERT_MAIL_STOPPED)
    assert [row["action"] for row in rows] == ["alert_mail_wanted", "alert_mail_stopped"]
