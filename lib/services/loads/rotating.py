"""A new key for the CDAs: each is sealed again in a new ref, put in force like a load's.

The new key is kept before anything is sealed with it, and the ref in force finds its own key
wherever it lies (lib/store/keys.py). So a process killed at any moment leaves the old key with the
old ref or the new key with the new one.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Progress
from lib.model.roles import Permission
from lib.model.rotation import Resealed
from lib.services.desk import Desk
from lib.services.loads import loading
from lib.settings import Settings
from lib.store import keys, ref
from lib.store.cipher import Cipher
from lib.store.database import Transaction
from lib.store.pack.reseal import reseal
from lib.store.records import batches, loads

_LOG = logging.getLogger("mesa.rotating")
_REFUSED = frozenset({Reason.STALE_LOAD, Reason.FORBIDDEN, Reason.CDA_KEY_WRONG})
_SOURCE = "Cambio de llave"  # among the loads, as people read it


def rotate(desk: Desk, actor: Actor, progress: Progress) -> Resealed:
    """Seal every CDA with a new key and put that in force; what was there stays when it fails.

    Raises AppError: FORBIDDEN, LOAD_IN_PROGRESS, NOTHING_SEALED, CDA_KEY_MISSING, CDA_KEY_WRONG,
    ROTATION_FAILED, STALE_LOAD.
    """
    desk.require(actor, Permission.ROTATE_KEY)
    with loads.alone(desk.settings.data):
        made = make(desk.settings, actor, desk.store.ref_path, progress)
        with kept_unless_refused(desk.settings, made):
            return publish(desk, actor, made, batches.new_id())


def make(settings: Settings, actor: Actor, base: Path | None, progress: Progress) -> Resealed:
    """A new key and the ref `base` sealed with it, both kept, nothing in force yet; call it under
    loads.alone(). Raises what rotate() does."""
    actor.require(Permission.ROTATE_KEY)
    if base is None:
        raise AppError(Reason.NOTHING_SEALED)
    loads.sweep(base.parent)
    cipher = Cipher(settings.data_key)
    sealed_by = ref.sealed_by(base, cipher)
    old = keys.open_vault(settings.data, settings.cda_key, sealed_by, may_create=False)
    new = keys.add(settings.data)
    try:
        return reseal(base, old, new, base.parent, progress, cipher)
    except BaseException:
        keys.drop(settings.data, new.fingerprint)
        raise


@contextmanager
def kept_unless_refused(settings: Settings, made: Resealed) -> Iterator[None]:
    """What was made for nothing goes, but only where a refusal says that nothing was stored."""
    try:
        yield
    except AppError as error:
        if error.reason in _REFUSED:
            loads.forget(settings.data / "ref", made.file)
            keys.drop(settings.data, made.new_key)
        raise


def publish(desk: Desk, actor: Actor, made: Resealed, batch_id: str) -> Resealed:
    """Put it in force with its audit row, in one transaction, and give the keys their names.

    Raises AppError: FORBIDDEN, STALE_LOAD when a load came between, CDA_KEY_WRONG when the new key
    isn't where the desk finds it. Its file stays: storage that fails at the last moment may have
    stored it all.
    """
    desk.require(actor, Permission.ROTATE_KEY)
    if not (_folder(desk) / made.file).is_file():
        raise AppError(Reason.STALE_LOAD)
    alias = desk.store.attach_ref(made.file)
    try:
        desk.store.write(lambda t: _record(t, desk, actor, made, batch_id, alias))
    except BaseException:
        desk.store.detach_ref(alias)
        raise
    desk.store.use_ref(alias)
    loading.tidy(desk, made.file)
    finish(desk)
    return made


def finish(desk: Desk) -> None:
    """Give the key in use its name, also when the process that made it has died since. The codes
    open without it: a fault here is no failure."""
    try:
        keys.settle(desk.settings.data, loads.key_fingerprint(desk.store))
    except OSError as error:
        _LOG.error("keys not renamed: %s", type(error).__name__)


def _record(
    transaction: Transaction, desk: Desk, actor: Actor, made: Resealed, batch_id: str, alias: str
) -> None:
    if ref.in_force(transaction) != made.base:
        raise AppError(Reason.STALE_LOAD)
    desk.vault(loads.key_fingerprint(transaction, f"{alias}.meta"))
    summary = {"codes": made.codes, "old_key": made.old_key, "new_key": made.new_key}
    transaction.log(actor, Entry(Action.KEY_ROTATED, subject=batch_id, detail=summary))
    loads.follow_the_last(transaction)
    batches.add(transaction, batch_id, "pack", _SOURCE, actor.username, summary, ref_file=made.file)


def _folder(desk: Desk) -> Path:
    return desk.settings.data / "ref"
