"""`python -m lib verify` and `privacy erase`: one sentence and an exit status."""

from pathlib import Path

import pytest

from lib.__main__ import main
from lib.model.action import Action
from lib.services.desk import Desk, open_desk
from lib.services.loads.handover import os_actor
from lib.store.log import signing
from tests.services.log_rows import logged
from tests.tampering import proved_log


@pytest.fixture
def data(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The closed folder of a desk with a proved log of 10 rows, which the commands take."""
    proved_log(desk, 8)
    desk.close()
    monkeypatch.setenv("MESA_DATA", str(desk.settings.data))
    return desk.settings.data


def tamper(desk: Desk, sql: str) -> None:
    again = open_desk(desk.settings, behind_too=True)
    again.store.rows(sql)
    again.close()


def said(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert err == ""
    assert out.endswith(".\n")
    assert out.count("\n") == 1
    return out.strip()


def test_a_whole_log(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (data / "audit.head").read_bytes()
    assert main(["verify"]) == 0
    whole = "La bitácora está completa: 10 renglones, comprobados de principio a fin."
    assert said(capsys) == whole
    assert (data / "audit.head").read_bytes() == before  # it writes nothing


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sql", "how"),
    [
        ("UPDATE ops.audit SET ticket = 'x' WHERE seq = 4", "el renglón 4 fue alterado"),
        ("DELETE FROM ops.audit WHERE seq = 4", "falta el renglón 4"),
        ("DELETE FROM ops.audit WHERE seq > 4", "le cortaron el final desde el renglón 5"),
        (
            "DELETE FROM ops.audit_detail WHERE seq = 4",
            "faltan los datos personales del renglón 4 y no consta que se borraran",
        ),
    ],
)
def test_a_finding(
    data: Path, desk: Desk, capsys: pytest.CaptureFixture[str], sql: str, how: str
) -> None:
    tamper(desk, sql)
    assert main(["verify"]) == 1
    assert said(capsys).startswith(f"La bitácora no está completa: {how} (revisados: ")
    assert main(["verify"]) == 1  # nor did the first time make it look whole


def test_a_lost_key(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = signing.held_fingerprint(data)
    for file in (data / "keys").glob("log*"):
        file.unlink()
    assert main(["verify"]) == 0
    assert f"no se pudieron comprobar las firmas de {lost}." in said(capsys)


@pytest.mark.slow
def test_a_lost_key_hides_no_finding_and_is_said_beside_it(
    data: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = signing.held_fingerprint(data)
    for file in (data / "keys").glob("log*"):
        file.unlink()
    tamper(desk, "UPDATE ops.audit SET actor = 'otra' WHERE seq = 4")
    assert main(["verify"]) == 1
    told = said(capsys)
    assert "el renglón 4 fue alterado" in told
    assert told.endswith(f"Sin su llave pública no se pudieron comprobar las firmas de {lost}.")


@pytest.mark.slow
def test_erasing_an_account(data: Path, desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["privacy", "erase", "00000001", "--yes"]) == 0
    assert "los datos personales de 3 renglones de la cuenta 00000001" in said(capsys)
    again = open_desk(desk.settings)
    assert [row["actor"] for row in logged(again, Action.DETAILS_ERASED)] == [os_actor().username]
    again.close()
    assert main(["verify"]) == 0


def test_an_account_without_details(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["privacy", "erase", "99999999", "--yes"]) == 2
    assert "no guarda datos personales de esa cuenta" in capsys.readouterr().err


def heads(desk: Desk) -> dict[int, str]:
    again = open_desk(desk.settings, behind_too=True)
    found = dict(again.store.rows("SELECT seq, hash FROM ops.audit"))
    again.close()
    return found


@pytest.mark.slow
def test_a_log_that_is_as_a_mail_says(
    data: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    mailed = heads(desk)
    half = mailed[7][:32] + " " + mailed[7][32:].upper()  # as some mail programs break it
    assert main(["verify", "--head", "7", half, "--head", "9", mailed[9]]) == 0
    assert said(capsys).endswith("de principio a fin. Coincide con el correo del renglón 7, 9.")


@pytest.mark.slow
def test_a_log_cut_with_all_that_stood_beside_it(
    data: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever reaches every file of the desk leaves a log that is whole; not the mail."""
    mailed = heads(desk)
    tamper(desk, "DELETE FROM ops.audit WHERE seq > 5")
    tamper(desk, "DELETE FROM ops.audit_detail WHERE seq > 5")
    tamper(desk, "DELETE FROM ops.checkpoint WHERE seq > 5")
    for name in ("audit.head", "audit.checkpoints"):
        lines = (data / name).read_text().splitlines(keepends=True)
        (data / name).write_text("".join(x for x in lines if int(x.split()[0]) <= 5))
    assert main(["verify"]) == 0
    assert "está completa" in said(capsys)
    assert main(["verify", "--head", "9", mailed[9]]) == 1
    assert "le cortaron el final desde el renglón 6" in said(capsys)


def test_a_log_written_anew_isn_t_the_one_that_was_mailed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--head", "6", "ab" * 32]) == 1
    assert "renglón" in (found := said(capsys))
    assert "fue alterado" in found


@pytest.mark.parametrize("typed", [("seis", "ab" * 32), ("6", "ab" * 31), ("0", "ab" * 32)])
def test_what_is_no_head_is_said(
    data: Path, capsys: pytest.CaptureFixture[str], typed: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--head", *typed])
    assert ended.value.code == 2
    assert "renglón" in (err := capsys.readouterr().err) or "huella" in err
