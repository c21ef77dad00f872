"""Segments archived when they are old, dropped by an administrator alone, always on the record."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lib import settings
from lib.model import clock
from lib.model.action import Action, Outcome
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.segment import MONTH, State
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.services.log import archiving, entries, erasing, nightly, proof
from lib.store.grid import engine
from lib.store.grid.sources import AUDIT
from lib.store.grid.tree import Record
from lib.store.log import archives, log_row, segments
from tests.segmented import NEWEST, SECOND, THIRD, check
from tests.services.log_rows import logged
from tests.tampering import proved_log, write_rows
from tests.waiting import until

SECRET = "Persona 1"  # whom a detail of account 00000001 names


def refusal(error: pytest.ExceptionInfo[AppError]) -> Reason:
    return error.value.reason


def states(desk: Desk, actor: Actor) -> list[State]:
    return [each.state for each in archiving.every(desk, actor)]


# ---- a month ---------------------------------------------------------------------------------


def test_a_segment_begins_with_the_month(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's: six hours behind."""
    at = datetime(2030, 1, 31, 12)  # noqa: DTZ001
    monkeypatch.setattr(clock, "now", lambda: at)
    proved_log(desk, 2)
    proof.begin_month(desk)
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 2, 1, 5, 59))  # noqa: DTZ001
    proof.begin_month(desk)
    assert logged(desk, Action.SEGMENT_OPENED) == []
    monkeypatch.setattr(clock, "now", lambda: datetime(2030, 2, 1, 6, 0))  # noqa: DTZ001
    for _ in range(2):
        proof.begin_month(desk)
    (row,) = logged(desk, Action.SEGMENT_OPENED)
    assert (row["actor"], row["reason"]) == (SYSTEM.username, MONTH)
    assert desk.store.rows("SELECT max(seq) FROM ops.checkpoint") == [(row["seq"],)]


def test_a_desk_without_a_key_begins_one_unsigned(desk: Desk) -> None:
    write_rows(desk, 2)
    desk.store.rows("UPDATE ops.audit SET logged_at = '2020-01-01' WHERE seq = 1")
    proof.begin_month(desk)
    assert desk.store.rows("SELECT count(*) FROM ops.checkpoint") == [(0,)]
    assert desk.store.rows("SELECT max(seq) FROM ops.audit WHERE action = 'segment_opened'") == [
        (3,)
    ]


# ---- archived --------------------------------------------------------------------------------


@pytest.mark.slow
def test_old_segments_are_archived_and_it_is_logged(
    three: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert archiving.archive(three, admin, months=1) == 0
    later = clock.now() + timedelta(days=62)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert archiving.archive(three, admin, months=1) == 2
    rows = three.store.rows(
        "SELECT actor, subject FROM ops.audit WHERE action = ? ORDER BY seq",
        [Action.SEGMENT_ARCHIVED.value],
    )
    assert rows == [("admin", "1-7"), ("admin", "8-12")]
    assert states(three, admin) == [State.ARCHIVED, State.ARCHIVED, State.IN_USE]
    assert three.store.rows("SELECT min(seq) FROM ops.audit") == [(THIRD,)]
    assert check(three.store).findings == ()
    assert archiving.archive(three, admin) == 0
    for file in (three.settings.data / "log").iterdir():
        assert file.stat().st_mode & 0o077 == 0
    three.close()
    again = open_desk(three.settings)
    assert check(again.store).findings == ()
    again.close()


@pytest.mark.slow
def test_the_night_archives_after_it_verified(
    three: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (clock.now() + timedelta(days=500)).replace(hour=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    thread = nightly.Nightly(three, look_s=0.01)
    thread.start()
    until(lambda: states(three, manager).count(State.ARCHIVED) == 3)
    thread.stop()
    assert states(three, manager)[-1] is State.IN_USE


@pytest.mark.slow
def test_a_desk_started_at_night_archives_too(
    three: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It verified at its start, before the hour from which a day's is due."""
    at = [(clock.now() + timedelta(days=500)).replace(hour=8, minute=30)]  # 02:30 at the office
    monkeypatch.setattr(clock, "now", lambda: at[0])
    thread = nightly.Nightly(three)
    thread._look()
    assert State.ARCHIVED not in states(three, admin)
    at[0] += timedelta(hours=1)
    thread._look()
    assert states(three, admin).count(State.ARCHIVED) == 3


@pytest.mark.slow
def test_a_folder_that_can_t_be_written_ends_no_night(
    three: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = [(clock.now() + timedelta(days=500)).replace(hour=12)]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    in_its_place = three.settings.data / "log"
    in_its_place.touch()
    with pytest.raises(AppError) as error:
        archiving.archive(three, admin)
    assert refusal(error) is Reason.UNWRITABLE_FILE
    thread = nightly.Nightly(three, look_s=0.01)
    thread.start()
    until(lambda: proof.last(three, admin) is not None)
    with three.verifying:  # until the thread is through with that night
        in_its_place.unlink()
    at[0] += timedelta(days=1)
    until(lambda: states(three, admin).count(State.ARCHIVED) == 3)
    thread.stop()


@pytest.mark.slow
def test_an_archived_row_is_found_and_read(three: Desk, admin: Actor, manager: Actor) -> None:
    archiving.archive(three, admin)
    window = engine.window(three.store, AUDIT, View(q="00000001"))
    assert [row.id for row in window.rows if isinstance(row, Record)] == ["15", "10", "6", "3"]
    grouped = engine.window(three.store, AUDIT, View(group=("account_no",)))
    assert grouped.records == three.store.rows("SELECT count(*) FROM log_row")[0][0]
    assert entries.entry(three, manager, 3).account_no == "00000001"
    history = entries.of_account(three, manager, "00000001", 50)
    assert [each.seq for each in history] == [15, 10, 6, 3]


@pytest.mark.slow
def test_what_is_kept_of_the_log_goes_with_its_archive(
    three: Desk, admin: Actor, manager: Actor
) -> None:
    def history() -> list[int]:
        return [each.seq for each in entries.of_account(three, manager, "00000001", 50)]

    archiving.archive(three, admin)
    assert history() == [15, 10, 6, 3]
    file = three.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    three.store.look_at_log()
    assert history() == [15, 10]
    aside.rename(file)
    three.store.look_at_log()
    assert history() == [15, 10, 6, 3]


@pytest.mark.slow
def test_one_person_s_details_are_erased_from_archived_rows(three: Desk, admin: Actor) -> None:
    archiving.archive(three, admin)
    assert erasing.erase(three, admin, "00000001") == 4
    assert not any(
        SECRET in row[0] for row in three.store.rows("SELECT detail FROM ops.audit_detail")
    )
    for file in (three.settings.data / "log").iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert check(three.store).findings == ()


@pytest.mark.slow
def test_nothing_is_said_to_be_erased_while_an_archive_is_lost(three: Desk, admin: Actor) -> None:
    """Its rows' details would stay, and the log would say that they went."""
    archiving.archive(three, admin)
    file = three.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    with pytest.raises(AppError) as error:
        erasing.erase(three, admin, "00000001")
    assert refusal(error) is Reason.ARCHIVE_LOST
    erased = "SELECT count(*) FROM ops.audit WHERE action = 'details_erased'"
    assert three.store.rows(erased) == [(0,)]
    aside.rename(file)
    assert erasing.erase(three, admin, "00000001") == 4


@pytest.mark.slow
def test_what_was_written_wrong_stays_in_the_database(
    three: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "quoted", lambda path: f"'{path}' LIMIT 3")
    monkeypatch.setattr(archives, "SHAPE", "FORMAT parquet")
    with pytest.raises(AppError):
        archiving.archive(three, admin)
    monkeypatch.undo()
    assert three.store.rows("SELECT min(seq) FROM ops.audit") == [(1,)]
    assert states(three, admin) == [State.CLOSED, State.CLOSED, State.IN_USE]


@pytest.mark.slow
def test_what_was_altered_before_is_archived_as_it_is(three: Desk, admin: Actor) -> None:
    three.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = 3")
    three.store.rows("UPDATE ops.audit SET logged_at = 'infinity' WHERE seq = 1")
    assert archiving.archive(three, admin) == 2
    assert [(f.seq, f.problem) for f in check(three.store).findings] == [(1, "altered")]


def test_only_administrators_archive_and_drop(three: Desk, manager: Actor, agent: Actor) -> None:
    for act in (
        lambda: archiving.archive(three, manager),
        lambda: archiving.drop(three, manager, 1, "porque sí"),
        lambda: archiving.every(three, agent),
    ):
        with pytest.raises(AppError) as error:
            act()
        assert refusal(error) is Reason.FORBIDDEN


def test_not_while_it_is_verified(three: Desk, admin: Actor) -> None:
    with three.verifying, pytest.raises(AppError) as error:
        archiving.archive(three, admin)
    assert refusal(error) is Reason.VERIFICATION_RUNNING


# ---- killed ----------------------------------------------------------------------------------

_DIE = """
import os, signal, sys
from lib import settings
from lib.model.actor import SYSTEM
from lib.services.desk import open_desk
from lib.services.log import archiving
from lib.store.log import archives

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

archives._FEW = 2
calls = iter(range(int(sys.argv[2])))
real = getattr(archives, sys.argv[1])

def then_die(*given, **named):
    return die() if next(calls, None) is None else real(*given, **named)

setattr(archives, sys.argv[1], then_die)
archiving.archive(open_desk(settings.read()), SYSTEM)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "calls"),
    [("publish_file", 0), ("record", 0), ("left", 1), ("thin", 1), ("thin", 2), ("sweep", 1)],
)
def test_killed_at_any_step_nothing_is_lost(
    three: Desk, admin: Actor, where: str, calls: int
) -> None:
    before = three.store.rows("SELECT * FROM log_row ORDER BY seq")
    three.close()
    environment = os.environ | {"MESA_DATA": str(three.settings.data), "PYTHONPATH": "."}
    command = [sys.executable, "-c", _DIE, where, str(calls)]
    died = subprocess.run(command, env=environment, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    again = open_desk(three.settings)
    within = f"SELECT * FROM log_row WHERE seq <= {NEWEST} ORDER BY seq"
    assert again.store.rows(within) == before
    assert check(again.store).findings == ()
    archiving.archive(again, admin)
    assert again.store.rows(within) == before
    assert check(again.store).findings == ()
    assert states(again, admin) == [State.ARCHIVED, State.ARCHIVED, State.IN_USE]
    assert again.store.rows("SELECT min(seq) FROM ops.audit") == [(THIRD,)]
    names = {file.name for file in (again.store.data / "log").iterdir()}
    assert names == {"segment-1-7.parquet", "segment-8-12.parquet"}
    again.close()


# ---- dropped ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_archived_segment_is_dropped_on_the_record(three: Desk, admin: Actor) -> None:
    archiving.archive(three, admin)
    archiving.drop(three, admin, 1, " cinco  años ")
    seq = three.store.rows("SELECT max(seq) FROM ops.audit WHERE action = 'segment_dropped'")[0][0]
    row = entries.entry(three, admin, seq)
    assert (row.actor, row.subject, row.outcome) == ("admin", "1-7", Outcome.OK)
    assert (row.detail["rows"], row.detail["note"]) == (7, "cinco años")
    checked = check(three.store)
    assert (checked.findings, checked.dropped) == ((), ((1, 7),))
    assert three.store.rows("SELECT min(seq) FROM log_row") == [(SECOND,)]
    assert three.store.rows("SELECT min(seq) FROM ops.audit_detail") == [(SECOND,)]
    with three.store.cursor() as cursor:
        first, _ = log_row.archived(cursor)
    assert not log_row.file(three.store.data, first).exists()
    assert states(three, admin) == [State.DROPPED, State.ARCHIVED, State.IN_USE]
    three.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = 14")
    assert [(f.seq, f.problem) for f in check(three.store).findings] == [(14, "altered")]


@pytest.mark.parametrize(
    ("number", "reason", "refused"),
    [
        (1, " ", Reason.DROP_REASON_MISSING),
        (0, "ya no", Reason.UNKNOWN_SEGMENT),
        (4, "ya no", Reason.UNKNOWN_SEGMENT),
        (3, "ya no", Reason.SEGMENT_NOT_ARCHIVED),
        (2, "ya no", Reason.SEGMENT_NOT_OLDEST),
    ],
)
def test_nothing_else_is_dropped(
    three: Desk, admin: Actor, number: int, reason: str, refused: Reason
) -> None:
    archiving.archive(three, admin)
    with pytest.raises(AppError) as error:
        archiving.drop(three, admin, number, reason)
    assert refusal(error) is refused
    assert segments.on_record(three.store, Action.SEGMENT_DROPPED) == frozenset()


@pytest.mark.slow
def test_a_lost_archive_does_not_keep_the_desk_from_opening(
    three: Desk, admin: Actor, manager: Actor
) -> None:
    archiving.archive(three, admin)
    three.close()
    (three.settings.data / "log" / "segment-1-7.parquet").unlink()
    again = open_desk(settings.read({"MESA_DATA": str(three.settings.data)}))
    proof.prepare(again)
    write_rows(again, 1)
    assert states(again, manager)[0] is State.UNREADABLE
    checked = proof.verify(again, manager, lambda _: None)
    assert [(f.seq, f.problem, f.through) for f in checked.findings] == [(1, "archive_missing", 7)]
    with pytest.raises(AppError) as error:
        entries.entry(again, manager, 3)
    assert refusal(error) is Reason.UNKNOWN_ENTRY
    again.close()


@pytest.mark.slow
def test_the_folder_is_nobody_else_s(three: Desk, admin: Actor) -> None:
    archiving.archive(three, admin)
    folder: Path = three.settings.data / "log"
    assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_file_that_goes_while_the_desk_is_open_is_done_without(
    three: Desk, admin: Actor, manager: Actor
) -> None:
    """Until the next look only its own rows can't be read; then Bitácora goes on with the rest."""
    archiving.archive(three, admin)
    file = three.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    thread = nightly.Nightly(three, look_s=0.01)
    thread.start()
    until(lambda: three.store.log_lost == {1})
    assert states(three, manager)[0] is State.UNREADABLE
    assert three.store.rows("SELECT min(seq) FROM log_row") == [(SECOND,)]
    aside.rename(file)
    until(lambda: not three.store.log_lost)
    thread.stop()
    assert three.store.rows("SELECT min(seq) FROM log_row") == [(1,)]
