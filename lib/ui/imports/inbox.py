"""Cargar's view of the watched folder: what waits in it, what is missing, how the last ended."""

from collections.abc import Sequence

import streamlit as st

from lib.model.inbox import Came, Now, Waiting
from lib.services.loads import inbox
from lib.services.loads.in_hand import Pace
from lib.services.loads.inbox import Seen
from lib.store.records.batches import Batch
from lib.ui import identity, messages, process, shell, written
from lib.ui.imports.history import CHOSEN, PAGE, counts
from lib.ui.mail import mail_state
from lib.ui.plain import escaped, plain, refusal

_EVERY = "3s"
_LAST = "inbox.last"  # the pack that was the last when the page was drawn
_NAMED = 8  # files that one line names
_OFF = (
    "No hay ninguna. Para que la mesa cargue sola lo que el proveedor deje en una carpeta (por "
    "SFTP, por ejemplo), pon su ruta completa en `MESA_INBOX` y reinicia la mesa."
)
_HOW = (
    "La mesa carga sola lo que llegue aquí cuando estén los cinco archivos, sueltos o en una "
    f"subcarpeta, y lleven {Pace().settle_s:.0f} segundos sin cambiar. Si vienen menos, un archivo "
    "`listo` (o `algo.done`) le dice que no faltan más. Después los pasa a `cargados` o a "
    "`rechazados`; el reporte llega por correo a los administradores, y a los gerentes que lo "
    "pidan en Mi perfil."
)


def draw() -> None:
    st.header("Carpeta vigilada", anchor=False)
    with shell.guarded():
        if inbox.seen(process.desk(), shell.actor()) is None:
            st.caption(_OFF)
            return
        _live()


@st.fragment(run_every=_EVERY)
def _live() -> None:
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        seen = inbox.seen(process.desk(), identity.actor(touch=False))
        if seen is None:
            return
        if _ended(seen.last):
            st.rerun()  # the history below has one more
        _state(seen)


def _ended(last: Came | None) -> bool:
    """Whether another pack was dealt with since this page was drawn."""
    known, now = st.session_state.get(_LAST), last.id if last else ""
    st.session_state[_LAST] = now
    return known not in (None, now)


def _state(seen: Seen) -> None:
    st.code(str(seen.folder), language=None)
    st.caption(_HOW)
    now = seen.now
    if now.trouble and now.trouble.reason not in inbox.FOR_PEOPLE:  # the banner says those
        st.warning(refusal(now.trouble), icon=":material/hourglass_pause:")
    if now.in_hand is not None:
        _loading(now)
    elif not now.waiting and not now.trouble:
        st.markdown(":material/inbox: No hay nada esperando.")
    for waiting in now.waiting:
        st.markdown(_waits(waiting))
    if now.strangers:
        st.caption(f"No son de ningún paquete y se quedan donde están: {_named(now.strangers)}.")
    if seen.last:
        _last(seen.last, seen.batch)


def _loading(now: Now) -> None:
    stage, done = now.loading or (None, 0.0)
    said = messages.STAGE_NAMES[stage] if stage else "Preparando la carga"
    st.progress(min(1.0, max(0.0, done)), f"{plain(now.in_hand or '')}: {said}")


def _waits(waiting: Waiting) -> str:
    """A pack and what it waits for, on one line."""
    name = f"**{plain(waiting.name or 'Sueltos en la carpeta')}**: "
    there = written.count(len(waiting.found), "archivo", "archivos")
    if waiting.arriving:
        more = f" y {_missing(waiting.missing)}" if waiting.missing and not waiting.marked else ""
        return f":material/downloading: {name}{there}; aún llega {_named(waiting.arriving)}{more}."
    if not waiting.found and waiting.missing and not waiting.marked:
        return f":material/block: {name}no se puede abrir; se pasará a `rechazados`."
    if waiting.whole:
        return f":material/hourglass_top: {name}{there}: se carga en cuanto deje de cambiar."
    if not waiting.found:
        return f":material/pending: {name}dice que está completo y no trae ningún archivo."
    return f":material/pending: {name}{there}; {_missing(waiting.missing)}."


def _missing(names: Sequence[str]) -> str:
    return f"{'falta' if len(names) == 1 else 'faltan'} {_named(names)}"


def _last(came: Came, batch: Batch | None) -> None:
    at = mail_state.moment(came.at)
    if batch is None:
        st.error(
            f"La última, {plain(came.name)} ({at}), no se cargó y está en `rechazados`. "
            f"{escaped(came.why)}",
            icon=":material/block:",
        )
        return
    again = ", los mismos archivos que otra vez" if came.again else ""
    with st.container(key="inbox_last"):
        st.page_link(
            PAGE,
            label=f"La última: {plain(came.name)}, {at}: {counts(batch)}{again}",
            icon=":material/task_alt:",
            query_params={CHOSEN: batch.id},
        )


def _named(names: Sequence[str]) -> str:
    said = ", ".join(plain(name) for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{said} y {more} más" if more > 0 else said
