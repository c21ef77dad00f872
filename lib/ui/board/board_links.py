"""Where a figure leads: the page and the view with the rows that it counted."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from lib.model.action import Action, Outcome
from lib.model.filter import FILLED, SEPARATOR
from lib.model.period import Period
from lib.model.system import Kind
from lib.model.view import View
from lib.services.log.board import DUE_DAYS
from lib.store.log.board import SOON
from lib.ui import written
from lib.ui.grid import opening

LOG, BOARD = "pages/Bitacora.py", "pages/Tablero.py"
SUBSCRIPTIONS = "pages/Suscripciones.py"
SYSTEMS = {Kind.SUBSCRIPTION: SUBSCRIPTIONS, Kind.LICENCE: "pages/Licenciamiento.py"}
PERIOD, SHOWN, OF = "periodo", "ver", "de"  # the Tablero's query
_ASKED = SEPARATOR.join((Action.RESEND_REQUESTED, Action.RESEND_RETRIED))


@dataclass(frozen=True)
class Target:
    """A page and what it shows: a list's view, or a query of its own."""

    page: str
    view: View | None = None
    query: Mapping[str, str] | None = None

    def pressed(self) -> dict[str, str]:
        """Its query for a link of this session's own (lib/ui/grid/opening.py)."""
        return opening.link(self.view) if self.view else dict(self.query or {})

    def address(self) -> str:
        """Relative to the desk's pages: for a link in a table, which opens beside this page."""
        query = {opening.URL: self.view.to_query()} if self.view else dict(self.query or {})
        return f"{Path(self.page).stem}?{urlencode(query)}"


def resends(period: Period, **filters: str) -> Target:
    """Those granted in the period; `filters` are of Bitácora's columns."""
    said = {"action": _ASKED, "outcome": Outcome.OK.value, "logged_at": _days(period)}
    return Target(LOG, View(filters=said | filters))


def resends_of_day(day: dt.date) -> Target:
    return resends(Period(day, day))


def outcome(period: Period, act: str) -> Target:
    """What the log recorded of resends in the period; a request among them is one refused."""
    filters = {"action": act, "serial": FILLED, "logged_at": _days(period)}
    if act == Action.RESEND_REQUESTED:
        filters["outcome"] = Outcome.REFUSED.value
    return Target(LOG, View(filters=filters))


def of_serial(period: Period, serial: str) -> Target:
    """All that the log says of it, from the week before on."""
    wider = Period(period.first - SOON, period.last)
    return Target(LOG, View(filters={"serial": f"={serial}", "logged_at": _days(wider)}))


def bounces_of(account_no: str) -> Target:
    filters = {"action": Action.MAIL_BOUNCED.value, "account_no": f"={account_no}"}
    return Target(LOG, View(filters=filters))


def rows(period: Period, shown: str, of: str = "") -> Target:
    """A list of the Tablero's own: what no filter of Bitácora can say."""
    return Target(BOARD, query={PERIOD: period.to_text(), SHOWN: shown, OF: of})


def board(period: Period) -> Target:
    return Target(BOARD, query={PERIOD: period.to_text()})


def activated(kind: Kind, first: dt.date, today: dt.date) -> Target:
    """Systems activated in that month, up to today."""
    following = (first + dt.timedelta(days=31)).replace(day=1)
    last = min(today, following - dt.timedelta(days=1))
    return Target(SYSTEMS[kind], View(filters={"activated_on": _days(Period(first, last))}))


def due(today: dt.date, place: int) -> Target:
    """Subscriptions that are overdue (0), or whose payment comes within that stretch of days."""
    text = f"<{written.day(today)}"
    if place:
        begins = (0, *DUE_DAYS)[place - 1]
        first, last = begins, DUE_DAYS[place - 1] - 1
        text = _days(Period(today + dt.timedelta(first), today + dt.timedelta(last)))
    return Target(SUBSCRIPTIONS, View(filters={"next_payment_on": text}))


def _days(period: Period) -> str:
    """As a filter has it (lib/model/filter.py)."""
    if period.first == period.last:
        return written.day(period.first)
    return f"{written.day(period.first)}..{written.day(period.last)}"
