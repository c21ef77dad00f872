"""Bitácora: one entry whole, with what it changed from and to."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.model import clock
from lib.services import log
from lib.services.log import LogEntry
from lib.ui import facts, messages, process, shell

# What details are called on screen; the rest go by their column's name in the portal.
_DETAIL_NAMES = {
    "recipient": "Enviado a",
    "typed": "Usuario escrito",
    "role": "Perfil",
    "retry_of": "Reintento de",
    "file": "Archivo",
    "smtp_code": "Respuesta del servidor",
    "smtp_text": "Texto del servidor",
    "attempt": "Intento",
    "source": "Origen",
    "new": "Nuevas",
    "changed": "Cambiadas",
    "unchanged": "Iguales",
    "set_aside": "Apartadas",
    "warnings": "Avisos",
    "differences": "Correcciones que el proveedor no tiene",
}


@st.dialog("Detalle de la bitácora", width="large")
def show(seq: int) -> None:
    with shell.guarded():
        entry = log.entry(process.desk(), shell.actor(), seq)
        _facts(entry)
        _changes(entry.detail)
        _others(entry.detail)
        st.caption(f"Renglón {entry.seq} · huella {entry.hash[:16]}…")


def _facts(entry: LogEntry) -> None:
    known = {
        "Fecha": f"{clock.at_office(entry.logged_at):%d/%m/%Y %H:%M:%S}",
        "Quién": entry.actor,
        "Qué": messages.ACTION_NAMES[entry.action],
        "Resultado": messages.OUTCOME_NAMES[entry.outcome],
        "Cuenta": entry.account_no,
        "No. Serie": entry.serial,
        "Motivo": messages.resend_reason(entry.reason),
        "Ticket": entry.ticket,
    }
    facts.draw({name: value for name, value in known.items() if value})


def _changes(detail: Mapping[str, Any]) -> None:
    old, new = detail.get("old"), detail.get("new")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    rows = [
        {"Dato": detail_name(field), "Antes": old.get(field) or "—", "Después": new[field] or "—"}
        for field in new
    ]
    st.dataframe(rows, hide_index=True, width="stretch")


def _others(detail: Mapping[str, Any]) -> None:
    plain = {
        detail_name(k): str(v) for k, v in detail.items() if isinstance(v, str | int) and v != ""
    }
    if plain:
        facts.draw(plain)


def detail_name(field: str) -> str:
    """What one of the log's details is called on screen."""
    return _DETAIL_NAMES.get(field) or messages.FIELD_NAMES.get(field, field).rstrip("*")
