"""Inicio: what this person asked a manager for, and the answers of the last days."""

from collections.abc import Iterator

import streamlit as st

from lib.model.approval import Answer, Approval
from lib.model.outbox import PENDING, Delivery, MailState
from lib.services.resends import approvals
from lib.services.resends.approvals import Asked
from lib.ui import identity, process, shell
from lib.ui.log import log_words
from lib.ui.mail import mail_state, mail_words
from lib.ui.plain import escaped, plain

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
        with st.container(key="requests_head"):
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
    """In two lines, and the manager's note; the whole stands in the row's last mail."""
    approval, delivery = asked.approval, asked.delivery
    answer = mail_words.ANSWER_NAMES[approval.state]
    with st.container(border=True, key=f"request_{approval.outbox_id}", gap="xxsmall"):
        st.markdown(
            f"**{plain(', '.join(asked.serials))}** :{_COLOURS[approval.state]}-badge[{answer}]"
        )
        st.caption(escaped(" · ".join(_facts(approval, delivery))))
        if approval.note:
            st.text(f"«{approval.note}»")


def _facts(approval: Approval, delivery: Delivery) -> Iterator[str]:
    yield f"La pediste: {mail_state.moment(approval.asked_at)}"
    yield log_words.resend_reason(delivery.reason)
    if approval.answered_by and approval.answered_at:
        yield f"respondió {approval.answered_by}: {mail_state.moment(approval.answered_at)}"
    if approval.state is Answer.WAITING:
        yield f"se espera hasta: {mail_state.moment(approval.expires_at)}"
    if approval.state is Answer.APPROVED:
        yield f"correo: {mail_words.MAIL_STATE_NAMES[delivery.state].lower()}"
