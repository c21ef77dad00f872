"""What a file of certificates has to bring, and a template of it to take away."""

import streamlit as st

from lib.model.sheet import Format
from lib.services.imports import template
from lib.store.pack.files import CERTIFICATES

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw() -> None:
    needed = [c.heading for c in CERTIFICATES.columns if not c.optional]
    others = [c.heading for c in CERTIFICATES.columns if c.optional]
    st.caption(
        f"Hacen falta {_listed(needed)}; pueden venir {_listed(others)}. En cualquier orden y con "
        "los nombres que use tu hoja. Nada entra hasta que confirmes."
    )
    with st.container(horizontal=True, gap="small"):
        _button("Plantilla de Excel", Format.XLSX, _XLSX)
        _button("Plantilla CSV", Format.CSV, "text/csv")


def _button(label: str, form: Format, mime: str) -> None:
    st.download_button(
        label,
        template.made(form),
        f"{template.NAME}.{form}",
        mime,
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
        key=f"importing.template.{form}",
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} y {names[-1]}"
