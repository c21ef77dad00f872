"""What a command that writes finds done to the log is on record before its own rows hide it."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from lib import settings
from lib.__main__ import main
from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.proof import Problem
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.services.loads import handover
from lib.services.log import continuing
from tests.services.log_rows import logged
from tests.tampering import proved_log, write_rows


@pytest.fixture
def heads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a closed desk, at whose log's end stand two rows that its heads don't know."""
    proved_log(desk, 3)
    file = desk.settings.data / "audit.head"
    before = file.read_bytes()
    write_rows(desk, 2)
    desk.close()
    file.write_bytes(before)
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    return file


def found(desk: Desk) -> list[str]:
    again = open_desk(desk.settings)
    rows = logged(again, Action.LOG_VERIFIED)
    again.close()
    return [row["reason"] for row in rows]


def a_load() -> None:
    """As load and key rotate open it."""
    opened = handover.opened(settings.read())
    assert opened
    opened.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "run",
    [
        lambda: main(["log", "list"]),
        lambda: main(["report"]),
        lambda: main(["privacy", "erase", "00000001", "--yes"]),
        lambda: main(["user", "add", "ana", "--role", "agente"]),
        a_load,
    ],
)
def test_rows_that_nobody_knows(
    desk: Desk, heads: Path, run: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.commands.user._password", lambda: "")  # refused, after the desk opened
    run()
    assert found(desk) == [Problem.INSERTED]


@pytest.mark.slow
def test_heads_that_are_gone(desk: Desk, heads: Path) -> None:
    heads.unlink()
    for _ in range(2):
        assert main(["log", "list"]) == 0
    assert found(desk) == [Problem.HEADS_MISSING]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("audit", "le cortaron el final desde el renglón 1"),
        ("audit_detail", "faltan los datos personales del renglón 1"),
    ],
)
def test_a_log_whose_table_was_dropped(
    desk: Desk,
    table: str,
    said: str,
    cheap_passwords: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    access.add_staff(desk, SYSTEM, "gerente", "Gerente", "", Role.MANAGER, "una frase larga")
    proved_log(desk, 3)
    desk.close()
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    with duckdb.connect(str(desk.settings.data / "ops.duckdb")) as database:
        database.execute(f"DROP TABLE {table}")
    assert main(["verify"]) == 1
    assert said in capsys.readouterr().out
    again = continuing.opened(desk.settings)
    write_rows(again, 1)  # it goes on logging
    again.close()


def test_nothing_is_said_of_a_whole_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    proved_log(desk, 3)
    desk.close()
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    assert main(["log", "list"]) == 0
    assert found(desk) == []
