"""A page with nothing but a grid: run by tests/browser/grid_server.py, without a sign-in."""

import os
import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from lib import settings
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.model.view import View
from lib.services.desk import Desk, open_desk
from lib.store.grid.sources import AUDIT, CERTIFICATES, LICENCES, SUBSCRIPTIONS
from lib.store.records import systems
from lib.ui.grid import BulkAction, BulkEvent, Offer, RowAction, Status, arrive, grid
from lib.ui.grid.peek import Fact, Line, Peek, Section

PERSON = Actor("gerente", "Gerardo Gerente", Role.MANAGER)
SOURCES = {s.id: s for s in (SUBSCRIPTIONS, LICENCES, CERTIFICATES, AUDIT)}
TONES = {
    "0": Status("Enviado 21/07", "ok"),
    "1": Status("Fallido", "bad"),
    "2": Status("En cola", "busy"),
}
ACTIONS = [
    RowAction("resend", "Reenviar CDA", "mail", key="r"),
    RowAction("account", "Ver la cuenta", "person"),
    RowAction("log", "Ver en Bitácora", "log", menu=True),
]
BULK = [BulkAction("copy", "Copiar series", "copy"), BulkAction("count", "Contar", "export")]


@st.cache_resource
def desk() -> Desk:
    return open_desk(settings.read())


@st.dialog("Reenviar CDA")
def resend(row_id: str, customer: str) -> None:
    st.text(f"Serie {row_id} de {customer}")


def statuses(ids: list[str]) -> dict[str, Status]:
    return {row_id: TONES[row_id[-1]] for row_id in ids if row_id[-1] in TONES}


def peek(serial: str) -> Peek:
    found = systems.find(desk().store, serial)
    if found is None or _told_to("lose"):
        raise AppError(Reason.UNKNOWN_SERIAL, serial=serial)
    facts = (Fact("No. Serie", found.serial, copied="Serie copiada"), Fact("Periodo", found.period))
    mail = Section("Últimos envíos", lines=(Line("Fallido", "ayer", "bad"),), note="Uno")
    return Peek(
        f"{found.product} {found.version}", "Suscripción", (Section("Sistema", facts), mail)
    )


def _told_to(do: str) -> bool:
    """Whether a test has left word to misbehave."""
    return (Path(os.environ["MESA_DATA"]) / do).exists()


@st.fragment
def table() -> None:
    source = SOURCES[os.environ.get("GRID_SOURCE", "subscriptions")]
    if _told_to("vanish"):
        source = source.narrowed("account_no", "nobody's")
    if _told_to("broken"):
        source = source.narrowed("account_no", object())
    offer = Offer(ACTIONS, BULK, peek, copied="serial")
    event = grid(source, desk=desk(), actor=PERSON, key="prueba", offer=offer, decorate=statuses)
    if isinstance(event, BulkEvent):
        kept = event.selection
        st.session_state["pressed"] = f"{event.action} {len(kept.ids)} {list(kept.paths)}"
    elif event and event.action == "resend":
        resend(event.id, event.row["account_name"])
    elif event:
        st.session_state["pressed"] = f"{event.action} {event.row['account_no']}"
    st.text(st.session_state.get("pressed", "nada"))


st.set_page_config(page_title="Prueba", layout="wide")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.title("Suscripciones")
arrive("prueba", View, visit=0, url=True)
table()
st.text(f"corridas completas: {st.session_state['runs']}")
