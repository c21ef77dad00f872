"""The rows behind a figure that no filter of Bitácora can say, each a way into Bitácora."""

from collections.abc import Sequence

import streamlit as st

from lib.model.outbox import MailState
from lib.model.period import Period
from lib.services.log import board, people
from lib.services.log.board import MOST_ROWS
from lib.store.log.board import Row
from lib.ui import process, shell, written
from lib.ui.board import board_links, board_words
from lib.ui.log import log_words
from lib.ui.mail import mail_words
from lib.ui.plain import escaped, plain

PRODUCT, REPEATS, SLOWEST = "producto", "repetidos", "lentos"
LISTS = (PRODUCT, REPEATS, SLOWEST)


def draw(asked: Period, shown: str) -> None:
    """One of LISTS, of what the address says."""
    of = st.query_params.get(board_links.OF, "")
    with shell.guarded():
        if shown == PRODUCT:
            title, rows = _of_product(asked, of)
        elif shown == REPEATS:
            title, rows = _repeats(asked, of)
        else:
            title, rows = _slowest(asked)
        st.title(title, anchor=False)
        _back(asked)
        _table(asked, rows)


def _of_product(asked: Period, product: str) -> tuple[str, list[Row]]:
    rows = board.of_product(process.desk(), shell.actor(), asked, product)
    named = plain(product) or board_words.NO_PRODUCT.lower()
    return f"Reenvíos · {named}", rows


def _repeats(asked: Period, reason: str) -> tuple[str, list[Row]]:
    rows = board.repeats(process.desk(), shell.actor(), asked, reason or None)
    named = f" · {plain(log_words.resend_reason(reason))}" if reason else ""
    return f"Reenvíos repetidos{named}", rows


def _slowest(asked: Period) -> tuple[str, list[Row]]:
    return "Los que más tardaron", board.slowest(process.desk(), shell.actor(), asked)


def _back(asked: Period) -> None:
    target = board_links.board(asked)
    with st.container(key="board_back"):
        st.page_link(
            target.page,
            label="Volver al Tablero",
            icon=":material/arrow_back:",
            query_params=target.pressed(),
        )
    st.caption(f"{board_words.span(asked)}. La serie abre lo que la Bitácora dice de ella.")


def _table(asked: Period, rows: Sequence[Row]) -> None:
    if not rows:
        st.info("Ningún renglón en este periodo.", icon=":material/search_off:")
        return
    names = people.names(process.desk(), shell.actor())
    table = {
        "Fecha": [written.instant(row.at) for row in rows],
        "No. Serie": [_serial(asked, row.serial) for row in rows],
        "No. Cuenta": [plain(row.account_no) for row in rows],
        "Agente": [plain(names.get(row.actor, row.actor)) for row in rows],
        "Motivo": [escaped(log_words.resend_reason(row.reason)) for row in rows],
    }
    if any(row.before_at for row in rows):
        table["El anterior"] = [_before(row) for row in rows]
    if any(row.wait_s is not None for row in rows):
        table["Tardó"] = [board_words.duration(row.wait_s) for row in rows]
    st.table(table, hide_index=True, border="horizontal", alt="Renglones")
    if len(rows) == MOST_ROWS:
        st.caption(f"Se muestran {MOST_ROWS:,}; elige un periodo más corto para ver los demás.")


def _serial(asked: Period, serial: str) -> str:
    return f"[{plain(serial)}]({board_links.of_serial(asked, serial).address()})"


def _before(row: Row) -> str:
    """When, why, and what became of it."""
    if row.before_at is None:
        return ""
    said = [written.instant(row.before_at), log_words.resend_reason(row.before_reason)]
    if row.before_state in set(MailState):
        said.append(mail_words.MAIL_STATE_NAMES[MailState(row.before_state)])
    return escaped(" · ".join(said))
