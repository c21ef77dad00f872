"""Mi perfil's second factor, under AppTest: added by choice, its recovery codes counted and
renewed, taken away."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import clock
from lib.model.action import Action
from lib.services.desk import Desk
from lib.services.doors import totp
from lib.store.people import factors as stored
from tests.services.log_rows import logged
from tests.ui.one_page import confirm, entered


@pytest.fixture
def profile(served: Desk, tmp_path: Path) -> Iterator[AppTest]:
    with entered("Mi_perfil.py", served, tmp_path, "agente") as app:
        yield app


def said(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.caption, *app.markdown, *app.warning))


def enrol(app: AppTest) -> bytes:
    """The seed of the app."""
    app.button(key="my_factor.begin").click().run()
    confirm(app)
    written = next(c.value for c in app.code if re.fullmatch(r"[A-Z2-7 ]+", c.value))
    text = written.replace(" ", "")
    seed = base64.b32decode(text + "=" * (-len(text) % 8))
    app.text_input(key="my_factor.code").input("000000")
    press(app, "Activar")
    assert any("Ese código no es" in e.value for e in app.error)
    app.text_input(key="my_factor.code").input(totp.code_at(seed, clock.now()))
    press(app, "Activar")
    return seed


def press(app: AppTest, label: str) -> None:
    [b for b in app.button if b.label == label][-1].click().run()
    assert not app.exception


def test_an_agent_adds_an_app_by_choice_and_takes_it_away(profile: AppTest, served: Desk) -> None:
    assert "Sin activar" in said(profile)
    enrol(profile)
    codes = profile.code[-1].value.split("\n")
    assert len(set(codes)) == 10
    press(profile, "Ya los guardé")
    assert "Activa" in said(profile)
    assert "Te quedan 10." in said(profile)
    assert [r["actor"] for r in logged(served, Action.FACTOR_ENROLLED)] == ["agente"]
    profile.button(key="my_factor.remove").click().run()
    assert "Sin activar" in said(profile)
    assert [r["subject"] for r in logged(served, Action.FACTOR_REMOVED)] == ["agente"]
    assert stored.codes_left(served.store, "agente") == 0


def test_few_recovery_codes_are_said_and_made_anew(profile: AppTest, served: Desk) -> None:
    enrol(profile)
    codes = profile.code[-1].value.split("\n")
    press(profile, "Ya los guardé")
    hashes = served.store.rows("SELECT code_hash FROM ops.recovery_code WHERE void_at IS NULL")
    for (used,) in hashes[:8]:
        served.store.write(lambda t, used=used: stored.use_code(t, "agente", used))
    profile.run()
    assert "Te quedan 2 códigos de recuperación" in said(profile)
    profile.button(key="my_factor.renew").click().run()
    assert set(profile.code[-1].value.split("\n")).isdisjoint(codes)
    press(profile, "Ya los guardé")
    assert "Te quedan 10." in said(profile)
    assert not profile.warning
