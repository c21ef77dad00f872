"""The desk's tables: which list, which buttons on its rows, and what pressing them does."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from lib.services.views import own_columns
from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.ui import log_entry, process, resend, shell, table_head, views
from lib.ui.grid.grid import RowEvent, grid
from lib.ui.grid.opening import arrive
from lib.ui.grid.payload import RowAction, Status

RESEND = RowAction("resend", "Reenviar CDA", "mail")
PAPER = RowAction("paper", "Dónde está el CDA", "paper")
ACCOUNT = RowAction("account", "Abrir la cuenta", "person")
DETAIL = RowAction("detail", "Ver detalle", "eye")

_WHILE_PENDING = "1s"  # how often a table with mail on its way looks again

Act = Callable[[RowEvent], None]


def subscriptions() -> None:
    _systems(sources.SUBSCRIPTIONS, "subscriptions", "Suscripciones")


def licences() -> None:
    _systems(sources.LICENCES, "licences", "Licenciamiento")


def certificates() -> None:
    actions = {PAPER: _explain_paper, ACCOUNT: _open_account}
    _table(sources.CERTIFICATES, "certificates", actions, title="Certificados")


def accounts() -> None:
    _table(sources.ACCOUNTS, "accounts", {ACCOUNT: _open_account}, title="Cuenta")


def log() -> None:
    _table(sources.AUDIT, "log", {DETAIL: _show_entry}, title="Bitácora")


def systems_of(account_no: str) -> None:
    """What one customer has, in the portal's two lists, and their certificates."""
    for title, source, actions in (
        ("Sistemas en Suscripción", sources.SUBSCRIPTIONS, {RESEND: _resend}),
        ("Licenciamiento", sources.LICENCES, {RESEND: _resend}),
        ("Certificados", sources.CERTIFICATES, {PAPER: _explain_paper}),
    ):
        st.markdown(f"**{title}**")
        narrowed = source.narrowed("account_no", account_no).without("account_no", "account_name")
        decorate = resend.latest if RESEND in actions else None
        key = f"account.{source.id}.{account_no}"
        _table(narrowed, key, actions, decorate)


def history_of(account_no: str) -> None:
    """Everything the log says of one customer; its details are for those who read the log."""
    source = sources.AUDIT.narrowed("account_no", account_no).without("account_no")
    _table(source, f"account.log.{account_no}", {})


def _systems(source: Source, key: str, title: str) -> None:
    _table(source, key, {RESEND: _resend, ACCOUNT: _open_account}, resend.latest, title=title)


def _table(
    source: Source,
    key: str,
    actions: Mapping[RowAction, Act],
    decorate: Callable[[Sequence[str]], Mapping[str, Status]] | None = None,
    *,
    title: str = "",
) -> None:
    """A grid in a fragment of its own: what happens in it runs nothing else of the page. With a
    `title` it is the page's own: as tall as the window, in its address, under its heading."""
    of_page = bool(title)
    name = source.id if of_page else f"account.{source.id}"
    place = table_head.draw(source, key) if of_page else None
    if not of_page:
        _arrive(key, name)
    every = _WHILE_PENDING if decorate and _is_waiting() else None

    @st.fragment(run_every=every)
    def draw() -> None:
        with shell.guarded():
            event = grid(
                source,
                desk=process.desk(),
                actor=shell.actor(),
                key=key,
                actions=list(actions),
                decorate=decorate,
                url=of_page,
                fill=of_page,
                remember=name,
            )
            if place:
                with place:
                    views.title(title, key)
            if event:
                next(act for action, act in actions.items() if action.id == event.action)(event)
            if every and not resend.is_waiting():
                st.rerun()  # the last outcome is in: stop looking

    draw()


def _arrive(key: str, name: str) -> None:
    """A list inside a page opens as this person left its columns (a page's own: lib/ui/pins.py)."""
    with shell.guarded():
        own = partial(own_columns, process.desk(), name, actor=shell.actor())
        arrive(key, own, visit=shell.visit())


def _is_waiting() -> bool:
    with shell.guarded():
        return resend.is_waiting()
    return False


def _resend(event: RowEvent) -> None:
    resend.open_for(event.id)


def _explain_paper(event: RowEvent) -> None:
    resend.explain_paper(event.row)


def _show_entry(event: RowEvent) -> None:
    log_entry.show(int(event.id))


def _open_account(event: RowEvent) -> None:
    account_no = str(event.row["account_no"])
    if not account_no:
        st.toast("Este certificado no está ligado a ninguna cuenta.", icon=":material/link_off:")
        return
    st.switch_page("pages/Cuenta.py", query_params={"cuenta": account_no})
