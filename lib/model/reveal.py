"""A CDA shown to a manager: why, and for how long."""

from dataclasses import dataclass
from enum import StrEnum

SHOWN_S = 30


class RevealMotive(StrEnum):
    """Why somebody needs to see a CDA; words in lib/ui/mail/mail_words.py."""

    NO_MAILBOX = "no_mailbox"  # the customer can't get at any mailbox now
    MAIL_GIVES_BACK = "mail_gives_back"  # what is sent to them doesn't arrive
    COMPARE = "compare"  # with what the customer says they have
    OTHER_REVEAL = "other_reveal"


@dataclass(frozen=True)
class Shown:
    """An opened CDA, never kept: `left_s` is for how many seconds more it may be on screen."""

    code: str
    left_s: float

    def __repr__(self) -> str:
        return f"Shown(left_s={self.left_s:.0f})"
