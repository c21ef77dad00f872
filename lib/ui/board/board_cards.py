"""What the Tablero's figures stand in: metrics, charts with their tables, words for none."""

from collections.abc import Sequence

import streamlit as st

from lib.model.action import Action
from lib.services.log.board import Board, Count, Failing, Outlook
from lib.store.log.board import Waits
from lib.ui import written
from lib.ui.board import board_charts, board_links, board_rows, board_words
from lib.ui.board.board_charts import Bar
from lib.ui.board.board_links import Target
from lib.ui.mail import mail_state
from lib.ui.plain import plain

_LISTED = 8  # bars of a chart; its table has them all
_NOTHING = "Sin renglones en este periodo ni en el anterior."
_NONE_ACTIVATED = "Ningún sistema se activó en los últimos doce meses."


def metrics(found: Board) -> None:
    """The period at a glance."""
    asked = found.period
    taken, given_back = Action.MAIL_ACCEPTED, Action.MAIL_BOUNCED
    with st.container(key="board_metrics"):
        places = st.columns(5, gap="small")
    with places[0]:
        _metric("Reenvíos", found.resends, board_links.resends(asked))
    with places[1]:
        _metric("Aceptados", found.outcome(taken), board_links.outcome(asked, taken))
    with places[2]:
        target = board_links.outcome(asked, given_back)
        _metric("Rebotados", found.outcome(given_back), target, bad=True)
    with places[3]:
        target = board_links.rows(asked, board_rows.REPEATS)
        _metric("Repetidos", found.repeated, target, bad=True)
    with places[4]:
        target = board_links.rows(asked, board_rows.SLOWEST)
        _waits(found.waits, found.waits_before, target)


def _metric(name: str, count: Count, target: Target, *, bad: bool = False) -> None:
    """`bad`: more of it is worse."""
    with st.container(border=True, gap=None, height="stretch"):
        st.metric(
            name,
            f"{count.now:,}",
            board_words.change(count) or None,
            delta_color="inverse" if bad else "off",
        )
        st.caption(f"Antes: {count.before:,}")
        _link("Ver renglones", target)


def _waits(now: Waits, before: Waits, target: Target) -> None:
    """From the request to the acceptance."""
    with st.container(border=True, gap=None, height="stretch"):
        st.metric("Espera (mediana)", board_words.duration(now.median_s))
        st.caption(
            f"95 %: {board_words.duration(now.p95_s)}  \n"
            f"Antes: {board_words.duration(before.median_s)}"
            f" · {board_words.duration(before.p95_s)}"
        )
        _link("Ver los lentos", target)


def _link(label: str, target: Target) -> None:
    st.page_link(
        target.page, label=label, icon=":material/arrow_forward:", query_params=target.pressed()
    )


def card(
    key: str,
    title: str,
    column: str,
    bars: Sequence[Bar],
    *,
    standing: bool = False,
    alone: str = "",
) -> None:
    """A chart, or the same as a table. `alone`: it isn't of the period, and says this when there is
    nothing."""
    if not _heading(key, title, bool(bars), alone or _NOTHING):
        if bars:
            _chart(key, title, bars, standing=standing, alone=bool(alone))
        return
    table = {column: [f"[{plain(bar.label)}]({bar.target.address()})" for bar in bars]}
    table["Renglones" if alone else "Periodo"] = [f"{bar.count.now:,}" for bar in bars]
    if not alone:
        table["Anterior"] = [f"{bar.count.before:,}" for bar in bars]
        table["Cambio"] = [board_words.change(bar.count) or "—" for bar in bars]
    st.table(table, hide_index=True, border="horizontal", alt=title)


def _heading(key: str, title: str, some: bool, nothing: str) -> bool:
    """Whether its table is asked for; when there is nothing, that is said."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.header(title, anchor=False, width="content")
        asked = some and st.toggle("Ver como tabla", key=f"board.table.{key}")
    if not some:
        st.caption(nothing)
    return asked


def _chart(key: str, title: str, bars: Sequence[Bar], *, standing: bool, alone: bool) -> None:
    if standing:
        board_charts.standing(key, bars, title)
        return
    board_charts.lying(key, bars[:_LISTED], title, alone=alone)
    if len(bars) > _LISTED:
        st.caption(f"Los {_LISTED} primeros de {len(bars):,}; la tabla los trae todos.")


def activations(seen: Outlook) -> None:
    """Systems by the month they were activated in."""
    names = list(board_words.KIND_NAMES.values())
    bars = [
        Bar(
            board_words.month(month),
            Count(kinds.get(kind, 0)),
            board_links.activated(kind, month, seen.today),
            name,
        )
        for month, kinds in seen.activations
        for kind, name in board_words.KIND_NAMES.items()
    ]
    some = any(bar.count.now for bar in bars)
    if not _heading("activations", "Activaciones por mes", some, _NONE_ACTIVATED):
        if some:
            board_charts.series("activations", bars, names, "Activaciones por mes")
        return
    table = {"Mes": [bar.label for bar in bars[:: len(names)]]}
    for place, name in enumerate(names):
        table[name] = [
            f"[{bar.count.now:,}]({bar.target.address()})" for bar in bars[place :: len(names)]
        ]
    st.table(table, hide_index=True, border="horizontal", alt="Activaciones por mes")


def failing(found: Failing) -> None:
    """Addresses that give mail back, the newest first."""
    st.header("Correos que rebotan", anchor=False)
    if not found.total:
        st.caption("Ninguno: el último correo a cada dirección no ha regresado.")
        return
    more = found.total - len(found.newest)
    ways = written.count(found.total, "dirección devuelve", "direcciones devuelven")
    st.caption(f"{ways} el correo." + (f" Se muestran {len(found.newest)}." if more else ""))
    st.table(
        {
            "Correo": [plain(each.masked) for each in found.newest],
            "No. Cuenta": [
                f"[{plain(each.account_no)}]({board_links.bounces_of(each.account_no).address()})"
                for each in found.newest
            ],
            "Desde": [mail_state.moment(each.since) for each in found.newest],
        },
        hide_index=True,
        border="horizontal",
        alt="Correos que rebotan",
    )
