"""Looking out for mail: what a session asked for, and others' mails that stand in its tables."""

from collections.abc import Iterable, Sequence

import streamlit as st

from lib.model import clock
from lib.model.outbox import PENDING, Delivery, MailState
from lib.services.resends import resending
from lib.ui import identity, process, shell
from lib.ui.grid.payload import Status
from lib.ui.mail import mail_state
from lib.ui.mail.watching import Watch, after

_WATCHED = "lookout.watched"  # Watch by id: the mails asked for here that something may become of
_IN_SIGHT = "lookout.in_sight"  # the same of others' mails that stand in this session's tables
_BEGUN = "lookout.begun"  # ids of those that a page was drawn anew for, to look out for them
_EVERY = "2s"
_LIVE = PENDING | {MailState.HELD}


def begin(delivery: Delivery) -> None:
    """Look out for a mail that was asked for here."""
    watch = Watch(delivery.state, clock.now())
    st.session_state[_WATCHED] = _watched() | {delivery.id: watch}


def draw() -> None:
    """In a page where no mail's window is open: it looks out for itself."""
    if _watched() or _in_sight():
        _look_out()


def has_news() -> bool:
    """Whether others' mails have come in sight that no page looks out for yet: it is to be drawn
    anew, once for each."""
    begun: set[str] = st.session_state.get(_BEGUN, set())
    fresh = _in_sight().keys() - _watched().keys() - begun
    st.session_state[_BEGUN] = (begun & _in_sight().keys()) | fresh
    return bool(fresh)


def latest(serials: Sequence[str]) -> dict[str, Status]:
    """What the grid says under "Último envío", for the serials that had one. The page looks out for
    those on their way, whoever asked for them."""
    found = resending.deliveries(process.desk(), shell.actor(), serials)
    _sight(found.values())
    return {serial: mail_state.cell(delivery) for serial, delivery in found.items()}


def is_waiting(opened: str | None) -> bool:
    """Whether mail asked for in this session is on its way; tells what became of the rest. `opened`
    is the mail whose window is open, "" for a window about none; None: there is no window.

    Nothing is told while one is open: Streamlit would put the word in its place, and the
    window's next look at itself would leave the page blank. Looking isn't activity: it never keeps
    a forgotten session open.
    """
    if not _watched():
        return False
    watcher = identity.actor(touch=False)
    kept = {}
    for mail_id, before in _watched().items():
        delivery = resending.delivery(process.desk(), watcher, mail_id)
        ended = delivery.state not in _LIVE and delivery.state is not before.state
        if ended and opened is None:
            mail_state.tell(delivery)
        if ended and opened is not None and mail_id != opened:
            kept[mail_id] = before  # told when the window is closed
        elif watch := after(before, delivery.state, clock.now()):
            kept[mail_id] = watch
    st.session_state[_WATCHED] = kept
    return any(watch.on_its_way for watch in kept.values())


def _watched() -> dict[str, Watch]:
    watched: dict[str, Watch] = st.session_state.get(_WATCHED, {})
    return watched


def _in_sight() -> dict[str, Watch]:
    seen: dict[str, Watch] = st.session_state.get(_IN_SIGHT, {})
    return seen


def _sight(drawn: Iterable[Delivery]) -> None:
    now, kept = clock.now(), _in_sight()
    for delivery in drawn:
        kept.pop(delivery.id, None)
        seen = Watch(delivery.state, delivery.requested_at)
        if seen.on_its_way and after(seen, delivery.state, now):
            kept[delivery.id] = seen
    st.session_state[_IN_SIGHT] = {i: w for i, w in kept.items() if after(w, w.state, now)}


@st.fragment(run_every=_EVERY)
def _look_out() -> None:
    """For what waits for a manager, what may still come back and what others asked for: little is
    asked, and the page is drawn anew only when something has changed. What was asked for here and
    is on its way, its table looks after."""
    with shell.guarded():
        own = {i: w for i, w in _watched().items() if not w.on_its_way}
        others = {i: w for i, w in _in_sight().items() if i not in _watched()}
        watcher = identity.actor(touch=False)
        for mail_id, before in (own | others).items():
            now = resending.delivery(process.desk(), watcher, mail_id).state
            if now is not before.state and not {now, before.state} <= PENDING:
                _in_sight().pop(mail_id, None)  # its row may be out of sight by now
                st.rerun()
