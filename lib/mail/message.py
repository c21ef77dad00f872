"""One mail, from whom and to whom, as text and HTML."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import headerregistry, policy
from email.message import EmailMessage

from lib.mail import address
from lib.mail.words import Words
from lib.model.contact import clean

_MAX_HEADER_NAME = 60  # characters: what a phone shows of a sender or a recipient
# Characters with a meaning in an address header. Python 3.11 loses a display name's quotes when
# it folds the line, so that a name could become an address.
_ADDRESS_SYNTAX = str.maketrans(dict.fromkeys('"<>()[],;:@\\', " "))


@dataclass(frozen=True)
class Letter:
    """What goes into one mail. What it says, a CDA perhaps, stays out of its repr. `images`: PNGs
    that its HTML shows, by the names it calls them (cid:NAME).
    """

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    message_id: str
    words: Words
    images: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def compose(letter: Letter) -> EmailMessage:
    """Raises AppError(BAD_ADDRESS) for a recipient that isn't an address."""
    to = address.read(letter.recipient)
    message = EmailMessage(policy=policy.SMTPUTF8 if to.needs_utf8 else policy.SMTP)
    message["From"] = _named(letter.sender_name, letter.sender)
    message["To"] = _named(letter.recipient_name, to.envelope)
    message["Subject"] = clean(letter.words.subject)
    message["Date"] = dt.datetime.now(dt.UTC)
    message["Message-ID"] = letter.message_id
    # RFC 3834: nobody's out-of-office answers it.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    # Quoted-printable: no server needs 8BITMIME, and no line is too long.
    message.set_content(letter.words.text, cte="quoted-printable")
    message.add_alternative(letter.words.html, subtype="html", cte="quoted-printable")
    _show(message, letter.images)
    return message


def _show(message: EmailMessage, images: Mapping[str, bytes]) -> None:
    """Beside the HTML alone: who reads the text has nothing attached."""
    if not images:
        return
    html = message.get_body(("html",))
    assert html is not None
    for name, png in images.items():
        html.add_related(
            png, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline"
        )


def _named(name: str, mailbox: str) -> headerregistry.Address:
    local, _, domain = mailbox.rpartition("@")
    shown = " ".join(clean(name).translate(_ADDRESS_SYNTAX).split())[:_MAX_HEADER_NAME].strip()
    return headerregistry.Address(shown, local, domain)
