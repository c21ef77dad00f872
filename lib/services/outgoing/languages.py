"""Which language an account's mails are written in."""

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.model.template import Language
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import languages
from lib.store.records import accounts


def of(desk: Desk, actor: Actor, account_no: str) -> Language:
    """Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    return languages.of(desk.store, account_no)


def choose(desk: Desk, actor: Actor, account_no: str, language: Language) -> None:
    """Write to this account in that language from now on, also what still waits.

    Raises AppError: FORBIDDEN, UNKNOWN_ACCOUNT, NOTHING_CHANGED.
    """
    desk.require(actor, Permission.CORRECT)

    def work(transaction: Transaction) -> None:
        if accounts.find(transaction, account_no) is None:
            raise AppError(Reason.UNKNOWN_ACCOUNT, account_no=account_no)
        before = languages.of(transaction, account_no)
        if before is language:
            raise AppError(Reason.NOTHING_CHANGED)
        languages.choose(transaction, account_no, language, actor.username)
        detail = {"old": {"language": before.value}, "new": {"language": language.value}}
        entry = Entry(Action.LANGUAGE_CHANGED, account_no=account_no, detail=detail)
        transaction.log(actor, entry)

    desk.store.write(work)
