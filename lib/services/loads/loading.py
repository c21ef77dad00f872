"""Loading a vendor pack: build the new ref beside the one in force, then switch."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Built, FileCounts, LoadReport, Progress, Stage
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.store import ref
from lib.store.database import Transaction
from lib.store.pack.apart import build_apart
from lib.store.pack.build import build
from lib.store.pack.files import CERTIFICATES
from lib.store.records import batches, loads, merging
from lib.store.records.batches import Origin
from lib.store.records.handovers import Box

_LOG = logging.getLogger("mesa.loading")


@dataclass(frozen=True)
class Order:
    """What a load is part of: the id that its batch gets, what the history calls its pack, and what
    is written in its transaction. `beside` may raise, and then nothing is loaded."""

    batch_id: str
    source: str
    beside: Callable[[Transaction, LoadReport], None]


def load(
    desk: Desk,
    actor: Actor,
    folder: Path,
    progress: Progress,
    *,
    apart: bool = True,
    order: Order | None = None,
) -> LoadReport:
    """Load the pack in `folder`; what was there stays when anything fails.

    With `apart` the work is done by a child process, so that others' pages stay quick. Raises
    AppError: FORBIDDEN, LOAD_IN_PROGRESS, NO_PACK, UNREADABLE_FILE, MISSING_COLUMNS,
    CDA_KEY_MISSING, CDA_KEY_WRONG, LOAD_FAILED, STALE_LOAD.
    """
    desk.require(actor, Permission.LOAD)
    with loads.alone(desk.settings.data):
        loads.sweep(_folder(desk))
        try:
            built = _build(desk, folder, progress, apart=apart)
        except BaseException:
            loads.sweep(_folder(desk))  # a child that was killed couldn't
            raise
        try:
            progress(Stage.PUBLISHING, 0.97)
        except BaseException:
            loads.forget(_folder(desk), built.file)  # the person left the page
            raise
        if order is None:
            return publish(desk, actor, built, batches.new_id())
        built = replace(built, source=order.source)
        return publish(desk, actor, built, order.batch_id, order.beside)


def _build(desk: Desk, pack: Path, progress: Progress, *, apart: bool) -> Built:
    base, target, vault = desk.store.ref_path, _folder(desk), desk.vault()
    if not apart:
        return build(pack, base, vault, target, progress, cipher=desk.store.cipher)
    read = desk.settings
    keys = read.cda_key, target, progress
    return build_apart(pack, base, read.data, *keys, data_key=read.data_key)


def publish(
    desk: Desk,
    actor: Actor,
    built: Built,
    batch_id: str,
    beside: Callable[[Transaction, LoadReport], None] = lambda _, __: None,
) -> LoadReport:
    """Put what was built in force, with its certificates and its audit row, in one transaction;
    `beside` is done in the same one.

    A ref that changes nothing is not published: only its certificates go in. Raises AppError:
    FORBIDDEN, STALE_LOAD when another load came between, CDA_KEY_WRONG; the file is gone then.
    """
    desk.require(actor, Permission.LOAD)
    if not (_folder(desk) / built.file).is_file():
        raise AppError(Reason.STALE_LOAD)  # later loads have pruned it
    try:
        alias = desk.store.attach_ref(built.file)
    except AppError:
        loads.forget(_folder(desk), built.file)
        raise

    def work(transaction: Transaction) -> LoadReport:
        report = _record(transaction, desk, actor, built, batch_id, alias)
        beside(transaction, report)
        return report

    try:
        report = desk.store.write(work)
    except BaseException:
        _let_go(desk, alias, built)
        raise
    if built.changes_ref:
        desk.store.use_ref(alias)
        tidy(desk, built.file)
    else:
        _let_go(desk, alias, built)
    return report


def tidy(desk: Desk, file: str) -> None:
    """What follows a ref that is already in force: a fault here must not deny it."""
    try:
        ref.write_current(_folder(desk), file)
        loads.prune(desk.store, _folder(desk), Box(desk.settings.data).waiting())
    except (OSError, AppError) as error:
        _LOG.error("ref published, not tidied: %s", type(error).__name__)


def _record(
    transaction: Transaction, desk: Desk, actor: Actor, built: Built, batch_id: str, alias: str
) -> LoadReport:
    if ref.in_force(transaction) != built.base:
        raise AppError(Reason.STALE_LOAD)
    if loads.key_fingerprint(transaction, f"{alias}.meta") != desk.vault().fingerprint:
        raise AppError(Reason.CDA_KEY_WRONG)
    vendor = f"{alias}.account" if built.changes_ref else "account"
    report = LoadReport(
        batch_id,
        built.source,
        _with_certificates(transaction, built, batch_id, alias),
        built.set_aside,
        built.warnings,
        built.file if built.changes_ref else None,
        loads.differences(transaction, vendor, f"{alias}.pack_account"),
    )
    _log(transaction, actor, report, built.file if built.changes_ref else built.base)
    return report


def _with_certificates(
    transaction: Transaction, built: Built, batch_id: str, alias: str
) -> dict[str, FileCounts]:
    """The files' counts, once the certificates are merged: only ops knows those."""
    files = dict(built.files)
    if CERTIFICATES.name in files:
        merge = merging.merge(transaction, f"{alias}.pack_certificate", batch_id)
        files[CERTIFICATES.name] = replace(
            files[CERTIFICATES.name],
            new=merge.new,
            changed=merge.changed,
            unchanged=merge.unchanged,
        )
    return files


def _log(transaction: Transaction, actor: Actor, report: LoadReport, ref_file: str) -> None:
    totals, said = report.totals, report.to_json()
    summary = {
        "new": totals.new,
        "changed": totals.changed,
        "unchanged": totals.unchanged,
        "set_aside": totals.set_aside,
        "warnings": totals.warnings,
        "files": said["files"],
    }
    source = Path(report.source).name
    detail = {"source": source, **summary, "differences": len(report.differences)}
    transaction.log(actor, Entry(Action.PACK_LOADED, subject=report.batch_id, detail=detail))
    loads.follow_the_last(transaction)
    batches.add(
        transaction, report.batch_id, "pack", source, actor.username, summary, ref_file=ref_file
    )
    notes = Origin(set_aside=tuple(report.set_aside), warnings=tuple(report.warnings))
    batches.add_origin(transaction, report.batch_id, notes)


def _let_go(desk: Desk, alias: str, built: Built) -> None:
    desk.store.detach_ref(alias)
    loads.forget(_folder(desk), built.file)


def _folder(desk: Desk) -> Path:
    return desk.settings.data / "ref"
