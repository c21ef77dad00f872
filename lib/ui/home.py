"""Inicio: one search over everything, and the way to what it finds."""

import streamlit as st

from lib.model.actor import Actor
from lib.services.records import finding, verifying
from lib.services.records.finding import Found
from lib.ui import badge, entering, hits, process, shell
from lib.ui.hits import Hit, Kind
from lib.ui.log import alerts, proof
from lib.ui.mail import requests
from lib.ui.plain import plain
from lib.ui.records import verdict


def draw(actor: Actor) -> None:
    st.title(f"Hola, {plain(actor.name.split()[0])}", anchor=False)
    typed = st.text_input(
        "Busca un cliente o un sistema",
        key="home.search",
        type="search",
        icon=":material/search:",
        placeholder="Nombre, No. Serie, correo, teléfono, RFC o cuenta",
    ).strip()
    entering.is_typed_over("home.search")
    if len(typed) < hits.SHORTEST:
        st.caption("Escribe al menos tres letras o números, con o sin acentos, y presiona Enter.")
        proof.alarm(actor)
        alerts.on_home(actor)
        requests.draw()
        _ways(actor)
        return
    with shell.guarded():
        _answer(typed)


def _ways(actor: Actor) -> None:
    """What this person can do, as in the menu."""
    pages = [page for page in shell.allowed_pages(actor) if page.file != "Home.py"]
    columns = st.columns(3)
    for at, page in enumerate(pages):
        with columns[at % 3].container(border=True):
            st.page_link(page.file, label=page.title, icon=page.icon, width="stretch")
            st.caption(page.about)
            badge.on_home(page)


def _answer(typed: str) -> None:
    """A certificate's folio or serial is answered first; then everything that was found."""
    desk, actor = process.desk(), shell.actor()
    found = finding.everything(desk, actor, typed)
    known = verifying.verdict(desk, typed, found, actor=actor)
    if known:
        verdict.draw(known)
    _results(found, told=len(known.papers) if known else 0)


def _results(found: Found, told: int) -> None:
    """`told` certificates have been shown already: without others they aren't listed again."""
    kinds = [k for k in hits.by_kind(found) if k.id != "certificates" or k.total > told]
    if not kinds and not told:
        st.info(hits.NOTHING, icon=":material/search_off:")
    for kind in kinds:
        _kind(kind)


def _kind(kind: Kind) -> None:
    more = f" · se muestran {len(kind.hits)}" if kind.total > len(kind.hits) else ""
    st.header(kind.label, anchor=False)
    found = "Se encontró" if kind.total == 1 else "Se encontraron"
    st.caption(f"{found} {kind.total:,}{more}")
    if kind.note:
        st.caption(plain(kind.note))
    for hit in kind.hits:
        with st.container(border=True):
            _link(hit)


def _link(hit: Hit) -> None:
    label = f"**{plain(hit.title)}** · {plain(hit.detail)}"
    if hit.account_no:
        account = {"cuenta": hit.account_no}
        st.page_link("pages/Cuenta.py", label=label, query_params=account, width="stretch")
    else:
        st.markdown(label)
