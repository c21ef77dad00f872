"""What each kind of mail says: from a claimed row of the outbox to its letter."""

from collections.abc import Callable, Mapping

from lib.mail.message import Letter
from lib.model.errors import AppError, Reason
from lib.model.outbox import Claim, MailKind
from lib.services.desk import Desk
from lib.store import systems


def written(desk: Desk, claim: Claim) -> Letter:
    """The letter, with the CDA in force now: one that an unlock replaced is never sent.

    Raises AppError: NO_CODE, CDA_KEY_MISSING, CDA_KEY_WRONG, STORAGE_FAILED.
    """
    return _WRITERS[claim.kind](desk, claim)


def _resend(desk: Desk, claim: Claim) -> Letter:
    store, mail = desk.store, desk.settings.mail
    system = systems.find(store, claim.serial)
    sealed = systems.newest_sealed_code(store, claim.serial)
    if system is None or sealed is None:
        raise AppError(Reason.NO_CODE)
    return Letter(
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        recipient=claim.recipient,
        recipient_name=claim.recipient_name,
        message_id=claim.message_id,
        product=system.product,
        version=system.version,
        serial=claim.serial,
        code=desk.vault().open(claim.serial, sealed),
    )


_WRITERS: Mapping[MailKind, Callable[[Desk, Claim], Letter]] = {MailKind.RESEND: _resend}
