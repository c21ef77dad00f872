"""Checks and imports that outlive their page: one a person, each their own, ended with the desk."""

import io
import threading
from collections.abc import Callable

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Progress, Stage
from lib.model.reading import Choice
from lib.services.desk import Desk
from lib.services.imports import previewing, running
from lib.services.imports.jobs import Act, Job, Jobs
from lib.services.imports.previewing import Preview
from tests.services.log_rows import logged
from tests.waiting import until

Work = Callable[[Progress], str]
FILE = (
    b"Folio;No. Serie;Sistema;Versi\xc3\xb3n;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
    b"F1;001;SAE;9.0;1;;Ana;;\n"
)


def preview(desk: Desk, actor: Actor) -> Preview:
    return previewing.preview(desk, actor, "marzo.csv", io.BytesIO(FILE))


def over(job: Job) -> Job:
    until(lambda: job.over)
    return job


@pytest.fixture
def stopped() -> tuple[Work, threading.Event]:
    """Work that goes on until it is told to end, or not to."""
    gate = threading.Event()

    def work(progress: Progress) -> str:
        while not gate.wait(0.01):
            progress(Stage.READING, 0.5)
        return "done"

    return work, gate


@pytest.mark.slow
def test_checked_and_brought_in(desk: Desk, manager: Actor) -> None:
    checked = over(running.check(desk, manager, "m.csv", io.BytesIO(FILE), Choice(), "k"))
    assert (checked.well, checked.done, checked.found.merge.new) == (True, 1.0, 1)
    job = over(running.bring_in(desk, manager, checked.found, "k"))
    assert (job.well, job.act, job.rows) == (True, Act.COMMIT, 1)
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1


@pytest.mark.slow
def test_what_refuses_it_is_its_end(desk: Desk, manager: Actor) -> None:
    seen, again = preview(desk, manager), preview(desk, manager)
    over(running.bring_in(desk, manager, seen, "k"))
    job = over(running.bring_in(desk, manager, again, "k"))
    assert job.refusal is not None
    assert job.refusal.reason is Reason.STALE_PREVIEW
    assert not job.well


def test_a_double_click_is_one_and_another_waits(stopped: tuple[Work, threading.Event]) -> None:
    work, gate = stopped
    jobs = Jobs()
    first = jobs.start(Job("ana", Act.COMMIT, "marzo.csv", "k"), work)
    assert jobs.start(Job("ana", Act.COMMIT, "marzo.csv", "k"), work) is first
    with pytest.raises(AppError) as refused:
        jobs.start(Job("ana", Act.CHECK, "abril.csv", "l"), work)
    assert (refused.value.reason, refused.value.facts) == (
        Reason.IMPORT_RUNNING,
        {"source": "marzo.csv"},
    )
    beto = jobs.start(Job("beto", Act.COMMIT, "otro.csv", "k"), work)
    gate.set()
    assert over(first).well
    assert over(beto).well


def test_one_s_job_is_nobody_else_s(
    desk: Desk, manager: Actor, admin: Actor, stopped: tuple[Work, threading.Event]
) -> None:
    work, _ = stopped
    job = desk.imports.start(Job(manager.username, Act.COMMIT, "marzo.csv", "k"), work)
    assert running.of(desk, admin) is None
    with pytest.raises(AppError) as refused:
        running.cancel(desk, admin, job.id)
    assert refused.value.reason is Reason.IMPORT_OVER
    running.cancel(desk, manager, job.id)
    assert over(job).cancelled
    assert not job.well


def test_a_file_that_no_check_takes_is_let_go(
    desk: Desk, manager: Actor, stopped: tuple[Work, threading.Event]
) -> None:
    work, gate = stopped
    at_work = desk.imports.start(Job(manager.username, Act.CHECK, "m.csv", "k"), work)
    again, another = io.BytesIO(FILE), io.BytesIO(FILE)
    assert running.check(desk, manager, "m.csv", again, Choice(), "k") is at_work
    with pytest.raises(AppError):
        running.check(desk, manager, "n.csv", another, Choice(), "l")
    assert (again.closed, another.closed) == (True, True)
    gate.set()
    over(at_work)


@pytest.mark.slow
def test_its_end_is_told_to_who_watched_and_once_to_who_comes(desk: Desk, manager: Actor) -> None:
    job = over(running.bring_in(desk, manager, preview(desk, manager), "k"))
    assert running.ended(desk, manager, "") is job
    assert running.ended(desk, manager, "") is None
    assert running.ended(desk, manager, job.id) is job


def test_agents_have_none(desk: Desk, agent: Actor, manager: Actor) -> None:
    seen = preview(desk, manager)
    acts: list[Callable[[], object]] = [
        lambda: running.check(desk, agent, "m.csv", io.BytesIO(FILE), Choice(), "k"),
        lambda: running.bring_in(desk, agent, seen, "k"),
        lambda: running.of(desk, agent),
        lambda: running.cancel(desk, agent, ""),
        lambda: running.ended(desk, agent, ""),
    ]
    for act in acts:
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.reason is Reason.FORBIDDEN


def test_the_desk_s_end_is_theirs(stopped: tuple[Work, threading.Event]) -> None:
    work, _ = stopped
    jobs = Jobs()
    job = jobs.start(Job("ana", Act.COMMIT, "marzo.csv", "k"), work)
    jobs.close()
    assert (job.over, job.cancelled) == (True, True)
    with pytest.raises(AppError):
        jobs.start(Job("ana", Act.COMMIT, "marzo.csv", "k"), work)


def test_a_fault_is_said_and_not_shown(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def work(_: Progress) -> None:
        raise ZeroDivisionError("Ana Ruiz")

    job = over(desk.imports.start(Job("ana", Act.COMMIT, "marzo.csv", "k"), work))
    assert job.refusal is not None
    assert (job.refusal.reason, job.refusal.facts) == (
        Reason.IMPORT_FAILED,
        {"why": "ZeroDivisionError"},
    )
    assert "ZeroDivisionError" in caplog.text
    assert "Ana Ruiz" not in caplog.text  # an engine's message holds cells


def test_the_bar_never_goes_back() -> None:
    job = Job("ana", Act.CHECK, "m.csv")
    seen = []
    for done in (0.5, 0.3, 0.6, 2.0):
        job.heard(Stage.READING, done)
        seen.append(job.done)
    assert seen == [0.5, 0.5, 0.6, 1.0]
