"""The banner of an administrator: mail doesn't leave, why, since when, how many wait."""

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import clock
from lib.model.action import Action
from lib.model.mail_queue import Way
from lib.model.outbox import MailProblem
from lib.services.desk import Desk
from lib.services.resends import resending
from lib.store.mail import mail_queue
from lib.ui.mail import mail_words
from tests.services.log_rows import logged
from tests.ui.test_shell import enter, opened, script

TRY_NOW = "Reintentar ahora"


def stop(desk: Desk, problem: MailProblem, way: Way = Way.MAIL, times: int = 1) -> None:
    for _ in range(times):
        desk.store.write(lambda t: mail_queue.stop(t, problem, t.now + dt.timedelta(hours=1), way))


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.main.button]


def test_nothing_is_said_while_mail_flows(served: Desk) -> None:
    app = enter(opened(), "admin")
    assert TRY_NOW not in buttons(app)
    assert len(app.error) == len(app.warning) == 0


PAGE = """
from lib.model.roles import Permission
from lib.ui import shell
shell.enter("Prueba", ":material/lock:", Permission.FIND)
"""


@pytest.mark.parametrize("page", ["Inicio", "any other"])
def test_every_page_of_an_administrator_says_it(served: Desk, tmp_path: Path, page: str) -> None:
    """What stands in every page's first statement (test_shell.py) says it."""
    stop(served, MailProblem.BAD_LOGIN)
    app = enter(opened() if page == "Inicio" else opened(script(tmp_path, PAGE)), "admin")
    said = [error.value for error in app.error]
    since = f"{clock.at_office(clock.now()):%H}:"
    assert any(
        s.startswith(f"**Los correos están en pausa desde las {since}")
        and mail_words.MAIL_PROBLEMS[MailProblem.BAD_LOGIN] in s
        for s in said
    )
    assert TRY_NOW in buttons(app)


@pytest.mark.parametrize("username", ["agente", "gerente"])
def test_nobody_else_is_told(served: Desk, username: str) -> None:
    stop(served, MailProblem.BAD_LOGIN)
    app = enter(opened(), username)
    assert TRY_NOW not in buttons(app)
    assert len(app.error) == 0


@pytest.mark.slow
def test_the_button_tries_now(served: Desk, agent: object) -> None:
    resending.resend(served, agent, "S0000000001", "other", "", "k1")  # type: ignore[arg-type]
    stop(served, MailProblem.BAD_LOGIN)
    served.mail_waiting.clear()
    app = enter(opened(), "admin")
    assert "Espera 1 correo; no se pierde." in app.error[0].value
    next(b for b in app.main.button if b.label == TRY_NOW).click().run()
    assert not app.exception
    [row] = logged(served, Action.MAIL_PROBED)
    assert (row["actor"], row["reason"]) == ("admin", "bad_login")
    assert served.mail_waiting.is_set()
    pause = mail_queue.pause(served.store)
    assert pause is not None
    assert pause.probe_at <= clock.now()


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (MailProblem.NO_CDA_KEY, "Recupera la llave de tu respaldo"),
        (MailProblem.CLOCK_BACK, "Corrige la hora de este equipo."),
        (MailProblem.BAD_CERTIFICATE, "Corrige el servidor, o MESA_SMTP_*"),
    ],
)
def test_it_says_what_to_do(served: Desk, problem: MailProblem, words: str) -> None:
    stop(served, problem)
    assert words in enter(opened(), "admin").error[0].value


@pytest.mark.slow
def test_a_server_that_is_down_is_told_when_it_stays_so(served: Desk) -> None:
    stop(served, MailProblem.UNREACHABLE)
    assert len(enter(opened(), "admin").error) == 0
    stop(served, MailProblem.TIMED_OUT)  # another face of the same trouble
    [error] = enter(opened(), "admin").error
    assert "Se reintenta solo" in error.value


def test_a_clock_set_back_asks_whether_it_is_right(served: Desk) -> None:
    stop(served, MailProblem.CLOCK_BACK)
    app = enter(opened(), "admin")
    assert "La hora es correcta" in buttons(app)


@pytest.mark.slow
def test_the_account_with_the_archive_has_words_of_its_own(served: Desk) -> None:
    stop(served, MailProblem.UNREACHABLE, Way.IMAP)
    assert len(enter(opened(), "admin").warning) == 0  # once may pass by itself
    stop(served, MailProblem.UNREACHABLE, Way.IMAP)
    [warning] = enter(opened(), "admin").warning
    assert warning.value.startswith("**El buzón de archivo y devoluciones no responde** desde las ")


def test_each_trouble_of_the_account_has_words() -> None:
    from lib.mail.imap import _PROBLEMS  # the list it names them by

    assert {problem for _, problem in _PROBLEMS} <= set(mail_words.IMAP_PROBLEMS)
