"""All that the desk holds of one person, for who answers a request of access (LFPDPPP, art. 23).

It is in the log before it leaves. Never a CDA: it is the customer's, but its way is a resend.
"""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.doors import confirming
from lib.store.people import privacy
from lib.store.people.privacy import Rows


def of_account(desk: Desk, actor: Actor, account_no: str) -> dict[str, Rows]:
    """What is held of a customer's account, by what it is (lib/store/people/privacy.py).

    Raises AppError: FORBIDDEN, CONFIRM_FIRST, ARCHIVE_LOST while part of the log can't be read,
    NOTHING_HELD.
    """
    for permission in (Permission.WHOLE_DATA, Permission.READ_LOG):
        desk.require(actor, permission)
    confirming.require(desk, actor)
    readable(desk)
    account_no = account_no.strip()
    entry = Entry(Action.PERSON_EXPORTED, account_no=account_no)
    return _handed(desk, actor, entry, privacy.of_account(desk.store, account_no))


def of_staff(desk: Desk, actor: Actor, username: str) -> dict[str, Rows]:
    """The same of somebody of the staff, who left or not. Raises what `of_account` does."""
    for permission in (Permission.MANAGE_STAFF, Permission.READ_LOG):
        desk.require(actor, permission)
    confirming.require(desk, actor)
    readable(desk)
    username = username.strip()
    entry = Entry(Action.PERSON_EXPORTED, subject=username)
    return _handed(desk, actor, entry, privacy.of_staff(desk.store, username))


def readable(desk: Desk) -> None:
    """Raise AppError(ARCHIVE_LOST) while some of the log's rows can't be read: whose they are,
    nobody can tell."""
    lost = desk.store.lay_log()
    if lost:
        raise AppError(Reason.ARCHIVE_LOST, first=min(lost))


def _handed(desk: Desk, actor: Actor, entry: Entry, found: dict[str, Rows]) -> dict[str, Rows]:
    if not found:
        raise AppError(Reason.NOTHING_HELD, who=entry.account_no or entry.subject)
    desk.store.write(lambda transaction: transaction.log(actor, entry))
    return found
