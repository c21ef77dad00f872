"""Inicio: what this person asked a manager for, and the answers of the last days."""

import streamlit as st

from lib.model.approval import Answer
from lib.model.outbox import PENDING, MailState
from lib.services import approvals
from lib.services.approvals import Asked
from lib.ui import facts, identity, mail_state, messages, process, shell
from lib.ui.plain import plain

_WHILE_OPEN = "2s"  # how often a list with something that waits looks again
_OPEN = PENDING | {MailState.HELD}
_COLOURS = {
    Answer.WAITING: "orange",
    Answer.APPROVED: "green",
    Answer.REJECTED: "red",
    Answer.EXPIRED: "gray",
}


def draw() -> None:
    """Nothing at all for somebody who asked for nothing."""
    with shell.guarded():
        mine = approvals.asked(process.desk(), shell.actor())
        if not mine:
            return
        st.header("Tus solicitudes de aprobación", anchor=False)
        every = _WHILE_OPEN if _is_open(mine) else None
        st.fragment(_list, run_every=every)(every is not None)


def _list(was_open: bool) -> None:
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        mine = approvals.asked(process.desk(), identity.actor(touch=False))
        if was_open and not _is_open(mine):
            st.rerun()  # the last answer is in: stop looking
        for each in mine:
            _request(each)


def _is_open(mine: list[Asked]) -> bool:
    return any(each.delivery.state in _OPEN for each in mine)


def _request(asked: Asked) -> None:
    approval, delivery = asked.approval, asked.delivery
    answer = messages.ANSWER_NAMES[approval.state]
    with st.container(border=True, key=f"request_{approval.outbox_id}"):
        st.markdown(
            f"**{plain(', '.join(asked.serials))}** :{_COLOURS[approval.state]}-badge[{answer}]"
        )
        facts.draw(
            {
                "La pediste": mail_state.moment(approval.asked_at),
                "Motivo": messages.resend_reason(delivery.reason),
                **mail_state.answered(approval),
                "Correo": messages.MAIL_STATE_NAMES[delivery.state],
            }
        )
