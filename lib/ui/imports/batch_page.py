"""One load or import: who, when, its file, what it did to which certificates, and its undoing."""

import streamlit as st

from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.undo import Undoing
from lib.model.view import View
from lib.services.imports import original_download
from lib.services.loads import history, undoing
from lib.services.loads.undoing import Seen
from lib.store.records.batches import BY_HAND
from lib.store.records.undos import Undone
from lib.ui import process, shell, written
from lib.ui.grid.opening import link
from lib.ui.imports import changes, error_buttons, mended, read_as, report
from lib.ui.imports.history import CHOSEN, KINDS
from lib.ui.listing import download, export
from lib.ui.mail import mail_state
from lib.ui.plain import escaped, plain, refusal

_DONE = "batch.done"
_REASON = "batch.reason"
_TITLE = "Archivo original de una importación"  # as the log calls it when it is taken away


def chosen() -> str:
    """The batch that the address names (?lote=…); "" when it names none."""
    batch_id = st.query_params.get(CHOSEN, "")
    if batch_id:
        # A link from a page to itself leaves the browser's address as it was, which the next run
        # would go by: said again, it is written there.
        st.query_params[CHOSEN] = batch_id
    return batch_id


def draw(batch_id: str) -> None:
    if st.button("Todas las importaciones", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    with shell.guarded():
        seen = undoing.see(process.desk(), shell.actor(), batch_id)
        _head(seen)
        if seen.undone:
            _was_undone(seen.undone)
        _file(seen)
        about = "No entraron; corrígelas y vuelve a subirlas."
        rows = int(seen.batch.summary.get("set_aside", 0))
        report.set_aside(seen.origin.set_aside, key="batch.bad", about=about, rows=rows)
        _errors_file(seen)
        report.warnings(seen.origin.warnings, key="batch.odd")
        mended.draw(seen.origin.mended)
        _certificates(seen)
        if not seen.undone:
            _undo(seen)


def _head(seen: Seen) -> None:
    batch = seen.batch
    st.title(plain(batch.source), anchor=False)
    moment = mail_state.moment(batch.finished_at)
    st.markdown(f"{KINDS[batch.kind]} · {moment} · {plain(batch.actor)}")
    if done := st.session_state.pop(_DONE, ""):
        st.success(done, icon=":material/undo:")
    with st.container(horizontal=True, gap="small"):
        for key, name in report.ROWS.items():
            if key in batch.summary:
                st.metric(name, f"{batch.summary[key]:,}", border=True, width="content")


def _was_undone(undone: Undone) -> None:
    at = mail_state.moment(undone.at)
    st.info(
        f"Deshecha por {plain(undone.by)}, {at}: {escaped(undone.reason)}  \n"
        f"{_what(undone.result, done=True)}",
        icon=":material/undo:",
    )
    _kept(undone.result)


# ---- its file ------------------------------------------------------------------------------


def _file(seen: Seen) -> None:
    origin = seen.origin
    if not origin.sha256:
        return
    st.header("Archivo", anchor=False)
    st.text(f"{origin.name} · {_size(origin.bytes)}")
    st.caption(f"SHA-256 {origin.sha256}")
    if not origin.kept:
        st.caption("No se conservó: traía una columna de CDA.")
    elif shell.actor().may(Permission.EXPORT):
        _take_away(seen.batch.id)
    if origin.read_as and seen.batch.source != BY_HAND:
        read_as.draw(origin.read_as)


@st.fragment
def _take_away(batch_id: str) -> None:
    if st.button("Descargar original", icon=":material/download:", key="batch.original"):
        with shell.guarded():
            ticket = original_download.start(process.desk(), shell.actor(), batch_id, _TITLE)
            export.follow(download.ORIGINALS_PATH + ticket, "batch.original.browser")


def _errors_file(seen: Seen) -> None:
    """The rows that stayed out, as a file; of an import whose own file is here to be read again."""
    if seen.origin.kept and seen.origin.read_as:
        rows = int(seen.batch.summary.get("set_aside", 0))
        about = "El archivo de errores trae esas filas con su Motivo: corrígelo y súbelo solo."
        error_buttons.draw(rows, about, batch_id=seen.batch.id)


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"


# ---- its certificates ----------------------------------------------------------------------


def _certificates(seen: Seen) -> None:
    """Those that are still as it left them."""
    brought = history.brought(process.desk(), shell.actor(), seen.batch.id)
    changed = history.changed(process.desk(), shell.actor(), seen.batch.id)
    if brought or changed:
        alone = seen.batch.source == BY_HAND
        view = View(q=[*brought, *(now for _, now in changed)][0].folio)
        st.page_link(
            "pages/Certificados.py",
            label="Ver en Certificados",
            icon=":material/verified:",
            query_params=link(view if alone else View(filters={"batch": f"={seen.batch.id}"})),
        )
    if brought:
        with st.expander(f"Certificados que trajo{_first(len(brought))}"):
            rows = [changes.row(certificate) for certificate in brought]
            st.dataframe(rows, hide_index=True, width="stretch")
    if changed:
        with st.expander(f"Certificados que cambió{_first(len(changed))}"):
            st.dataframe(changes.cells(changed), hide_index=True, width="stretch")


def _first(shown: int) -> str:
    return f" (los primeros {shown:,})" if shown == history.SHOWN else f": {shown:,}"


# ---- undoing it ----------------------------------------------------------------------------


def _undo(seen: Seen) -> None:
    st.header("Deshacer", anchor=False)
    if seen.would is None or seen.refusal:
        st.caption(_why_not(seen))
        if seen.would:
            _kept(seen.would)
        return
    st.markdown(_what(seen.would, done=False))
    if seen.batch.kind == "pack":
        st.markdown(
            "Vuelven los datos del proveedor de antes de esta carga. Las correcciones hechas en la "
            "mesa y los correos enviados se quedan."
        )
    _kept(seen.would)
    st.text_input("Motivo", key=_REASON, max_chars=undoing.MAX_REASON)
    st.button(
        f"Deshacer {KINDS[seen.batch.kind].lower()}",
        icon=":material/undo:",
        on_click=_confirm,
        args=(seen.batch.id, seen.would),
    )


def _why_not(seen: Seen) -> str:
    refused = seen.refusal or AppError(Reason.NOTHING_TO_UNDO)
    if refused.reason is Reason.FORBIDDEN:
        return "Solo un administrador deshace una carga."
    if refused.reason is not Reason.NOTHING_TO_UNDO:
        return refusal(refused)
    if seen.would and seen.would.stays:
        return "Todo lo suyo se editó después y se conserva; deshaz antes lo que lo editó."
    return "No cambió ningún certificado; no hay nada que deshacer."


@shell.guarded()
def _confirm(batch_id: str, would: Undoing) -> None:
    reason = st.session_state.get(_REASON, "")
    done = undoing.undo(process.desk(), shell.actor(), batch_id, reason, would)
    st.session_state[_DONE] = f"Deshecha. {_what(done, done=True)}"
    st.session_state.pop(_REASON, None)


def _what(undoing: Undoing, *, done: bool) -> str:
    """What goes, what returns, what stays."""
    go, back = ("salió", "salieron") if done else ("sale", "salen")
    parts = (
        (undoing.gone, f"certificado {go}", f"certificados {back}"),
        (undoing.returned, "vuelve a lo que era", "vuelven a lo que eran"),
        (undoing.stays, "se editó después y se queda", "se editaron después y se quedan"),
    )
    said = [written.count(n, one, several) for n, one, several in parts if n]
    return "; ".join(said) + "." if said else "Ningún certificado cambia."


def _kept(undoing: Undoing) -> None:
    """Which stay, and whose edit that keeps."""
    if not undoing.kept:
        return
    with st.expander(f"Certificados que se quedan: {undoing.stays:,}"):
        rows = [
            {
                "Folio": edited.folio,
                "Quién": edited.by,
                "Cuándo": written.instant(edited.at),
                "Por": edited.source or "A mano",
            }
            for edited in undoing.kept
        ]
        st.dataframe(rows, hide_index=True, width="stretch")
