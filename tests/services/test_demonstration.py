"""A demonstration and a real desk keep apart."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lib import settings
from lib.demo import staff
from lib.demo.smtp_sink import Sink
from lib.model.action import Action
from lib.model.errors import AppError, Reason
from lib.services import addresses, demonstration
from lib.services.desk import open_desk
from lib.services.doors import access
from lib.settings import Settings
from tests.browser import desk_server
from tests.services.log_rows import logged


def demo(data: Path, **more: str) -> Settings:
    found = {"MESA_DATA": str(data), "MESA_DEMO": "1", "MESA_SMTP_SECURITY": "none", **more}
    return settings.read(found, data / "no secrets")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Its own mail server, as settings name it."""
    with Sink(tmp_path / "mailbox") as running:
        yield {"MESA_SMTP_HOST": "localhost", "MESA_SMTP_PORT": str(running.port)}


def refusal(read: Settings, address: str = "localhost") -> Reason | None:
    try:
        demonstration.require_apart(read, address)
    except AppError as error:
        return error.reason
    return None


def test_it_claims_an_empty_folder_and_works_there(tmp_path: Path, sink: dict[str, str]) -> None:
    read = demo(tmp_path / "data", **sink)
    assert refusal(read) is Reason.NOT_A_DEMO_FOLDER
    demonstration.claim(read)
    assert refusal(read) is None
    demonstration.claim(read)


def test_it_takes_no_desk_s_folder(tmp_path: Path, sink: dict[str, str]) -> None:
    data = tmp_path / "data"
    open_desk(settings.read({"MESA_DATA": str(data)})).close()
    with pytest.raises(AppError) as refused:
        demonstration.claim(demo(data, **sink))
    assert refused.value.reason is Reason.NOT_A_DEMO_FOLDER
    assert refusal(demo(data, **sink)) is Reason.NOT_A_DEMO_FOLDER


def test_a_real_desk_opens_over_no_demonstration(tmp_path: Path) -> None:
    demonstration.claim(demo(tmp_path / "data"))
    assert refusal(settings.read({"MESA_DATA": str(tmp_path / "data")})) is Reason.DEMO_FOLDER
    assert refusal(settings.read({"MESA_DATA": str(tmp_path / "other")})) is None


def test_its_people_open_no_real_desk(tmp_path: Path, cheap_passwords: None) -> None:
    """Whoever copies a demonstration's database, less its mark."""
    data = tmp_path / "data"
    with closing(open_desk(demo(data))) as desk:
        staff.add(desk)
        assert access.sign_in(desk, "admin", staff.PASSWORD)
    with closing(open_desk(settings.read({"MESA_DATA": str(data)}))) as desk:
        with pytest.raises(AppError) as refused:
            access.sign_in(desk, "admin", staff.PASSWORD)
        assert refused.value.reason is Reason.BAD_CREDENTIALS
        assert logged(desk, Action.SIGN_IN_FAILED)[-1]["subject"] == "admin"


@pytest.mark.parametrize("address", ["", "0.0.0.0", "::", "192.0.2.7", "mesa.example.com"])
def test_it_listens_to_this_machine_alone(
    address: str, tmp_path: Path, sink: dict[str, str]
) -> None:
    read = demo(tmp_path / "data", **sink)
    demonstration.claim(read)
    assert refusal(read, address) is Reason.DEMO_ADDRESS


@pytest.mark.parametrize(
    "real",
    [
        {"MESA_SMTP_HOST": "smtp.example.com", "MESA_SMTP_SECURITY": "tls"},
        {"MESA_IMAP_HOST": "imap.example.com"},
        {"MESA_INBOX": "/srv/entregas"},
        {"MESA_URL": "https://mesa.example.com"},
        {"MESA_HOSTS": "mesa.example.com"},
        {"MESA_PROXY": "192.0.2.7"},
    ],
    ids=lambda real: next(iter(real)),
)
def test_it_runs_with_nothing_of_a_real_desk_s(
    real: dict[str, str], tmp_path: Path, sink: dict[str, str]
) -> None:
    data = tmp_path / "data"
    with pytest.raises(AppError) as refused:
        demonstration.claim(demo(data, **sink | real))
    assert refused.value.reason is Reason.DEMO_SETTING
    assert refused.value.facts == {"setting": next(iter(real))}
    assert not data.exists()
    demonstration.claim(demo(data, **sink))
    assert refusal(demo(data, **sink | real)) is Reason.DEMO_SETTING


def test_it_mails_to_its_own_server_alone(tmp_path: Path) -> None:
    """Also on this machine: a Postfix there hands on what it is given."""
    data = tmp_path / "data"
    demonstration.claim(demo(data))
    silent = demo(data, MESA_SMTP_HOST="localhost", MESA_SMTP_PORT="9")
    assert refusal(silent) is Reason.DEMO_MAIL
    with desk_server.mail_server(ident="mail.example.com ESMTP Postfix") as (port, _):
        real = demo(data, MESA_SMTP_HOST="localhost", MESA_SMTP_PORT=str(port))
        assert refusal(real) is Reason.DEMO_MAIL


# ---- where a real desk listens -------------------------------------------------------------------

PROXIED = {"MESA_PROXY": "192.0.2.7", "MESA_URL": "https://mesa.example.com"}


@pytest.mark.parametrize(
    ("address", "more", "own_tls", "safe"),
    [
        ("localhost", {}, False, True),
        ("127.0.0.1", {}, False, True),
        ("::1", {}, False, True),
        ("0.0.0.0", {}, False, False),
        ("", {}, False, False),
        ("192.0.2.1", {"MESA_PROXY": "192.0.2.7"}, False, False),
        ("192.0.2.1", PROXIED | {"MESA_URL": "http://mesa.example.com"}, False, False),
        ("192.0.2.1", PROXIED, False, True),
        ("0.0.0.0", {}, True, True),
    ],
)
def test_others_reach_it_through_tls_alone(
    address: str, more: dict[str, str], own_tls: bool, safe: bool, tmp_path: Path
) -> None:
    read = settings.read({"MESA_DATA": str(tmp_path), **more}, tmp_path / "no secrets")
    if safe:
        addresses.require_safe(read, address, own_tls=own_tls)
        return
    with pytest.raises(AppError) as refused:
        addresses.require_safe(read, address, own_tls=own_tls)
    assert refused.value.reason is Reason.NO_TLS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "said"),
    [({}, "un proxy con TLS delante"), ({"MESA_DEMO": "1"}, "solo atiende a esta misma máquina")],
    ids=["real", "demo"],
)
def test_a_server_that_may_not_serve_there_says_so(
    more: dict[str, str], said: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    if more:
        demonstration.claim(demo(data))
    server = desk_server.start(data, tmp_path / "log", more=more, address="0.0.0.0")
    assert server.process.wait(60) == 1
    assert said in server.log_text()
    assert "Traceback" not in server.log_text()
    assert not (data / "ops.duckdb").exists()
