"""Alertas, and their part of Inicio: why each fired, the rows behind it, and who answers for it.

As in Aprobaciones, the cards stay as they were drawn: the menu counts those nobody closed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.alert import MAX_NOTE, Alert, State
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.view import View
from lib.services.desk import Desk
from lib.services.log import alerts, people
from lib.store.log.alerts import Line
from lib.ui import process, shell, written
from lib.ui.grid.opening import link
from lib.ui.log import alert_mail, alert_words, log_words, person_words
from lib.ui.mail import mail_state
from lib.ui.plain import escaped, refusal

_TOLD = "alerts.told"  # _Told: what became of the last answer given here
_ON_HOME = 3
_LINES = 50  # of the log in a card
_MINE = frozenset({Reason.MISSING_FINDING, Reason.LONG_NOTE})  # mended in the card itself
_ICON = ":material/notification_important:"
_ACTS = {act.value: name for act, name in log_words.ACTION_NAMES.items()}
_COLOURS = {State.OPEN: "orange", State.TAKEN: "blue", State.CLOSED: "gray"}


@dataclass(frozen=True)
class _Told:
    """`about` is the alert, "" where its card is gone; `visit` the stay on the page it is for."""

    text: str
    is_error: bool
    about: str
    visit: int


def on_home(actor: Actor) -> None:
    """The first few that nobody closed; nothing most days, and nothing for who may not know."""
    if not actor.may(Permission.ALERTS):
        return
    with shell.guarded():
        _tell("")
        standing = _standing()
        if not standing:
            return
        with st.container(key="alerts_head"):
            st.header("Alertas", anchor=False)
        for each in standing[:_ON_HOME]:
            _card(each)
        if len(standing) > _ON_HOME:
            total = alerts.count(process.desk(), shell.actor())
            st.page_link("pages/Alertas.py", label=f"Ver las {total:,} alertas", icon=_ICON)


def draw() -> None:
    """The page: those nobody closed, and what the others were."""
    st.title("Alertas", anchor=False)
    with shell.guarded():
        desk, person = process.desk(), shell.actor()
        _tell("")
        standing = _standing()
        st.caption(_how_many(alerts.count(desk, person), len(standing)))
        alert_mail.draw()
        for each in standing:
            _card(each)
        past = alerts.past(desk, person)
        if past:
            with st.container(key="alerts_past"):
                st.header("Qué fueron las anteriores", anchor=False)
            for each in past:
                _closed(each)
            if len(past) == alerts.MOST_SHOWN:
                _older()


def _standing() -> list[Alert]:
    """First what this person can answer for."""
    me = shell.actor()
    found = alerts.standing(process.desk(), me)
    return sorted(found, key=lambda each: me.username in each.people)


def _how_many(total: int, drawn: int) -> str:
    if not total:
        return "No hay ninguna alerta abierta. La bitácora se revisa cada medio minuto."
    first = "" if total <= drawn else f"; se muestran {drawn}"
    return f"{written.count(total, 'alerta sin cerrar', 'alertas sin cerrar')}{first}."


# ---- one alert -----------------------------------------------------------------------------


def _card(alert: Alert) -> None:
    with st.container(border=True, key=f"alert_{alert.id}", gap="small"):
        st.markdown(
            f"**{alert_words.RULE_NAMES[alert.rule]}** "
            f":{_COLOURS[alert.state]}-badge[{alert_words.STATE_NAMES[alert.state]}]"
        )
        st.markdown(escaped(alert_words.why(alert, _names())))
        st.caption(escaped(_who_has_it(alert)))
        _tell(alert.id)
        _answer(alert)
        _rows(alert)


def _who_has_it(alert: Alert) -> str:
    at = f"Se avisó: {mail_state.moment(alert.raised_at)}"
    if not (alert.taken_by and alert.taken_at):
        return at
    who = _names().get(alert.taken_by, alert.taken_by)
    return f"{at} · la tomó {who}: {mail_state.moment(alert.taken_at)}"


def _names() -> Mapping[str, str]:
    return people.names(process.desk(), shell.actor())


def _in_the_log(alert: Alert) -> None:
    """The same rows, each open to its story."""
    st.page_link(
        "pages/Bitacora.py",
        label="Ver en Bitácora",
        icon=":material/history:",
        query_params=link(alert_words.view(alert)),
    )


def _rows(alert: Alert) -> None:
    """The very rows as they were when it fired; the newest, where they are many."""
    found = alerts.entries(process.desk(), shell.actor(), alert)
    total, lines = alert.facts.get("count", len(found)), found[:_LINES]
    count = written.count(len(lines), "renglón que la causó", "renglones que la causaron")
    if total > len(lines):
        count = f"Los últimos {len(lines)} de los {total:,} renglones que la causaron"
    with st.expander(count, icon=":material/list:"):
        names = {SYSTEM.username: person_words.DESK, **_names()}
        st.markdown("\n".join(f"- {escaped(_line(line, names))}" for line in lines))


def _line(line: Line, names: Mapping[str, str]) -> str:
    """When, who, what, about what."""
    return " · ".join(
        part
        for part in (
            written.instant(line.logged_at),
            names.get(line.actor, line.actor),
            _ACTS.get(line.action, line.action),
            f"cuenta {line.account_no}" if line.account_no else "",
            f"serie {line.serial}" if line.serial else "",
            f"desde {line.address}" if line.address else "",
        )
        if part
    )


def _closed(alert: Alert) -> None:
    assert alert.closed_at is not None  # a closed one says when
    with st.container(border=True, key=f"alert_{alert.id}", gap="xxsmall"):
        st.markdown(f"**{alert_words.RULE_NAMES[alert.rule]}**")
        st.caption(escaped(alert_words.why(alert, _names())))
        st.text(f"«{alert.note}»")
        at = written.instant(alert.closed_at)
        st.caption(escaped(f"{_names().get(alert.taken_by, alert.taken_by)} · {at}"))
        _in_the_log(alert)


def _older() -> None:
    closed = View(filters={"action": Action.ALERT_CLOSED.value})
    st.page_link(
        "pages/Bitacora.py",
        label="Ver también las más antiguas en Bitácora",
        icon=":material/history:",
        query_params=link(closed),
    )


# ---- answering -----------------------------------------------------------------------------


def _answer(alert: Alert) -> None:
    me = shell.actor().username
    if alert.taken_by == me:
        _finding(alert)
    with st.container(horizontal=True, vertical_alignment="center", key=f"alert_acts_{alert.id}"):
        if me not in (alert.taken_by, *alert.people):
            _to_take(alert)
        _in_the_log(alert)
        if me in alert.people:
            st.caption(":material/person: Es sobre lo que tú hiciste: la toma otro gerente.")


def _to_take(alert: Alert) -> None:
    taken = bool(alert.taken_by)
    st.button(
        "Tomarla en su lugar" if taken else "Tomar la alerta",
        key=f"alerts.take.{alert.id}",
        type="secondary" if taken else "primary",
        icon=":material/back_hand:",
        on_click=_take,
        args=(alert.id, alert.taken_by),
    )


def _finding(alert: Alert) -> None:
    # Enter in the note would close it: that is pressed on purpose.
    with st.form(f"alerts.{alert.id}", border=False, enter_to_submit=False):
        st.text_area(
            "Qué fue",
            key=_note_key(alert.id),
            max_chars=MAX_NOTE,
            height=100,
            placeholder="Qué revisaste, con quién hablaste y qué resultó",
        )
        st.form_submit_button(
            "Guardar y cerrar",
            type="primary",
            icon=":material/check:",
            on_click=_close,
            args=(alert.id,),
        )


def _note_key(alert_id: str) -> str:
    return f"alerts.{alert_id}.note"


def _take(alert_id: str, holder: str) -> None:
    done = "La alerta está a tu cargo; cuando sepas qué fue, escríbelo aquí."
    _act(lambda desk, person: alerts.take(desk, person, alert_id, holder), alert_id, done, alert_id)


def _close(alert_id: str) -> None:
    note = str(st.session_state.get(_note_key(alert_id)) or "")
    done = "Cerraste la alerta; lo que escribiste queda en Alertas y en la bitácora."
    _act(lambda desk, person: alerts.close(desk, person, alert_id, note), alert_id, done)


def _act(
    act: Callable[[Desk, Actor], None], alert_id: str, done: str, done_about: str = ""
) -> None:
    """The buttons' callback: somebody else may have answered meanwhile, and whoever pressed must
    still be told. What they can mend is said in the card; the rest above, for it may be gone."""
    told = _Told(done, is_error=False, about=done_about, visit=shell.visit())
    try:
        act(process.desk(), shell.actor())
    except AppError as error:
        if error.reason is Reason.SIGNED_OUT:
            return  # the page is about to ask them in
        if not _closed_by_me(alert_id):
            about = alert_id if error.reason in _MINE else ""
            told = _Told(refusal(error), is_error=True, about=about, visit=shell.visit())
    st.session_state[_TOLD] = told


def _closed_by_me(alert_id: str) -> bool:
    """The second click of two finds it closed, and its note gone."""
    person = shell.actor()
    if not person.may(Permission.ALERTS):
        return False
    found = alerts.find(process.desk(), person, alert_id)
    return (found.state, found.taken_by) == (State.CLOSED, person.username) if found else False


def _tell(about: str) -> None:
    """What the last answer came to, in its place: its card, or above the list."""
    told: _Told | None = st.session_state.get(_TOLD)
    if told and told.about == about and told.visit == shell.visit():
        icon = ":material/block:" if told.is_error else ":material/check_circle:"
        (st.error if told.is_error else st.success)(told.text, icon=icon)
