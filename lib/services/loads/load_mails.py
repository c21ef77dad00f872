"""Reports of the watched folder's loads by mail: to administrators, unless they said no, and to
managers who asked. What a mail says is settled when it is queued, in the load's own transaction.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lib.model import clock
from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.contact import clean
from lib.model.errors import AppError, Reason
from lib.model.inbox import Came
from lib.model.load import LoadReport, RowNote, problems
from lib.model.outbox import MailKind
from lib.model.roles import Permission, Role, may
from lib.services.desk import Desk
from lib.services.outgoing import notices
from lib.store.database import Transaction
from lib.store.log import mailings
from lib.store.pack.files import ACCOUNTS
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.reading import Reader

MOST_ROWS = 20  # rows set aside that a mail lists; the batch's page has them
_MOST_KINDS = 12  # kinds of problems, of warnings
_MOST_SAID = 200  # characters of one reason: a cell may hold anything
_PAGE = "/Importar?lote="  # a batch's own page (lib/ui/imports/history.py)


def offered(desk: Desk, actor: Actor) -> bool:
    """Whether this person has a choice to make: there is a folder, and they may see loads."""
    return desk.settings.inbox is not None and actor.may(Permission.IMPORT)


def wanted(desk: Desk, actor: Actor) -> bool:
    """Whether this person gets them. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    person = staff.find(desk.store, actor.username)
    return person is not None and _gets(desk.store, person)


def choose(desk: Desk, actor: Actor, *, wants: bool) -> None:
    """Have them mailed from now on, or no more; what is so already does nothing.

    Raises AppError: FORBIDDEN, NO_OWN_ADDRESS.
    """
    desk.require(actor, Permission.IMPORT)

    def work(transaction: Transaction) -> None:
        person = staff.find(transaction, actor.username)
        if wants and (person is None or not notices.takes_mail(person.email)):
            raise AppError(Reason.NO_OWN_ADDRESS)
        if person is None or _gets(transaction, person) == wants:
            return
        mailings.choose_loads(transaction, actor.username, wanted=wants)
        action = Action.LOAD_MAIL_WANTED if wants else Action.LOAD_MAIL_STOPPED
        transaction.log(actor, Entry(action, subject=actor.username))

    desk.store.write(work)


def tell(
    desk: Desk, transaction: Transaction, came: Came, source: str, report: LoadReport | None
) -> None:
    """Queue a mail about a pack to each who wants it; `report` is None of a refused one. Whoever
    commits wakes the mail worker."""
    people = [
        person
        for role in (Role.ADMIN, Role.MANAGER)
        for person in staff.active_with(transaction, role)
        if _gets(transaction, person)
    ]
    if not people:
        return
    payload = _payload(desk, came, source, report)
    told = notices.to_people(desk, transaction, people, MailKind.LOAD_REPORT, payload)
    detail = {"source": source, "recipients": ", ".join(told)}
    transaction.log(SYSTEM, Entry(Action.LOAD_MAILED, subject=came.id, detail=detail))


def _gets(reader: Reader, person: Staff) -> bool:
    if not may(person.role, Permission.IMPORT) or not notices.takes_mail(person.email):
        return False
    said = mailings.load_choice(reader, person.username)
    # A load that nobody watched must be told to somebody.
    return may(person.role, Permission.LOAD) if said is None else said


# ---- what it says ------------------------------------------------------------------------------


def _payload(desk: Desk, came: Came, source: str, report: LoadReport | None) -> dict[str, Any]:
    link = f"{desk.settings.url}{_PAGE}{came.id}" if desk.settings.url and came.loaded else ""
    said = {
        "source": source,
        "at": _moment(came),
        "why": came.why,
        "again": f"{clock.at_office(came.again):%d/%m/%Y %H:%M}" if came.again else "",
        "batch": came.id if came.loaded else "",
        "link": link,
    }
    return said | (_figures(report) if report else {})


def _moment(came: Came) -> str:
    return f"{clock.at_office(came.at):%d/%m/%Y %H:%M}"


def _figures(report: LoadReport) -> dict[str, Any]:
    json = report.to_json()
    # Of a few rows the list says it all.
    many = len(report.set_aside) > MOST_ROWS
    differing = Counter(ACCOUNTS.heading(each.field) for each in report.differences)
    return {
        "files": json["files"],
        "totals": json["totals"],
        "aside": [_row(note) for note in report.set_aside[:MOST_ROWS]],
        "aside_more": max(0, len(report.set_aside) - MOST_ROWS),
        "aside_kinds": _kinds(report.set_aside) if many else [],
        "warnings": _kinds(report.warnings),
        # How many of each: whose and what stays in the desk.
        "differences": differing.most_common(),
    }


def _kinds(notes: Sequence[RowNote]) -> list[list[Any]]:
    """The most frequent, and a last line for the rest."""
    kinds = problems(notes, bad=False)
    said = [[k.file, k.field, _short(k.reason), k.rows] for k in kinds[:_MOST_KINDS]]
    rest = sum(k.rows for k in kinds[_MOST_KINDS:])
    return [*said, ["", "", "de otras clases", rest]] if rest else said


def _row(note: RowNote) -> list[Any]:
    return [note.file, note.line, note.field, _short(note.why)]


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= _MOST_SAID else f"{text[: _MOST_SAID - 1]}…"
