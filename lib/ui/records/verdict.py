"""Whether a certificate is real and whose it is, at one glance: for Inicio's search."""

import streamlit as st

from lib.model import clock, masks
from lib.model.view import View
from lib.services.records.verifying import Paper, Verdict
from lib.store.records.papers import Origin
from lib.ui import facts, written
from lib.ui.grid import opening
from lib.ui.plain import plain

ON_PAPER = "Está impreso en el Certificado de Autenticidad; no se envía por correo."
_CERTIFICATES, _CUSTOMER = "pages/Certificados.py", "pages/Cuenta.py"


def draw(verdict: Verdict) -> None:
    for paper in verdict.papers:
        with st.container(border=True):
            _registered(paper)
    if not verdict.papers:
        with st.container(border=True):
            _unknown(verdict)


def came(origin: Origin | None) -> str:
    """What it came with, when, and by whom."""
    if origin is None:
        return ""
    at = clock.at_office(origin.finished_at)
    return f"{origin.source} · {at:%d/%m/%Y %H:%M} · {origin.actor}"


def _registered(paper: Paper) -> None:
    of = paper.certificate
    st.markdown(
        f":green-badge[:material/verified: Auténtico en la mesa] **{plain(of.product)}"
        f" {plain(of.version)} · {written.count(of.seats, 'usuario', 'usuarios')}**"
    )
    said = {
        "Folio": of.folio,
        "No. Serie": of.serial,
        "Titular": of.holder or "sin titular",
        "RFC": masks.masked("rfc", of.rfc),
        "Fecha Compra": written.day(of.purchased_on),
        "CDA": ON_PAPER,
        "Entró con": came(paper.origin),
    }
    facts.draw({name: value for name, value in said.items() if value})
    for warning in _doubts(paper):
        st.warning(warning, icon=":material/warning:")
    with st.container(horizontal=True):
        _whose(paper)
        _row_link("Ver el certificado", of.folio)


def _whose(paper: Paper) -> None:
    number = paper.certificate.account_no
    if paper.account is None:
        unknown = f": la {plain(number)} no existe" if number else ""
        st.markdown(f":orange-badge[:material/link_off: Sin cuenta{unknown}]")
        return
    st.page_link(
        _CUSTOMER,
        label=f"Cuenta **{plain(number)}** · {plain(paper.account.name)}",
        icon=":material/contact_page:",
        query_params={"cuenta": number},
    )


def _doubts(paper: Paper) -> list[str]:
    """What to make sure of on the phone."""
    if not paper.namesakes:
        return []
    folios = ", ".join(map(plain, paper.namesakes))
    return [f"La misma serie está también en el folio {folios}: confirma cuál tiene el cliente."]


def _unknown(verdict: Verdict) -> None:
    st.markdown(f":red-badge[:material/gpp_bad: No está registrado] **{plain(verdict.code)}**")
    if not verdict.near:
        st.markdown(
            "Ningún certificado de la mesa tiene ese folio ni esa serie, ni uno parecido. Pide al "
            "cliente que lo lea otra vez, o una foto del certificado."
        )
        return
    st.markdown("Hay parecidos, a un dígito; confirma con el cliente cuál es el suyo:")
    for folio, taken in verdict.near:
        _row_link(f"{plain(taken)}" + (f" · folio {plain(folio)}" if taken != folio else ""), folio)


def _row_link(label: str, folio: str) -> None:
    st.page_link(
        _CERTIFICATES,
        label=label,
        icon=":material/verified:",
        query_params=opening.link(View(q=folio)),
    )
