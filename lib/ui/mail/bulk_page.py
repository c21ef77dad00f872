"""Envíos: how a resend to many goes on, live; what became of each system; those of before."""

import streamlit as st

from lib.model.bulk import OVER, Bulk, BulkState, Tally
from lib.model.outbox import MailState
from lib.services.resends import bulk, bulk_results
from lib.services.resends.bulk import Seen
from lib.ui import identity, process, shell, written
from lib.ui.listing import download, export
from lib.ui.mail import bulk as bulk_window
from lib.ui.mail import bulk_words, mail_state, mail_words
from lib.ui.mail.bulk import CHOSEN, PAGE
from lib.ui.plain import plain

_LISTED = 200  # systems that the page names one by one; the file has them all
_LIVE = "1s"
_COLOURS = {
    BulkState.RUNNING: "blue",
    BulkState.CANCELLING: "orange",
    BulkState.CANCELLED: "orange",
    BulkState.ENDED: "green",
}


def draw() -> None:
    st.title("Envíos a varios", anchor=False)
    with shell.guarded():
        known = bulk.newest(process.desk(), shell.actor())
        chosen = asked() or (known[0].id if known else "")
        if not chosen:
            st.info(
                "Todavía no hay ninguno. Selecciona renglones o grupos en Suscripciones o "
                "Licenciamiento y elige Reenviar CDA.",
                icon=":material/checklist:",
            )
            return
        seen = bulk.see(process.desk(), shell.actor(), chosen)
        _one(seen)
        _troubled(chosen, over=seen.bulk.state in OVER)
        _others(known, chosen)


def asked() -> str:
    """The one that the address names (?envio=…); "" when it names none."""
    asked = st.query_params.get(CHOSEN, "")
    if asked:
        # A link from a page to itself leaves the browser's address as it was, which the next run
        # would go by: said again, it is written there.
        st.query_params[CHOSEN] = asked
    return asked


# ---- one of them ---------------------------------------------------------------------------


def _one(seen: Seen) -> None:
    _about(seen.bulk)
    if seen.bulk.state in OVER:
        _progress(seen)
    else:
        _live(seen.bulk.id)
    _result(seen.bulk.id)


def _about(shown: Bulk) -> None:
    systems = written.count(shown.systems, "sistema", "sistemas")
    ticket = f" · ticket {plain(shown.ticket)}" if shown.ticket else ""
    st.markdown(
        f"**{systems}** · {bulk_words.MANNER_NAMES[shown.manner].lower()}  \n"
        f"{plain(mail_words.motive(shown.reason))}{ticket} · {plain(shown.requested_by)}, "
        f"{mail_state.moment(shown.requested_at)}"
    )


@st.fragment(run_every=_LIVE)
def _live(bulk_id: str) -> None:
    """While it goes on; at its end the page is drawn once more, at rest."""
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        seen = bulk.see(process.desk(), identity.actor(touch=False), bulk_id)
        if seen.bulk.state in OVER:
            st.rerun()
        _progress(seen)
        if seen.bulk.state is BulkState.RUNNING:
            st.button(
                "Cancelar lo que falta",
                icon=":material/cancel:",
                key="bulk.cancel",
                on_click=_cancel,
                args=(bulk_id,),
            )


@shell.guarded()
def _cancel(bulk_id: str) -> None:
    bulk.cancel(process.desk(), shell.actor(), bulk_id)


def _progress(seen: Seen) -> None:
    tally = seen.tally
    done = tally.systems - tally.pending
    state = bulk_words.STATE_NAMES[seen.bulk.state]
    st.markdown(f":{_COLOURS[seen.bulk.state]}-badge[{state}]")
    st.progress(tally.fraction, f"{done:,} de {tally.systems:,}")
    with st.container(horizontal=True, gap="small"):
        for name, count in _counts(tally).items():
            if count:
                st.metric(name, f"{count:,}", border=True, width="content")


def _counts(tally: Tally) -> dict[str, int]:
    asked = {state: tally.asked.get(state, 0) for state in MailState}
    return {
        "Aceptados": asked[MailState.ACCEPTED],
        "Por salir": tally.pending,
        "Esperan a un gerente": asked[MailState.HELD],
        "Inciertos": asked[MailState.UNCERTAIN],
        "Rebotados": asked[MailState.BOUNCED],
        "Fallidos": asked[MailState.FAILED],
        "No se enviaron": tally.left_out,
        "Cancelados": tally.cancelled,
    }


@st.fragment
def _result(bulk_id: str) -> None:
    if st.button("Descargar resultado (CSV)", icon=":material/download:", key="bulk.result"):
        with shell.guarded():
            ticket = bulk_results.start(process.desk(), shell.actor(), bulk_id, bulk_words.FILE)
            export.follow(download.RESULTS_PATH + ticket, "bulk.result.browser")


def _troubled(bulk_id: str, *, over: bool) -> None:
    """What an agent has to look after."""
    lines = bulk.troubled(process.desk(), shell.actor(), bulk_id, _LISTED)
    if not lines:
        return
    st.header("Lo que no salió", anchor=False)
    rows = [
        {
            "No. Serie": line.serial,
            "Sistema": f"{line.product} {line.version}".strip(),
            "No. Cuenta": line.account_no,
            "Cliente": line.account_name,
            "Resultado": bulk_words.result(line),
            "Detalle": bulk_words.detail(line),
        }
        for line in lines
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    if over and any(line.surely_not_gone for line in lines):
        st.button(
            "Revisar y reenviar los que no salieron",
            icon=":material/refresh:",
            key="bulk.again",
            on_click=bulk_window.open_again,
            args=(bulk_id,),
        )
    if len(lines) == _LISTED:
        st.caption(f"Se muestran los primeros {_LISTED:,}; el archivo los trae todos.")


# ---- those of before -----------------------------------------------------------------------


def _others(known: list[Bulk], chosen: str) -> None:
    others = [each for each in known if each.id != chosen]
    if not others:
        return
    st.header("Otros envíos", anchor=False)
    for each in others:
        st.page_link(PAGE, label=_label(each), icon=_icon(each), query_params={CHOSEN: each.id})


def _label(each: Bulk) -> str:
    systems = written.count(each.systems, "sistema", "sistemas")
    at = mail_state.moment(each.requested_at)
    state = bulk_words.STATE_NAMES[each.state].lower()
    return f"{at} · {systems} · {plain(each.requested_by)} · {state}"


def _icon(each: Bulk) -> str:
    return ":material/check_circle:" if each.state in OVER else ":material/pending:"
