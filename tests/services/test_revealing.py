"""A CDA shown to a manager: with a reason, half a minute, a few in an hour, and in the log."""

import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.reveal import RevealMotive, Shown
from lib.services.desk import Desk
from lib.services.records import revealing
from tests.services.log_rows import logged

SERIAL, CODE = "S0000000001", "LIVE1-AAAAA-BBBBB-CCCCC"
BOTH = (Action.CDA_REVEALED, Action.REVEAL_LIMIT_REACHED)


def see(desk: Desk, actor: Actor, key: str = "k1", serial: str = SERIAL) -> Shown:
    return revealing.reveal(desk, actor, serial, RevealMotive.COMPARE, " T-9 ", key)


def refused(act: Callable[[], object]) -> AppError:
    with pytest.raises(AppError) as refusal:
        act()
    return refusal.value


def limited(desk: Desk, most: int) -> Desk:
    return dataclasses.replace(
        desk, settings=dataclasses.replace(desk.settings, reveals_per_hour=most)
    )


@contextmanager
def moved(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> Iterator[None]:
    """The clock set forward or back."""
    real = clock.now
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: real() + by)
        yield


# ---- before it -----------------------------------------------------------------------------------


def test_the_window_tells_of_the_system_and_how_many_are_left(desk: Desk, manager: Actor) -> None:
    offer = revealing.prepare(desk, manager, SERIAL)
    assert (offer.system.product, offer.account_name) == ("SAE", "Héctor Villaseñor Muñoz")
    assert (offer.issue.cause, offer.left, offer.most) == ("Desbloqueo", 10, 10)
    assert "LIVE1" not in repr(offer)
    see(desk, manager, offer.key)
    assert revealing.prepare(desk, manager, SERIAL).left == 9
    assert len(logged(desk)) == 1


@pytest.mark.parametrize(
    ("serial", "reason"),
    [
        ("S9999999999", Reason.UNKNOWN_SERIAL),
        ("C0000000001", Reason.PRINTED_ON_CERTIFICATE),
        ("L0000000002", Reason.NO_CODE),
    ],
)
def test_what_has_no_code_here_is_refused(
    desk: Desk, manager: Actor, serial: str, reason: Reason
) -> None:
    desk.store.write(
        lambda t: t.run(
            "INSERT INTO ops.certificate VALUES"
            " ('F1', 'C0000000001', 'SAE', '9.0', 1, NULL, 'Ana', '', '', '', 'b1')"
        )
    )
    assert refused(lambda: revealing.prepare(desk, manager, serial)).reason is reason
    assert refused(lambda: see(desk, manager, serial=serial)).reason is reason
    assert logged(desk) == []


def test_an_agent_sees_none_and_the_try_is_logged(desk: Desk, agent: Actor, manager: Actor) -> None:
    see(desk, manager)
    acts: list[Callable[[], object]] = [
        lambda: see(desk, agent, "k2"),
        lambda: revealing.prepare(desk, agent, SERIAL),
        lambda: revealing.again(desk, agent, "k1"),
    ]
    assert {refused(act).reason for act in acts} == {Reason.FORBIDDEN}
    tried = logged(desk)[-1]
    assert (tried["action"], tried["outcome"]) == ("cda_revealed", "refused")
    assert (tried["actor"], tried["serial"], tried["reason"]) == ("agente", SERIAL, "forbidden")


@pytest.mark.parametrize(
    ("motive", "ticket", "key", "reason"),
    [
        ("", "T-9", "k1", Reason.MISSING_MOTIVE),
        ("not_received", "T-9", "k1", Reason.MISSING_MOTIVE),
        ("compare", "  ", "k1", Reason.MISSING_TICKET),
        ("compare", "x" * 41, "k1", Reason.BAD_TICKET),
        ("compare", "a\nb", "k1", Reason.BAD_TICKET),
        ("compare", "T-9", "", Reason.STALE_DIALOG),
        ("compare", "T-9", "k" * 65, Reason.STALE_DIALOG),
    ],
)
def test_without_a_reason_and_a_ticket_nothing_is_shown(
    desk: Desk, manager: Actor, motive: str, ticket: str, key: str, reason: Reason
) -> None:
    act = lambda: revealing.reveal(desk, manager, SERIAL, motive, ticket, key)  # noqa: E731
    assert refused(act).reason is reason
    assert logged(desk) == []


# ---- shown ---------------------------------------------------------------------------------------


def test_the_newest_code_is_shown_and_logged_without_it(desk: Desk, manager: Actor) -> None:
    shown = see(desk, manager)
    assert (shown.code, shown.left_s) == (CODE, 30)
    [row] = logged(desk)
    assert (row["action"], row["actor"], row["outcome"]) == ("cda_revealed", "gerente", "ok")
    assert (row["serial"], row["account_no"]) == (SERIAL, "00000001")
    assert (row["reason"], row["ticket"], row["subject"]) == ("compare", "T-9", "k1")
    assert "LIVE1" not in json.dumps(row, default=str)
    assert "LIVE1" not in repr(shown)


def test_it_is_nowhere_on_disk(desk: Desk, manager: Actor) -> None:
    see(desk, manager)
    desk.store.rows("CHECKPOINT ops")
    files = [file for file in desk.settings.data.rglob("*") if file.is_file()]
    assert len(files) > 3
    assert [file for file in files if b"LIVE1" in file.read_bytes()] == []


def test_the_window_may_ask_again_while_its_time_lasts(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    see(desk, manager)
    with moved(monkeypatch, dt.timedelta(seconds=20)):
        again = revealing.again(desk, manager, "k1")
        assert again.code == CODE
        assert 5 < again.left_s <= 10
    for seconds in (30, 3_500, 7_200, -60):  # a clock set back shows nothing for longer
        with moved(monkeypatch, dt.timedelta(seconds=seconds)):
            error = refused(lambda: revealing.again(desk, manager, "k1"))
            assert error.reason is Reason.REVEAL_OVER
    assert len(logged(desk)) == 1


def test_another_person_or_session_gets_nothing_under_that_key(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    see(desk, manager)
    elsewhere = dataclasses.replace(manager, session="s-otra")
    acts: list[Callable[[], object]] = [
        lambda: revealing.again(desk, admin, "k1"),
        lambda: revealing.again(desk, elsewhere, "k1"),
        lambda: see(desk, admin),
        lambda: revealing.again(desk, manager, "k2"),
    ]
    assert {refused(act).reason for act in acts} == {Reason.REVEAL_OVER}
    other = refused(lambda: see(desk, manager, serial="S0000000002"))
    assert other.reason is Reason.STALE_DIALOG
    assert len(logged(desk)) == 1


def test_a_double_click_is_one_reveal(desk: Desk, manager: Actor) -> None:
    start, codes = threading.Barrier(10), []

    def click() -> None:
        start.wait()
        codes.append(see(desk, manager).code)

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [CODE] * 10
    assert len(logged(desk)) == 1


def test_a_code_that_does_not_open_is_neither_shown_nor_counted(desk: Desk, manager: Actor) -> None:
    (desk.settings.data / "keys" / "cda.key").unlink()
    assert refused(lambda: see(desk, manager)).reason is Reason.CDA_KEY_MISSING
    assert logged(desk) == []


# ---- not too often -------------------------------------------------------------------------------


def test_above_the_limit_it_is_refused_and_an_alert_is_logged(desk: Desk, manager: Actor) -> None:
    few = limited(desk, 2)
    see(few, manager, "k1")
    see(few, manager, "k2", "S0000000002")
    assert revealing.prepare(few, manager, SERIAL).left == 0
    error = refused(lambda: see(few, manager, "k3"))
    assert error.reason is Reason.TOO_MANY_REVEALS
    assert error.facts == {"most": 2, "wait_min": 60}
    alert = logged(few, *BOTH)[-1]
    assert (alert["action"], alert["outcome"]) == ("reveal_limit_reached", "refused")
    assert (alert["actor"], alert["serial"], alert["ticket"]) == ("gerente", SERIAL, "T-9")
    assert alert["detail"] == {"most": 2}
    assert refused(lambda: revealing.again(few, manager, "k3")).reason is Reason.REVEAL_OVER


def test_the_limit_is_each_person_s_own(desk: Desk, manager: Actor, admin: Actor) -> None:
    few = limited(desk, 1)
    see(few, manager, "k1")
    assert see(few, admin, "k2").code == CODE
    assert refused(lambda: see(few, manager, "k3")).reason is Reason.TOO_MANY_REVEALS


def test_after_an_hour_there_is_room_again(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = limited(desk, 1)
    see(few, manager, "k1")
    with moved(monkeypatch, dt.timedelta(minutes=59)):
        error = refused(lambda: see(few, manager, "k2"))
        assert (error.reason, error.facts["wait_min"]) == (Reason.TOO_MANY_REVEALS, 1)
    with moved(monkeypatch, dt.timedelta(minutes=61)):
        assert see(few, manager, "k3").code == CODE


def test_many_at_once_don_t_pass_the_limit(desk: Desk, manager: Actor) -> None:
    few, start, answers = limited(desk, 3), threading.Barrier(12), []

    def click(number: int) -> None:
        start.wait()
        try:
            answers.append(see(few, manager, f"k{number}").code)
        except AppError as error:
            answers.append(error.reason)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, answers)) == [CODE] * 3 + ["too_many_reveals"] * 9
    assert len(logged(few, Action.CDA_REVEALED)) == 3
    assert len(logged(few, Action.REVEAL_LIMIT_REACHED)) == 9


def test_a_clock_set_back_and_right_again_makes_no_room(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = limited(desk, 2)
    see(few, manager, "k1")
    with moved(monkeypatch, -dt.timedelta(hours=3)):
        see(few, manager, "k2", "S0000000002")
        assert refused(lambda: see(few, manager, "k3")).reason is Reason.TOO_MANY_REVEALS
    assert refused(lambda: see(few, manager, "k4")).reason is Reason.TOO_MANY_REVEALS
