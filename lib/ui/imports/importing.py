"""Importar: choose files or paste rows, see what they would do, confirm."""

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.reading import Choice, Look
from lib.services.imports import committing, mapping, previewing, running
from lib.services.imports.jobs import Act, Job
from lib.services.imports.previewing import Preview
from lib.ui import process, shell, written
from lib.ui.imports import checking, columns, fixing, reading_line, template_line, uploads, working
from lib.ui.imports.uploads import Source
from lib.ui.plain import plain, refusal

_PREVIEW = "importing.preview"
_OF = "importing.of"  # which source, and read how, the preview is of
_LOOK = "importing.look"  # the last look there was, and at which source
_DONE = "importing.done"
_HELD = "importing.held"  # a source that was checked by itself
_REFUSED = "importing.refused"  # why the button did nothing, to be said beside it
_HOPELESS = "importing.hopeless"  # whether no other way of reading the source helps
_BEING_READ = "Se está leyendo el archivo."
_STOPPED = "importing.stopped"  # the job that was cancelled or refused last


def form() -> None:
    st.title("Importar certificados", anchor=False)
    template_line.draw()
    uploaded = uploads.source()
    with shell.guarded():
        _settle(uploaded)
    source = uploaded or _held()
    with shell.guarded():
        if not working.at_work():
            _look_at(source)
        if working.at_work():
            if source:  # its widgets keep what they were given
                look, read = _last_look(source)
                reading_line.draw(source.key, look, read=read, unread=_BEING_READ)
            working.draw()
            return
    _told()
    if source:
        _draw(source)


def _last_look(source: Source) -> tuple[Look | None, bool]:
    """The last one there was, and whether it is of how the source is read now."""
    look: Look | None = st.session_state.get(_LOOK, {}).get(source.key)
    return look, look is not None and _OF in st.session_state


def _draw(source: Source) -> None:
    seen: Preview | None = st.session_state.get(_PREVIEW)
    look, read = _last_look(source)
    if not _is_hopeless():  # what was said of it says what to do
        reading_line.draw(source.key, look, read=read)
    if look and read:
        columns.draw(source.key, _read_as(source), look)
    if seen:
        _show(seen, source)


def _is_hopeless() -> bool:
    job: Job | None = st.session_state.get(_STOPPED)
    stopped = job is not None and job.refusal is not None and job.refusal.hopeless
    return stopped or bool(st.session_state.get(_HOPELESS))


def _look_at(source: Source | None) -> None:
    """Preview a source once for each way of reading it; another, or none, forgets the preview."""
    st.session_state.pop(_HOPELESS, None)
    if not source:
        _forget()
        return
    choice = columns.chosen(source.key, _read_as(source))
    if (source.key, choice) == st.session_state.get(_OF):
        return
    st.session_state.pop(_STOPPED, None)
    if source.takes_long:  # it goes on by itself; _settle takes what it finds
        working.check(source, choice)
        _forget()
        return
    _forget()
    try:
        with st.spinner("Revisando las filas…"):
            seen = _preview(source, choice)
    except mapping.UnmatchedError as error:  # where columns.py asks for them
        st.session_state[_LOOK] = {source.key: error.look}
    except AppError as error:
        st.session_state[_HOPELESS] = error.hopeless
        raise
    else:
        st.session_state[_PREVIEW] = seen
        st.session_state[_LOOK] = {source.key: seen.look}
    # Last: a rerun may cut in above, and the next one must look again.
    st.session_state[_OF] = (source.key, choice)


def _preview(source: Source, choice: Choice) -> Preview:
    desk, actor = process.desk(), shell.actor()
    content = source.opened()
    if not content:
        return previewing.preview_pasted(desk, actor, source.text, choice)
    with content:
        return previewing.preview(desk, actor, source.name, content, choice)


def _read_as(source: Source) -> Choice:
    said = reading_line.choice(source.key)
    return source.choice if said == Choice() else said


# ---- what went on by itself ----------------------------------------------------------------------


def _settle(uploaded: Source | None) -> None:
    """Take in how a check or an import ended that outlived a run of this page."""
    job = working.ended()
    if not job:
        return
    if job.act is Act.COMMIT and job.well:
        _went_in(job.found, Source(job.key[0], job.source))
        return
    if uploaded and uploaded.key != job.key[0]:
        running.not_here(job)  # this tab looks at another file
        return
    if job.found and job.found.noted.is_file():
        _adopt(job, here=uploaded is not None)
    if isinstance(job.refusal, mapping.UnmatchedError):
        st.session_state[_LOOK] = {job.key[0]: job.refusal.look}
        st.session_state[_OF] = job.key
    elif not job.well:
        st.session_state[_STOPPED] = job
        st.session_state[_OF] = job.key


def _adopt(job: Job, *, here: bool) -> None:
    """Its preview is this tab's, also when the file isn't `here`: it came by another, or before."""
    key, choice = job.key
    seen: Preview = job.found
    before: Preview | None = st.session_state.get(_PREVIEW)
    if before and before.folder != seen.folder:
        previewing.discard(before)
    st.session_state[_OF] = job.key
    st.session_state[_PREVIEW] = seen
    st.session_state[_LOOK] = {key: seen.look}
    if not here:
        st.session_state[_HELD] = Source(key, job.source, kept=seen.original.path, choice=choice)


def _held() -> Source | None:
    """A file that was checked, when its upload isn't here any more."""
    held: Source | None = st.session_state.get(_HELD)
    if held is None or held.kept is None or not held.kept.is_file():
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/draft: **{plain(held.name)}**")
        st.button("Quitar", type="tertiary", icon=":material/close:", on_click=_forget)
    return held


def _told() -> None:
    """How the last one ended."""
    if done := st.session_state.pop(_DONE, ""):
        st.success(done, icon=":material/check_circle:")
    job: Job | None = st.session_state.get(_STOPPED)
    if not job:
        return
    if job.refusal:
        st.error(refusal(job.refusal), icon=":material/block:")
    elif job.act is Act.COMMIT:
        st.info("Importación cancelada: no entró nada.", icon=":material/cancel:")
    else:
        st.info("Revisión cancelada.", icon=":material/cancel:")
    if job.refusal or job.act is Act.CHECK:
        st.button("Revisar de nuevo", icon=":material/refresh:", on_click=_forget)


@shell.guarded()
def _show(found: Preview, source: Source) -> None:
    """What is shown has what was typed in its bad rows."""
    seen = fixing.current(found)
    checking.draw(seen)
    fixing.draw(seen)
    coming = seen.merge.new + seen.merge.changed
    if why := st.session_state.pop(_REFUSED, ""):
        st.error(why, icon=":material/block:")
    if not coming:
        if seen.counts.good:
            st.info("No hay nada nuevo que importar: las filas válidas ya están en la mesa.")
        return
    _button(seen, source, coming)


def _button(seen: Preview, source: Source, coming: int) -> None:
    """For everything when nothing is bad; else what stays out is said, and the button says so."""
    label = f"Importar {written.count(coming, 'certificado', 'certificados')}"
    if bad := seen.counts.set_aside:
        label += ", solo los válidos" if coming > 1 else ", solo el válido"
        stays = written.count(bad, "fila no entra: corrígela", "filas no entran: corrígelas")
        st.caption(f":material/warning: {stays} arriba, o importa sin ella{'s' * (bad > 1)}.")
    st.button(
        label,
        type="primary",
        icon=":material/download_done:",
        on_click=_commit,
        args=(seen, source),
    )


def _commit(seen: Preview, source: Source) -> None:
    with shell.guarded():
        st.session_state.pop(_STOPPED, None)
        # A cell may have been typed and this pressed at once: what goes in is what was shown.
        if fixing.current(seen) is not seen:
            st.session_state[_REFUSED] = refusal(AppError(Reason.JUST_TYPED))
            return
        if seen.merge.new + seen.merge.changed > committing.FEW:
            working.bring_in(seen, st.session_state[_OF])
            return
        try:
            committing.commit(process.desk(), shell.actor(), seen)
        except AppError as error:
            if error.reason is not Reason.STALE_PREVIEW:
                raise
            # It is checked again at once, as it would go in now, and looks much as it did: at the
            # top of the page nobody would read why, and press again over the other's rows.
            _forget()
            st.session_state[_REFUSED] = refusal(error)
            return
        _went_in(seen, source)


def _went_in(seen: Preview, source: Source) -> None:
    done = seen.merge
    new = written.count(done.new, "nuevo", "nuevos")
    changed = written.count(done.changed, "cambiado", "cambiados")
    st.session_state[_DONE] = f"Importación terminada: {new} y {changed}."
    key, _ = st.session_state.get(_OF, ("", None))
    if key == source.key:  # else this tab looks at another file by now
        st.session_state.pop(_PREVIEW, None)
        st.session_state.pop(_HELD, None)
    fixing.forget(seen)
    uploads.went_in(source)


def _forget() -> None:
    for key in (_OF, _HELD, _STOPPED):
        st.session_state.pop(key, None)
    seen: Preview | None = st.session_state.pop(_PREVIEW, None)
    if seen:
        previewing.discard(seen)
