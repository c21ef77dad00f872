"""A load or a new key from the command line while the desk runs: it builds, the desk publishes.

Only the desk's process may open `ops`, so the command line leaves what it built in data/handover
and waits for the desk's clerk to answer.
"""

import os
import pwd
import threading
import time
from pathlib import Path
from typing import Any

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Built, LoadReport, Progress, Stage
from lib.model.roles import Permission, Role
from lib.model.rotation import Resealed
from lib.services.desk import Desk
from lib.services.imports.jobs import CancelledError
from lib.services.loads import asked, loading, rotating
from lib.services.log import continuing
from lib.settings import Settings
from lib.store import keys, ref
from lib.store.cipher import Cipher
from lib.store.pack.build import build
from lib.store.records import batches, loads
from lib.store.records.handovers import Box, Offer

WAIT_S = 60.0  # how long the command line waits for the desk
ASK_WAIT_S = 600.0  # the same when the desk has the work to do: a million rows take half a minute
_LOOK_S = 0.5  # how often the clerk looks into the box
_POLL_S = 0.1
_ROTATION = "rotation"  # what tells such an offer from a load's


def os_actor(user_id: int | None = None) -> Actor:
    """Who runs the command line, by the operating system; whoever may write the desk's files
    administers it."""
    user_id = os.geteuid() if user_id is None else user_id
    try:
        name = pwd.getpwuid(user_id).pw_name
    except KeyError:
        name = str(user_id)
    return Actor(f"cli:{name}", name, Role.ADMIN)


def hand_over(
    settings: Settings, actor: Actor, folder: Path, progress: Progress, wait_s: float = WAIT_S
) -> LoadReport:
    """Build the pack in `folder` on the ref in force and have the running desk publish it.

    Raises what loading.load() raises, and HANDOVER_UNANSWERED when nobody took it in `wait_s`
    seconds: it stays on offer.
    """
    actor.require(Permission.LOAD)
    with loads.alone(settings.data):
        built = _build(settings, folder, progress)
        report = _offered(settings, built.to_json(), progress, wait_s)
    return LoadReport.from_json(report)


def hand_over_rotation(
    settings: Settings, actor: Actor, progress: Progress, wait_s: float = WAIT_S
) -> Resealed:
    """Seal the CDAs in force with a new key and have the running desk publish it.

    Raises what rotating.rotate() raises, and HANDOVER_UNANSWERED as hand_over() does.
    """
    target = settings.data / "ref"
    with loads.alone(settings.data):
        current = ref.read_current(target)
        made = rotating.make(settings, actor, target / current if current else None, progress)
        offer = {"file": made.file, _ROTATION: made.to_json()}
        with rotating.kept_unless_refused(settings, made):
            report = _offered(settings, offer, progress, wait_s)
    return Resealed.from_json(report)


def ask(
    settings: Settings, what: dict[str, Any], progress: Progress, wait_s: float = ASK_WAIT_S
) -> dict[str, Any]:
    """The running desk's answer to what asked.answer() takes; raises what that raises, and
    HANDOVER_UNANSWERED as hand_over() does. A KeyboardInterrupt calls it off, unless it is done by
    then: `progress` may raise it too."""
    box, offer_id = Box(settings.data), batches.new_id()
    box.offer(offer_id, what)
    try:
        answer = _wait(settings, box, offer_id, wait_s, progress)
    except KeyboardInterrupt:
        if box.cancel(offer_id):
            raise
        answer = _wait(settings, box, offer_id, WAIT_S)
        if "cancelled" in answer:
            raise
    return _report(answer)


def _offered(
    settings: Settings, value: dict[str, Any], progress: Progress, wait_s: float
) -> dict[str, Any]:
    """The desk's report on what was put on offer."""
    progress(Stage.PUBLISHING, 0.97)
    offer_id = batches.new_id()
    box = Box(settings.data)
    box.offer(offer_id, value)
    report = _report(_wait(settings, box, offer_id, wait_s))
    progress(Stage.PUBLISHING, 1.0)
    return report


def _report(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise AppError(Reason(answer["error"]), **answer["facts"])
    report: dict[str, Any] = answer["report"]
    return report


def _build(settings: Settings, folder: Path, progress: Progress) -> Built:
    target = settings.data / "ref"
    loads.sweep(target)
    current = ref.read_current(target)
    base = target / current if current else None
    cipher = Cipher(settings.data_key)
    sealed_by = ref.sealed_by(base, cipher) if base else ""
    vault = keys.open_vault(settings.data, settings.cda_key, sealed_by, may_create=not current)
    return build(folder, base, vault, target, progress, cipher=cipher)


def _wait(
    settings: Settings,
    box: Box,
    offer_id: str,
    wait_s: float,
    progress: Progress = lambda _, __: None,
) -> dict[str, Any]:
    """The desk's answer; ours when the desk has closed meanwhile. `progress` hears how far it is,
    when the desk tells."""
    deadline = time.monotonic() + wait_s
    while (answer := box.read_answer(offer_id)) is None:
        if time.monotonic() > deadline:
            raise AppError(Reason.HANDOVER_UNANSWERED, folder=str(box.folder))
        told = box.told(offer_id)
        progress(Stage(told.get("stage", Stage.READING)), told.get("fraction", 0.0))
        time.sleep(_POLL_S)
        _answer_if_closed(settings)
    return answer


def opened(settings: Settings) -> Desk | None:
    """The desk; None while another process has it open."""
    try:
        return continuing.opened_alone(settings)
    except AppError as error:
        if error.reason is Reason.DESK_IN_USE:
            return None
        raise


def _answer_if_closed(settings: Settings) -> None:
    desk = opened(settings)
    if desk is None:
        return
    try:
        Box(settings.data).recover()  # it may have died with the offer in hand
        Clerk(desk).work()
    finally:
        desk.close()


class Clerk:
    """The desk's thread that takes what the command line built, publishes it and answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._box = Box(desk.settings.data)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        # A process killed between its commit and CURRENT left the command line the ref before.
        ref.write_current(self._desk.settings.data / "ref", self._desk.store.ref_file)
        rotating.finish(self._desk)
        self._box.recover()
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in hand and end; a clerk never started ends at once."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def work(self) -> None:
        """Publish and answer every offer in the box. One that the desk's end interrupts stays
        taken: whoever opens the desk next, the command line itself if need be, works on it."""
        for offer in self._box.take_all():
            answer = self._answer(offer)
            if "cancelled" in answer and not self._box.is_cancelled(offer):
                return
            self._box.answer(offer, answer)

    def _run(self) -> None:
        while not self._stopping.wait(_LOOK_S):
            self.work()

    def _answer(self, offer: Offer) -> dict[str, Any]:
        try:
            report = self._publish(offer)
        except CancelledError:
            return {"cancelled": True}
        except AppError as error:
            return {"error": error.reason, "facts": {k: str(v) for k, v in error.facts.items()}}
        except Exception as error:  # the clerk outlives whatever an offer holds
            return {"error": Reason.LOAD_FAILED, "facts": {"why": type(error).__name__}}
        return {"report": report}

    def _publish(self, offer: Offer) -> dict[str, Any]:
        if offer.owner not in {os.geteuid(), 0}:
            raise AppError(Reason.FORBIDDEN, permission=Permission.LOAD.value)
        if "ask" in offer.value:
            actor = os_actor(offer.owner)
            return asked.answer(self._desk, actor, offer.id, offer.value, self._teller(offer))
        if _ROTATION in offer.value:
            return self._publish_rotation(offer).to_json()
        return self._publish_load(offer).to_json()

    def _teller(self, offer: Offer) -> Progress:
        """Tells who waits how far it is. Raises CancelledError when they don't any more, and when
        the desk stops."""

        def tell(stage: Stage, fraction: float) -> None:
            if fraction < 1 and (self._box.is_cancelled(offer) or self._stopping.is_set()):
                raise CancelledError
            self._box.tell(offer, {"stage": stage, "fraction": fraction})

        return tell

    def _publish_rotation(self, offer: Offer) -> Resealed:
        made = Resealed.from_json(offer.value[_ROTATION])
        if not ref.is_name(made.file):
            raise AppError(Reason.FORBIDDEN, permission=Permission.ROTATE_KEY.value)
        if loads.is_recorded(self._desk.store, offer.id):
            return made  # published by a desk that died before it answered
        return rotating.publish(self._desk, os_actor(offer.owner), made, offer.id)

    def _publish_load(self, offer: Offer) -> LoadReport:
        built = Built.from_json(offer.value)
        if not ref.is_name(built.file):
            raise AppError(Reason.FORBIDDEN, permission=Permission.LOAD.value)
        if loads.is_recorded(self._desk.store, offer.id):
            # Published by a desk that died before it answered.
            files, notes = built.files, (built.set_aside, built.warnings)
            published = built.file if built.changes_ref else None
            return LoadReport(offer.id, built.source, files, *notes, published=published)
        return loading.publish(self._desk, os_actor(offer.owner), built, offer.id)
