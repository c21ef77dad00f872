"""A folder of .eml files, read as a mail program would."""

import base64
import datetime as dt
import email
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from functools import lru_cache
from pathlib import Path
from typing import Any

_LARGEST = 5_000_000  # bytes of a file worth showing


@dataclass(frozen=True)
class Mail:
    """One mail. `sent_at` is UTC without a zone, None when the mail doesn't say; `text` and `html`
    are "" where it has no such part, and stay out of its repr.
    """

    file: str
    sender: str
    recipient: str
    subject: str
    sent_at: dt.datetime | None
    text: str = field(repr=False)
    html: str = field(repr=False)


@dataclass(frozen=True)
class Mailbox:
    """`mails` newest first; `broken` counts files that are no mail; `total` all of them."""

    mails: list[Mail]
    broken: int
    total: int


def read(folder: Path, limit: int = 200) -> Mailbox:
    """The newest mails of a folder; an absent folder is an empty mailbox."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.name, reverse=True)
    answers = [_read(file, _changed_ns(file)) for file in files[:limit]]
    mails = [mail for mail in answers if mail]
    return Mailbox(mails, len(answers) - len(mails), len(files))


def _changed_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # gone since it was listed: counted as broken


@lru_cache(maxsize=500)  # 2 ms a mail, and a page that looks every few seconds
def _read(file: Path, _version: int) -> Mail | None:
    """None for what can't be read as mail: the parser raises whatever a bad header made it."""
    try:
        if file.stat().st_size > _LARGEST:
            return None
        parsed = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        return _mail(file.name, parsed)
    except Exception:
        return None


def _mail(file: str, message: EmailMessage) -> Mail | None:
    if not message["From"]:
        return None
    return Mail(
        file=file,
        sender=str(message["From"]),
        recipient=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        sent_at=_instant(message),
        text=_part(message, "plain"),
        html=_with_images(message, _part(message, "html")),
    )


def _with_images(message: EmailMessage, html: str) -> str:
    """The HTML with the images that came with it in their places."""
    parts: Iterator[Any] = message.walk()
    for part in parts:
        name = str(part["Content-ID"] or "").strip("<>")
        if name and part.get_content_type() == "image/png":
            data = base64.b64encode(part.get_content()).decode()
            html = html.replace(f'src="cid:{name}"', f'src="data:image/png;base64,{data}"')
    return html


def _instant(message: EmailMessage) -> dt.datetime | None:
    at = getattr(message["Date"], "datetime", None)
    if not isinstance(at, dt.datetime):
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).replace(tzinfo=None)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
