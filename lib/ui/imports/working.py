"""A check or an import that goes on by itself: its bar and its cancelling, from wherever its person
looks at it."""

from collections.abc import Hashable

import streamlit as st

from lib.model.reading import Choice
from lib.services.imports import running
from lib.services.imports.jobs import Act, Job
from lib.services.imports.previewing import Preview
from lib.ui import identity, messages, process, shell, written
from lib.ui.imports.uploads import Source
from lib.ui.plain import plain

_WATCHED = "working.watched"  # the job whose bar this tab showed last
_EVERY = "0.5s"


def check(source: Source, choice: Choice) -> None:
    """Raises as running.check()."""
    content = source.opened()
    if content:
        key = (source.key, choice)
        running.check(process.desk(), shell.actor(), source.name, content, choice, key)


def bring_in(seen: Preview, key: Hashable) -> None:
    """Raises as running.bring_in()."""
    running.bring_in(process.desk(), shell.actor(), seen, key)


def at_work() -> bool:
    """Whether something of this person's is."""
    job = running.of(process.desk(), shell.actor())
    return job is not None and not job.over


def ended() -> Job | None:
    """What went on by itself and is over, once in each tab that saw its bar, else in one."""
    watched = st.session_state.get(_WATCHED, "")
    job = running.ended(process.desk(), shell.actor(), watched)
    if job:
        st.session_state.pop(_WATCHED, None)
    return job


def draw() -> None:
    """The bar of what is at work."""
    job = running.of(process.desk(), shell.actor())
    if job:
        st.session_state[_WATCHED] = job.id
        _bar(job.id)


@st.fragment(run_every=_EVERY)
def _bar(job_id: str) -> None:
    """Until it is over; then the page is drawn anew. Looking isn't activity: no touch."""
    with shell.guarded():
        job = running.of(process.desk(), identity.actor(touch=False))
        if job is None or job.id != job_id or job.over:
            st.rerun()
            return
        with st.container(border=True):
            st.markdown(_title(job))
            doing = "Cancelando…" if job.cancelled else messages.STAGE_NAMES[job.stage]
            st.progress(job.done, f"{job.done:.0%} · {doing}")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Cancelar",
                    icon=":material/cancel:",
                    key="working.cancel",
                    disabled=job.cancelled,
                    on_click=_cancel,
                    args=(job_id,),
                )
                st.caption("Puedes salir de esta página: sigue sola, y aquí verás cómo va.")


def _title(job: Job) -> str:
    if job.act is Act.CHECK:
        return f"**Revisando {plain(job.source)}**"
    rows = written.count(job.rows, "certificado", "certificados")
    return f"**Importando {rows} de {plain(job.source)}**"


@shell.guarded()
def _cancel(job_id: str) -> None:
    running.cancel(process.desk(), shell.actor(), job_id)
