"""A banner over every page of who can put it right: mail doesn't leave, why, and since when."""

import streamlit as st

from lib.model.actor import Actor
from lib.model.mail_queue import Way
from lib.model.outbox import CONFIGURATION, MailProblem
from lib.services.desk import Desk
from lib.services.outgoing import pauses
from lib.services.outgoing.pauses import Trouble
from lib.ui.mail import mail_state, mail_words

_CLOCK_RIGHT = "La hora es correcta"
_TRY_NOW = "Reintentar ahora"
_REMEDIES = {
    MailProblem.CLOCK_BACK: "Corrige la hora de este equipo.",
    MailProblem.NO_CDA_KEY: "Recupera la llave de tu respaldo, o define MESA_CDA_KEY y reinicia.",
}


def draw(desk: Desk, actor: Actor) -> None:
    """Nothing while all is well. Raises AppError(FORBIDDEN)."""
    for trouble in pauses.troubles(desk, actor):
        with st.container(key=f"shell_trouble_{trouble.way.value}"):
            if trouble.way is Way.MAIL:
                _mail(desk, actor, trouble)
            else:
                st.warning(_account(trouble), icon=":material/inbox:")


def _mail(desk: Desk, actor: Actor, trouble: Trouble) -> None:
    said, act = st.columns([4, 1], vertical_alignment="center")
    said.error(_paused(trouble), icon=":material/pause_circle:")
    back = trouble.problem is MailProblem.CLOCK_BACK
    label = _CLOCK_RIGHT if back else _TRY_NOW
    if act.button(label, key="shell.try_mail_now", width="stretch"):
        pauses.try_now(desk, actor)
        # Not a toast: it would lie over the button, and stay for as long as the mouse rests there.
        act.caption("Se está reintentando el envío.")


def _paused(trouble: Trouble) -> str:
    return (
        f"**Los correos están en pausa desde {_when(trouble)}.** "
        f"{mail_words.MAIL_PROBLEMS[trouble.problem]}. {_waiting(trouble.waiting)} "
        f"{_what_to_do(trouble.problem)}"
    )


def _what_to_do(problem: MailProblem) -> str:
    if problem in _REMEDIES:
        return _REMEDIES[problem]
    if problem in CONFIGURATION:
        return "Corrige el servidor, o MESA_SMTP_* y MESA_MAIL_* y reinicia la mesa."
    return "Se reintenta solo, cada minuto o antes."


def _when(trouble: Trouble) -> str:
    at = mail_state.moment(trouble.since)
    return f"las {at}" if len(at) == len("00:00") else f"el {at}"


def _waiting(count: int) -> str:
    if count == 0:
        return "Ningún correo espera por ahora."
    if count == 1:
        return "Espera 1 correo; no se pierde."
    return f"Esperan {count:,} correos; ninguno se pierde."


def _account(trouble: Trouble) -> str:
    problem = mail_words.IMAP_PROBLEMS.get(trouble.problem, "no se puede leer")
    return (
        f"**El buzón de archivo y devoluciones {problem}** desde "
        f"{_when(trouble)}: los correos inciertos y los rebotes esperan. "
        "Revisa MESA_IMAP_*; se intenta cada minuto."
    )
