"""Usuarios and one's own sessions, under AppTest."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.doors.opening import SignedIn
from lib.store.people import passkeys, staff
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, confirm, entered


@pytest.fixture
def users(served: Desk, tmp_path: Path) -> Iterator[AppTest]:
    with entered("Usuarios.py", served, tmp_path, "admin") as app:
        yield app


def session(desk: Desk, username: str) -> str:
    opened = access.sign_in(desk, username, PASSWORD, "203.0.113.7")
    assert isinstance(opened, SignedIn)
    return opened.session


def test_everybody_is_listed_and_nobody_acts_on_themselves(users: AppTest) -> None:
    text = " ".join(m.value for m in users.markdown)
    assert all(f"{name} Paz" in text for name in ("agente", "gerente", "admin"))
    keys = {button.key for button in users.button}
    assert "users.person_off.agente" in keys
    assert "users.person_off.admin" not in keys


def test_somebody_is_found_by_name(users: AppTest) -> None:
    users.text_input(key="users.search").input("GERENTE").run()
    assert {b.key for b in users.button if b.key and b.key.startswith("users.")} == {
        "users.person_off.gerente"
    }
    users.text_input(key="users.search").input("nadie así").run()
    assert "Nadie se llama así." in [info.value for info in users.info]


def test_a_person_is_disabled_and_comes_back(users: AppTest, served: Desk) -> None:
    inside = session(served, "agente")
    users.button(key="users.person_off.agente").click().run()
    assert access.actor_of_session(served, inside) is not None
    confirm(users, "no es esta")
    assert access.actor_of_session(served, inside) is not None
    assert "La contraseña o el código no son correctos" in users.error[0].value
    confirm(users)
    assert access.actor_of_session(served, inside) is None
    assert "de baja" in users.success[0].value
    users.button(key="users.person_add.agente").click().run()
    assert [row["subject"] for row in logged(served, Action.STAFF_DISABLED)] == ["agente"]
    assert [row["subject"] for row in logged(served, Action.STAFF_ENABLED)] == ["agente"]


def test_a_role_is_changed(users: AppTest, served: Desk) -> None:
    agent = staff.find(served.store, "agente")
    assert agent
    box = users.selectbox(key=f"users.role.agente.{agent.credential_version}")
    box.select(Role.MANAGER).run()
    users.button(key="users.badge.agente").click().run()
    confirm(users)
    assert "ahora es gerente" in users.success[0].value
    assert [row["subject"] for row in logged(served, Action.ROLE_CHANGED)] == ["agente"]


def test_their_sessions_are_ended(users: AppTest, served: Desk) -> None:
    inside = session(served, "gerente")
    users.run()
    assert "203\\.0\\.113\\.7" in " ".join(m.value for m in users.markdown)
    users.button(key="users.logout.gerente").click().run()
    confirm(users)
    assert access.actor_of_session(served, inside) is None
    assert logged(served, Action.SESSIONS_ENDED)[-1]["actor"] == "admin"


def test_which_factors_each_has_is_said(users: AppTest, served: Desk) -> None:
    assert "Llave de acceso" not in " ".join(m.value for m in users.markdown)
    served.store.write(lambda t: passkeys.add(t, "agente", "AAAA", b"key", 0, "Mi laptop"))
    users.run()
    (card,) = [m.value for m in users.markdown if "Llave de acceso" in m.value]
    assert "agente Paz" in card
    assert "users.phonelink_erase.agente" in {button.key for button in users.button}


def test_an_address_is_changed(users: AppTest, served: Desk) -> None:
    box = next(f for f in users.text_input if (f.key or "").startswith("users.email.agente"))
    box.input("no es un correo").run()
    users.button(key="users.alternate_email.agente").click().run()
    confirm(users)
    assert "Ese correo no es válido" in users.error[0].value
    box = next(f for f in users.text_input if (f.key or "").startswith("users.email.agente"))
    box.input("agus@example.com").run()
    users.button(key="users.alternate_email.agente").click().run()
    assert "su correo cambió" in users.success[0].value
    row = logged(served, Action.STAFF_EMAIL_CHANGED)[-1]
    assert row["detail"] == {"old": {"email": ""}, "new": {"email": "agus@example.com"}}


def test_inviting_asks_who_is_there_before_anything_is_typed(users: AppTest) -> None:
    next(b for b in users.button if b.label == "Invitar").click().run()
    assert not [f for f in users.text_input if f.label == "Nombre y Apellidos*"]
    confirm(users)
    assert [f for f in users.text_input if f.label == "Nombre y Apellidos*"]


@pytest.mark.parametrize("username", ["agente", "gerente"])
def test_only_administrators_see_it(served: Desk, tmp_path: Path, username: str) -> None:
    with entered("Usuarios.py", served, tmp_path, username) as app:
        assert app.error
        assert not app.text_input


def test_one_s_own_sessions_are_listed_and_ended(served: Desk, tmp_path: Path) -> None:
    elsewhere = session(served, "agente")
    with entered("Mi_perfil.py", served, tmp_path, "agente") as app:
        assert "203\\.0\\.113\\.7" in " ".join(c.value for c in app.caption)
        app.button(key=f"session.{elsewhere}").click().run()
        assert access.actor_of_session(served, elsewhere) is not None
        confirm(app)
        assert access.actor_of_session(served, elsewhere) is None
        assert [s.value for s in app.success] == ["Sesión cerrada."]
    assert logged(served, Action.SESSIONS_ENDED)[-1]["actor"] == "agente"


def test_where_a_browser_has_no_passkeys_one_sentence_says_where(
    served: Desk, tmp_path: Path
) -> None:
    served.store.write(lambda t: passkeys.add(t, "agente", "AAAA", b"key", 0, "Mi laptop"))
    with entered("Mi_perfil.py", served, tmp_path, "gerente") as app:
        said = [c.value for c in app.caption if "necesitan https" in c.value]
        assert len(said) == 1
        assert "localhost" in said[0]
        assert "Mi laptop" not in str(app.main)  # another person's


WATCH = """
from lib.ui import identity, process
from lib.ui.people import ending
ending.draw(process.desk(), identity.actor(touch=False))
"""


def test_who_wants_to_stay_stays_but_never_beyond_the_end(served: Desk) -> None:
    def shift(column: str, by: str) -> None:
        change = f"UPDATE ops.session SET {column} = {column} - INTERVAL {by}"
        served.store.write(lambda t: t.run(change))

    opened = access.sign_in(served, "agente", PASSWORD)
    assert isinstance(opened, SignedIn)
    watch = AppTest.from_string(WATCH)
    watch.session_state["door.session"] = opened.session
    watch.session_state["door.socket"] = ""
    assert not watch.run().warning
    shift("seen_at", "18 MINUTE")
    assert "por inactividad" in watch.run().warning[0].value
    assert watch.run().warning  # to look at it isn't to be there
    watch.button(key="shell.stay").click().run()
    assert not watch.warning
    shift("expires_at", "598 MINUTE")
    assert "cumple diez horas" in watch.run().warning[0].value
    assert not watch.button
    shift("seen_at", "2 MINUTE")
    access.actor_of_session(served, opened.session)  # as active as can be
    assert "cumple diez horas" in watch.run().warning[0].value
    shift("expires_at", "3 MINUTE")
    assert access.actor_of_session(served, opened.session) is None


@pytest.mark.parametrize(("idle", "stays"), [(True, True), (False, False)])
def test_the_end_of_a_session_is_said_before(
    served: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, idle: bool, stays: bool
) -> None:
    soon = access.Ending(timedelta(minutes=2), idle)
    with entered("Mi_perfil.py", served, tmp_path, "agente") as app:
        assert not app.warning
        monkeypatch.setattr(access, "ending", lambda *_: soon)
        app.run()
        assert "se cierra en 2 minutos" in app.warning[0].value
        assert ("shell.stay" in {button.key for button in app.button}) is stays
