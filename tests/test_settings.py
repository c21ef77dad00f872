"""Settings: the environment over the secrets file over the defaults; a bad value stops."""

from pathlib import Path

import pytest

from lib import settings
from lib.model.errors import AppError, Reason

NOWHERE = Path("/nonexistent/secrets.toml")


def test_the_defaults_are_the_portal_s() -> None:
    found = settings.read({}, NOWHERE)
    assert found.mail.sender == "avisos@avisos.aspel.com.mx"
    assert found.mail.subject == "Aviso de aspel.com - Reenvío de CDA"
    assert (found.port, found.demo_accounts, found.demo) == (8501, 20_000, False)


def test_an_empty_folder_is_the_default_and_never_where_we_happen_to_stand() -> None:
    assert settings.read({"MESA_DATA": ""}, NOWHERE).data == settings.ROOT / "data"


def test_names_and_proxies_are_lists_and_none_by_default() -> None:
    none = settings.read({}, NOWHERE)
    assert (none.hosts, none.proxies) == ((), ())
    some = {"MESA_HOSTS": "Mesa.example.com, 10.0.0.5", "MESA_PROXY": "127.0.0.1, 10.0.0.0/24"}
    found = settings.read(some, NOWHERE)
    assert found.hosts == ("mesa.example.com", "10.0.0.5")
    assert found.proxies == ("127.0.0.1/32", "10.0.0.0/24")


def test_the_environment_wins_over_the_secrets_file(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[mesa]\nsmtp_host = "mail.example.com"\nsmtp_port = 465\n', "utf-8")
    assert settings.read({}, secrets).mail.port == 465
    found = settings.read({"MESA_SMTP_HOST": "otro.example.com"}, secrets)
    assert found.mail.host == "otro.example.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80x"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("MESA_DEMO_ACCOUNTS", "muchas"),
        ("MESA_REVEALS_PER_HOUR", "0"),
        ("MESA_SECOND_FACTOR", "a veces"),
        ("MESA_SMTP_SECURITY", "quizá"),
        ("MESA_SMTP_TIMEOUT", ""),
        ("MESA_IMAP_SECURITY", "ssl"),
        ("MESA_IMAP_PORT", "imap"),
        ("MESA_ARCHIVE_GRACE", "-5"),
        ("MESA_ARCHIVE_ADDRESS", "archivo"),
        ("MESA_ARCHIVE_ADDRESS", "archivo@mesa.test, otro@mesa.test"),
        ("MESA_INBOX", "entregas"),
        ("MESA_DATA_KEY", "not base64"),
        ("MESA_DATA_KEY", "bGVzcyB0aGFuIDMyIGJ5dGVz"),
        ("MESA_URL", "mesa.example.com"),
        ("MESA_URL", "https://mesa.example.com/?a=b"),
        ("MESA_HOSTS", "mesa.example.com:443"),
        ("MESA_HOSTS", "*.example.com"),
        ("MESA_PROXY", "nginx"),
        ("MESA_PROXY", "10.0.0.5/24"),
        ("MESA_RETURN_PATH", "ñ@mesa.test"),
        ("MESA_RETURN_PATH", "demasiado-largo@mesa.test"),  # no room for a mail's id and its seal
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(name: str, value: str) -> None:
    with pytest.raises(AppError) as refused:
        settings.read({name: value}, NOWHERE)
    assert refused.value.reason is Reason.BAD_SETTING
    assert refused.value.facts["setting"] == name


def test_mail_in_clear_never_leaves_the_machine() -> None:
    outside = {"MESA_SMTP_SECURITY": "none", "MESA_SMTP_HOST": "smtp.example.com"}
    with pytest.raises(AppError):
        settings.read(outside, NOWHERE)
    inside = outside | {"MESA_SMTP_HOST": "127.0.0.1"}
    assert settings.read(inside, NOWHERE).mail.security == "none"


@pytest.mark.parametrize("text", ['[mesa]\nsmtp_hots = "x"\n', 'mesa = "x"\n'])
def test_a_secrets_file_that_would_do_nothing_is_refused(tmp_path: Path, text: str) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(text, "utf-8")
    with pytest.raises(AppError) as refused:
        settings.read({}, secrets)
    assert refused.value.reason is Reason.BAD_SETTING


def test_a_broken_secrets_file_is_named(tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text("[mesa\n", "utf-8")
    with pytest.raises(AppError) as refused:
        settings.read({}, secrets)
    assert refused.value.facts["setting"] == str(secrets)


def test_mail_is_read_in_clear_only_on_this_machine() -> None:
    outside = {"MESA_IMAP_SECURITY": "none", "MESA_IMAP_HOST": "imap.example.com"}
    with pytest.raises(AppError) as refused:
        settings.read(outside, NOWHERE)
    assert refused.value.facts["setting"] == "MESA_IMAP_SECURITY"
    inside = outside | {"MESA_IMAP_HOST": "localhost"}
    assert settings.read(inside, NOWHERE).imap.port == 143


def test_archive_and_bounces_are_two_folders() -> None:
    one = {"MESA_ARCHIVE_FOLDER": "INBOX", "MESA_BOUNCE_FOLDER": "INBOX"}
    with pytest.raises(AppError) as refused:
        settings.read(one, NOWHERE)
    assert refused.value.facts["setting"] == "MESA_BOUNCE_FOLDER"
    two = settings.read(one | {"MESA_BOUNCE_FOLDER": "Devueltos"}, NOWHERE)
    assert (two.imap.host, two.imap.port, two.imap.security) == ("", 993, "tls")
    assert two.mail.archive_address == two.mail.return_path == ""


def test_the_watched_folder_is_apart_from_the_data(tmp_path: Path) -> None:
    data = tmp_path / "mesa" / "data"
    for inside in ("entregas", "data", "data/entregas", "", "."):
        asked = {"MESA_DATA": str(data), "MESA_INBOX": str(tmp_path / "mesa" / inside)}
        if inside == "entregas":
            assert settings.read(asked, NOWHERE).inbox == tmp_path / "mesa" / "entregas"
            continue
        with pytest.raises(AppError) as refused:
            settings.read(asked, NOWHERE)
        assert refused.value.facts["setting"] == "MESA_INBOX"
    assert settings.read({}, NOWHERE).inbox is None


def test_a_link_into_the_data_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "entregas").symlink_to(tmp_path)
    with pytest.raises(AppError):
        settings.read(
            {"MESA_DATA": str(tmp_path / "data"), "MESA_INBOX": f"{tmp_path}/entregas"}, NOWHERE
        )


def test_the_desk_s_address_is_one() -> None:
    assert settings.read({"MESA_URL": "https://mesa.example.com/"}, NOWHERE).url == (
        "https://mesa.example.com"
    )
