"""The desk's tables: which list, what its rows offer to whom, and what pressing it does."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import streamlit as st

from lib.model.roles import Permission
from lib.model.view import View
from lib.services.records.views import own_columns
from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.ui import process, shell
from lib.ui.grid.acts import COPY, BulkAction, BulkEvent, RowAction, RowEvent
from lib.ui.grid.grid import grid
from lib.ui.grid.opening import arrive, link
from lib.ui.grid.payload import Status
from lib.ui.grid.peek import Peek
from lib.ui.grid.pressed import Offer
from lib.ui.listing import export, peeks, table_head, views
from lib.ui.log import log_peek
from lib.ui.mail import bulk, lookout, paper, resend, reveal
from lib.ui.records import linking

RESEND = RowAction("resend", "Reenviar CDA", "mail", key="r", of_account=True)
PAPER = RowAction("paper", "Dónde está el CDA", "paper", key="d")
ACCOUNT = RowAction("account", "Abrir la cuenta", "person", key="a", of_account=True)
LINK = RowAction("link", "Vincular a una cuenta", "link", key="v", menu=True)
IN_LOG = RowAction("log", "Ver en Bitácora", "log", key="l", menu=True)
REVEAL = RowAction("reveal", "Ver CDA", "key", menu=True)
COPIES = BulkAction(COPY, "Copiar series", "copy")
EXPORT = BulkAction("export", "Exportar selección", "export")
RESEND_MANY = BulkAction("resend_many", "Reenviar CDA", "mail")

_NEEDS: Mapping[RowAction | BulkAction, Permission] = {
    RESEND: Permission.RESEND,
    REVEAL: Permission.REVEAL,
    LINK: Permission.LINK,
    IN_LOG: Permission.READ_LOG,
    EXPORT: Permission.EXPORT,
    RESEND_MANY: Permission.RESEND,
}
_WHILE_PENDING = "1s"  # how often a table with mail on its way looks again

Act = Callable[[RowEvent], None]
Offered = TypeVar("Offered", RowAction, BulkAction)
BulkAct = Callable[[BulkEvent], None]


@dataclass(frozen=True)
class Table:
    """A list and what its rows offer. With a `title` it is its page's own: as tall as the window,
    in its address, under its heading."""

    source: Source
    key: str
    acts: Mapping[RowAction, Act]
    peek: Callable[[str], Peek]
    title: str = ""
    copied: str = "serial"
    bulk: Mapping[BulkAction, BulkAct | None] = field(default_factory=dict)
    decorate: Callable[[Sequence[str]], Mapping[str, Status]] | None = None

    def offer(self) -> Offer:
        """What the person asking may do with its rows."""
        return Offer(_allowed(self.acts), _allowed(self.bulk), self.peek, self.copied)

    def run(self, event: RowEvent | BulkEvent) -> None:
        """Do what was pressed."""
        if isinstance(event, BulkEvent):
            act = next(act for action, act in self.bulk.items() if action.id == event.action)
            if act:
                act(event)
            return
        next(act for action, act in self.acts.items() if action.id == event.action)(event)


def subscriptions() -> None:
    _draw(_systems(sources.SUBSCRIPTIONS, "subscriptions", "Suscripciones"))


def licences() -> None:
    _draw(_systems(sources.LICENCES, "licences", "Licenciamiento"))


def certificates() -> None:
    _draw(
        Table(
            sources.CERTIFICATES,
            "certificates",
            {PAPER: _explain_paper, ACCOUNT: _open_account, LINK: _link, IN_LOG: _open_log},
            peeks.certificate,
            title="Certificados",
            bulk={COPIES: None, EXPORT: _export(sources.CERTIFICATES)},
        )
    )


def accounts() -> None:
    acts = {ACCOUNT: _open_account, IN_LOG: _open_log}
    bulk = {EXPORT: _export(sources.ACCOUNTS)}
    _draw(
        Table(
            sources.ACCOUNTS,
            "accounts",
            acts,
            peeks.account,
            title="Cuenta",
            copied="account_no",
            bulk=bulk,
        )
    )


def log() -> None:
    acts = {ACCOUNT: _open_account}
    bulk = {EXPORT: _export(sources.AUDIT)}
    _draw(Table(sources.AUDIT, "log", acts, log_peek.entry, title="Bitácora", bulk=bulk))


def systems_of(account_no: str) -> None:
    """What one customer has, in the portal's two lists, and their certificates."""
    of_system = {RESEND: _resend, IN_LOG: _open_log, REVEAL: _reveal}
    for title, source, acts in (
        ("Sistemas en Suscripción", sources.SUBSCRIPTIONS, of_system),
        ("Licenciamiento", sources.LICENCES, of_system),
        ("Certificados", sources.CERTIFICATES, {PAPER: _explain_paper}),
    ):
        st.header(title, anchor=False)
        narrowed = source.narrowed("account_no", account_no).without("account_no", "account_name")
        decorate = lookout.latest if RESEND in acts else None
        peek = peeks.system if RESEND in acts else peeks.certificate
        key = f"account.{source.id}.{account_no}"
        _draw(Table(narrowed, key, acts, peek, bulk={COPIES: None}, decorate=decorate))


def _systems(source: Source, key: str, title: str) -> Table:
    acts = {RESEND: _resend, ACCOUNT: _open_account, IN_LOG: _open_log, REVEAL: _reveal}
    bulk = {COPIES: None, RESEND_MANY: _resend_many(source), EXPORT: _export(source)}
    return Table(source, key, acts, peeks.system, title=title, bulk=bulk, decorate=lookout.latest)


def _draw(table: Table) -> None:
    """A grid in a fragment of its own: what happens in it runs nothing else of the page."""
    of_page = bool(table.title)
    name = table.source.id if of_page else f"account.{table.source.id}"
    place = table_head.draw(table.source, table.key) if of_page else None
    if not of_page:
        _arrive(table.key, name)
    every = _WHILE_PENDING if table.decorate and _is_waiting() else None

    @st.fragment(run_every=every)
    def draw() -> None:
        if place:
            with place:
                views.title(table.title, table.key)
        with shell.guarded():
            event = grid(
                table.source,
                desk=process.desk(),
                actor=shell.actor(),
                key=table.key,
                offer=table.offer(),
                decorate=table.decorate,
                url=of_page,
                fill=of_page,
                remember=name,
            )
            if event:
                table.run(event)
            if every and not resend.is_waiting():
                st.rerun()  # the last outcome is in: stop looking
            if table.decorate and lookout.has_news():
                st.rerun()

    draw()


def _arrive(key: str, name: str) -> None:
    """A list inside a page opens as this person left its columns (a page's own: pins.py)."""
    with shell.guarded():
        own = partial(own_columns, process.desk(), name, actor=shell.actor())
        arrive(key, own, visit=shell.visit())


def _allowed(offered: Iterable[Offered]) -> list[Offered]:
    """Those that the person asking may do; the service behind each asks again."""
    actor = shell.actor()
    return [each for each in offered if each not in _NEEDS or actor.may(_NEEDS[each])]


def _is_waiting() -> bool:
    with shell.guarded():
        return resend.is_waiting()
    return False


def _resend(event: RowEvent) -> None:
    resend.open_for(event.id)


def _reveal(event: RowEvent) -> None:
    reveal.open_for(event.id)


def _explain_paper(event: RowEvent) -> None:
    paper.explain(event.row)


def _link(event: RowEvent) -> None:
    linking.open_for(event.id)


def _export(source: Source) -> BulkAct:
    return lambda event: export.of_selection(source, event.view, event.selection)


def _resend_many(source: Source) -> BulkAct:
    return lambda event: bulk.open_for(source, event.view, event.selection)


def _open_account(event: RowEvent) -> None:
    account_no = str(event.row["account_no"])
    if not account_no:
        st.toast("Este certificado no está ligado a ninguna cuenta.", icon=":material/link_off:")
        return
    st.switch_page("pages/Cuenta.py", query_params={"cuenta": account_no})


def _open_log(event: RowEvent) -> None:
    """All that the log says of a serial, or of an account."""
    column = "serial" if event.row.get("serial") else "account_no"
    view = View(filters={column: f"={event.row[column]}"})
    st.switch_page("pages/Bitacora.py", query_params=link(view))
