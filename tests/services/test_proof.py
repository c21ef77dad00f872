"""The log's proof as the desk keeps it: verified, signed, erased, and told to managers."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lib import settings
from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.proof import Checked, Finding, Problem, Progress
from lib.services.desk import Desk, open_desk
from lib.services.log import entries, erasing, nightly, proof
from lib.store.log import checkpoints, signing
from tests.services.log_rows import logged
from tests.tampering import proved_log, verdict, write_rows
from tests.waiting import until


def quiet(_: float) -> None:
    pass


def alter(desk: Desk, seq: int) -> None:
    desk.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = ?", [seq])


def refusal(error: pytest.ExceptionInfo[AppError]) -> Reason:
    return error.value.reason


# ---- verification --------------------------------------------------------------------------------


def test_a_verification_is_kept_and_logged(desk: Desk, manager: Actor) -> None:
    newest = proved_log(desk, 3)
    shares: list[float] = []
    checked = proof.verify(desk, manager, shares.append)
    assert (checked.rows, checked.finding, checked.unchecked) == (newest, None, ())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert proof.last(desk, manager) == checked
    (row,) = logged(desk, Action.LOG_VERIFIED)
    assert (row["actor"], row["outcome"], row["detail"]["rows"]) == ("gerente", "ok", newest)


def test_what_is_logged_meanwhile_is_no_finding(desk: Desk, manager: Actor) -> None:
    """A desk at work logs while its log is verified."""
    proved_log(desk, 3)
    entry = Entry(Action.VIEW_SAVED, subject="v")

    def at_work(_: float) -> None:
        desk.store.write(lambda t: t.log(manager, entry))

    assert proof.check(desk, manager, at_work).findings == ()


@pytest.mark.slow
def test_a_finding_is_kept_until_a_verification_is_clean(desk: Desk, manager: Actor) -> None:
    proved_log(desk, 3)
    actor = desk.store.rows("SELECT actor FROM ops.audit WHERE seq = 2")[0][0]
    alter(desk, 2)
    found = Finding(2, Problem.ALTERED)
    assert proof.verify(desk, manager, quiet).finding == found
    last = proof.last(desk, manager)
    assert last
    assert last.finding == found
    desk.store.rows("UPDATE ops.audit SET actor = ? WHERE seq = 2", [actor])
    assert proof.verify(desk, manager, quiet).finding is None
    bad, good = logged(desk, Action.LOG_VERIFIED)
    assert (bad["outcome"], bad["reason"], bad["subject"]) == ("failed", "altered", "2")
    assert good["outcome"] == "ok"


def test_agents_do_not_see_the_proof(desk: Desk, agent: Actor) -> None:
    for ask in (lambda: proof.last(desk, agent), lambda: proof.verify(desk, agent, quiet)):
        with pytest.raises(AppError) as error:
            ask()
        assert refusal(error) is Reason.FORBIDDEN


def test_one_verification_at_a_time(desk: Desk, manager: Actor) -> None:
    write_rows(desk, 1)
    refused: list[Reason] = []

    def ask_again(_: float) -> None:
        try:
            proof.verify(desk, manager, quiet)
        except AppError as error:
            refused.append(error.reason)

    proof.verify(desk, manager, ask_again)
    assert set(refused) == {Reason.VERIFICATION_RUNNING}
    assert len(logged(desk, Action.LOG_VERIFIED)) == 1


def test_one_that_is_given_up_keeps_nothing(desk: Desk, manager: Actor) -> None:
    write_rows(desk, 1)

    def give_up(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        proof.verify(desk, manager, give_up)
    assert proof.last(desk, manager) is None
    assert proof.verify(desk, manager, quiet).finding is None


# ---- a tampered database -------------------------------------------------------------------------


@pytest.mark.slow
def test_a_tampered_desk_opens_and_goes_on_logging(desk: Desk, manager: Actor) -> None:
    """Its newest row too, whose hash the next one takes on."""
    newest = proved_log(desk, 3)
    desk.store.rows("UPDATE ops.audit SET hash = repeat('e', 64) WHERE seq = ?", [newest])
    desk.close()
    again = open_desk(desk.settings)
    proof.prepare(again)
    write_rows(again, 2)
    assert proof.verify(again, manager, quiet).finding == Finding(newest, Problem.ALTERED)
    again.close()


@pytest.mark.parametrize(
    "alter",
    [
        "UPDATE ops.audit SET action = 'nada' WHERE seq = 3",
        "UPDATE ops.audit SET outcome = 'nada' WHERE seq = 3",
        "UPDATE ops.audit_detail SET detail = '{' WHERE seq = 3",
        "UPDATE ops.audit_detail SET detail = '[]' WHERE seq = 3",
    ],
)
def test_an_entry_that_no_desk_wrote_is_refused(desk: Desk, manager: Actor, alter: str) -> None:
    proved_log(desk, 3)
    desk.store.rows(alter)
    with pytest.raises(AppError) as error:
        entries.entry(desk, manager, 3)
    assert refusal(error) is Reason.UNREADABLE_ENTRY
    assert entries.entry(desk, manager, 2).seq == 2


@pytest.mark.slow
def test_rows_put_there_while_no_desk_was_open_are_told_at_the_start(
    desk: Desk, manager: Actor
) -> None:
    """Well made, and the first row logged after them would vouch for them."""
    newest = proved_log(desk, 3)
    heads = desk.settings.data / "audit.head"
    before = heads.read_bytes()
    write_rows(desk, 2)
    heads.write_bytes(before)
    desk.close()
    again = open_desk(desk.settings)
    proof.prepare(again)
    last = proof.last(again, manager)
    assert last
    assert last.finding == Finding(newest + 2, Problem.INSERTED)
    (row,) = logged(again, Action.LOG_VERIFIED)
    assert (row["outcome"], row["reason"], row["subject"]) == (
        "failed",
        "inserted",
        str(newest + 2),
    )
    again.close()


@pytest.mark.slow
def test_a_cut_tail_is_refused_but_can_be_read(desk: Desk) -> None:
    newest = proved_log(desk, 3)
    desk.store.rows("DELETE FROM ops.audit WHERE seq = ?", [newest])
    desk.close()
    with pytest.raises(AppError) as error:
        open_desk(desk.settings)
    assert refusal(error) is Reason.DATABASE_BEHIND
    again = open_desk(desk.settings, behind_too=True)
    assert verdict(again.store) == Finding(newest, Problem.CUT_TAIL)
    again.close()


# ---- keys and checkpoints ------------------------------------------------------------------------


def test_the_first_start_makes_a_key_that_only_the_desk_reads(desk: Desk) -> None:
    proof.prepare(desk)
    proof.prepare(desk)  # the second start has it
    (row,) = logged(desk, Action.LOG_KEY_MADE)
    assert row["subject"] == signing.held_fingerprint(desk.settings.data)
    private = desk.settings.data / "keys" / "log.pem"
    assert private.stat().st_mode & 0o777 == 0o600


def test_a_checkpoint_covers_the_row_that_tells_of_it(desk: Desk) -> None:
    proof.prepare(desk)
    write_rows(desk, 2)
    signed = proof.sign(desk)
    assert signed
    (row,) = logged(desk, Action.CHECKPOINT_SIGNED)
    assert (signed.seq, signed.hash) == (row["seq"], row["hash"])
    assert list(checkpoints.noted(desk.settings.data)) == checkpoints.stored(desk.store) == [signed]


def test_a_stop_is_signed(desk: Desk) -> None:
    proof.prepare(desk)
    proof.sign(desk, Action.APP_STOPPED)
    (row,) = logged(desk, Action.APP_STOPPED)
    assert [each.seq for each in checkpoints.stored(desk.store)] == [row["seq"]]


def test_a_checkpoint_is_due_by_rows_and_by_day(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    proved_log(desk, 1)
    assert not proof.checkpoint_due(desk)
    monkeypatch.setattr(proof, "EVERY_ROWS", 2)
    write_rows(desk, 1)
    assert not proof.checkpoint_due(desk)
    write_rows(desk, 1)
    assert proof.checkpoint_due(desk)
    monkeypatch.setattr(proof, "EVERY_ROWS", 1000)
    assert not proof.checkpoint_due(desk)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert proof.checkpoint_due(desk)


def test_a_lost_key_is_replaced_and_what_it_signed_still_checked(desk: Desk) -> None:
    proved_log(desk, 1)
    old = signing.held_fingerprint(desk.settings.data)
    (desk.settings.data / "keys" / "log.pem").unlink()
    assert proof.sign(desk) is None
    proof.prepare(desk)
    signed = proof.sign(desk)
    assert signed
    assert signed.key != old
    assert verdict(desk.store) is None


def test_without_the_public_key_it_says_what_it_cannot_check(desk: Desk, manager: Actor) -> None:
    proved_log(desk, 1)
    lost = signing.held_fingerprint(desk.settings.data)
    for file in (desk.settings.data / "keys").glob("log*"):
        file.unlink()
    checked = proof.verify(desk, manager, quiet)
    assert (checked.finding, checked.unchecked) == (None, (lost,))
    alter(desk, 2)
    assert verdict(desk.store) == Finding(2, Problem.ALTERED)


def test_a_key_somebody_put_there_signs_nothing(desk: Desk, manager: Actor) -> None:
    newest = proved_log(desk, 1)
    signing.make(desk.settings.data)
    signing.settle(desk.settings.data)
    proof.prepare(desk)
    assert proof.sign(desk) is None
    proof.sign(desk, Action.APP_STOPPED)  # it is logged all the same
    assert proof.verify(desk, manager, quiet).finding == Finding(newest + 1, Problem.WRONG_KEY)


def test_a_key_made_by_a_start_that_died_comes_into_use(desk: Desk) -> None:
    made = signing.make(desk.settings.data)
    proof._record_key(desk, made.fingerprint)
    proof.prepare(desk)
    assert signing.held_fingerprint(desk.settings.data) == made.fingerprint
    assert len(logged(desk, Action.LOG_KEY_MADE)) == 1


def test_keys_of_a_desk_whose_database_is_new_are_taken_on(tmp_path: Path, desk: Desk) -> None:
    proof.prepare(desk)
    kept = signing.held_fingerprint(desk.settings.data)
    other = open_desk(settings.read({"MESA_DATA": str(tmp_path / "other")}))
    (desk.settings.data / "keys").rename(other.settings.data / "keys")
    proof.prepare(other)
    assert logged(other, Action.LOG_KEY_MADE)[0]["subject"] == kept
    other.close()


# ---- at night ------------------------------------------------------------------------------------


def at_office(monkeypatch: pytest.MonkeyPatch, hour: int, day: int = 22) -> None:
    """The office is six hours behind UTC."""
    now = datetime(2030, 1, day, hour) + timedelta(hours=6)  # noqa: DTZ001
    monkeypatch.setattr(clock, "now", lambda: now)


def test_a_verification_is_due_once_each_night(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_office(monkeypatch, 2)
    assert not proof.verification_due(desk)
    at_office(monkeypatch, 3)
    assert proof.verification_due(desk)
    proof.verify(desk, manager, quiet)
    at_office(monkeypatch, 23)
    assert not proof.verification_due(desk)
    at_office(monkeypatch, 2, 23)
    assert not proof.verification_due(desk)
    at_office(monkeypatch, 9, 23)
    assert proof.verification_due(desk)


def test_the_night_signs_and_verifies_by_itself(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_office(monkeypatch, 4)
    proof.prepare(desk)
    write_rows(desk, 1)
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    until(lambda: proof.last(desk, manager) is not None)
    thread.stop()
    assert [row["actor"] for row in logged(desk, Action.LOG_VERIFIED)] == [SYSTEM.username]
    assert len(logged(desk, Action.CHECKPOINT_SIGNED)) == 1


def test_a_start_verifies_whatever_was_done_today(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_office(monkeypatch, 9)
    proved_log(desk, 2)
    proof.verify(desk, manager, quiet)
    alter(desk, 3)
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    until(lambda: logged_now(desk) == 2)
    thread.stop()
    last = proof.last(desk, manager)
    assert last
    assert last.finding == Finding(3, Problem.ALTERED)


def logged_now(desk: Desk) -> int:
    """Verifications in the log, whatever its state."""
    count = "SELECT count(*) FROM ops.audit WHERE action = 'log_verified'"
    return int(desk.store.rows(count)[0][0])


def test_a_desk_that_closes_does_not_wait_for_a_verification(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_office(monkeypatch, 4)
    begun = threading.Event()

    def endless(_desk: Desk, _actor: Actor, progress: Progress) -> Checked:
        begun.set()
        while True:
            progress(0.5)

    monkeypatch.setattr(proof, "check", endless)
    thread = nightly.Nightly(desk, look_s=0.01)
    thread.start()
    assert begun.wait(30)
    thread.stop()
    assert proof.last(desk, manager) is None
    assert not desk.verifying.locked()


def test_after_a_clock_set_back_the_newest_is_the_one_done_last(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_office(monkeypatch, 4, 23)
    proof.verify(desk, manager, quiet)
    at_office(monkeypatch, 4, 22)
    newer = proof.verify(desk, manager, quiet)
    assert proof.last(desk, manager) == newer


# ---- erasing -------------------------------------------------------------------------------------


def test_an_account_s_details_are_erased_on_the_record(desk: Desk, admin: Actor) -> None:
    proved_log(desk, 6)
    assert erasing.erase(desk, admin, " 00000001 ") == 2
    assert verdict(desk.store) is None
    (row,) = logged(desk, Action.DETAILS_ERASED)
    assert (row["actor"], row["account_no"], row["detail"]) == (
        "admin",
        "00000001",
        {"details": 2, "mails": 0},
    )
    there = desk.store.rows("SELECT detail FROM ops.audit_detail ORDER BY seq")
    assert not any("Persona 1" in detail or "Persona 4" in detail for (detail,) in there)
    assert any("Persona 2" in detail for (detail,) in there)


def test_what_is_missing_after_the_record_is_a_finding(desk: Desk, admin: Actor) -> None:
    proved_log(desk, 3)
    erasing.erase(desk, admin, "00000001")
    write_rows(desk, 2)
    newest = desk.store.rows("SELECT max(seq) FROM ops.audit WHERE account_no = '00000001'")[0][0]
    desk.store.rows("DELETE FROM ops.audit_detail WHERE seq = ?", [newest])
    assert verdict(desk.store) == Finding(newest, Problem.DETAIL_MISSING)


def test_what_is_missing_of_another_account_is_a_finding(desk: Desk, admin: Actor) -> None:
    proved_log(desk, 3)
    desk.store.rows("DELETE FROM ops.audit_detail WHERE seq = 2")  # of 00000000
    erasing.erase(desk, admin, "00000001")
    assert verdict(desk.store) == Finding(2, Problem.DETAIL_MISSING)


@pytest.mark.parametrize("account_no", ["", " ", "99999999"])
def test_nothing_to_erase_is_said_and_not_logged(desk: Desk, admin: Actor, account_no: str) -> None:
    proved_log(desk, 1)
    with pytest.raises(AppError) as error:
        erasing.erase(desk, admin, account_no)
    assert refusal(error) is Reason.NOTHING_TO_ERASE
    assert logged(desk, Action.DETAILS_ERASED) == []


def test_managers_erase_nothing(desk: Desk, manager: Actor) -> None:
    with pytest.raises(AppError) as error:
        erasing.erase(desk, manager, "00000001")
    assert refusal(error) is Reason.FORBIDDEN
