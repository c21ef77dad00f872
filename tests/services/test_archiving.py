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
from tests.segmented import NEWEST, SECOND, THIRD, check, of_three
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


def test_old_segments_are_archived_and_it_is_logged(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_three(desk)
    assert archiving.archive(desk, admin, months=1) == 0
    later = clock.now() + timedelta(days=62)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert archiving.archive(desk, admin, months=1) == 2
    rows = desk.store.rows(
        "SELECT actor, subject FROM ops.audit WHERE action = ? ORDER BY seq",
        [Action.SEGMENT_ARCHIVED.value],
    )
    assert rows == [("admin", "1-7"), ("admin", "8-12")]
    assert states(desk, admin) == [State.ARCHIVED, State.ARCHIVED, State.IN_USE]
    assert desk.store.rows("SELECT min(seq) FROM ops.audit") == [(THIRD,)]
    assert check(desk.store).findings == ()
    assert archiving.archive(desk, admin) == 0
    for file in (desk.settings.data / "log").iterdir():
        assert file.stat().st_mode & 0o077 == 0
    desk.close()
    again = open_desk(desk.settings)
    assert check(again.store).findings == ()
    again.close()


def test_the_night_archives_after_it_verified(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_three(desk)
    later = (clock.now() + timedelta(days=500)).replace(hour=12)
    monkeypatch.setattr(clock, "now", lambda: later)
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    until(lambda: states(desk, manager).count(State.ARCHIVED) == 3)
    thread.stop()
    assert states(desk, manager)[-1] is State.IN_USE


def test_a_desk_started_at_night_archives_too(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It verified at its start, before the hour from which a day's is due."""
    of_three(desk)
    at = [(clock.now() + timedelta(days=500)).replace(hour=8, minute=30)]  # 02:30 at the office
    monkeypatch.setattr(clock, "now", lambda: at[0])
    thread = nightly.Nightly(desk)
    thread._look()
    assert State.ARCHIVED not in states(desk, admin)
    at[0] += timedelta(hours=1)
    thread._look()
    assert states(desk, admin).count(State.ARCHIVED) == 3


def test_a_folder_that_can_t_be_written_ends_no_night(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_three(desk)
    at = [(clock.now() + timedelta(days=500)).replace(hour=12)]
    monkeypatch.setattr(clock, "now", lambda: at[0])
    in_its_place = desk.settings.data / "log"
    in_its_place.touch()
    with pytest.raises(AppError) as error:
        archiving.archive(desk, admin)
    assert refusal(error) is Reason.UNWRITABLE_FILE
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    until(lambda: proof.last(desk, admin) is not None)
    with desk.verifying:  # until the thread is through with that night
        in_its_place.unlink()
    at[0] += timedelta(days=1)
    until(lambda: states(desk, admin).count(State.ARCHIVED) == 3)
    thread.stop()


def test_an_archived_row_is_found_and_read(desk: Desk, admin: Actor, manager: Actor) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    window = engine.window(desk.store, AUDIT, View(q="00000001"))
    assert [row.id for row in window.rows if isinstance(row, Record)] == ["15", "10", "6", "3"]
    grouped = engine.window(desk.store, AUDIT, View(group=("account_no",)))
    assert grouped.records == desk.store.rows("SELECT count(*) FROM log_row")[0][0]
    assert entries.entry(desk, manager, 3).account_no == "00000001"
    history = entries.of_account(desk, manager, "00000001", 50)
    assert [each.seq for each in history] == [15, 10, 6, 3]


def test_what_is_kept_of_the_log_goes_with_its_archive(
    desk: Desk, admin: Actor, manager: Actor
) -> None:
    def history() -> list[int]:
        return [each.seq for each in entries.of_account(desk, manager, "00000001", 50)]

    of_three(desk)
    archiving.archive(desk, admin)
    assert history() == [15, 10, 6, 3]
    file = desk.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    desk.store.look_at_log()
    assert history() == [15, 10]
    aside.rename(file)
    desk.store.look_at_log()
    assert history() == [15, 10, 6, 3]


def test_one_person_s_details_are_erased_from_archived_rows(desk: Desk, admin: Actor) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    assert erasing.erase(desk, admin, "00000001") == 4
    assert not any(
        SECRET in row[0] for row in desk.store.rows("SELECT detail FROM ops.audit_detail")
    )
    for file in (desk.settings.data / "log").iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert check(desk.store).findings == ()


def test_nothing_is_said_to_be_erased_while_an_archive_is_lost(desk: Desk, admin: Actor) -> None:
    """Its rows' details would stay, and the log would say that they went."""
    of_three(desk)
    archiving.archive(desk, admin)
    file = desk.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    with pytest.raises(AppError) as error:
        erasing.erase(desk, admin, "00000001")
    assert refusal(error) is Reason.ARCHIVE_LOST
    erased = "SELECT count(*) FROM ops.audit WHERE action = 'details_erased'"
    assert desk.store.rows(erased) == [(0,)]
    aside.rename(file)
    assert erasing.erase(desk, admin, "00000001") == 4


def test_what_was_written_wrong_stays_in_the_database(
    desk: Desk, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_three(desk)
    monkeypatch.setattr(archives, "quoted", lambda path: f"'{path}' LIMIT 3")
    monkeypatch.setattr(archives, "_SHAPE", "FORMAT parquet")
    with pytest.raises(AppError):
        archiving.archive(desk, admin)
    monkeypatch.undo()
    assert desk.store.rows("SELECT min(seq) FROM ops.audit") == [(1,)]
    assert states(desk, admin) == [State.CLOSED, State.CLOSED, State.IN_USE]


def test_what_was_altered_before_is_archived_as_it_is(desk: Desk, admin: Actor) -> None:
    of_three(desk)
    desk.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = 3")
    desk.store.rows("UPDATE ops.audit SET logged_at = 'infinity' WHERE seq = 1")
    assert archiving.archive(desk, admin) == 2
    assert [(f.seq, f.problem) for f in check(desk.store).findings] == [(1, "altered")]


def test_only_administrators_archive_and_drop(desk: Desk, manager: Actor, agent: Actor) -> None:
    of_three(desk)
    for act in (
        lambda: archiving.archive(desk, manager),
        lambda: archiving.drop(desk, manager, 1, "porque sí"),
        lambda: archiving.every(desk, agent),
    ):
        with pytest.raises(AppError) as error:
            act()
        assert refusal(error) is Reason.FORBIDDEN


def test_not_while_it_is_verified(desk: Desk, admin: Actor) -> None:
    of_three(desk)
    with desk.verifying, pytest.raises(AppError) as error:
        archiving.archive(desk, admin)
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
    desk: Desk, admin: Actor, where: str, calls: int
) -> None:
    of_three(desk)
    before = desk.store.rows("SELECT * FROM log_row ORDER BY seq")
    desk.close()
    environment = os.environ | {"MESA_DATA": str(desk.settings.data), "PYTHONPATH": "."}
    command = [sys.executable, "-c", _DIE, where, str(calls)]
    died = subprocess.run(command, env=environment, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL
    again = open_desk(desk.settings)
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


def test_an_archived_segment_is_dropped_on_the_record(desk: Desk, admin: Actor) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    archiving.drop(desk, admin, 1, " cinco  años ")
    seq = desk.store.rows("SELECT max(seq) FROM ops.audit WHERE action = 'segment_dropped'")[0][0]
    row = entries.entry(desk, admin, seq)
    assert (row.actor, row.subject, row.outcome) == ("admin", "1-7", Outcome.OK)
    assert (row.detail["rows"], row.detail["note"]) == (7, "cinco años")
    checked = check(desk.store)
    assert (checked.findings, checked.dropped) == ((), ((1, 7),))
    assert desk.store.rows("SELECT min(seq) FROM log_row") == [(SECOND,)]
    assert desk.store.rows("SELECT min(seq) FROM ops.audit_detail") == [(SECOND,)]
    with desk.store.cursor() as cursor:
        first, _ = log_row.archived(cursor)
    assert not log_row.file(desk.store.data, first).exists()
    assert states(desk, admin) == [State.DROPPED, State.ARCHIVED, State.IN_USE]
    desk.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = 14")
    assert [(f.seq, f.problem) for f in check(desk.store).findings] == [(14, "altered")]


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
    desk: Desk, admin: Actor, number: int, reason: str, refused: Reason
) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    with pytest.raises(AppError) as error:
        archiving.drop(desk, admin, number, reason)
    assert refusal(error) is refused
    assert segments.on_record(desk.store, Action.SEGMENT_DROPPED) == frozenset()


def test_a_lost_archive_does_not_keep_the_desk_from_opening(
    desk: Desk, admin: Actor, manager: Actor
) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    desk.close()
    (desk.settings.data / "log" / "segment-1-7.parquet").unlink()
    again = open_desk(settings.read({"MESA_DATA": str(desk.settings.data)}))
    proof.prepare(again)
    write_rows(again, 1)
    assert states(again, manager)[0] is State.UNREADABLE
    checked = proof.verify(again, manager, lambda _: None)
    assert [(f.seq, f.problem, f.through) for f in checked.findings] == [(1, "archive_missing", 7)]
    with pytest.raises(AppError) as error:
        entries.entry(again, manager, 3)
    assert refusal(error) is Reason.UNKNOWN_ENTRY
    again.close()


def test_the_folder_is_nobody_else_s(desk: Desk, admin: Actor) -> None:
    of_three(desk)
    archiving.archive(desk, admin)
    folder: Path = desk.settings.data / "log"
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_that_goes_while_the_desk_is_open_is_done_without(
    desk: Desk, admin: Actor, manager: Actor
) -> None:
    """Until the next look only its own rows can't be read; then Bitácora goes on with the rest."""
    of_three(desk)
    archiving.archive(desk, admin)
    file = desk.settings.data / "log" / "segment-1-7.parquet"
    aside = file.rename(file.with_suffix(".aside"))
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    until(lambda: desk.store.log_lost == {1})
    assert states(desk, manager)[0] is State.UNREADABLE
    assert desk.store.rows("SELECT min(seq) FROM log_row") == [(SECOND,)]
    aside.rename(file)
    until(lambda: not desk.store.log_lost)
    thread.stop()
    assert desk.store.rows("SELECT min(seq) FROM log_row") == [(1,)]
