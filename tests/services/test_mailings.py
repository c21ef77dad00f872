"""What the desk mails of its own accord: the head each day, the figures each week, each once."""

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email.message import EmailMessage

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.period import Period
from lib.model.report import parse
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.doors import access
from lib.services.log import board, mailings, proof, reporting
from lib.services.log.mailings import Mailings
from lib.services.outgoing.delivery import Worker
from lib.store.log import checkpoints
from lib.store.log.audit import read_head
from tests.mail.letters import body
from tests.mail.server import Behaviour
from tests.services.board_rows import COI, SAE, accepted, ask, at, mail
from tests.services.log_rows import logged
from tests.waiting import until

Served = tuple[Behaviour, int]
Work = Callable[..., Worker]
MONDAY = at(23, 14)  # 08:00 at the office
WEEK = Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))


@pytest.fixture
def staffed(mail_desk: Desk, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two managers, one without an e-mail, and an administrator; it is Monday at eight."""
    monkeypatch.setattr(clock, "now", lambda: at(9))
    people = (("gerente", "gerente@example.com", Role.MANAGER), ("mudo", "", Role.MANAGER))
    for name, email, role in (*people, ("admin", "admin@example.com", Role.ADMIN)):
        access.add_staff(mail_desk, SYSTEM, name, name.title(), email, role, "frase probada")
    set_clock(monkeypatch, MONDAY)
    return mail_desk


def set_clock(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", lambda: clock.at_office(now).date())


def queued(desk: Desk, kind: MailKind) -> list[str]:
    rows = desk.store.rows("SELECT recipient FROM ops.outbox WHERE kind = ?", [kind.value])
    return [row[0] for row in rows]


def arrived(smtp: Served, several: int = 1) -> EmailMessage:
    return until(lambda: mails[-1] if len(mails := smtp[0].mails) >= several else None)


# ---- the head --------------------------------------------------------------------------------


def test_the_mail_holds_the_very_head(staffed: Desk, smtp: Served, work: Work) -> None:
    proof.prepare(staffed)
    work(staffed)
    assert mailings.mail_head(staffed)
    text = body(arrived(smtp), "plain")
    [row] = logged(staffed, Action.HEAD_MAILED)
    assert f"Renglón: {row['seq']}\r\nHuella (SHA-256): {row['hash']}" in text
    assert f"python -m lib verify --head {row['seq']} {row['hash']}" in text
    assert row["detail"] == {"recipients": "gerente@example.com"}
    signed = next(c for c in checkpoints.noted(staffed.settings.data) if c.seq == row["seq"])
    assert signed.hash == row["hash"]
    assert signed.signature in text
    assert signed.key in text
    html = body(smtp[0].mails[0], "html")
    assert all(value in html for value in (row["hash"], signed.signature, signed.key))


def test_it_goes_once_a_day_also_after_a_restart(
    staffed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [mailings.mail_head(staffed) for _ in range(3)] == [True, False, False]
    set_clock(monkeypatch, MONDAY + dt.timedelta(hours=15, minutes=59))
    assert not mailings.mail_head(staffed)
    set_clock(monkeypatch, MONDAY + dt.timedelta(days=1))
    assert mailings.mail_head(staffed)
    assert queued(staffed, MailKind.LOG_HEAD) == ["gerente@example.com"] * 2


def test_a_desk_opened_again_mails_nothing_twice(staffed: Desk) -> None:
    ask(staffed, at(17))
    assert (mailings.mail_head(staffed), mailings.mail_week(staffed)) == (True, True)
    staffed.close()
    again = open_desk(staffed.settings)
    assert (mailings.mail_head(again), mailings.mail_week(again)) == (False, False)
    assert len(queued(again, MailKind.LOG_HEAD) + queued(again, MailKind.WEEKLY_REPORT)) == 2
    again.close()


def test_of_many_at_once_one_does(staffed: Desk) -> None:
    with ThreadPoolExecutor(8) as several:
        done = list(several.map(lambda _: mailings.mail_head(staffed), range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert len(queued(staffed, MailKind.LOG_HEAD)) == 1


def test_nothing_leaves_before_seven(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, MONDAY - dt.timedelta(hours=1, minutes=1))
    assert not mailings.mail_head(staffed)
    assert not mailings.mail_week(staffed)


def test_without_anybody_to_tell_nothing_is_done(
    mail_desk: Desk, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, MONDAY)
    assert not mailings.mail_head(mail_desk)
    access.add_staff(mail_desk, SYSTEM, "adela", "A", "a@example.com", Role.ADMIN, "frase probada")
    assert mailings.mail_head(mail_desk), "administrators, when no manager can be told"
    assert queued(mail_desk, MailKind.LOG_HEAD) == ["a@example.com"]


def test_it_says_what_the_last_verification_found(
    staffed: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailings.mail_head(staffed)
    proof.verify(staffed, manager, lambda _: None)
    set_clock(monkeypatch, MONDAY + dt.timedelta(days=1))
    mailings.mail_head(staffed)
    staffed.store.rows("UPDATE ops.audit SET actor = 'otra' WHERE seq = 2")
    proof.verify(staffed, manager, lambda _: None)
    set_clock(monkeypatch, MONDAY + dt.timedelta(days=2))
    mailings.mail_head(staffed)
    rows = staffed.store.rows("SELECT payload FROM ops.outbox ORDER BY requested_at")
    said = [json.loads(row[0])["verdict"] for row in rows]
    assert said[0] == "todavía no se ha hecho ninguna."
    assert said[1].startswith("23/11/2026 a las 08:00, ")
    assert said[1].endswith(" renglones: no encontró nada.")
    assert "encontró un problema en el renglón 2." in said[2]


def test_without_a_key_the_head_goes_unsigned(staffed: Desk, smtp: Served, work: Work) -> None:
    work(staffed)
    assert mailings.mail_head(staffed)
    text = body(arrived(smtp), "plain")
    with staffed.store.cursor() as cursor:
        assert read_head(cursor, 0).seq > 0
    assert "Huella (SHA-256): " in text
    assert "Firma (Ed25519)" not in text


# ---- the week --------------------------------------------------------------------------------


def test_the_week_is_the_last_whole_one() -> None:
    days = [dt.date(2026, 11, 23), dt.date(2026, 11, 29), dt.date(2026, 11, 22)]
    assert [reporting.week_before(day).first.day for day in days] == [16, 16, 9]


@pytest.mark.slow
def test_the_mail_says_what_tablero_counts(staffed: Desk, smtp: Served, work: Work) -> None:
    for when, serial in ((at(12), SAE), (at(16), SAE), (at(17), COI)):
        ask(staffed, when, serial)
    mail(staffed, "m1", at(17))
    accepted(staffed, "m1", at(17, 18, 1))
    ask(staffed, at(20), "<script>")
    work(staffed)
    assert mailings.mail_week(staffed)
    found = arrived(smtp)
    counted = board.figures(staffed, SYSTEM, WEEK)
    html, text = body(found, "html"), body(found, "plain")
    assert (counted.resends.now, counted.resends.before) == (3, 1)
    assert "Reenvíos: 3 (antes: 1; +200 %)" in text
    assert "Repetidos: 1 (antes: 0)" in text
    assert "Espera (mediana): 1 min 0 s (antes: —)" in text
    assert "16/11/2026 a 22/11/2026, comparado con 09/11/2026 a 15/11/2026" in text
    for label in ("lun 16 nov", "SAE", "No recibió el correo", "Aceptado por el servidor", "ana"):
        assert label in text
        assert label in html
    [row] = logged(staffed, Action.REPORT_MAILED)
    assert row["subject"] == "week/2026-W47"
    assert row["detail"]["recipients"] == "gerente@example.com"


@pytest.mark.slow
def test_its_charts_come_along_and_are_told_in_words(
    staffed: Desk, smtp: Served, work: Work
) -> None:
    ask(staffed, at(17))
    work(staffed)
    mailings.mail_week(staffed)
    found = arrived(smtp)
    images = {part["Content-ID"]: part for part in found.walk()
              if part.get_content_type() == "image/png"}  # fmt: skip
    html = body(found, "html")
    assert {"<day>", "<product>", "<reason>", "<agent>"} <= set(images)
    for name, part in images.items():
        assert html.count(f'src="cid:{name.strip("<>")}"') == 1
        assert part.get_content().startswith(b"\x89PNG")
        assert part.get_content_disposition() == "inline"
    assert html.count("<img ") == len(images) == html.count('alt="Gráfica: ')


def test_once_a_week_whatever_day_the_desk_is_on_again(
    staffed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(staffed, at(17))
    set_clock(monkeypatch, at(26, 9))  # Thursday, 03:00 at the office
    assert [mailings.mail_week(staffed) for _ in range(3)] == [True, False, False]
    set_clock(monkeypatch, at(30, 12, 59))
    assert not mailings.mail_week(staffed)
    set_clock(monkeypatch, at(30, 13))
    assert mailings.mail_week(staffed)
    assert len(queued(staffed, MailKind.WEEKLY_REPORT)) == 2


def test_a_desk_that_wasn_t_there_tells_nothing(
    desk: Desk, cheap_passwords: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, MONDAY)
    access.add_staff(desk, SYSTEM, "gema", "G", "g@example.com", Role.MANAGER, "frase probada")
    assert not mailings.mail_week(desk)


@pytest.mark.slow
def test_tried_again_it_says_the_same(staffed: Desk, smtp: Served, work: Work) -> None:
    """What is counted stands in the outbox: rows that come meanwhile change nothing."""
    ask(staffed, at(17))
    mailings.mail_week(staffed)
    ask(staffed, at(18))
    work(staffed)
    assert "Reenvíos: 1 (" in body(arrived(smtp), "plain")


def test_a_report_survives_its_outbox(staffed: Desk) -> None:
    ask(staffed, at(17))
    report = reporting.made(staffed, SYSTEM, WEEK)
    assert parse(report.to_json()) == report
    assert replace(report, title="x") != report


def test_a_manager_may_have_any_period_mailed(
    staffed: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(staffed, at(17))
    assert [mailings.send_me(staffed, manager, WEEK) for _ in range(2)] == [True, False]
    set_clock(monkeypatch, MONDAY + dt.timedelta(minutes=1))
    assert mailings.send_me(staffed, manager, WEEK)
    assert queued(staffed, MailKind.WEEKLY_REPORT) == ["gerente@example.com"] * 2
    rows = logged(staffed, Action.REPORT_MAILED)
    assert [row["actor"] for row in rows] == ["gerente"] * 2
    assert rows[0]["detail"]["period"] == "16/11/2026 a 22/11/2026"
    mute = replace(manager, username="mudo")
    with pytest.raises(AppError) as refused:
        mailings.send_me(staffed, mute, WEEK)
    assert refused.value.reason is Reason.NO_OWN_ADDRESS


def test_agents_don_t_send_reports(staffed: Desk, agent: Actor) -> None:
    report = reporting.made(staffed, SYSTEM, WEEK)
    for act in (
        lambda: reporting.made(staffed, agent, WEEK),
        lambda: mailings.send_report(staffed, agent, report, "k"),
        lambda: mailings.send_me(staffed, agent, WEEK),
    ):
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.reason is Reason.FORBIDDEN


def test_the_thread_does_both(staffed: Desk) -> None:
    thread = Mailings(staffed, look_s=0.01)
    thread.start()
    try:
        until(lambda: len(logged(staffed, Action.HEAD_MAILED, Action.REPORT_MAILED)) == 2)
    finally:
        thread.stop()
    assert len(queued(staffed, MailKind.LOG_HEAD)) == 1
