"""Mail that came back: what its report says, and what it means for the address it went to."""

from dataclasses import dataclass
from enum import StrEnum


class BounceKind(StrEnum):
    PERMANENT = "permanent"  # given back
    TEMPORARY = "temporary"  # late; still being tried
    FORGED = "forged"  # names a mail of ours without its seal
    UNKNOWN = "unknown"  # of no mail of ours, or no bounce at all


@dataclass(frozen=True)
class Report:
    """What a report says of itself: nothing in it is believed before its mail is known.

    `kind` is PERMANENT, TEMPORARY or UNKNOWN. `failed`: the addresses it is about, in lower case.
    `sent_to`: the addresses it arrived for; `message_id`: of the mail that it gives back; `status`:
    RFC 3463, or "".
    """

    kind: BounceKind
    failed: frozenset[str] = frozenset()
    sent_to: tuple[str, ...] = ()
    message_id: str = ""
    status: str = ""


@dataclass(frozen=True)
class Place:
    """How far a folder was read: UIDs mean something only with their validity."""

    uidvalidity: int = 0
    last_uid: int = 0
