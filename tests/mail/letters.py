"""A letter with a few things changed, and a mail read back as a mail program would."""

import email
from email import policy
from email.message import EmailMessage
from typing import Any, cast

from lib.mail import values, words
from lib.mail.message import Letter, compose
from lib.mail.originals import original
from lib.model.outbox import MailKind
from lib.model.template import Language

CODE = "LIVE1-AAAAA-BBBBB-CCCCC"
LETTER = {
    "sender": "avisos@avisos.aspel.com.mx",
    "sender_name": "Avisos Aspel",
    "recipient": "hector.villasenor@example.com",
    "recipient_name": "Héctor Villaseñor Muñoz",
    "message_id": "<m1@avisos.aspel.com.mx>",
}
SAID = {
    "subject": "Aviso de aspel.com - Reenvío de CDA",
    "product": "SAE",
    "version": "10.0",
    "serial": "S0000000001",
    "code": CODE,
}


def letter(**changes: Any) -> Letter:
    """The program's own resend in Spanish."""
    said = {name: changes.pop(name, value) for name, value in SAID.items()}
    outside = LETTER | changes
    name = values.greeted(outside["recipient_name"], Language.ES)
    subject = said.pop("subject")
    inside = values.resend(subject, name, values.system(**said))
    return Letter(**outside, words=words.rendered(original(MailKind.RESEND, Language.ES), inside))


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=policy.default))


def sent(**changes: Any) -> EmailMessage:
    """The mail as it arrives: composed, written out, read back."""
    return read(compose(letter(**changes)).as_bytes())


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
