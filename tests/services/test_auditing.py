"""The log handed to an auditor: who may, what the log says of it, what leaves and what doesn't."""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model import clock, formula
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.audit_export import Asked
from lib.model.errors import AppError, Reason
from lib.model.period import Period
from lib.services.desk import Desk
from lib.services.log import archiving, auditing, erasing, proof
from lib.services.log.packing import Packing
from lib.store.log import auditing as rows_out
from lib.store.log import proving
from lib.ui.log.audit_words import WORDS
from tests.auditor.handed import findings, unpacked
from tests.segmented import SECOND, of_three
from tests.services.log_rows import logged
from tests.tampering import proved_log, write_rows

ALL = Asked(detailed=True)


def refused(reason: Reason) -> "pytest.RaisesExc[AppError]":
    return pytest.raises(AppError, check=lambda error: error.reason is reason)


def taken(desk: Desk, actor: Actor, folder: Path, asked: Asked = ALL) -> Path:
    ticket = auditing.start(desk, actor, asked, WORDS)
    return unpacked(auditing.take(desk, ticket, actor=actor), folder / "bitacora")


def lines(folder: Path, name: str = "bitacora.jsonl") -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


@pytest.mark.slow
def test_the_whole_log_leaves_with_the_row_that_says_so(
    desk: Desk, manager: Actor, tmp_path: Path
) -> None:
    proved_log(desk, 3)
    folder = taken(desk, manager, tmp_path)
    (row,) = logged(desk, Action.AUDIT_EXPORTED)
    assert (row["actor"], row["outcome"], row["reason"]) == ("gerente", "ok", "with_details")
    assert row["subject"] == f"1-{row['seq']}"
    assert row["detail"]["rows"] == row["seq"]
    assert row["detail"]["file"].startswith("bitacora-para-auditor-")
    assert [each["seq"] for each in lines(folder)] == list(range(1, row["seq"] + 1))
    assert lines(folder)[-1]["hash"] == row["hash"]
    assert lines(folder, "checkpoints.jsonl")[-1]["seq"] == row["seq"]  # it is signed
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["made_by"], manifest["rows"], manifest["head"], manifest["logged"]) == (
        "gerente", row["seq"], row["hash"], True,
    )  # fmt: skip
    assert findings(folder) == []


def test_without_details_none_leaves(desk: Desk, manager: Actor, tmp_path: Path) -> None:
    proved_log(desk, 3)
    folder = taken(desk, manager, tmp_path, Asked(detailed=False))
    assert not [each for each in lines(folder) if {"salt", "detail"} & set(each)]
    for file in folder.iterdir():
        assert file.is_dir() or b"Persona" not in file.read_bytes()
    (row,) = logged(desk, Action.AUDIT_EXPORTED)
    assert row["reason"] == "without_details"
    assert findings(folder) == []


def test_some_rows_by_their_numbers(desk: Desk, manager: Actor, tmp_path: Path) -> None:
    proved_log(desk, 6)
    write_rows(desk, 3)
    folder = taken(desk, manager, tmp_path, Asked(detailed=True, first=4, last=6))
    assert [each["seq"] for each in lines(folder)] == [4, 5, 6]
    assert [each["action"] for each in lines(folder, "contexto.jsonl")] == ["log_key_made"]
    assert findings(folder) == []
    (row,) = logged(desk, Action.AUDIT_EXPORTED)
    assert (row["subject"], row["detail"]["rows"]) == ("4-6", 3)


def test_a_period_s_first_row_is_held_against_the_head_above_it(
    desk: Desk, manager: Actor, tmp_path: Path
) -> None:
    proved_log(desk, 6)
    desk.store.rows("UPDATE ops.audit SET prev = repeat('a', 64) WHERE seq = 4")
    folder = taken(desk, manager, tmp_path, Asked(detailed=True, first=4, last=6))
    assert findings(folder)[0][:2] == (4, "altered")


def test_some_days(desk: Desk, manager: Actor, tmp_path: Path) -> None:
    proved_log(desk, 3)
    today, before = clock.today(), clock.today() - dt.timedelta(days=9)
    folder = taken(desk, manager, tmp_path, Asked(True, days=Period(before, today)))
    assert [each["seq"] for each in lines(folder)] == [1, 2, 3, 4, 5]
    assert findings(folder) == []
    with refused(Reason.NOTHING_TO_EXPORT):
        auditing.start(desk, manager, Asked(True, days=Period(before, before)), WORDS)


@pytest.mark.slow
def test_what_was_erased_is_gone_and_no_finding(
    desk: Desk, manager: Actor, admin: Actor, tmp_path: Path
) -> None:
    """Also where the row that says so is from outside the period."""
    proved_log(desk, 6)
    erasing.erase(desk, admin, "00000001")
    folder = taken(desk, manager, tmp_path)
    gone = [each for each in lines(folder) if each["detail"] is None]
    assert {each["account_no"] for each in gone} == {"00000001"}
    assert findings(folder) == []
    part = taken(desk, manager, tmp_path / "part", Asked(detailed=True, first=2, last=6))
    assert findings(part) == []


def test_what_is_logged_while_it_leaves_is_not_in_it(
    desk: Desk, manager: Actor, admin: Actor, tmp_path: Path
) -> None:
    proved_log(desk, 3)
    ticket = auditing.start(desk, manager, ALL, WORDS)
    download = auditing.take(desk, ticket, actor=manager)
    last = logged(desk, Action.AUDIT_EXPORTED)[0]["seq"]
    write_rows(desk, 2)  # between the row that says so and the first byte
    pieces = iter(download)
    first = next(pieces)
    erasing.erase(desk, admin, "00000001")
    proof.sign(desk)

    class Rest:
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield first
            yield from pieces

        def close(self) -> None:
            download.close()

    folder = unpacked(Rest(), tmp_path / "bitacora")
    assert lines(folder)[-1]["seq"] == last
    assert findings(folder) == []


@pytest.mark.slow
def test_a_segment_let_go_on_the_record_is_no_gap(
    desk: Desk, manager: Actor, admin: Actor, tmp_path: Path
) -> None:
    """And what is left of the log, archived or not, leaves as ever."""
    of_three(desk)
    assert archiving.archive(desk, SYSTEM) == 2
    archiving.drop(desk, admin, 1, "Ya no hace falta")
    folder = taken(desk, manager, tmp_path)
    assert lines(folder)[0]["seq"] == SECOND
    assert findings(folder) == []
    silent = [each for each in lines(folder) if each["action"] != "segment_dropped"]
    text = "".join(json.dumps(each) + "\n" for each in silent)
    (folder / "bitacora.jsonl").write_text(text, "utf-8")
    assert (1, "missing", 0) in findings(folder)


def test_half_of_one_is_logged_as_failed(desk: Desk, manager: Actor) -> None:
    proved_log(desk, 3)
    ticket = auditing.start(desk, manager, ALL, WORDS)
    download = auditing.take(desk, ticket, actor=manager)
    download.stop()
    with refused(Reason.EXPORT_FAILED):
        list(download)
    download.close()
    assert [row["outcome"] for row in logged(desk, Action.AUDIT_EXPORTED)] == ["ok", "failed"]
    auditing.start(desk, manager, ALL, WORDS)  # nothing is held


@pytest.mark.parametrize("asked", [ALL, Asked(detailed=False, first=2)])
def test_agents_may_not(desk: Desk, agent: Actor, asked: Asked) -> None:
    for ask in (
        lambda: auditing.count(desk, agent, asked),
        lambda: auditing.start(desk, agent, asked, WORDS),
        lambda: auditing.take(desk, "x", actor=agent),
        lambda: auditing.written(desk, agent, asked, WORDS),
    ):
        with refused(Reason.FORBIDDEN):
            ask()


def test_a_ticket_counts_once_and_for_its_session(desk: Desk, manager: Actor, admin: Actor) -> None:
    proved_log(desk, 3)
    ticket = auditing.start(desk, manager, ALL, WORDS)
    with refused(Reason.EXPORT_GONE):
        auditing.take(desk, ticket, actor=admin)
    auditing.take(desk, ticket, actor=manager).close()
    with refused(Reason.EXPORT_GONE):
        auditing.take(desk, ticket, actor=manager)


def test_a_log_in_doubt_is_handed_over_and_not_written_to(
    desk: Desk, admin: Actor, tmp_path: Path
) -> None:
    proved_log(desk, 6)
    desk.store.rows("DELETE FROM ops.audit WHERE seq > 5")
    making = auditing.written(desk, admin, ALL, WORDS)
    assert isinstance(making, Packing)
    folder = unpacked(making, tmp_path / "bitacora")
    assert findings(folder)[0] == (6, "cut_tail", 0)
    assert [(f.seq, f.problem) for f in proving.check(desk.store, lambda _: None).findings] == [
        (6, "cut_tail")
    ]


# ---- the spreadsheet -----------------------------------------------------------------------------


def test_the_spreadsheet_is_for_people(desk: Desk, manager: Actor, tmp_path: Path) -> None:
    entry = Entry(Action.APP_STARTED, ticket='=HYPERLINK("x")', reason="forbidden")
    desk.store.write(lambda t: t.log(SYSTEM, entry))
    folder = taken(desk, manager, tmp_path)
    content = (folder / "bitacora.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    heading, first, *_ = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    said = dict(zip(heading, first, strict=True))
    assert said["Acto"] == "Inicio de la mesa"
    assert said["Resultado"] == "Correcto"
    assert said["Ticket"] == '\'=HYPERLINK("x")'
    assert said["Motivo"] == "Su perfil no lo permite"
    assert findings(folder) == []


@pytest.mark.slow
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=20))
def test_the_engine_disarms_what_python_does(texts: list[str]) -> None:
    import duckdb

    risky = rows_out.RISKY
    with duckdb.connect() as engine:
        for text in [*texts, *(space + "=1" for space in "\x0b\x1c\x1f\x85\xa0\u2028\u3000")]:
            said = engine.execute(f"SELECT regexp_matches(?, '{risky}')", [text]).fetchone()
            assert said == (formula.escape(text) != text,), repr(text)
