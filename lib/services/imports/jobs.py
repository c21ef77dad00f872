"""Checks and imports that take long, one a person: in memory, in a thread of the desk's own.

They outlive the page that asked for them: whoever comes back to it, in this tab or another, finds
what is in hand or how it ended. The desk's end cancels them.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lib.model.errors import AppError, Reason
from lib.model.load import Progress, Stage

_LOG = logging.getLogger("mesa.imports")


class Act(StrEnum):
    CHECK = "check"
    COMMIT = "commit"


class CancelledError(Exception):
    """The person who asked for it said so, or the desk is closing."""


@dataclass
class Job:
    """`key` is what its page knows the source by; `rows` how many go in (0: not known yet). `found`
    is the Preview of a check that ended well, or of what an import brings; `refusal` why it
    ended otherwise. `told`: somebody was shown its end."""

    username: str
    act: Act
    source: str
    key: Any = None
    rows: int = 0
    found: Any = None
    stage: Stage = Stage.READING
    done: float = 0.0  # of it all, 0 to 1
    cancelled: bool = False
    over: bool = False
    told: bool = False
    refusal: AppError | None = None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    def heard(self, stage: Stage, done: float) -> None:
        """Where it is; never back. Raises CancelledError, until it is all done."""
        if self.cancelled and done < 1:
            raise CancelledError
        self.stage, self.done = stage, max(self.done, min(done, 1.0))

    @property
    def well(self) -> bool:
        return self.over and not self.refusal and not self.cancelled


class Jobs:
    """Everybody's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, tuple[Job, threading.Thread]] = {}  # by username
        self._closing = False

    def start(self, job: Job, work: Callable[[Progress], Any]) -> Job:
        """Do `work` in a thread; what it returns is the job's `found`. The same asked for twice (a
        double click, another tab) is done once: the one at work is answered.

        Raises AppError(IMPORT_RUNNING) while the person has another at work, and when closing.
        """
        with self._lock:
            before = self.of(job.username)
            if before and not before.over:
                if (before.act, before.key) == (job.act, job.key):
                    return before
                raise AppError(Reason.IMPORT_RUNNING, source=before.source)
            if self._closing:
                raise AppError(Reason.IMPORT_RUNNING, source=job.source)
            thread = threading.Thread(target=_run, args=(job, work), name="import", daemon=True)
            self._jobs[job.username] = job, thread
            thread.start()
        return job

    def of(self, username: str) -> Job | None:
        """The person's: at work, or the last one that ended."""
        job, _ = self._jobs.get(username, (None, None))
        return job

    def close(self) -> None:
        """Cancel what is at work and wait until it has left nothing."""
        with self._lock:
            self._closing = True
            jobs = list(self._jobs.values())
        for job, _ in jobs:
            job.cancelled = job.cancelled or not job.over
        for _, thread in jobs:
            thread.join()


def _run(job: Job, work: Callable[[Progress], Any]) -> None:
    try:
        job.found = work(job.heard)
        job.cancelled = False  # too late: it is done
        job.stage, job.done = Stage.PUBLISHING, 1.0
    except CancelledError:
        job.cancelled = True
    except AppError as refusal:
        job.cancelled, job.refusal = False, refusal
    except Exception as error:
        # Not its text: an engine's message holds cells of the file.
        _LOG.error("import failed: %s", type(error).__name__)
        job.cancelled = False
        job.refusal = AppError(Reason.IMPORT_FAILED, why=type(error).__name__)
    finally:
        job.over = True
