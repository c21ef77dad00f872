"""The only process-wide objects: the desk and the threads that work beside it.

The app's lifespan starts and stops them (lib/ui/server.py); under AppTest, where there is no
server, the desk opens when first asked for.
"""

import logging
import threading
from typing import Protocol

from lib import settings, settings_oidc
from lib.model.action import Action
from lib.services.desk import Desk, log_opening
from lib.services.doors import emergency
from lib.services.imports import originals
from lib.services.loads import inbox, incoming
from lib.services.loads.handover import Clerk
from lib.services.loads.inbox import InboxWatch
from lib.services.loads.warming import Warmer
from lib.services.log import continuing, proof
from lib.services.log.alert_watch import AlertWatch
from lib.services.log.mailings import Mailings
from lib.services.log.nightly import Nightly
from lib.services.outgoing.delivery import Worker
from lib.services.outgoing.mail_watch import MailWatch
from lib.services.resends.expiring import Expiry
from lib.services.resends.rounds import Rounds
from lib.ui import messages

_LOG = logging.getLogger("mesa")


class _Thread(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


class _Process:
    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.desk: Desk | None = None
        self.threads: list[_Thread] = []


_process = _Process()


def desk() -> Desk:
    """The desk of this process. Raises AppError when it can't be opened."""
    with _process.lock:
        if _process.desk is None:
            _process.desk = continuing.opened(settings.read())
        return _process.desk


def adopt(desk: Desk | None) -> None:
    """Serve this desk, already open, from now on (tests); None forgets it without closing it."""
    with _process.lock:
        _process.desk = desk


def start() -> Desk:
    """Open the desk and start what works beside it: the mail worker, the watch over what becomes of
    mails, the clerk that takes over what the command line loaded, what works off resends to many,
    the warmer, what gives up requests that nobody answers, what reads the log for alerts, what
    proves it, what mails its head and the week's figures, and what loads packs of the watched
    folder. Raises AppError when it can't be opened.
    """
    opened = desk()
    if opened.store.wide:
        _LOG.warning("other users could open %d files here; they no longer can", opened.store.wide)
    inbox.require(opened)
    if opened.settings.oidc.issuer:
        settings_oidc.secret(opened.settings.oidc)
        if emergency.is_missing(opened):
            _LOG.warning("no password opens this desk: python -m lib user emergency USUARIO")
    opened.require_key()
    incoming.sweep(opened)
    originals.sweep(opened)
    proof.prepare(opened)
    log_opening(opened)
    beside: list[_Thread] = [Worker(opened), MailWatch(opened), Clerk(opened)]
    beside += [Rounds(opened), Warmer(opened), Expiry(opened), AlertWatch(opened)]
    beside += [Nightly(opened), Mailings(opened), InboxWatch(opened, messages.sentence)]
    for thread in beside:
        thread.start()
        _process.threads.append(thread)
    return opened


def stop() -> None:
    """Stop the threads (the mail in hand is finished), log and sign the end, close the desk."""
    while _process.threads:
        _process.threads.pop().stop()
    with _process.lock:
        if _process.desk is not None:
            _close(_process.desk)
        _process.desk = None


def _close(opened: Desk) -> None:
    opened.imports.close()  # what they log comes before the end
    incoming.sweep(opened)  # whoever waits has no desk to answer to, and it may hold codes
    try:
        proof.sign(opened, Action.APP_STOPPED)
    finally:
        opened.close()  # whatever the log could take
