"""A database that lost its newest rows: the desk opens, says so, and logs on in a new segment."""

import pytest

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.bulk import Manner
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailState, Motive
from lib.model.proof import Finding, Problem
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.services.log import alerts, continuing, proof
from lib.services.resends import bulk, resending
from lib.services.resends.rounds import Rounds
from lib.store.log import verifications
from lib.ui import process
from tests.segmented import check
from tests.services.conftest import found
from tests.tampering import proved_log, write_rows
from tests.ui.one_page import PASSWORD

LEFT = 5  # rows that the cut left


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    access.add_staff(desk, SYSTEM, "gerente", "Gerente", "", Role.MANAGER, PASSWORD)
    proved_log(desk, 6)
    return desk


def cut(desk: Desk) -> int:
    """Closed, its newest rows gone; the newest number that it had."""
    newest: int = desk.store.rows("SELECT max(seq) FROM ops.audit")[0][0]
    desk.store.rows("DELETE FROM ops.audit WHERE seq > ?", [LEFT])
    desk.close()
    return newest


def taken_up(desk: Desk) -> Desk:
    again = open_desk(desk.settings, behind_too=True)
    assert continuing.go_on(again)
    return again


def acts(desk: Desk, after: int) -> list[tuple[int, str, str, str]]:
    return desk.store.rows(
        "SELECT seq, action, reason, subject FROM ops.audit WHERE seq > ? ORDER BY seq", [after]
    )


@pytest.mark.slow
def test_it_goes_on_in_a_new_segment(staffed: Desk, manager: Actor) -> None:
    newest = cut(staffed)
    again = taken_up(staffed)
    assert acts(again, LEFT) == [
        (newest + 1, "segment_opened", "cut_tail", ""),
        (newest + 2, "log_verified", "cut_tail", str(LEFT + 1)),
    ]
    missing = Finding(LEFT + 1, Problem.CUT_TAIL)
    last = proof.last(again, manager)
    assert last
    assert last.findings == (missing,)
    alerts.attend(again, alerts.begin(again))
    (alert,) = alerts.standing(again, manager)
    assert alert.facts["problem"] == "cut_tail"
    write_rows(again, 3)
    for _ in range(2):  # the second night opens no other
        assert proof.verify(again, manager, lambda _: None).findings == (missing,)
    again.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = ?", [newest + 4])
    altered = Finding(newest + 4, Problem.ALTERED)
    assert check(again.store).findings == (missing, altered)
    assert not continuing.go_on(again)
    opened = again.store.rows("SELECT count(*) FROM ops.audit WHERE action = 'segment_opened'")
    assert opened == [(1,)]
    again.close()


@pytest.mark.slow
def test_a_log_that_lost_all_its_rows(staffed: Desk) -> None:
    newest: int = staffed.store.rows("SELECT max(seq) FROM ops.audit")[0][0]
    staffed.store.rows("DELETE FROM ops.audit")
    staffed.close()
    again = taken_up(staffed)
    proof.prepare(again)
    write_rows(again, 1)
    assert again.store.rows("SELECT min(seq) FROM ops.audit") == [(newest + 1,)]
    assert check(again.store).findings[0] == Finding(1, Problem.CUT_TAIL)
    again.close()


@pytest.mark.slow
def test_details_put_there_too_do_not_stop_it(staffed: Desk) -> None:
    newest: int = staffed.store.rows("SELECT max(seq) FROM ops.audit")[0][0]
    staffed.store.rows("INSERT INTO ops.audit_detail VALUES (?, 'ab', '{}')", [newest + 1])
    cut(staffed)
    again = taken_up(staffed)
    assert again.store.rows("SELECT seq FROM ops.detail_aside") == [(newest + 1,)]
    again.close()


@pytest.mark.slow
def test_what_waited_to_be_mailed_is_in_doubt(staffed: Desk, agent: Actor) -> None:
    """Rows that said that it went may be among those missing."""
    asked = resending.resend(staffed, agent, "S0000000001", Motive.NOT_RECEIVED, "T-1", "k")
    mail_id = asked.id
    newest = cut(staffed)
    again = taken_up(staffed)
    assert found(again, mail_id).state is MailState.UNCERTAIN
    assert acts(again, newest + 2) == [(newest + 3, "mail_uncertain", "log_cut", mail_id)]
    again.close()


@pytest.mark.slow
def test_a_resend_to_many_is_asked_for_no_further(staffed: Desk, agent: Actor) -> None:
    """An older database doesn't know how far it came."""
    access.add_staff(staffed, SYSTEM, agent.username, "Ana", "", Role.AGENT, PASSWORD)
    checked = bulk.check_serials(staffed, "subscriptions", ["S0000000001"], actor=agent)
    how = (Manner.PER_SYSTEM, Motive.NOT_RECEIVED, "T-1")
    started = bulk.start(staffed, agent, checked, *how, accepting=True)
    newest = cut(staffed)
    again = taken_up(staffed)
    assert acts(again, newest + 2) == [(newest + 3, "bulk_cancelled", "log_cut", started.id)]
    Rounds(again).turn()
    assert again.store.rows("SELECT * FROM ops.outbox") == []
    again.close()


@pytest.mark.slow
def test_a_new_database_in_its_place_is_refused(staffed: Desk) -> None:
    staffed.close()
    (staffed.settings.data / "ops.duckdb").unlink()
    again = open_desk(staffed.settings, behind_too=True)
    with pytest.raises(AppError) as error:
        continuing.go_on(again)
    assert error.value.reason is Reason.DATABASE_BEHIND
    assert again.store.rows("SELECT * FROM ops.audit") == []
    again.close()


def test_a_head_that_no_log_reaches_is_none(staffed: Desk) -> None:
    with (staffed.settings.data / "audit.head").open("a") as heads:
        heads.write(f"{2**63 - 1} {'f' * 64}\n")
    staffed.close()
    again = open_desk(staffed.settings)
    write_rows(again, 1)
    again.close()


@pytest.mark.slow
def test_a_row_with_the_greatest_number_there_is(staffed: Desk) -> None:
    """After it none could be written."""
    newest: int = staffed.store.rows("SELECT max(seq) FROM ops.audit")[0][0]
    staffed.store.rows("UPDATE ops.audit SET seq = ? WHERE seq = 4", [2**63 - 1])
    staffed.close()
    again = open_desk(staffed.settings)
    proof.prepare(again)
    write_rows(again, 1)
    assert again.store.head.seq == newest + 1
    (finding,) = check(again.store).findings
    assert finding == Finding(4, Problem.REORDERED)
    again.close()


@pytest.mark.slow
def test_the_app_opens_it(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = cut(staffed)
    monkeypatch.setenv("MESA_DATA", str(staffed.settings.data))
    process.adopt(None)
    opened = process.desk()
    try:
        assert acts(opened, newest)[0][1] == Action.SEGMENT_OPENED
        last = verifications.last(opened.store)
        assert last
        assert last.finding == Finding(LEFT + 1, Problem.CUT_TAIL)
    finally:
        opened.close()
        process.adopt(None)
