"""Importar: choose files or paste rows, see what they would do, confirm."""

import streamlit as st

from lib.model.reading import Choice, Look
from lib.services.imports import committing, mapping, previewing
from lib.services.imports.previewing import Preview
from lib.ui import process, shell, written
from lib.ui.imports import checking, columns, fixing, reading_line, template_line, uploads
from lib.ui.imports.uploads import Source

_PREVIEW = "importing.preview"
_OF = "importing.of"  # which source, and read how, the preview is of
_LOOK = "importing.look"  # the last look there was, and at which source
_DONE = "importing.done"


def form() -> None:
    st.title("Importar certificados", anchor=False)
    template_line.draw()
    source = uploads.source()
    if done := st.session_state.pop(_DONE, ""):
        st.success(done, icon=":material/check_circle:")
    with shell.guarded():
        _look_at(source)
    if not source:
        return
    seen: Preview | None = st.session_state.get(_PREVIEW)
    look: Look | None = st.session_state.get(_LOOK, {}).get(source.key)
    read = look is not None and _OF in st.session_state
    reading_line.draw(source.key, look, read=read)
    if look and read:
        columns.draw(source.key, reading_line.choice(source.key), look)
    if seen:
        _show(seen, source)


def _look_at(source: Source | None) -> None:
    """Preview a source once for each way of reading it; another, or none, forgets the preview."""
    if not source:
        _forget()
        return
    choice = columns.chosen(source.key, reading_line.choice(source.key))
    if (source.key, choice) == st.session_state.get(_OF):
        return
    _forget()
    try:
        with st.spinner("Revisando las filas…"):
            seen = _preview(source, choice)
    except mapping.UnmatchedError as error:  # where columns.py asks for them
        st.session_state[_LOOK] = {source.key: error.look}
    else:
        st.session_state[_PREVIEW] = seen
        st.session_state[_LOOK] = {source.key: seen.look}
    # Last: a rerun may cut in above, and the next one must look again.
    st.session_state[_OF] = (source.key, choice)


def _preview(source: Source, choice: Choice) -> Preview:
    desk, actor = process.desk(), shell.actor()
    if not source.file:
        return previewing.preview_pasted(desk, actor, source.text, choice)
    source.file.seek(0)
    return previewing.preview(desk, actor, source.file.name, source.file, choice)


@shell.guarded()
def _show(base: Preview, source: Source) -> None:
    """`base` is of the file as it came; what is shown, with what was typed in its bad rows."""
    seen = fixing.current(base, source)
    checking.draw(seen)
    fixing.draw(base, seen, source)
    coming = seen.merge.new + seen.merge.changed
    if not coming:
        st.info("No hay nada nuevo que importar: las filas válidas ya están en la mesa.")
        return
    st.button(
        f"Importar {written.count(coming, 'certificado', 'certificados')}",
        type="primary",
        icon=":material/download_done:",
        on_click=_commit,
        args=(seen, source),
    )


def _commit(seen: Preview, source: Source) -> None:
    with shell.guarded():
        done = committing.commit(process.desk(), shell.actor(), seen)
        st.session_state[_DONE] = (
            f"Importación terminada: {done.new:,} nuevos y {done.changed:,} cambiados."
        )
        st.session_state.pop(_PREVIEW, None)
        fixing.forget(source)
        uploads.went_in(source)


def _forget() -> None:
    st.session_state.pop(_OF, None)
    seen: Preview | None = st.session_state.pop(_PREVIEW, None)
    if seen:
        previewing.discard(seen)
