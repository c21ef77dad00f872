"""Single sign-on's settings: whole or not at all."""

from pathlib import Path

import pytest

from lib import settings, settings_oidc
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.ui import provider

NOWHERE = Path("/nonexistent/secrets.toml")
WHOLE = {
    "MESA_URL": "https://mesa.empresa.mx/",
    "MESA_OIDC_ISSUER": "https://cuentas.empresa.mx/realms/uno/",
    "MESA_OIDC_CLIENT_ID": "mesa",
    "MESA_OIDC_SECRET_FILE": "/etc/mesa/oidc.secret",
}
ROLES = {"MESA_OIDC_ROLE_CLAIM": "grupos", "MESA_OIDC_ROLES": "Jefes = de = mesa=gerente, a=agente"}


def test_nothing_is_configured_by_itself() -> None:
    found = settings.read({}, NOWHERE)
    assert found.oidc == settings_oidc.NONE
    assert provider.secrets_of(found) == {}


def test_a_whole_configuration() -> None:
    more = {"MESA_OIDC_DOMAINS": "@Empresa.mx, otra.mx", "MESA_LOCAL_SIGN_IN": "emergencia"}
    found = settings.read({**WHOLE, **ROLES, **more}, NOWHERE).oidc
    assert found.roles == (("Jefes = de = mesa", Role.MANAGER), ("a", Role.AGENT))
    assert found.domains == {"empresa.mx", "otra.mx"}
    assert found.emergency_only
    at = "https://cuentas.empresa.mx/realms/uno/.well-known/openid-configuration"
    assert found.metadata_url == at


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        *(({name: ""}, name) for name in WHOLE),
        ({"MESA_OIDC_ISSUER": "http://cuentas.empresa.mx"}, "MESA_OIDC_ISSUER"),
        ({"MESA_OIDC_ISSUER": "https://cuentas.empresa.mx/?a=b"}, "MESA_OIDC_ISSUER"),
        ({"MESA_OIDC_ISSUER": "https://a:b@cuentas.empresa.mx"}, "MESA_OIDC_ISSUER"),
        ({"MESA_OIDC_SECRET_FILE": "oidc.secret"}, "MESA_OIDC_SECRET_FILE"),
        ({"MESA_OIDC_ROLE_CLAIM": "grupos"}, "MESA_OIDC_ROLES"),
        ({"MESA_OIDC_ROLES": "a=agente"}, "MESA_OIDC_ROLES"),
        ({**ROLES, "MESA_OIDC_ROLES": "a=jefe"}, "MESA_OIDC_ROLES"),
        ({**ROLES, "MESA_OIDC_ROLES": "agente"}, "MESA_OIDC_ROLES"),
        ({"MESA_OIDC_NEW_PEOPLE": "con-perfil"}, "MESA_OIDC_NEW_PEOPLE"),
        ({"MESA_OIDC_NEW_PEOPLE": "todos"}, "MESA_OIDC_NEW_PEOPLE"),
        ({"MESA_OIDC_DOMAINS": "*"}, "MESA_OIDC_DOMAINS"),
        ({"MESA_OIDC_SIGN_OUT": "quizá"}, "MESA_OIDC_SIGN_OUT"),
        ({"MESA_LOCAL_SIGN_IN": "nadie"}, "MESA_LOCAL_SIGN_IN"),
        ({"MESA_OIDC_VERIFIED_CLAIM": ""}, "MESA_OIDC_VERIFIED_CLAIM"),
    ],
)
def test_half_of_one_stops_the_start(changed: dict[str, str], named: str) -> None:
    with pytest.raises(AppError) as refused:
        settings.read({**WHOLE, **changed}, NOWHERE)
    assert refused.value.reason is Reason.BAD_SETTING
    assert refused.value.facts["setting"] == named


@pytest.mark.parametrize("alone", ["MESA_LOCAL_SIGN_IN=emergencia", "MESA_OIDC_FACTOR=otp"])
def test_none_of_the_others_stands_alone(alone: str) -> None:
    name, value = alone.split("=")
    with pytest.raises(AppError) as refused:
        settings.read({name: value}, NOWHERE)
    assert refused.value.facts["setting"] == "MESA_OIDC_ISSUER"


def test_the_secret_s_file_is_its_owner_s(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    found = settings.read({**WHOLE, "MESA_OIDC_SECRET_FILE": str(file)}, NOWHERE)
    for text, mode in ((None, 0), ("secreto", 0o640), ("secreto", 0o604), ("\n", 0o600)):
        if text is not None:
            file.write_text(text, "utf-8")
            file.chmod(mode)
        with pytest.raises(AppError) as refused:
            settings_oidc.secret(found.oidc)
        assert refused.value.facts["setting"] == "MESA_OIDC_SECRET_FILE"
    file.write_text("secreto\n", "utf-8")
    auth = provider.secrets_of(found)["auth"]
    assert auth["redirect_uri"] == "https://mesa.empresa.mx/oauth2callback"
    assert auth[provider.COMPANY]["client_secret"] == "secreto"
    assert auth[provider.COMPANY]["client_kwargs"]["code_challenge_method"] == "S256"
    assert auth[provider.AGAIN]["authorize_params"] == {"max_age": "0"}
    assert auth[provider.AGAIN]["client_kwargs"]["prompt"] == "login"
    assert len(auth["cookie_secret"]) == 64
    assert provider.secrets_of(found)["auth"]["cookie_secret"] != auth["cookie_secret"]
