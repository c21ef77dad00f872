"""The shell under AppTest: the guard, the menu, what a callback may do, whose state it is."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.reveal import RevealMotive
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import access, leaving
from lib.services.log import alerts
from lib.services.records import revealing
from lib.ui import identity, pages, process
from lib.ui.plain import plain
from tests.examples import spread
from tests.ui.one_page import PASSWORD, PEOPLE

HOME = str(pages.ROOT / "Home.py")
EXISTING = [page for page in pages.PAGES if page.exists]
ADMINISTRATORS = {"Cargar datos", "Política de reenvíos", "Plantillas", "Usuarios"}
THE_FORM = {"html", "form", "subheader", "text_input", "button", "bidi_component"}


def opened(file: str = HOME) -> AppTest:
    app = AppTest.from_file(file, default_timeout=30).run()
    assert not app.exception
    return app


def script(folder: Path, source: str) -> str:
    """A page of this source in place of Inicio, with the real pages' names beside it."""
    (folder / "pages").mkdir()
    for page in pages.PAGES[1:]:
        (folder / page.file).touch()
    (folder / "Home.py").write_text(source, "utf-8")
    return str(folder / "Home.py")


def enter(app: AppTest, username: str, password: str = PASSWORD) -> AppTest:
    name, secret = app.text_input
    name.input(username)
    secret.input(password)
    app.button[0].click().run()
    assert not app.exception
    return app


def at_the_form(app: AppTest) -> bool:
    return [field.label for field in app.text_input] == ["Usuario", "Contraseña"]


def menu(app: AppTest) -> list[str]:
    return [link.label for link in app.sidebar.get("page_link")]


@pytest.mark.parametrize("page", spread(EXISTING, 4), ids=lambda p: p.file)
def test_nobody_gets_anything_but_the_form(served: Desk, page: pages.Page) -> None:
    app = opened(str(pages.ROOT / page.file))
    assert at_the_form(app)
    drawn = {element.type for element in app.main}
    assert drawn <= {*THE_FORM, "main", "flex_container"}
    assert len(app.sidebar) == 0


@pytest.mark.parametrize("role", PEOPLE)
def test_the_menu_shows_only_what_the_role_may_do(served: Desk, role: str) -> None:
    app = enter(opened(), role)
    allowed = {p.title for p in pages.PAGES if p.exists and not p.demo_only}
    closed = {
        "agente": {"Bitácora", "Tablero", "Aprobaciones", "Alertas", "Importar certificados"}
        | {"Registrar certificado"}
        | ADMINISTRATORS,
        "gerente": ADMINISTRATORS,
        "admin": set(),
    }
    assert set(menu(app)) == allowed - closed[role]


SECRET = """
from lib.model.roles import Permission
from lib.ui import shell
import streamlit as st
permission = Permission(st.query_params.get("permission", Permission.FIND))
shell.enter("Prueba", ":material/lock:", permission)
st.write("lo de adentro")
"""


@pytest.mark.slow
@pytest.mark.parametrize("username", PEOPLE)
def test_role_by_permission(served: Desk, tmp_path: Path, username: str) -> None:
    app = enter(opened(script(tmp_path, SECRET)), username)
    let_in: dict[Permission, bool] = {}
    for permission in Permission:
        app.query_params["permission"] = permission
        app.run()
        assert not app.exception
        let_in[permission] = any(text.value == "lo de adentro" for text in app.markdown)
        assert bool(app.error) is not let_in[permission]
    actor = next(a for a in [current(app)] if a)
    assert let_in == {permission: actor.may(permission) for permission in Permission}


def current(app: AppTest):
    return access.actor_of_session(process.desk(), app.session_state["door.session"])


@pytest.mark.parametrize("username", ["nadie", "agente"])
def test_a_refusal_says_nothing_of_who_exists(served: Desk, username: str) -> None:
    app = enter(opened(), username, "no es esta frase")
    assert at_the_form(app)
    assert [e.value for e in app.error] == [
        plain(
            "Usuario o contraseña incorrectos; revísalos y, si fallas varias veces, espera un poco."
        )
    ]


def test_the_library_s_own_state_signs_nobody_in(served: Desk) -> None:
    app = opened()
    app.session_state["authentication_status"] = True
    app.session_state["username"] = "admin"
    app.session_state["roles"] = ["admin"]
    assert at_the_form(app.run())


# ---- after the session has ended ----------------------------------------------------------------

ACTING = """
import streamlit as st
from lib.model.roles import Permission
from lib.ui import shell

@shell.guarded()
def act():
    who = shell.actor()
    who.require(Permission.RESEND)
    st.session_state["done"] = who.username

shell.enter("Prueba", ":material/lock:", Permission.FIND)
st.session_state.setdefault("draft", "lo de antes")
st.button("Actuar", key="act", on_click=act)
"""


@pytest.fixture
def acting(served: Desk, tmp_path: Path) -> AppTest:
    return enter(opened(script(tmp_path, ACTING)), "agente")


def test_a_callback_acts_as_who_is_signed_in(acting: AppTest) -> None:
    acting.button(key="act").click().run()
    assert acting.session_state["done"] == "agente"


@pytest.mark.parametrize(
    "change",
    ["active = false", "credential_version = credential_version + 1"],
    ids=["disabled", "new password elsewhere"],
)
def test_the_next_click_of_somebody_shut_out_does_nothing(
    served: Desk, acting: AppTest, change: str
) -> None:
    served.store.write(lambda t: t.run(f"UPDATE ops.staff SET {change}"))
    acting.button(key="act").click().run()
    assert not acting.exception
    assert "done" not in acting.session_state
    assert at_the_form(acting)
    assert "draft" not in acting.session_state


def test_a_role_taken_away_counts_at_the_next_click(served: Desk, acting: AppTest) -> None:
    # There is no role without RESEND today; the page's own permission shows the same.
    served.store.write(lambda t: t.run("UPDATE ops.staff SET role = 'gerente'"))
    acting.run()
    assert "Bitácora" in menu(acting)


@pytest.mark.slow
def test_after_signing_in_again_the_same_page_is_there(served: Desk, acting: AppTest) -> None:
    served.store.write(lambda t: t.run("UPDATE ops.session SET ended_at = seen_at"))
    assert at_the_form(acting.run())
    assert enter(acting, "gerente").button(key="act").label == "Actuar"


def test_signing_out_forgets_everything(acting: AppTest) -> None:
    session = acting.session_state["door.session"]
    acting.button(key="shell.leave").click().run()
    assert at_the_form(acting)
    assert "draft" not in acting.session_state
    assert access.actor_of_session(process.desk(), session) is None


def test_it_is_over_before_a_provider_is_asked_anything(
    acting: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = []

    def there(desk: Desk, person: Actor) -> str:
        over.append(access.actor_of_session(desk, person.session) is None)
        return ""

    monkeypatch.setattr(leaving, "there", there)
    acting.button(key="shell.leave").click().run()
    assert over == [True]


def test_state_counts_only_on_the_connection_that_signed_in(
    acting: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_socket", lambda: "another connection")
    assert at_the_form(acting.run())


def test_another_person_s_cookie_gets_none_of_the_state(
    served: Desk, acting: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = access.redeem(served, access.sign_in(served, "gerente", PASSWORD).ticket)
    monkeypatch.setattr(identity, "_socket", lambda: "another connection")
    monkeypatch.setattr(
        identity, "_cookie", lambda name=identity.COOKIE: other if name == identity.COOKIE else ""
    )
    acting.session_state["draft"] = "de la agente"
    acting.button(key="act").click().run()
    assert "done" not in acting.session_state
    assert acting.session_state["draft"] == "lo de antes"
    assert any("gerente Paz" in text.value for text in acting.sidebar.markdown)


# ---- my password --------------------------------------------------------------------------------


def change_password(app: AppTest, current_one: str, new: str) -> AppTest:
    fields = {field.label: field for field in app.text_input}
    fields["Contraseña actual"].input(current_one)
    fields["Contraseña nueva"].input(new)
    fields["Repite la contraseña nueva"].input(new)
    next(b for b in app.button if b.label == "Cambiar contraseña").click().run()
    assert not app.exception
    return app


PROFILE = """
from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.people import my_password
shell.enter("Mi perfil", ":material/person:", Permission.OWN_PROFILE)
my_password.draw()
"""


@pytest.mark.slow
def test_changing_my_password_keeps_me_in_and_ends_the_rest(served: Desk, tmp_path: Path) -> None:
    profile = script(tmp_path, PROFILE)
    here, there = enter(opened(profile), "agente"), enter(opened(), "agente")
    change_password(here, "equivocada", "una frase nueva y larga")
    assert [e.value for e in here.error] == [
        plain("La contraseña actual no es correcta; escríbela de nuevo.")
    ]
    change_password(here, PASSWORD, "una frase nueva y larga")
    assert [s.value for s in here.success] == [
        "Contraseña cambiada. Tus otras sesiones se cerraron."
    ]
    assert not at_the_form(here.run())
    assert at_the_form(there.run())


# ---- the table of pages -------------------------------------------------------------------------


def test_every_page_is_in_the_table_once() -> None:
    on_disk = {f"pages/{f.name}" for f in (pages.ROOT / "pages").glob("*.py")} | {"Home.py"}
    listed = [page.file for page in pages.PAGES]
    assert on_disk <= set(listed)
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("page", EXISTING, ids=lambda p: p.file)
def test_a_page_guards_itself_as_the_table_says(page: pages.Page) -> None:
    source = (pages.ROOT / page.file).read_text("utf-8")
    assert f'enter("{page.title}", "{page.icon}", Permission.{page.permission.name}' in source


def test_an_empty_desk_says_how_to_begin(desk: Desk) -> None:
    process.adopt(desk)
    try:
        assert "python -m lib user add" in opened().info[0].value
    finally:
        process.adopt(None)


def test_a_desk_with_people_does_not(served: Desk) -> None:
    assert not opened().info


@pytest.mark.slow
@pytest.mark.parametrize("username", PEOPLE)
def test_who_reads_the_log_is_told_on_inicio_of_too_many_reveals(
    served: Desk, manager: Actor, username: str
) -> None:
    few = replace(served, settings=replace(served.settings, reveals_per_hour=1))
    revealing.reveal(few, manager, "S0000000001", RevealMotive.COMPARE, "T-1", "k1")
    with pytest.raises(AppError):
        revealing.reveal(few, manager, "S0000000002", RevealMotive.COMPARE, "T-2", "k2")
    alerts.attend(served, 0)
    app = enter(opened(), username)
    told = [text for text in app.markdown if "llegó al límite de CDA vistos" in text.value]
    assert len(told) == (username != "agente")
