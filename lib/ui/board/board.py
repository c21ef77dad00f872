"""Tablero: a period's figures beside those of the period before, each open to its rows."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import cast

import streamlit as st

from lib.model import clock, period
from lib.model.filter import Kind, Relative, Unusable, Within, understand
from lib.model.period import Period, Preset
from lib.services.log import board, people
from lib.services.log.board import Board, Count, Outlook
from lib.ui import process, shell, written
from lib.ui.board import board_cards, board_download, board_links, board_rows, board_words
from lib.ui.board.board_cards import card
from lib.ui.board.board_charts import Bar
from lib.ui.board.board_links import Target
from lib.ui.log import log_words
from lib.ui.plain import plain

_CHOICE, _FIRST, _LAST = "board.period", "board.first", "board.last"
_LEFT = "board.left"  # the period last on screen: for who comes back without an address
_NONE_DUE = "Ninguna está vencida ni vence en los próximos 90 días."
_PROBLEM = "board.problem"  # what was typed that is no day, until it is said


def draw() -> None:
    said = st.query_params.get(board_links.PERIOD) or st.session_state.get(_LEFT)
    asked = period.read(said, clock.today())
    st.session_state[_LEFT] = asked.to_text()
    shown = st.query_params.get(board_links.SHOWN, "")
    if shown in board_rows.LISTS:
        board_rows.draw(asked, shown)
        return
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        st.title("Tablero", anchor=False, width="content")
        with shell.guarded():
            board_download.popover(asked, shell.actor())
    _picker(asked)
    with shell.guarded():
        desk, actor = process.desk(), shell.actor()
        found = board.figures(desk, actor, asked)
        board_cards.metrics(found)
        _resends(found)
        _outcomes(found, people.names(desk, actor))
        _whatever_the_period(board.outlook(desk, actor))


# ---- which period --------------------------------------------------------------------------


def _picker(asked: Period) -> None:
    """The address has the period; what the fields show follows it, as when Back is pressed."""
    st.session_state[_CHOICE] = asked.preset or board_words.OTHER
    st.session_state[_FIRST] = written.day(asked.first)
    st.session_state[_LAST] = written.day(asked.last)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            "Periodo",
            list(board_words.PERIOD_NAMES),
            format_func=board_words.PERIOD_NAMES.__getitem__,
            required=True,
            key=_CHOICE,
            on_change=_choose,
            args=(asked,),
            wrap=True,
        )
        if asked.preset is None:
            _day("Desde", _FIRST)
            _day("Hasta", _LAST)
    if (typed := st.session_state.pop(_PROBLEM, None)) is not None:
        st.error(
            f"«{plain(typed)}» no es un día: escríbelo como 15/11/2026.", icon=":material/block:"
        )
    st.caption(
        f"{board_words.span(asked)} (barra llena), comparado con"
        f" {board_words.span(asked.before)} (contorno)."
        " Presiona una barra para ver sus renglones."
    )


def _day(label: str, key: str) -> None:
    """Typed as in a filter, which also takes a month: a calendar would speak English."""
    st.text_input(
        label, key=key, placeholder="dd/mm/aaaa", autocomplete="off", on_change=_choose_days,
        width=140,
    )  # fmt: skip


def _choose(before: Period) -> None:
    """A range of one's own begins as the period that was on screen."""
    chosen = st.session_state[_CHOICE]
    asked = Period(before.first, before.last)
    if chosen in set(Preset):
        asked = period.of(Preset(chosen), clock.today())
    st.query_params[board_links.PERIOD] = asked.to_text()


def _choose_days() -> None:
    today = clock.today()
    try:
        first = _typed(_FIRST, today).first or today
        last = _typed(_LAST, today).last or today
    except Unusable as error:
        st.session_state[_PROBLEM] = str(error)
        return
    st.query_params[board_links.PERIOD] = period.between(first, last, today).to_text()


def _typed(key: str, today: dt.date) -> Within[dt.date]:
    """Raises Unusable with what was typed."""
    text = st.session_state[key]
    try:
        wanted = understand(Kind.DATE, text, today)
    except Unusable as error:
        raise Unusable(text) from error
    if isinstance(wanted, Relative):
        return wanted.within
    if isinstance(wanted, Within):
        return cast("Within[dt.date]", wanted)  # what the kind holds
    raise Unusable(text)


# ---- of the period -------------------------------------------------------------------------


def _resends(found: Board) -> None:
    asked = found.period
    days = [
        Bar(board_words.short_day(day), count, board_links.resends_of_day(day))
        for day, count in found.by_day
    ]
    some = any(bar.count != Count() for bar in days)
    card("day", "Reenvíos por día", "Día", days if some else [], standing=True)
    left, right = st.columns(2, gap="large")
    with left:
        bars = _bars(
            found.by_product, _product, lambda v: board_links.rows(asked, board_rows.PRODUCT, v)
        )
        card("product", "Por sistema", "Sistema", bars)
    with right:
        bars = _bars(
            found.by_reason,
            log_words.resend_reason,
            lambda v: board_links.resends(asked, reason=f"={v}"),
        )
        card("reason", "Por motivo", "Motivo", bars)


def _outcomes(found: Board, names: Mapping[str, str]) -> None:
    asked = found.period

    def person(username: str) -> str:
        return names.get(username, username)

    left, right = st.columns(2, gap="large")
    with left:
        bars = _bars(found.by_agent, person, lambda v: board_links.resends(asked, actor=f"={v}"))
        card("agent", "Por agente", "Agente", bars)
    with right:
        known = {act: found.outcomes[act] for act in board_words.OUTCOME_NAMES
                 if act in found.outcomes}  # fmt: skip
        bars = _bars(
            known,
            board_words.OUTCOME_NAMES.__getitem__,
            lambda v: board_links.outcome(asked, v),
        )
        card("outcome", "Qué pasó con ellos", "Resultado", bars)
    bars = _bars(
        found.repeats,
        log_words.resend_reason,
        lambda v: board_links.rows(asked, board_rows.REPEATS, v),
    )
    card("repeat", "Por qué se repiten", "Motivo del segundo reenvío", bars)


def _bars(
    counts: Mapping[str, Count], named: Callable[[str], str], leads: Callable[[str], Target]
) -> list[Bar]:
    return [Bar(named(value), count, leads(value)) for value, count in counts.items()]


def _product(code: str) -> str:
    return code or board_words.NO_PRODUCT


# ---- whatever the period -------------------------------------------------------------------


def _whatever_the_period(seen: Outlook) -> None:
    st.divider()
    st.caption("Al día de hoy, sea cual sea el periodo.")
    left, right = st.columns(2, gap="large")
    with left:
        board_cards.activations(seen)
    with right:
        bars = [
            Bar(board_words.due(place), Count(count), board_links.due(seen.today, place))
            for place, count in enumerate(seen.due)
        ]
        some = any(seen.due)
        card(
            "due", "Suscripciones por vencer", "Próximo pago", bars if some else [], alone=_NONE_DUE
        )
    board_cards.failing(seen.failing)
