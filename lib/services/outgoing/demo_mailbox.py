"""The demonstration's mails, with the CDAs in them: nobody reads them anywhere else."""

from lib.mail import mailbox
from lib.mail.mailbox import Mailbox
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.desk import Desk


def newest(desk: Desk, actor: Actor) -> Mailbox:
    """What the demonstration's mail server took. Raises AppError(FORBIDDEN | DEMO_ONLY)."""
    desk.require(actor, Permission.FIND)
    if not desk.settings.demo:
        raise AppError(Reason.DEMO_ONLY)
    return mailbox.read(desk.settings.mailbox)
