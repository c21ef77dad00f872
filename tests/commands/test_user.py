"""`python -m lib user …`: a desk's people from the command line."""

import getpass
import io
import re
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.__main__ import main
from lib.model.action import Action
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access, invitations
from lib.services.loads.handover import os_actor
from lib.store.people import staff
from tests.desks import ALONE
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
BY = os_actor().username


class Lines(io.StringIO):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cheap_passwords: None) -> Path:
    """A new desk's folder, which the commands take."""
    for name, value in {**ALONE, "MESA_DATA": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "data"


class Line:
    """The command line as it is typed."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str], mp: pytest.MonkeyPatch):
        self._data, self._capsys, self._monkeypatch = data, capsys, mp

    def said(self, *arguments: str, typed: str = "") -> str:
        self._monkeypatch.setattr("sys.stdin", Lines(typed))
        assert main(["user", *arguments]) == 0
        out, err = self._capsys.readouterr()
        assert err == ""
        return out.strip()

    def refused(self, *arguments: str, typed: str = "") -> str:
        """One Spanish sentence, and nothing else."""
        self._monkeypatch.setattr("sys.stdin", Lines(typed))
        assert main(["user", *arguments]) == 2
        out, err = self._capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1
        return err.strip()

    def desk(self) -> Desk:
        return open_desk(settings.read())

    def row(self, action: Action) -> dict[str, Any]:
        """The log's last row of an act, done by who works at the server."""
        desk = self.desk()
        try:
            row = logged(desk, action)[-1]
            assert row["actor"] == BY
            assert BY.startswith("cli:")
            return row
        finally:
            desk.close()


@pytest.fixture
def line(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(data, capsys, monkeypatch)


@pytest.fixture
def staffed(line: Line) -> Line:
    for username, role in (("ada", "administrador"), ("ana", "agente")):
        line.said("add", username, "--role", role, typed=f"{PASSWORD}\n")
    return line


def enters(line: Line, username: str, password: str = PASSWORD) -> bool:
    desk = line.desk()
    try:
        return bool(access.sign_in(desk, username, password))
    except AppError:
        return False
    finally:
        desk.close()


def test_a_new_desk_has_nobody_until_its_first_administrator(line: Line) -> None:
    assert line.said("list").startswith("Todavía no hay nadie; python -m lib user add")
    said = line.said("add", "ada", "--role", "administrador", typed=f"{PASSWORD}\n")
    assert said == "ada ya puede entrar a la mesa como administrador."
    assert line.row(Action.STAFF_ADDED)["subject"] == "ada"
    assert enters(line, "ada")
    titles, only = line.said("list").splitlines()
    assert titles.split()[:2] == ["Usuario", "Nombre"]
    assert re.split(r"\s{2,}", only)[:4] == ["ada", "ada", "Administrador", "Activo"]
    assert "Nunca" not in only


def test_a_password_is_never_an_argument(line: Line, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["user", "add", "ada", "--role", "administrador", "--password", PASSWORD])
    assert "--password" in capsys.readouterr().err


def test_at_a_terminal_it_is_asked_twice_without_echo(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([PASSWORD, PASSWORD, PASSWORD, f"{PASSWORD}."])
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    monkeypatch.setattr(Lines, "isatty", lambda _: True)
    line.said("add", "ada", "--role", "administrador")
    assert "no coinciden" in line.refused("add", "ana", "--role", "agente")


@pytest.mark.parametrize("left", [KeyboardInterrupt, EOFError])
def test_who_leaves_instead_adds_nobody(
    left: type[BaseException],
    line: Line,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def leave(_: str) -> str:
        raise left

    monkeypatch.setattr(getpass, "getpass", leave)
    monkeypatch.setattr(Lines, "isatty", lambda _: True)
    monkeypatch.setattr("sys.stdin", Lines())
    assert main(["user", "add", "ada", "--role", "administrador"]) == 130
    assert capsys.readouterr().err == "\nInterrumpido: no se agregó a nadie.\n"
    assert line.said("list").startswith("Todavía no hay nadie")


def test_what_can_t_be_is_one_sentence(staffed: Line) -> None:
    weak = staffed.refused("add", "gil", "--role", "gerente", typed="corta\n")
    assert weak.startswith("La contraseña lleva 5 caracteres y hacen falta 12 o más")
    assert "Ya existe" in staffed.refused("add", "ana", "--role", "agente", typed=f"{PASSWORD}\n")
    assert "MESA_URL" in staffed.refused("add", "gil", "--role", "gerente", "--invite")
    assert "No hay nadie" in staffed.refused("disable", "nadie")
    assert "No hay nadie" in staffed.refused("password", "nadie")
    assert "no tiene segundo factor" in staffed.refused("reset-factor", "ana")
    assert "único administrador" in staffed.refused("disable", "ada")
    assert "único administrador" in staffed.refused("role", "ada", "agente")
    assert "solo para administradores" in staffed.refused("emergency", "ana")


def test_roles_and_states(staffed: Line) -> None:
    assert staffed.said("role", "ana", "gerente").startswith("ana es ahora gerente")
    assert staffed.row(Action.ROLE_CHANGED)["subject"] == "ana"
    assert staffed.said("disable", "ana") == "ana ya no puede entrar."
    assert staffed.row(Action.STAFF_DISABLED)["subject"] == "ana"
    assert not enters(staffed, "ana")
    assert "De baja" in staffed.said("list")
    staffed.said("enable", "ana")
    assert staffed.row(Action.STAFF_ENABLED)["subject"] == "ana"
    assert enters(staffed, "ana")
    desk = staffed.desk()
    found = staff.find(desk.store, "ana")
    desk.close()
    assert found is not None
    assert found.role is Role.MANAGER


def test_a_password_is_chosen_by_whose_it_is(staffed: Line) -> None:
    said = staffed.said("password", "ana")
    found = re.search(r"http://localhost:8501/\?enlace=(\S+)", said)
    assert found
    assert staffed.row(Action.PASSWORD_LINK_MADE)["subject"] == "ana"
    assert enters(staffed, "ana")  # until it is used
    desk = staffed.desk()
    invitations.accept(desk, found[1], f"otra {PASSWORD}", f"otra {PASSWORD}")
    with pytest.raises(AppError) as over:
        invitations.accept(desk, found[1], f"otra {PASSWORD}", f"otra {PASSWORD}")
    desk.close()
    assert over.value.reason is Reason.LINK_OVER
    assert not enters(staffed, "ana")
    assert enters(staffed, "ana", f"otra {PASSWORD}")


def test_nobody_at_the_desk_gets_such_a_link(staffed: Line) -> None:
    desk = staffed.desk()
    try:
        signed_in = access.sign_in(desk, "ada", PASSWORD)
        assert isinstance(signed_in, access.SignedIn)
        ada = access.actor_of_session(desk, signed_in.session)
        assert ada
        with pytest.raises(AppError) as refused:
            invitations.link_in_hand(desk, ada, "ana")
        assert refused.value.reason is Reason.FORBIDDEN
    finally:
        desk.close()


def test_an_invitation_waits_for_the_desk(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESA_URL", "https://mesa.example.com")
    to = ("--name", "Ana Ruiz", "--email", "ana@example.com", "--invite")
    assert "cuando la mesa esté abierta" in line.said("add", "ana", "--role", "agente", *to)
    assert line.row(Action.STAFF_ADDED)["subject"] == "ana"
    assert "cuando la mesa esté abierta" in line.said("password", "ana", "--mail")
    assert line.row(Action.PASSWORD_LINK_SENT)["subject"] == "ana"


def test_in_an_emergency(staffed: Line) -> None:
    assert "abre también" in staffed.said("emergency", "ada")
    assert staffed.row(Action.EMERGENCY_GIVEN)["subject"] == "ada"
    assert "ya no abre" in staffed.said("emergency", "ada", "--off")
    assert staffed.row(Action.EMERGENCY_TAKEN)["subject"] == "ada"
