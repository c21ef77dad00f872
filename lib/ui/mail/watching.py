"""The mails that a session asked for and something may still become of: for how long it looks out.

What is on its way is looked at each second, with its table; what waits for a manager, what the
archive may yet tell, and what was accepted and may come back are at rest, and cost a question now
and then.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lib.model.approval import LIFE
from lib.model.outbox import PENDING, MailState

# By state: then it is seen at the next act.
_LONGEST: Mapping[MailState, dt.timedelta] = MappingProxyType(
    {
        **dict.fromkeys(PENDING, dt.timedelta(minutes=2)),
        MailState.HELD: LIFE,
        MailState.UNCERTAIN: dt.timedelta(minutes=15),  # the archive's grace, and a little more
        MailState.ACCEPTED: dt.timedelta(minutes=3),  # most of what comes back does at once
    }
)


@dataclass(frozen=True)
class Watch:
    """A mail's state as last seen, and since when it is in it, or on its way (UTC)."""

    state: MailState
    since: dt.datetime

    @property
    def on_its_way(self) -> bool:
        return self.state in PENDING


def after(before: Watch, state: MailState, now: dt.datetime) -> Watch | None:
    """How a mail is watched on, once seen in `state`; None when nothing more will be seen."""
    same = state is before.state or (before.on_its_way and state in PENDING)
    since = before.since if same else now
    if state not in _LONGEST or since <= now - _LONGEST[state]:
        return None
    return Watch(state, since)
