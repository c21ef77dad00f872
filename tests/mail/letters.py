"""A letter with a few things changed, and a mail read back as a mail program would."""

import email
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from typing import Any, cast

from lib.mail.message import Letter, compose

CODE = "LIVE1-AAAAA-BBBBB-CCCCC"
LETTER = Letter(
    sender="avisos@avisos.aspel.com.mx",
    sender_name="Avisos Aspel",
    subject="Aviso de aspel.com - Reenvío de CDA",
    recipient="hector.villasenor@example.com",
    recipient_name="Héctor Villaseñor Muñoz",
    message_id="<m1@avisos.aspel.com.mx>",
    product="SAE",
    version="10.0",
    serial="S0000000001",
    code=CODE,
)


def letter(**changes: Any) -> Letter:
    return replace(LETTER, **changes)


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=policy.default))


def sent(**changes: Any) -> EmailMessage:
    """The mail as it arrives: composed, written out, read back."""
    return read(compose(letter(**changes)).as_bytes())


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())
