"""Where the CDA of a physical licence stands: on its certificate, and nowhere else."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lib.ui import facts

# What the paper says, by column of ops.certificate.
_PRINTED = {
    "No. Serie": "serial",
    "Folio": "folio",
    "Sistema": "product",
    "Versión": "version",
    "Titular": "holder",
}


@st.dialog("El CDA está en el certificado")
def explain(certificate: Mapping[str, Any]) -> None:
    """Where the code of a physical licence stands; `certificate` is its row, by column."""
    st.markdown(
        "El CDA de un licenciamiento físico está **impreso en el Certificado de Autenticidad** "
        "que venía en la caja, y en ningún otro lugar: no se envía por correo."
    )
    st.markdown(
        "1. Pide al cliente que tenga a la mano su Certificado de Autenticidad.\n"
        "2. Confirma con él que el certificado es el de este registro.\n"
        "3. En ese mismo certificado está impreso el código de activación (CDA), el que escribe "
        "en el Asistente de Activación."
    )
    printed = {name: certificate.get(column) for name, column in _PRINTED.items()}
    facts.draw({name: str(value) for name, value in printed.items() if value})
    st.caption("Si ya no le permite activarlo, necesita un desbloqueo: 24 a 48 horas hábiles.")
    if st.button("Aceptar", type="primary", key="paper.accept"):
        st.rerun()
