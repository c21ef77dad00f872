"""Registrar certificado: its fields in order, for a scanner or a keyboard."""

from collections.abc import Mapping

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.system import Certificate
from lib.services.imports import registering
from lib.services.imports.registering import FIELDS, FolioRegisteredError, Saved
from lib.store.pack.files import CERTIFICATES
from lib.store.records.papers import Registered
from lib.ui import entering, focusing, process, shell
from lib.ui.imports import changes, history
from lib.ui.mail import mail_state
from lib.ui.plain import plain, refusal

_TURN = "registering.turn"  # +1 with each one saved: its fields are new and empty
_TRIES = "registering.tries"  # +1 with each press of Guardar: the focus moves
_PROBLEMS = "registering.problems"  # of what was typed, by field
_REFUSED = "registering.refused"
_SAVED = "registering.saved"
_HELD = "registering.held"  # what the desk holds of the folio typed, and what was typed
_IN_A_ROW = 3
_HINTS: Mapping[str, str] = {
    "product": "SAE, COI, NOI, CAJA…",
    "version": "10.0",
    "seats": "1 a 99",
    "purchased_on": "dd/mm/aaaa",
    "holder": "Puede ir vacío",
    "rfc": "Puede ir vacío",
    "account_no": "Puede ir vacío",
}
_LABELS = {column.name: column.heading for column in CERTIFICATES.columns}


def page() -> None:
    st.title("Registrar certificado", anchor=False)
    st.caption(
        "Con lector o con teclado: Enter pasa al campo siguiente y, en el último, guarda y vuelve "
        "al primero. Para muchos a la vez, usa Importar certificados."
    )
    turn, problems = st.session_state.get(_TURN, 0), st.session_state.get(_PROBLEMS, {})
    with st.container(key="register_fields"):
        _form(turn, problems)
    entering.moves_on("register_fields")
    _told()
    _compared(turn)
    _last()
    first = next((field for field in FIELDS if field in problems), FIELDS[0])
    focusing.take(f"{turn}.{st.session_state.get(_TRIES, 0)}", f"register_{first}")


def _form(turn: int, problems: Mapping[str, str]) -> None:
    with st.form(f"registering.{turn}", enter_to_submit=False):
        for start in range(0, len(FIELDS), _IN_A_ROW):
            for field, place in zip(FIELDS[start:], st.columns(_IN_A_ROW), strict=False):
                with place:
                    _field(turn, field, problems.get(field, ""))
        st.form_submit_button(
            "Guardar", type="primary", icon=":material/save:", on_click=_save, args=(turn,)
        )


def _field(turn: int, field: str, problem: str) -> None:
    with st.container(key=f"register_{field}", gap="xxsmall"):
        st.text_input(
            _LABELS[field],
            key=_key(turn, field),
            placeholder=_HINTS.get(field, ""),
            autocomplete="off",
        )
        if problem:
            st.markdown(f":red[:material/error: {plain(problem)}]")


def _save(turn: int, over: Certificate | None = None) -> None:
    """`over` is what the desk was seen to hold, to be corrected."""
    state = st.session_state
    typed = {field: str(state.get(_key(turn, field), "")) for field in FIELDS}
    state[_TRIES] = state.get(_TRIES, 0) + 1
    for told in (_PROBLEMS, _REFUSED, _SAVED, _HELD):
        state.pop(told, None)
    try:
        state[_SAVED] = registering.register(process.desk(), shell.actor(), typed, over)
        state[_TURN] = turn + 1
    except AppError as error:
        _refused(error)


def _refused(error: AppError) -> None:
    if error.reason is Reason.SIGNED_OUT:
        return  # what is drawn next says so
    problems = error.facts.get("problems")
    if isinstance(problems, dict):
        st.session_state[_PROBLEMS] = problems
    elif isinstance(error, FolioRegisteredError):
        same = "con estos mismos datos" if error.facts.get("same") else "con otros datos"
        st.session_state[_PROBLEMS] = {"folio": f"ya está registrado, {same}"}
        st.session_state[_HELD] = (error.held, error.typed)
    st.session_state[_REFUSED] = refusal(error)


def _told() -> None:
    """How the last one went: refused, or saved, and apart what is odd about it."""
    if problem := st.session_state.get(_REFUSED):
        st.error(problem, icon=":material/block:")
    saved: Saved | None = st.session_state.get(_SAVED)
    if saved is None:
        return
    done = "corregido" if saved.corrected else "guardado"
    st.success(f"Certificado {plain(saved.folio)} {done}.", icon=":material/check_circle:")
    for field, reason in saved.warnings:
        name = f"{_LABELS[field]}: " if field else ""
        st.warning(f"{name}{plain(reason)}", icon=":material/warning:")


def _compared(turn: int) -> None:
    """What the desk holds of a folio that is there already, beside what was typed: to be corrected
    by who has seen both."""
    pair: changes.Pair | None = st.session_state.get(_HELD)
    if pair is None or pair[0] == pair[1]:
        return
    held, lines = pair[0], changes.cells([pair])
    rows = [
        {"Dato": line["Dato"], "En la mesa": line["Antes"], "Lo que escribiste": line["Ahora"]}
        for line in lines
    ]
    with st.container(border=True):
        st.markdown(f"**Folio {plain(held.folio)}**: lo demás es igual.")
        st.dataframe(rows, hide_index=True, width="stretch")
        st.caption(
            "Corrige solo si el certificado lo dice así. El cambio queda en la bitácora y se puede "
            "deshacer."
        )
        st.button(
            "Guardar la corrección", icon=":material/edit:", on_click=_save, args=(turn, held)
        )


def _last() -> None:
    with shell.guarded():
        found = registering.last(process.desk(), shell.actor())
        if not found:
            return
        st.header("Tus últimos registrados", anchor=False)
        st.caption("Cada uno abre su página, donde se puede deshacer.")
        with st.container(gap="xxsmall"):
            for one in found:
                st.page_link(
                    history.PAGE,
                    label=_label(one),
                    icon=":material/verified:",
                    query_params={history.CHOSEN: one.batch_id},
                )


def _label(of: Registered) -> str:
    system = f"{of.product} {of.version}".strip()
    account = f"cuenta {of.account_no}" if of.account_no else "sin cuenta"
    said = (mail_state.moment(of.finished_at), system, of.serial, of.holder, account)
    return " · ".join([f"**{plain(of.folio)}**", *(plain(part) for part in said if part)])


def _key(turn: int, field: str) -> str:
    return f"registering.{turn}.{field}"
