"""A check or an import that goes on while its page does something else."""

from collections.abc import Hashable
from typing import BinaryIO

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Progress
from lib.model.reading import Choice
from lib.model.roles import Permission
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from lib.services.imports.jobs import Act, Job
from lib.services.imports.previewing import Preview


def check(
    desk: Desk, actor: Actor, name: str, content: BinaryIO, choice: Choice, key: Hashable
) -> Job:
    """Preview a file; `content` is the job's from now on, and closed by it. Raises AppError:
    FORBIDDEN, IMPORT_RUNNING; what previewing.preview() raises ends as the job's `refusal`."""
    desk.require(actor, Permission.IMPORT)
    _forget_untold(desk, actor)

    def work(progress: Progress) -> Preview:
        with content:
            return previewing.preview(desk, actor, name, content, choice, progress)

    asked = Job(actor.username, Act.CHECK, name, key)
    try:
        started = desk.imports.start(asked, work)
    except AppError:
        content.close()
        raise
    if started is not asked:
        content.close()
    return started


def bring_in(desk: Desk, actor: Actor, seen: Preview, key: Hashable) -> Job:
    """Commit a preview. Raises AppError: FORBIDDEN, IMPORT_RUNNING; what committing.commit() raises
    ends as the job's `refusal`, and the preview stands."""
    desk.require(actor, Permission.IMPORT)

    def work(progress: Progress) -> Preview:
        committing.commit(desk, actor, seen, progress=progress)
        return seen

    rows = seen.merge.new + seen.merge.changed
    job = Job(actor.username, Act.COMMIT, seen.source, key, rows, seen)
    return desk.imports.start(job, work)


def of(desk: Desk, actor: Actor) -> Job | None:
    """This person's job: at work, or the last one that ended. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.IMPORT)
    return desk.imports.of(actor.username)


def ended(desk: Desk, actor: Actor, watched: str) -> Job | None:
    """This person's job when it is over and nobody was told yet, or when `watched` is its id; it
    counts as told. Raises AppError(FORBIDDEN)."""
    job = of(desk, actor)
    if job is None or not job.over or (job.told and job.id != watched):
        return None
    job.told = True
    return job


def not_here(job: Job) -> None:
    """Who was told of its end looks at something else: it waits for whoever comes back to it, or
    makes room for the next."""
    job.told = False


def cancel(desk: Desk, actor: Actor, job_id: str) -> None:
    """End it and leave nothing; one that is over stays as it ended. Raises AppError: FORBIDDEN,
    IMPORT_OVER when it isn't at work."""
    job = of(desk, actor)
    if job is None or job.id != job_id or job.over:
        raise AppError(Reason.IMPORT_OVER)
    job.cancelled = True


def _forget_untold(desk: Desk, actor: Actor) -> None:
    """A preview that nobody came back for makes room for the next."""
    before = desk.imports.of(actor.username)
    if before and before.act is Act.CHECK and before.well and not before.told:
        previewing.discard(before.found)
