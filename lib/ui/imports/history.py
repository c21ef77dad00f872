"""The loads and imports of before, each a way to its own page."""

import streamlit as st

from lib.services.loads import history
from lib.store.records.batches import Batch
from lib.ui import process, shell, written
from lib.ui.mail import mail_state
from lib.ui.plain import plain

PAGE = "pages/Importar.py"
CHOSEN = "lote"  # the page's parameter: which one it shows
KINDS = {"pack": "Carga", "certificates": "Importación"}


def draw() -> None:
    """The last ones, newest first."""
    st.header("Cargas e importaciones anteriores", anchor=False)
    with shell.guarded():
        batches = history.loads_and_imports(process.desk(), shell.actor())
        if not batches:
            st.caption("Todavía no hay ninguna.")
            return
        undone = history.undone(process.desk(), shell.actor(), batches)
        with st.container(gap="xxsmall", key="batches"):
            for batch in batches:
                gone = batch.id in undone
                st.page_link(
                    PAGE,
                    label=_label(batch, " · deshecha" if gone else ""),
                    icon=":material/undo:" if gone else _icon(batch),
                    query_params={CHOSEN: batch.id},
                )


def counts(batch: Batch) -> str:
    """What it did, in words; "" of what has no rows, as a change of key."""
    counted = (
        ("new", "nueva", "nuevas"),
        ("changed", "cambiada", "cambiadas"),
        ("set_aside", "apartada", "apartadas"),
    )
    said = [
        written.count(batch.summary[key], one, several)
        for key, one, several in counted
        if batch.summary.get(key)
    ]
    return ", ".join(said) or ("sin cambios" if "new" in batch.summary else "")


def _label(batch: Batch, state: str) -> str:
    parts = (
        mail_state.moment(batch.finished_at),
        KINDS[batch.kind],
        plain(batch.source),
        plain(batch.actor),
        counts(batch),
    )
    return " · ".join(filter(None, parts)) + state


def _icon(batch: Batch) -> str:
    return ":material/database_upload:" if batch.kind == "pack" else ":material/upload_file:"
