"""Packs of the watched folder that were taken: loaded or refused, told, put aside.

A pack in hand bears its batch's id. What became of it is written in the transaction that did it,
and only then does it move: after a kill at any instant it is loaded if it wasn't, and moved if it
was.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lib.model import clock
from lib.model.action import Action, Entry, Outcome
from lib.model.actor import SYSTEM
from lib.model.contact import clean
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.model.inbox import Came
from lib.model.load import LoadReport, Stage
from lib.services.desk import Desk
from lib.services.loads import load_mails, loading
from lib.services.loads.loading import Order
from lib.store.database import Transaction
from lib.store.records import batches, inbox_folder, inbox_packs
from lib.store.records.batches import Batch
from lib.store.records.inbox_folder import Signature

_MOST_TRIES = 3  # of a load that breaks: then it is the pack
# The pack is at fault, and stays so.
_ITS_FAULT = frozenset({Reason.NO_PACK, Reason.UNREADABLE_FILE, Reason.MISSING_COLUMNS})


class StoppedError(Exception):
    """The desk closes while a load is under way."""


@dataclass(frozen=True)
class Pace:
    """Seconds. `settle_s`, that a pack must lie unchanged: longer than a client that lost its
    connection takes to come back, and nothing beside a load; what stops for longer is told by who
    has it open (inbox_folder.written_to). `look_s`, between two looks: a few stats. `again_s`,
    before a load is tried again that failed for no fault of the pack's."""

    settle_s: float = 30.0
    look_s: float = 5.0
    again_s: float = 60.0


@dataclass
class InHand:
    """What is done with them, one after another. `sentence` puts a refusal into words; `now` are
    seconds that only go on; once `stopping` is set, a load under way is given up."""

    desk: Desk
    sentence: Callable[[AppError], str]
    pace: Pace
    now: Callable[[], float]
    stopping: threading.Event
    apart: bool = True

    def __post_init__(self) -> None:
        self._broken: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def work(self, inbox: Path) -> AppError | None:
        """Load and put aside each that is there; why one can't be now. Raises StoppedError, and
        OSError when the folder can't be read."""
        trouble = None
        for pack_id, pack in inbox_folder.in_hand(inbox):
            try:
                trouble = self._finish(inbox, pack_id, pack) or trouble
            except AppError as error:  # storage: nothing was written
                trouble = error
        return trouble

    def _finish(self, inbox: Path, pack_id: str, pack: Path) -> AppError | None:
        came = inbox_packs.find(self.desk.store, pack_id)
        if came is None:
            if self.now() < self._not_before.get(pack_id, 0.0):
                return self.desk.inbox.now.trouble
            try:
                self._load(inbox, pack_id, pack)
            except AppError as error:
                return self._wait_or_refuse(inbox, pack_id, pack, error)
            came = inbox_packs.find(self.desk.store, pack_id)
        return self._put_aside(inbox, came) if came else None

    def _load(self, inbox: Path, pack_id: str, pack: Path) -> None:
        before, sha256 = _examined(pack)
        name, source = called(pack.name), _source(inbox, pack)

        def beside(transaction: Transaction, report: LoadReport) -> None:
            if _now_signed(pack) != before:  # by who had it open when it was taken
                raise AppError(Reason.PACK_ARRIVING, name=name)
            again = inbox_packs.loaded_before(transaction, sha256)
            inbox_packs.add(transaction, pack_id, name, sha256, loaded=True)
            came = Came(pack_id, name, sha256, transaction.now, loaded=True, again=again)
            load_mails.tell(self.desk, transaction, came, source, report)

        self.desk.inbox.say(in_hand=name)
        order = Order(pack_id, source, beside)
        try:
            loading.load(self.desk, SYSTEM, pack, self._progress, apart=self.apart, order=order)
        finally:
            self.desk.inbox.say(in_hand=None, loading=None)
        self.desk.mail_waiting.set()

    def _wait_or_refuse(
        self, inbox: Path, pack_id: str, pack: Path, error: AppError
    ) -> AppError | None:
        """Another load, a full disk or a missing key pass; a bad file doesn't."""
        broke = error.reason is Reason.LOAD_FAILED
        self._broken[pack_id] = self._broken.get(pack_id, 0) + broke
        if error.reason in _ITS_FAULT or self._broken[pack_id] >= _MOST_TRIES:
            return self._put_aside(inbox, self._refuse(inbox, pack_id, pack, error))
        pauses = {
            Reason.LOAD_IN_PROGRESS: self.pace.look_s,
            Reason.PACK_ARRIVING: self.pace.settle_s,
        }
        self._not_before[pack_id] = self.now() + pauses.get(error.reason, self.pace.again_s)
        return error

    def _refuse(self, inbox: Path, pack_id: str, pack: Path, error: AppError) -> Came:
        name, source, why = called(pack.name), _source(inbox, pack), self.sentence(error)

        def work(transaction: Transaction) -> Came:
            detail = {"source": source, "why": why}
            refused = Entry(Action.PACK_REFUSED, Outcome.REFUSED, subject=pack_id, detail=detail)
            transaction.log(SYSTEM, refused)
            inbox_packs.add(transaction, pack_id, name, "", loaded=False, why=why)
            came = Came(pack_id, name, "", transaction.now, loaded=False, why=why)
            load_mails.tell(self.desk, transaction, came, source, None)
            return came

        came = self.desk.store.write(work)
        self.desk.mail_waiting.set()
        return came

    def _put_aside(self, inbox: Path, came: Came) -> AppError | None:
        day = f"{clock.at_office(came.at):%Y-%m-%d}"
        place = inbox_folder.LOADED if came.loaded else inbox_folder.REFUSED
        said = _told(came, batches.find(self.desk.store, came.id))
        try:
            inbox_folder.put_aside(inbox, came.id, place, day, said)
        except OSError as error:
            return stuck(inbox, came.name, error)
        self._broken.pop(came.id, None)
        self._not_before.pop(came.id, None)
        return None

    def _progress(self, stage: Stage, done: float) -> None:
        if self.stopping.is_set():
            raise StoppedError
        self.desk.inbox.say(loading=(stage, done))


def _examined(pack: Path) -> tuple[Signature, str]:
    """What a pack in hand is: its files' signature and their hash.

    Raises AppError(UNREADABLE_FILE): a link leads elsewhere, and a pipe never ends.
    """
    try:
        odd = inbox_folder.odd(pack)
        if odd:
            why = "no es un archivo ni una carpeta de verdad (un enlace, por ejemplo)."
            raise AppError(Reason.UNREADABLE_FILE, file=called(odd), why=why)
        return inbox_folder.signature(pack), inbox_folder.digest(pack)
    except OSError as error:
        file = called(Path(error.filename or pack).name)
        why = f"la mesa no pudo abrirlo ({why_not(error)}); revisa sus permisos."
        raise AppError(Reason.UNREADABLE_FILE, file=file, why=why) from error


def _now_signed(pack: Path) -> Signature:
    try:
        return inbox_folder.signature(pack)
    except OSError:
        return ()


def stuck(inbox: Path, what: str, error: OSError) -> AppError:
    return AppError(Reason.INBOX_STUCK, what=what, folder=str(inbox), why=why_not(error))


def called(name: str) -> str:
    """A name on the disk may be any bytes."""
    return clean(name) or "(sin nombre)"


def _source(inbox: Path, pack: Path) -> str:
    """What the history and the log call it."""
    sub = "" if pack.name == inbox.name else f": {called(pack.name)}"
    return f"Carpeta vigilada «{called(inbox.name)}»{sub}"


def _told(came: Came, batch: Batch | None) -> str:
    """The text that lies beside the files."""
    at = f"{clock.at_office(came.at):%d/%m/%Y %H:%M}"
    if batch is None:
        return f"Esta entrega no se cargó ({at}).\n\n{came.why}\n\nCorrígela y déjala otra vez.\n"
    said = batch.summary
    counts = (
        f"nuevas {said['new']:,}, cambiadas {said['changed']:,}, iguales {said['unchanged']:,} y "
        f"apartadas {said['set_aside']:,}"
    )
    return (
        f"Esta entrega se cargó el {at}.\n\nFilas: {counts}.\nLote: {came.id}\n\n"
        "Los archivos están como llegaron, con sus CDA a la vista: bórralos cuando ya no hagan"
        " falta.\n"
    )
