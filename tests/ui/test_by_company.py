"""The company's accounts on Usuarios, under AppTest."""

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, single_sign_on
from lib.settings_oidc import OidcSettings
from lib.ui import process
from tests.id_tokens import CLIENT, ISSUER, token
from tests.services.log_rows import logged
from tests.ui.one_page import PASSWORD, confirm, entered

OIDC = OidcSettings(issuer=ISSUER, client_id=CLIENT, emergency_only=True)


def test_who_has_an_account_and_whose_password_breaks_the_glass(
    served: Desk, tmp_path: Path
) -> None:
    desk = replace(served, settings=replace(served.settings, oidc=OIDC))
    for username, role in {"luz": Role.AGENT, "eva": Role.ADMIN}.items():
        email = f"{username}@empresa.mx"
        access.add_staff(desk, SYSTEM, username, username, email, role, PASSWORD)
    single_sign_on.arrive(desk, token(email="luz@empresa.mx"))
    with entered("Usuarios.py", served, tmp_path, "admin") as app:
        assert not {"users.emergency.eva", "users.domain_disabled.luz"} & keys(app)
        process.adopt(desk)
        app.run()
        assert {"users.emergency.eva", "users.domain_disabled.luz"} <= keys(app)
        assert not {"users.emergency.luz", "users.lock_reset.luz"} & keys(app)
        app.button(key="users.emergency.eva").click().run()
        confirm(app)
        assert "su contraseña abre" in app.success[0].value
        assert "Entrada de emergencia" in " ".join(m.value for m in app.markdown)
        assert "users.lock_reset.eva" in keys(app)
        app.button(key="users.lock.eva").click().run()
        app.button(key="users.domain_disabled.luz").click().run()
    acts = (Action.EMERGENCY_GIVEN, Action.EMERGENCY_TAKEN, Action.ACCOUNT_UNLINKED)
    rows = [(row["actor"], row["subject"]) for row in logged(desk, *acts)]
    assert rows == [("admin", "eva"), ("admin", "eva"), ("admin", "luz")]


def keys(app: AppTest) -> set[str | None]:
    return {button.key for button in app.button}
