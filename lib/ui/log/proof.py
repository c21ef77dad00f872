"""The log's proof for those who read it: what the last verification said, and one more now."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lib.model.actor import Actor
from lib.model.proof import Checked
from lib.model.roles import Permission
from lib.services.log import proof
from lib.ui import process, shell, written
from lib.ui.log import auditor, proof_words, segments
from lib.ui.mail import mail_state

_ASK = "Comprobar ahora"
_MOST = 3  # findings that Inicio names
_BAD = ":material/gpp_bad:"
# What the table leaves free below itself, or the page would scroll beside it (grid.css).
_ROOM = "<style>:root { --mesa-below: 4.5rem; }</style>"


def panel(above: DeltaGenerator) -> None:
    """Under Bitácora's rows: the last verdict in a line, and the button. What was found, and why
    nothing was looked at, stands `above` the rows: below them nobody would see it."""
    st.html(_ROOM)
    said, parts, handed, button = st.columns([5, 1.1, 1.6, 1.6], vertical_alignment="center")
    with parts:
        segments.popover()
    with handed:
        auditor.button(shell.actor())
    with button:
        asked = st.button(
            _ASK,
            icon=":material/verified_user:",
            width="stretch",
            help="Recalcula toda la bitácora y la compara con lo que se guarda fuera de la base.",
        )
    if asked:
        with above, shell.guarded():
            _verify(said)
    with said, shell.guarded():
        _verdict(proof.last(process.desk(), shell.actor()), above)


def _verify(said: DeltaGenerator) -> None:
    bar = said.progress(0.0, "Comprobando la bitácora…")

    def show(fraction: float) -> None:
        bar.progress(fraction, f"Comprobando la bitácora… {fraction:.0%}")

    try:
        proof.verify(process.desk(), shell.actor(), show)
    finally:
        bar.empty()


def _verdict(checked: Checked | None, above: DeltaGenerator) -> None:
    if checked is None:
        st.caption(":material/pending: La bitácora se comprueba cada noche; todavía no toca.")
        return
    said = f"{proof_words.verdict(checked)} {_when(checked)}"
    if checked.findings and not _is_old(checked):
        above.error(said, icon=_BAD)
    st.caption(f"{_BAD if checked.findings else ':material/verified_user:'} {said}")


def alarm(actor: Actor) -> None:
    """On Inicio until a verification finds nothing, or somebody took what it found and it lies
    behind: then a calm line. On most days, never."""
    if not actor.may(Permission.READ_LOG):
        return
    with shell.guarded():
        checked = proof.last(process.desk(), shell.actor())
        if checked is None or not checked.findings:
            return
        if _is_old(checked):
            st.caption(f":material/gpp_maybe: {_standing(checked)} {_when(checked)}")
            return
        st.error(
            f"{proof_words.verdict(checked, _MOST)} {_when(checked)} Toma la alerta y avisa a tu "
            "administrador, que la revisa con python -m lib verify: la mesa sigue trabajando y "
            "registrando, en un tramo nuevo.",
            icon=_BAD,
        )
        st.page_link("pages/Bitacora.py", label="Ver la bitácora", icon=":material/history:")


def _is_old(checked: Checked) -> bool:
    return proof.is_taken_care_of(process.desk(), shell.actor(), checked)


def _standing(checked: Checked) -> str:
    found = written.count(len(checked.findings), "problema", "problemas")
    return (
        f"La bitácora tiene {found} en tramos cerrados, que ya alguien atendió "
        f"({proof_words.findings(checked.findings, _MOST)}); el tramo en uso está completo."
    )


def _when(checked: Checked) -> str:
    return f"Última comprobación: {mail_state.moment(checked.at)}."
