"""The watched folder (MESA_INBOX): packs that lie there whole are taken, as they were made."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lib.model.actor import Actor
from lib.model.contact import clean
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.model.inbox import Came, Now, Waiting
from lib.model.roles import Permission
from lib.services.beside import Beside
from lib.services.desk import Desk
from lib.services.loads.in_hand import InHand, Pace, StoppedError, called, stuck
from lib.store.records import batches, inbox_folder, inbox_packs
from lib.store.records.batches import Batch
from lib.store.records.inbox_folder import Drop, Signature

_LOG = logging.getLogger("mesa.inbox")
_PATIENCE_S = 5.0
FOR_PEOPLE = frozenset({Reason.INBOX_GONE, Reason.INBOX_STUCK, Reason.INBOX_FULL})


@dataclass(frozen=True)
class Seen:
    """The folder as its page shows it; `batch` is the last pack's, where it was loaded."""

    folder: Path
    now: Now
    last: Came | None
    batch: Batch | None


def require(desk: Desk) -> None:
    """Raise AppError(BAD_SETTING) unless the watched folder, where there is one, is there and ours
    to read and to write."""
    folder = desk.settings.inbox
    if folder is None:
        return
    try:
        inbox_folder.prove(folder)
    except OSError as error:
        takes = f"una carpeta que exista y donde la mesa lea y escriba ({why_not(error)}: {folder})"
        raise AppError(Reason.BAD_SETTING, setting="MESA_INBOX", takes=takes) from error


def seen(desk: Desk, actor: Actor) -> Seen | None:
    """None where no folder is watched. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.LOAD)
    if desk.settings.inbox is None:
        return None
    last = inbox_packs.last(desk.store)
    batch = batches.find(desk.store, last.id) if last and last.loaded else None
    return Seen(desk.settings.inbox, desk.inbox.now, last, batch)


def trouble(desk: Desk, actor: Actor) -> AppError | None:
    """What only a person can put right, if the watch stands before such a thing. Raises
    AppError(FORBIDDEN)."""
    desk.require(actor, Permission.LOAD)
    found = desk.inbox.now.trouble
    return found if found and found.reason in FOR_PEOPLE else None


class InboxWatch(Beside):
    """The desk's thread that watches the folder; `sentence` puts a refusal into words. Stopped, it
    gives up a load under way: the next start does it."""

    def __init__(
        self,
        desk: Desk,
        sentence: Callable[[AppError], str],
        pace: Pace | None = None,
        *,
        apart: bool = True,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("inbox")
        self._desk = desk
        self._pace = pace or Pace()
        self._now = now
        self._in_hand = InHand(desk, sentence, self._pace, now, self._stopping, apart)
        self._settling: dict[str, tuple[Signature, float]] = {}

    def start(self) -> None:
        if self._desk.settings.inbox is not None:
            super().start()

    def stop(self) -> None:
        """End soon, also amid a load: a child that is deep in its work isn't waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except StoppedError:
                return
            except Exception as error:  # storage, or a fault of ours: nothing here ends the thread
                _LOG.error("inbox: %s", type(error).__name__)
            self._stopping.wait(self._pace.look_s)

    # ---- one look --------------------------------------------------------------------------

    def look(self) -> None:
        """Finish what is in hand, then take and load each pack that is whole."""
        inbox = self._desk.settings.inbox
        if inbox is None:
            return
        try:
            inbox_folder.recover(inbox)
            self._desk.inbox.say(trouble=self._in_hand.work(inbox))
            ready = self._waiting(inbox)
        except OSError as error:
            gone = AppError(Reason.INBOX_GONE, folder=str(inbox), why=why_not(error))
            self._desk.inbox.say(waiting=(), strangers=(), trouble=gone)
            return
        for drop in ready:
            # One that waits goes first, or yesterday's data would be laid over today's.
            if not inbox_folder.in_hand(inbox):
                self._take(inbox, drop)

    def _take(self, inbox: Path, drop: Drop) -> None:
        lookout, name = self._desk.inbox, drop.waiting.name
        try:
            inbox_folder.take(inbox, drop, batches.new_id())
        except OSError as error:
            lookout.say(trouble=stuck(inbox, called(name or inbox.name), error))
            return
        del self._settling[name]
        lookout.say(waiting=tuple(w for w in lookout.now.waiting if w.name != clean(name)))
        lookout.say(trouble=self._in_hand.work(inbox) or lookout.now.trouble)

    def _waiting(self, inbox: Path) -> list[Drop]:
        """Say what waits; those that may be taken, in the order they were made."""
        drops = inbox_folder.look(inbox)
        full = next((drop for drop in drops if drop.full), None)
        if full and not self._desk.inbox.now.trouble:
            self._desk.inbox.say(trouble=_too_full(full))
        self._settling = {d.waiting.name: self._since(d) for d in drops}
        seen = [(drop, self._written_to(drop)) for drop in drops]
        packs = [_shown(drop.waiting, open_) for drop, open_ in seen if _has_something(drop)]
        others = [f"{d.waiting.name}/" for d in drops[1:] if not _has_something(d)]
        strangers = map(clean, (*drops[0].strangers, *others))
        self._desk.inbox.say(waiting=tuple(packs), strangers=tuple(strangers))
        ready = [drop for drop, open_ in seen if self._settled(drop) and not open_]
        return sorted(ready, key=lambda drop: (drop.newest, drop.waiting.name))

    def _since(self, drop: Drop) -> tuple[Signature, float]:
        before = self._settling.get(drop.waiting.name)
        return before if before and before[0] == drop.signature else (drop.signature, self._now())

    def _settled(self, drop: Drop) -> bool:
        since = self._settling[drop.waiting.name][1]
        whole = (drop.waiting.whole and not drop.full) or bool(drop.bad)
        return whole and self._now() - since >= self._pace.settle_s

    def _written_to(self, drop: Drop) -> tuple[str, ...]:
        """Which of its files are open to write although they lie still: a client that hangs."""
        if drop.bad or not self._settled(drop):
            return ()
        try:
            return inbox_folder.written_to(drop.place, drop.waiting.found)
        except PermissionError:
            return ()  # it can't be read: that will be said of it


def _too_full(drop: Drop) -> AppError:
    most = f"{inbox_folder.MOST:,}"
    return AppError(Reason.INBOX_FULL, folder=clean(str(drop.place)), most=most)


def _has_something(drop: Drop) -> bool:
    """A folder is a pack as soon as something of one lies in it."""
    waiting = drop.waiting
    return bool(drop.bad or waiting.found or waiting.arriving or waiting.marked)


def _shown(waiting: Waiting, written_to: tuple[str, ...]) -> Waiting:
    """With names as people can read them: on the disk they may be any bytes."""
    arriving = tuple(map(clean, (*waiting.arriving, *written_to)))
    found = tuple(map(clean, waiting.found))
    return replace(waiting, name=clean(waiting.name), found=found, arriving=arriving)
