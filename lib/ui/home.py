"""Inicio: one search over everything, and the way to what it finds."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lib.model.actor import Actor
from lib.model.text import mask_email
from lib.services import finding
from lib.services.finding import Found, Hits
from lib.ui import process, shell
from lib.ui.plain import plain

_SHORTEST = 3  # characters typed before anything is looked for


def draw(actor: Actor) -> None:
    st.title(f"Hola, {plain(actor.name.split()[0])}", anchor=False)
    typed = st.text_input(
        "Busca un cliente o un sistema",
        key="home.search",
        type="search",
        icon=":material/search:",
        placeholder="Nombre, No. Serie, correo, teléfono, RFC o cuenta",
    ).strip()
    if len(typed) < _SHORTEST:
        st.caption("Escribe al menos tres letras o números, con o sin acentos, y presiona Enter.")
        _ways(actor)
        return
    with shell.guarded():
        _results(finding.everything(process.desk(), shell.actor(), typed))


def _ways(actor: Actor) -> None:
    """What this person can do, as in the menu."""
    pages = [page for page in shell.allowed_pages(actor) if page.file != "Home.py"]
    columns = st.columns(3)
    for at, page in enumerate(pages):
        with columns[at % 3].container(border=True):
            st.page_link(page.file, label=page.title, icon=page.icon, width="stretch")
            st.caption(page.about)


def _results(found: Found) -> None:
    if found.nothing:
        st.info(
            "Sin resultados. Prueba con menos palabras, o con parte de la serie o del correo.",
            icon=":material/search_off:",
        )
        return
    _kind("Cuentas", found.accounts, _account)
    _kind("Sistemas", found.systems, _system)
    _kind("Certificados", found.certificates, _certificate)


def _kind(title: str, hits: Hits, line: Callable[[Mapping[str, Any]], str]) -> None:
    if not hits.total:
        return
    more = f" · se muestran {len(hits.rows)}" if hits.total > len(hits.rows) else ""
    st.subheader(title, anchor=False)
    st.caption(f"{hits.total:,} encontrados{more}")
    for row in hits.rows:
        with st.container(border=True):
            _link(row, line(row))


def _link(row: Mapping[str, Any], label: str) -> None:
    if row["account_no"]:
        account = {"cuenta": row["account_no"]}
        st.page_link("pages/Cuenta.py", label=label, query_params=account, width="stretch")
    else:
        st.markdown(label)


def _account(row: Mapping[str, Any]) -> str:
    email = mask_email(row["email"]) if row["email"] else "sin correo"
    return f"**{plain(row['name'])}** · {plain(row['account_no'])} · {plain(email)}"


def _system(row: Mapping[str, Any]) -> str:
    system = f"{row['product']} {row['version']} · {row['serial']}"
    return f"**{plain(system)}** · {plain(row['account_name'])}"


def _certificate(row: Mapping[str, Any]) -> str:
    certificate = f"{row['product']} {row['version']} · folio {row['folio']} · {row['serial']}"
    return f"**{plain(certificate)}** · {plain(row['holder'])}"
