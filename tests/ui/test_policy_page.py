"""Política under AppTest: nobody's unsaved changes go without a word."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.actor import SYSTEM, Actor
from lib.model.policy import PLAIN
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.resends import policies
from tests.ui.one_page import PASSWORD, entered


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    """The page, with an administrator in it; in place of Inicio, as AppTest knows one way in."""
    access.add_staff(desk, SYSTEM, "admin", "Adela Paz", "", Role.ADMIN, PASSWORD)
    with entered("Politica.py", desk, tmp_path, "admin") as app:
        yield app


def write_quota(app: AppTest, most: int) -> None:
    field = next(each for each in app.number_input if each.label == "CDA por agente y hora")
    field.set_value(most).run()
    assert not app.exception


@pytest.mark.slow
def test_who_is_overtaken_is_told(app: AppTest, desk: Desk, admin: Actor) -> None:
    write_quota(app, 30)
    policies.change(desk, admin, replace(PLAIN, quota_per_hour=45))
    write_quota(app, 31)
    assert "ya es otra, la versión 1" in app.toast[0].value
    write_quota(app, 32)
    assert len(app.toast) == 0


def test_who_saves_isn_t(app: AppTest, desk: Desk) -> None:
    write_quota(app, 30)
    next(b for b in app.button if b.label == "Guardar cambios").click().run()
    assert "Guardada como versión 1" in app.success[0].value
    assert len(app.toast) == 0
    assert policies.in_force(desk.store).quota_per_hour == 30
