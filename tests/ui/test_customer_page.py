"""Cuenta under AppTest: what saving a tab says when it comes second."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.account import Account, Section
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.records import customers
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, entered

ACCOUNT, NEW = "00000001", "hector@nuevo.example.com"


@pytest.fixture
def app(desk: Desk, cheap_passwords: None, tmp_path: Path) -> Iterator[AppTest]:
    """The page of an account, with an agent in it; in place of Inicio."""
    access.add_staff(desk, SYSTEM, "agente", "Agustina", "", Role.AGENT, PASSWORD)
    with entered("Cuenta.py", desk, tmp_path, "agente", {"cuenta": ACCOUNT}) as app:
        yield app


def whole(app: AppTest) -> None:
    """Have the account's data shown whole, as somebody does to correct it."""
    next(b for b in app.button if b.label == "Ver y corregir").click().run()


def said(app: AppTest) -> str:
    return " | ".join(each.value for each in [*app.text, *app.text_input])


def test_data_is_masked_until_somebody_asks_and_the_log_says_who(app: AppTest, desk: Desk) -> None:
    assert not app.exception
    assert "h***************r@example.com" in said(app)
    assert "*** *** 4158" in said(app)
    for hidden in ("hector.villasenor", "442 461", "4424614158", "Av. Juárez"):
        assert hidden not in said(app)
    assert logged(desk, Action.DATA_SEEN) == []
    whole(app)
    for shown in ("hector.villasenor@example.com", "442 461 4158", "Av. Juárez 1"):
        assert shown in said(app)
    (row,) = logged(desk, Action.DATA_SEEN)
    assert (row["actor"], row["account_no"], row["outcome"]) == ("agente", ACCOUNT, "ok")
    app.run()  # what follows on the page asks nothing again
    assert "hector.villasenor@example.com" in said(app)
    app.query_params["cuenta"] = "00000002"
    app.run()
    assert "zoe.perez" not in said(app)
    app.query_params["cuenta"] = ACCOUNT
    app.run()
    assert len(logged(desk, Action.DATA_SEEN)) == 1


def save(app: AppTest, email: str) -> None:
    next(field for field in app.text_input if "Correo" in field.label).input(email)
    next(b for b in app.button if b.label == "Guardar").click().run()
    assert not app.exception


def saved_elsewhere(desk: Desk, actor: Actor, email: str) -> Account:
    now = customers.find(desk, actor, ACCOUNT)
    typed = {"name": now.name, "email": email, "phone": now.phone}
    return customers.correct(desk, actor, ACCOUNT, Section.CONTACT, typed, now.version)


@pytest.mark.slow
def test_what_is_saved_already_is_no_conflict(app: AppTest, desk: Desk, agent: Actor) -> None:
    """As the second click of two finds it: nobody else touched the account."""
    whole(app)
    saved_elsewhere(desk, agent, NEW)
    save(app, NEW)
    assert [each.value for each in app.error] == []
    assert "ya dice lo que escribiste" in app.success[0].value
    assert len(logged(desk, Action.CONTACT_CHANGED)) == 1


def test_what_somebody_else_changed_is_one(app: AppTest, desk: Desk, agent: Actor) -> None:
    """And what was typed stays in its field, over the other's change."""
    whole(app)
    saved_elsewhere(desk, agent, "otra@example.com")
    save(app, NEW)
    assert "Otra persona cambió esta cuenta" in app.error[0].value
    assert next(field for field in app.text_input if "Correo" in field.label).value == NEW
    assert customers.find(desk, agent, ACCOUNT).email == "otra@example.com"
