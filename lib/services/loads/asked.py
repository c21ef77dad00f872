"""What the command line asks of the desk: import a file, list the batches, undo one.

Answered by the command's own process or, while a desk runs, by its clerk (handover.py): only one
process may open `ops`. Answers are JSON.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib.model.actor import Actor
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.model.load import Progress, Stage, problems
from lib.model.reading import Choice
from lib.model.roles import Permission
from lib.model.sheet import Format
from lib.services.desk import Desk
from lib.services.imports import (
    committing,
    comparing,
    error_download,
    mapping,
    previewing,
    verdicts,
)
from lib.services.imports.previewing import Preview
from lib.services.loads import history, undoing
from lib.store.records import batches, loads
from lib.store.records.batches import Origin
from lib.store.records.handovers import Box

IMPORT, LIST, UNDO = "import", "list", "undo"
_CHECKED = 0.8  # the part of an import that its check takes


def answer(
    desk: Desk,
    actor: Actor,
    ask_id: str,
    asked: Mapping[str, Any],
    progress: Progress = previewing.silent,
) -> dict[str, Any]:
    """Do what is `asked`: {"ask": IMPORT, "file", "dry_run", "rows", "whole" (all notes, else the
    first: a wrong column makes millions), "errors", "columns" (pairs of a column of ours and the
    file's heading), "automatic"}, {"ask": LIST} or {"ask": UNDO, "batch", "reason"}. `ask_id`
    becomes the batch's. Lists that may be too long for memory lie in the handover box
    (lib/store/records/handovers.py, Box.listed). `progress` hears how far an import is; what it
    raises ends that, and nothing went in.

    Raises what previewing.preview(), commit() and undoing.undo() raise, and UNREADABLE_FILE for a
    file that can't be opened.
    """
    if asked["ask"] == IMPORT:
        return _import(desk, actor, ask_id, asked, progress)
    if asked["ask"] == LIST:
        return {"batches": _listed(desk, actor)}
    return {**undoing.undo(desk, actor, asked["batch"], asked["reason"]).to_json()}


def _import(
    desk: Desk, actor: Actor, ask_id: str, asked: Mapping[str, Any], progress: Progress
) -> dict[str, Any]:
    """A file that brings nothing new becomes no batch."""
    desk.require(actor, Permission.IMPORT)
    if loads.is_recorded(desk.store, ask_id):  # by a desk that died before it answered
        return _told(desk, actor, ask_id)
    checking = 1.0 if asked["dry_run"] else _CHECKED

    def checked(stage: Stage, done: float) -> None:
        progress(stage, checking * done)

    def committed(stage: Stage, done: float) -> None:
        progress(stage, checking + (1 - checking) * done)

    seen = _preview(desk, actor, Path(asked["file"]), _choice(asked), checked)
    box = Box(desk.settings.data)
    try:
        report = _report(desk, actor, seen) | _lists(desk, actor, seen, asked, box, ask_id)
        if not asked["dry_run"] and seen.merge.new + seen.merge.changed:
            committing.commit(desk, actor, seen, ask_id, committed)
            report["batch"] = ask_id
        return report
    except BaseException:
        box.drop(ask_id)
        raise
    finally:
        previewing.discard(seen)


def _lists(
    desk: Desk, actor: Actor, seen: Preview, asked: Mapping[str, Any], box: Box, ask_id: str
) -> dict[str, Any]:
    """What there may be any number of: notes, verdicts, the error file's rows."""
    lists: dict[str, Any] = {}
    for name, bad in (("set_aside", True), ("warnings", False)):
        if asked.get("whole", True):
            each = previewing.each_note(desk, actor, seen, bad=bad)
            lists[name] = box.lay(ask_id, name, map(asdict, each))
        else:
            few = previewing.notes(desk, actor, seen, bad=bad, limit=batches.NOTED)
            lists[name] = [asdict(note) for note in few]
    if asked["rows"]:
        each_row = verdicts.of(desk, actor, seen)
        lists["rows"] = box.lay(ask_id, "rows", map(asdict, each_row))
    if form := asked.get("errors"):
        sheet, rows = error_download.whole(desk, actor, seen, Format(form))
        headings = [column.heading for column in sheet.columns]
        laid = box.lay(ask_id, "errors", rows)
        lists["errors"] = {"title": sheet.title, "columns": headings, "rows": laid}
    return lists


def _choice(asked: Mapping[str, Any]) -> Choice:
    named = tuple((ours, heading) for ours, heading in asked.get("columns", ()))
    return Choice(named=named, remembered=not asked.get("automatic"))


def _preview(desk: Desk, actor: Actor, file: Path, choice: Choice, progress: Progress) -> Preview:
    if file.exists() and not file.is_file():  # a pipe would be waited for, a device never end
        why = "no es un archivo: es una carpeta, una tubería o un dispositivo."
        raise AppError(Reason.UNREADABLE_FILE, file=str(file), why=why)
    try:
        content = file.open("rb")
    except OSError as error:
        why = f"{why_not(error)}; revisa la ruta y sus permisos."
        raise AppError(Reason.UNREADABLE_FILE, file=str(file), why=why) from error
    with content:
        return previewing.preview(desk, actor, file.name, content, choice, progress)


def _report(desk: Desk, actor: Actor, seen: Preview) -> dict[str, Any]:
    return {
        "batch": "",
        "file": seen.source,
        "sha256": seen.original.sha256,
        "columns": mapping.told(seen.look.kept),
        "same_as": _same_as(desk, actor, seen),
        "totals": {**asdict(seen.counts), **asdict(seen.merge)},
        "problems": [asdict(kind) for kind in seen.problems],
        "same_serial": [asdict(t) for t in comparing.twins(desk, actor, seen, batches.NOTED)[1]],
    }


def _same_as(desk: Desk, actor: Actor, seen: Preview) -> dict[str, str] | None:
    """The import of this very file that stands."""
    before = comparing.same_file(desk, actor, seen)
    if before is None:
        return None
    at = f"{before.finished_at.isoformat()}Z"
    return {"batch": before.id, "actor": before.actor, "finished_at": at}


def _told(desk: Desk, actor: Actor, batch_id: str) -> dict[str, Any]:
    seen = undoing.see(desk, actor, batch_id)
    return {
        "batch": batch_id,
        "file": seen.batch.source,
        "sha256": seen.origin.sha256,
        "columns": mapping.told(seen.origin.read_as),
        "same_as": None,
        "totals": dict(seen.batch.summary),
        "problems": _kinds(seen.origin),
        "same_serial": [],
        "set_aside": [asdict(note) for note in seen.origin.set_aside],
        "warnings": [asdict(note) for note in seen.origin.warnings],
    }


def _kinds(origin: Origin) -> list[dict[str, Any]]:
    found = (*problems(origin.set_aside, bad=True), *problems(origin.warnings, bad=False))
    return [asdict(kind) for kind in found]


def _listed(desk: Desk, actor: Actor) -> list[dict[str, Any]]:
    known = history.loads_and_imports(desk, actor)
    undone = history.undone(desk, actor, known)
    return [
        {
            "batch": batch.id,
            "kind": batch.kind,
            "source": batch.source,
            "finished_at": f"{batch.finished_at.isoformat()}Z",
            "actor": batch.actor,
            "summary": dict(batch.summary),
            "sha256": batches.origin(desk.store, batch.id).sha256,
            "undone_by": undone[batch.id].by if batch.id in undone else "",
        }
        for batch in known
    ]
