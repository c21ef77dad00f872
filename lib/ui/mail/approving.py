"""Aprobaciones: what waits, why it was stopped, what to look at, and the answer.

The list stays as it was drawn until somebody asks for it anew: cards that move by themselves are
cards that the wrong button is pressed on.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lib.model import clock
from lib.model.actor import Actor
from lib.model.approval import Answer, Approval
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailState
from lib.model.system import Issue, System
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.services.resends import answering, approvals
from lib.services.resends.approvals import Waiting
from lib.store.records.accounts import AddressEdit
from lib.ui import facts, identity, process, shell, written
from lib.ui.log import log_words
from lib.ui.mail import mail_state, mail_words, offers, stops
from lib.ui.plain import escaped, plain, refusal

_TOLD = "approving.told"  # _Told: what became of the last answer given here
_LOOK_EVERY = "5s"
_SYSTEMS, _ISSUES = 8, 4  # of a mail's systems; of a system's CDAs, the newest
_Act = Callable[[Desk, Actor, str, str], None]  # on a mail, by its id, with a note
_CURE = frozenset(
    {Reason.MISSING_NOTE, Reason.LONG_NOTE, Reason.ADDRESS_CHANGED_SINCE, Reason.OWN_CHANGE}
)


@dataclass(frozen=True)
class _Told:
    """`about` is the request, "" once it is over; `visit` the stay on the page it is for."""

    text: str
    is_error: bool
    about: str
    visit: int


def draw() -> None:
    st.title("Aprobaciones", anchor=False)
    with shell.guarded():
        waiting = approvals.waiting(process.desk(), shell.actor())
        _news(tuple(each.approval.outbox_id for each in waiting))
        _tell("")
        for each in waiting:
            _card(each)


# ---- above the list ------------------------------------------------------------------------


@st.fragment(run_every=_LOOK_EVERY)
def _news(drawn: tuple[str, ...]) -> None:
    """How many wait, and whether the list below is still what waits; always as tall."""
    with shell.guarded():
        watcher = identity.actor(touch=False)  # looking isn't activity
        now = approvals.waiting_ids(process.desk(), watcher)
        if now != drawn and not drawn:
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center", key="approving_news"):
            if now != drawn:
                st.markdown(":orange[:material/sync: Hay cambios desde que se mostró esta lista.]")
            elif drawn:
                st.caption(_how_many(approvals.count(process.desk(), watcher), len(drawn)))
            else:
                st.caption("No hay ningún reenvío en espera; el próximo aparecerá aquí solo.")
            if drawn and st.button("Actualizar", icon=":material/refresh:", type="tertiary"):
                st.session_state.pop(_TOLD, None)
                st.rerun()


def _how_many(count: int, drawn: int) -> str:
    words = written.count(count, "reenvío espera respuesta", "reenvíos esperan respuesta")
    first = "" if count <= drawn else f"; se muestran {drawn}"
    return f"{words}{first}; lo que más ha esperado va primero."


def _tell(about: str) -> None:
    """What the last answer came to, in its place: its card, or above the list."""
    told: _Told | None = st.session_state.get(_TOLD)
    if told and told.about == about and told.visit == shell.visit():
        icon = ":material/block:" if told.is_error else ":material/check_circle:"
        (st.error if told.is_error else st.success)(told.text, icon=icon)


# ---- one request ---------------------------------------------------------------------------


def _card(waiting: Waiting) -> None:
    with st.container(border=True, key=f"approval_{waiting.approval.outbox_id}"):
        st.header(_what(waiting), anchor=False)
        for stop in waiting.approval.stops:
            st.warning(f"{escaped(stops.why(stop))}.", icon=":material/front_hand:")
        asked, beside = st.columns(2, gap="large")
        with asked:
            _asked(waiting)
            _history(waiting.systems)
        with beside:
            _changes(waiting)
        _tell(waiting.approval.outbox_id)
        if waiting.is_own:
            st.info("Esta solicitud es tuya: la responde otro gerente.", icon=":material/person:")
        else:
            _answer(waiting)


def _what(waiting: Waiting) -> str:
    """Its heading; a system that a load has taken away meanwhile has only its serial."""
    if len(waiting.serials) > 1:
        return written.count(len(waiting.serials), "sistema", "sistemas")
    names = [f"{system.product} {system.version} · " for system, _ in waiting.systems]
    return plain("".join([*names, *waiting.serials]))


def _asked(waiting: Waiting) -> None:
    request, approval = waiting.request, waiting.approval
    by = f"{waiting.asked_by_name} ({approval.asked_by})"
    gone = "" if waiting.asker_is_active else " · ya no tiene acceso"
    st.markdown("**La solicitud**")
    facts.draw(
        {
            "Cliente": f"{waiting.account_name} · {request.account_no}",
            "Se enviará a": request.recipient,
            "La pidió": f"{by} · {mail_state.moment(approval.asked_at)}{gone}",
            "Motivo": log_words.resend_reason(request.reason),
            "Ticket": request.ticket or "—",
            "Caduca": mail_state.moment(approval.expires_at),
        }
    )
    account = {"cuenta": request.account_no}
    st.page_link(
        "pages/Cuenta.py", label="Ver la cuenta", icon=":material/person:", query_params=account
    )


def _changes(waiting: Waiting) -> None:
    st.markdown("**Cambios del correo**")
    if waiting.address_changed:
        now = plain(waiting.address_now) or "ninguno"
        st.error(
            f"El correo de la cuenta cambió después de la solicitud: ahora es {now}. Recházala y "
            "pide que la hagan de nuevo.",
            icon=":material/gpp_maybe:",
        )
    if _same_person(waiting):
        st.markdown(
            ":orange[:material/gpp_maybe: Quien cambió el correo es quien pide el reenvío.]"
        )
    for edit in waiting.edits:
        _edit(edit, waiting.notices.get(edit.notice))
    if not waiting.edits:
        st.caption("Nunca se ha cambiado en esta mesa.")


def _same_person(waiting: Waiting) -> bool:
    """Whether who asks changed the address lately: worth a call to the customer."""
    since, by = clock.now() - offers.RECENT, waiting.approval.asked_by
    return any(edit.changed_by == by and edit.changed_at > since for edit in waiting.edits)


def _edit(edit: AddressEdit, notice: MailState | None) -> None:
    facts.draw(
        {
            "Antes": edit.old or "sin correo",
            "Después": edit.new or "sin correo",
            "Lo cambió": f"{edit.changed_by} · {mail_state.moment(edit.changed_at)}",
            "Aviso al de antes": _told_before(edit, notice),
        }
    )


def _told_before(edit: AddressEdit, notice: MailState | None) -> str:
    """Whether who had the address knows of the change: one that never got the word can't object."""
    if not edit.notice:
        return "no se pudo enviar"
    state = f" · {mail_words.MAIL_STATE_NAMES[notice].lower()}" if notice else ""
    return f"referencia {notices.reference(edit.notice)}{state}"


def _history(systems: list[tuple[System, list[Issue]]]) -> None:
    """When each CDA was issued and why; never the code."""
    st.markdown("**CDA**")
    for system, issues in systems[:_SYSTEMS]:
        lines = [offers.issue(each) for each in issues[:_ISSUES]]
        if len(systems) > 1:
            lines = [f"**{plain(f'{system.product} {system.serial}')}**", *lines]
        st.caption("  \n".join(lines))
    if (more := len(systems) - _SYSTEMS) > 0:
        st.caption(f"y {more:,} más")


# ---- answering -----------------------------------------------------------------------------


def _answer(waiting: Waiting) -> None:
    outbox_id = waiting.approval.outbox_id
    asked = (outbox_id, _which(waiting))
    if waiting.is_own_change:
        st.info(
            "Tú cambiaste el correo de esta cuenta: lo aprueba otro gerente; tú puedes rechazarlo.",
            icon=":material/person:",
        )
    # Enter in the note would press the first button: an approval is pressed on purpose.
    with st.form(f"approving.{outbox_id}", border=False, enter_to_submit=False):
        st.text_input(
            "Nota para quien la pidió (obligatoria si la rechazas)",
            key=_note_key(outbox_id),
            autocomplete="off",
        )
        left, right, _ = st.columns([1, 1, 2])
        left.form_submit_button(
            "Aprobar",
            type="primary",
            icon=":material/check:",
            width="stretch",
            disabled=waiting.address_changed or waiting.is_own_change,
            on_click=_approve,
            args=asked,
        )
        right.form_submit_button(
            "Rechazar",
            icon=":material/close:",
            width="stretch",
            on_click=_reject,
            args=asked,
        )


def _note_key(outbox_id: str) -> str:
    return f"approving.{outbox_id}.note"


def _which(waiting: Waiting) -> str:
    if len(waiting.serials) > 1:
        return f"los CDA de {len(waiting.serials)} sistemas"
    return f"el CDA de la serie {waiting.serials[0]}"


def _approve(outbox_id: str, which: str) -> None:
    _act(answering.approve, Answer.APPROVED, outbox_id, which)


def _reject(outbox_id: str, which: str) -> None:
    _act(answering.reject, Answer.REJECTED, outbox_id, which)


_DONE = {Answer.APPROVED: "Aprobaste enviar", Answer.REJECTED: "Rechazaste enviar"}
_BY_ANOTHER = {Answer.APPROVED: "lo aprobó", Answer.REJECTED: "lo rechazó"}


def _act(act: _Act, answer: Answer, outbox_id: str, which: str) -> None:
    """The buttons' callback: somebody else may have answered meanwhile, and then the card isn't
    drawn again; who pressed must still be told. What the manager can mend is said in its card; the
    rest above, for its card is gone."""
    note = str(st.session_state.get(_note_key(outbox_id)) or "")
    done = escaped(f"{_DONE[answer]} {which}.")
    told = _Told(done, is_error=False, about="", visit=shell.visit())
    try:
        act(process.desk(), shell.actor(), outbox_id, note)
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            return  # the page is about to ask them in
        given = approvals.answer(process.desk(), shell.actor(), outbox_id)
        if error.reason is not Reason.ALREADY_ANSWERED or given is None:
            about = outbox_id if error.reason in _CURE else ""
            told = _Told(refusal(error), is_error=True, about=about, visit=shell.visit())
        elif (given.state, given.answered_by) != (answer, shell.actor().username):
            # Else the second click of two finds the first's answer. The session can't tell, for
            # Streamlit ends the first click's run wherever that touches it.
            told = _Told(_over(given, which), is_error=True, about="", visit=shell.visit())
    st.session_state[_TOLD] = told


def _over(given: Approval, which: str) -> str:
    """What became of a request that somebody else, or time, has answered."""
    how = _BY_ANOTHER.get(given.state)
    said = f"{given.answered_by} {how}" if how else "nadie respondió en 24 horas y caducó"
    return escaped(f"Tu respuesta no cuenta: enviar {which} ya no espera respuesta, {said}.")
