"""What a mail that came back says: RFC 3464 by the standard library, the dialects of the servers
that don't speak it by flufl.bounce.

Nothing a report says can raise or be repeated: it may quote the mail it gives back.
"""

import email
import logging
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.utils import getaddresses

from flufl.bounce import all_failures

from lib.model.bounce import BounceKind, Report

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs whole exceptions

# Where servers write for which address a mail came.
_ARRIVED_FOR = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_MOST_ADDRESSES = 50
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_KINDS = {"failed": BounceKind.PERMANENT, "delayed": BounceKind.TEMPORARY}


def read(raw: bytes) -> Report:
    """Whatever it is, a Report: UNKNOWN for what is no bounce."""
    try:
        # compat32 keeps broken headers as they are; the newer policies raise on some.
        message = email.message_from_bytes(raw, policy=policy.compat32)
        sent_to, message_id = _sent_to(message), _returned_id(message)
        kind, failed, status = _standard(message) or _dialect(message)
    except Exception:
        return Report(BounceKind.UNKNOWN)
    return Report(kind, failed, sent_to, message_id, status)


_Said = tuple[BounceKind, frozenset[str], str]


def _standard(message: Message) -> _Said | None:
    """What its delivery-status says, the worst first; None when it has none that says anything."""
    blocks = [
        (_KINDS[action], block)
        for block in _status_blocks(message)
        if (action := str(block.get("Action", "")).strip().lower()) in _KINDS
    ]
    if not blocks:
        return None
    kind = min((kind for kind, _ in blocks), key=list(_KINDS.values()).index)
    same = [block for found, block in blocks if found is kind]
    failed = frozenset(address for block in same for address in _recipients(block))
    status = next((s for block in same for s in _STATUS.findall(str(block.get("Status", "")))), "")
    return kind, failed, status


def _status_blocks(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _recipients(block: Message) -> Iterator[str]:
    """`rfc822; name@domain`: a forwarded mail has the address that we wrote to as the original."""
    for header in ("Original-Recipient", "Final-Recipient"):
        _, _, address = str(block.get(header, "")).rpartition(";")
        if "@" in address:
            yield address.strip().strip("<>").lower()


def _dialect(message: Message) -> _Said:
    temporary, permanent = all_failures(message)
    kind = BounceKind.UNKNOWN
    if permanent or temporary:
        kind = BounceKind.PERMANENT if permanent else BounceKind.TEMPORARY
    found = permanent or temporary
    return kind, frozenset(a.decode("ascii", errors="replace").lower() for a in found), ""


def _sent_to(message: Message) -> tuple[str, ...]:
    values = [str(value) for name in _ARRIVED_FOR for value in message.get_all(name, [])]
    found = [address for _, address in getaddresses(values) if "@" in address]
    return tuple(dict.fromkeys(found))[:_MOST_ADDRESSES]


def _returned_id(message: Message) -> str:
    """The Message-ID of the mail that it gives back, whole or only its headers; "" for none."""
    for part in message.walk():
        kind, payload = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(payload, list):
            return _id_of(payload[0])
        if kind == "text/rfc822-headers":
            headers = part.get_payload(decode=True)
            return _id_of(email.message_from_bytes(headers)) if isinstance(headers, bytes) else ""
    return ""


def _id_of(returned: object) -> str:
    if not isinstance(returned, Message):
        return ""
    return str(returned.get("Message-ID", "")).strip()
