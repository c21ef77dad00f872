"""The door for who comes by a link, under AppTest."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import clock
from lib.services.desk import Desk
from lib.services.doors import access
from lib.services.doors.opening import hashed
from lib.store.people import password_links
from lib.ui import identity, pages
from tests.ui.one_page import PASSWORD

SECRET, NEW = "s" * 43, "ñandú veloz y contento"


@pytest.fixture
def link(served: Desk) -> AppTest:
    until = clock.now() + timedelta(hours=1)
    served.store.write(lambda t: password_links.add(t, hashed(SECRET), "agente", "admin", until))
    app = AppTest.from_file(str(pages.ROOT / "Home.py"), default_timeout=30)
    app.query_params["enlace"] = SECRET
    app.run()
    assert "enlace" not in app.query_params
    return app


def choose(app: AppTest) -> None:
    for field in app.text_input:
        field.input(NEW)
    next(b for b in app.button if b.label == "Guardar").click().run()
    assert not app.exception


def test_a_password_is_chosen_and_opens_the_door(link: AppTest, served: Desk) -> None:
    choose(link)
    assert [s.value for s in link.success] == ["Contraseña guardada; entra con ella."]
    assert access.sign_in(served, "agente", NEW)


def test_the_link_counts_on_the_connection_that_it_came_by(
    link: AppTest, served: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_socket", lambda: "another connection")
    choose(link)
    assert [field.label for field in link.text_input] == ["Usuario", "Contraseña"]
    assert access.sign_in(served, "agente", PASSWORD)
    assert password_links.whose(served.store, hashed(SECRET), clock.now()) == "agente"


def test_for_somebody_signed_in_it_leaves_the_address_and_still_counts(served: Desk) -> None:
    until = clock.now() + timedelta(hours=1)
    served.store.write(lambda t: password_links.add(t, hashed(SECRET), "agente", "admin", until))
    app = AppTest.from_file(str(pages.ROOT / "Home.py"), default_timeout=30).run()
    user, secret = app.text_input
    user.input("admin")
    secret.input(PASSWORD)
    app.button[0].click().run()
    app.query_params["enlace"] = SECRET
    app.run()
    assert "enlace" not in app.query_params
    assert "cierra tu sesión y ábrelo otra vez" in app.info[0].value
    assert password_links.whose(served.store, hashed(SECRET), clock.now()) == "agente"
    assert not app.run().info
