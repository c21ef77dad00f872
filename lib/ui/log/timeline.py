"""Cuenta's Historia: what was done for one customer, by day, the newest first, in sentences."""

from pathlib import Path

import streamlit as st

from lib.model.roles import Permission
from lib.model.view import View
from lib.services.log import entries
from lib.ui import process, shell
from lib.ui.grid.opening import link
from lib.ui.log import timeline_words

_PAGE = 25  # acts; as many more at each «Ver más»
_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_timeline",
    html='<div class="timeline"></div>',
    css=(_HERE / "timeline.css").read_text("utf-8"),
    js=(_HERE / "timeline.js").read_text("utf-8"),
)


def draw(account_no: str) -> None:
    """In a fragment of its own: another kind or more of it runs nothing else of the page."""

    @st.fragment
    def history() -> None:
        with shell.guarded():
            _history(account_no)

    history()


def _history(account_no: str) -> None:
    actor = shell.actor()
    left, right = st.columns([4, 1], vertical_alignment="center")
    kind = _chosen(left, account_no)
    if actor.may(Permission.READ_LOG):
        right.page_link(
            "pages/Bitacora.py",
            label="Ver en Bitácora",
            icon=":material/history:",
            query_params=link(View(filters={"account_no": f"={account_no}"})),
        )
    most = st.session_state.get(_key(account_no, kind), _PAGE)
    # One more than is shown: whether there is more.
    actions = timeline_words.KINDS[kind]
    found = entries.of_account(process.desk(), actor, account_no, most + 1, actions)
    if not found:
        st.caption(_nothing(kind))
        return
    days = timeline_words.days(found[:most])
    _component(key=f"timeline.{account_no}", data={"days": days})
    if len(found) > most:
        st.button("Ver más", icon=":material/expand_more:", on_click=_more, args=(account_no, kind))


def _chosen(place: "st.delta_generator.DeltaGenerator", account_no: str) -> str:
    """Nothing chosen is everything."""
    chosen = place.pills(
        "Qué mostrar",
        list(timeline_words.KINDS),
        default=timeline_words.EVERYTHING,
        label_visibility="collapsed",
        key=f"timeline.kind.{account_no}",
    )
    return chosen or timeline_words.EVERYTHING


def _nothing(kind: str) -> str:
    if kind == timeline_words.EVERYTHING:
        return "Todavía no se ha hecho nada por esta cuenta en la mesa."
    return f"En esta cuenta no hay nada de «{kind}»; elige «{timeline_words.EVERYTHING}»."


def _more(account_no: str, kind: str) -> None:
    key = _key(account_no, kind)
    st.session_state[key] = st.session_state.get(key, _PAGE) + _PAGE


def _key(account_no: str, kind: str) -> str:
    return f"timeline.most.{account_no}.{kind}"
