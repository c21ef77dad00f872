"""Vincular: the window that says whose a certificate is, one after another.

A row's button calls `open_for`; the page calls `show` once in each run.
"""

from dataclasses import dataclass, replace

import streamlit as st

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.services.records import linking
from lib.services.records.linking import Candidate, Case, Why
from lib.ui import facts, focusing, process, shell, window, written
from lib.ui.plain import plain, refusal

_SEARCH = "linking.search"
_SHARED = {
    (Why.RFC, Why.NAME): "mismo RFC y mismo nombre",
    (Why.RFC,): "mismo RFC",
    (Why.NAME,): "mismo nombre",
}


@dataclass(frozen=True)
class _Open:
    """`told` is what the last act did, `before` the account it took it from (None: no act);
    `problem` is why it was refused; `alone`: there is no next one. `turn` counts what moves the
    focus."""

    folio: str
    told: str = ""
    before: str | None = None
    problem: str = ""
    alone: bool = False
    turn: int = 0


def open_for(folio: str) -> None:
    """Ask whose this certificate is."""
    window.put(_Open(folio))
    _ask()


def show() -> None:
    """Draw this session's window, if it is this one."""
    if window.about(_Open):
        _ask()


def _dismissed() -> None:
    """Put away by Esc: what was done shows in the list and its count."""
    window.leave()
    st.rerun()


@st.dialog("Vincular certificado", on_dismiss=_dismissed)
def _ask() -> None:
    opened = window.about(_Open)
    if opened is None:
        st.rerun()
    with shell.guarded():
        case = linking.look_at(process.desk(), opened.folio, actor=shell.actor())
        _printed(case)
        _said(opened)
        _stands(case)
        if case.account is None or not opened.told:
            _offered("Sugerencias", case, case.suggestions)
            _found(case)
    _foot(opened)
    focusing.take(f"linking.{opened.folio}.{opened.turn}", _first(opened))


def _first(opened: _Open) -> str:
    """Where the keyboard begins: the next one once it is done, else the first thing to choose."""
    return "linking_foot" if opened.told else "linking_choose"


# ---- what is known -------------------------------------------------------------------------


def _printed(case: Case) -> None:
    of = case.certificate
    printed = {
        "Folio": of.folio,
        "No. Serie": of.serial,
        "Sistema": f"{of.product} {of.version}".strip(),
        "Fecha Compra": written.day(of.purchased_on),
        "Titular": of.holder or "sin titular",
        "RFC": of.rfc,
    }
    facts.draw({name: value for name, value in printed.items() if value})


def _said(opened: _Open) -> None:
    if opened.problem:
        st.error(opened.problem, icon=":material/block:")
    if opened.told:
        st.success(opened.told, icon=":material/check_circle:")
    if opened.alone:
        st.info("No queda otro certificado sin cuenta.", icon=":material/done_all:")


def _stands(case: Case) -> None:
    """The account it has, and the way to take it from there."""
    number = case.certificate.account_no
    if case.account is None:
        unknown = f"El archivo dice la cuenta {plain(number)}, que no existe." if number else ""
        st.markdown(f":orange-badge[:material/link_off: Sin cuenta] {unknown}")
        return
    st.markdown(f"**Cuenta {plain(number)}** · {plain(case.account.name)}")
    if case.by_hand:
        at = clock.at_office(case.by_hand.linked_at)
        st.caption(f"Vinculado a mano por {plain(case.by_hand.linked_by)}, {at:%d/%m/%Y %H:%M}.")
    st.button(
        "Quitar de esta cuenta",
        key="linking.take",
        icon=":material/link_off:",
        type="tertiary",
        on_click=_put,
        args=(case.certificate.folio, "", number),
    )


# ---- what may be chosen --------------------------------------------------------------------


def _offered(title: str, case: Case, candidates: tuple[Candidate, ...]) -> None:
    if not candidates:
        return
    st.markdown(f"**{title}**")
    with st.container(key=f"linking_choose_{title[:3].lower()}"):
        for candidate in candidates:
            _candidate(case, candidate)


def _candidate(case: Case, candidate: Candidate) -> None:
    number = candidate.account_no
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{plain(candidate.name)}**")
            st.caption(f"Cuenta {plain(number)}{_why(candidate)}")
        if number == case.certificate.account_no:
            st.caption("Es la que tiene")
            return
        st.button(
            "Vincular",
            key=f"linking.to.{number}",
            icon=":material/link:",
            on_click=_put,
            args=(case.certificate.folio, number, case.certificate.account_no),
        )


def _why(candidate: Candidate) -> str:
    """What speaks for it and against it."""
    shared = _SHARED.get(candidate.why, "")
    other = f":orange[su RFC es otro: {plain(candidate.rfc)}]" if candidate.other_rfc else ""
    return "".join(f" · {words}" for words in (shared, other) if words)


def _found(case: Case) -> None:
    with st.container(key="linking_choose_typed"):
        typed = st.text_input(
            "Buscar otra cuenta" if case.suggestions else "Buscar la cuenta",
            key=f"{_SEARCH}.{case.certificate.folio}",
            type="search",
            icon=":material/search:",
            placeholder="No. Cuenta, nombre, RFC, correo o teléfono, y Enter",
        ).strip()
    if not typed:
        return
    offered = {c.account_no for c in case.suggestions}
    found = linking.search(process.desk(), case.certificate.folio, typed, actor=shell.actor())
    others = tuple(c for c in found if c.account_no not in offered)
    if not found:
        st.caption("Ninguna cuenta coincide; prueba con menos palabras o con el número.")
    elif not others:
        st.caption("Lo que coincide ya está en las sugerencias.")
    _offered("Encontradas", case, others)


# ---- what was pressed ----------------------------------------------------------------------


def _foot(opened: _Open) -> None:
    with st.container(key="linking_foot", horizontal=True):
        if not opened.alone:
            st.button(
                "Siguiente sin cuenta",
                key="linking.next",
                type="primary" if opened.told else "secondary",
                icon=":material/arrow_forward:",
                on_click=_go_on,
                args=(opened,),
            )
        if st.button("Cerrar", key="linking.close"):
            window.close()
        if opened.before is not None:
            st.button("Deshacer", key="linking.undo", icon=":material/undo:", on_click=_undo)


def _put(folio: str, account_no: str, seen: str) -> None:
    """Link, or take from its account (""), and say so; a refusal is said in its place."""
    opened = window.about(_Open) or _Open(folio)
    desk, now = process.desk(), replace(opened, turn=opened.turn + 1)
    try:
        if account_no:
            linking.link(desk, folio, account_no, seen, actor=shell.actor())
        else:
            linking.unlink(desk, folio, seen, actor=shell.actor())
    except AppError as error:
        if error.reason is not Reason.SIGNED_OUT:  # else what is drawn next says so
            window.put(replace(now, told="", before=None, problem=refusal(error)))
        return
    told = f"Vinculado a la cuenta {plain(account_no)}." if account_no else "Quedó sin cuenta."
    window.put(replace(now, told=told, before=seen, problem=""))


def _undo() -> None:
    """Put it back where it was: under an account that there is, or under none."""
    opened = window.about(_Open)
    if opened is None or opened.before is None:
        return
    with shell.guarded():
        case = linking.look_at(process.desk(), opened.folio, actor=shell.actor())
        _put(opened.folio, opened.before, case.certificate.account_no)
        after = window.about(_Open)
        if after and after.told:
            window.put(replace(after, told="", before=None))


def _go_on(opened: _Open) -> None:
    with shell.guarded():
        folio = linking.following(process.desk(), opened.folio, actor=shell.actor())
        if folio:
            window.put(_Open(folio, turn=opened.turn + 1))
        else:
            window.put(replace(opened, alone=True, problem="", turn=opened.turn + 1))
