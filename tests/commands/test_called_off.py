"""Ctrl-C in `python -m lib import`: alone or beside a running desk, nothing went in."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.commands import asking
from lib.model.load import Stage
from lib.services.desk import Desk, open_desk
from lib.services.imports import committing
from lib.services.loads import asked, handover
from lib.services.loads.handover import Clerk
from lib.store.records.handovers import Box
from tests.conftest import copied
from tests.waiting import until

FILE = (
    "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
    "F1;001;SAE;9.0;1;;Ana;;\n"
)


@pytest.fixture
def what(tmp_path: Path) -> dict[str, Any]:
    file = tmp_path / "marzo.csv"
    file.write_text(FILE, "utf-8")
    return {"ask": asked.IMPORT, "file": str(file), "dry_run": False, "rows": False}


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of the commit, where this thread hears it."""
    monkeypatch.setattr(committing, "FEW", 0)
    told = committing._Coming.told

    def press(coming: Any, done: int, of: int) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        told(coming, done, of)

    monkeypatch.setattr(committing._Coming, "told", press)


def nothing_came(desk: Desk) -> None:
    assert desk.store.rows("SELECT * FROM ops.certificate") == []
    assert desk.store.rows("SELECT * FROM ops.batch WHERE kind <> 'pack'") == []
    assert list((desk.settings.data / "batches").glob("*")) == []
    assert list((desk.settings.data / "incoming").glob("*")) == []


@pytest.mark.slow
def test_alone(tmp_path: Path, small_data: Path, what: dict[str, Any], pressed: None) -> None:
    with copied(small_data, tmp_path / "data") as desk:
        desk.close()
    read = settings.read({"MESA_DATA": str(tmp_path / "data")})
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        asking.answer(read, what)
    assert signal.getsignal(signal.SIGINT) is before
    desk = open_desk(read)
    nothing_came(desk)
    desk.close()


def test_a_second_one_ends_the_process_as_it_is() -> None:
    before = signal.getsignal(signal.SIGINT)

    def twice() -> None:
        with asking._called_off(lambda *_: None) as heard:
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
            heard(Stage.READING, 0.5)

    with pytest.raises(KeyboardInterrupt):
        twice()
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def clerk(desk: Desk) -> Iterator[Clerk]:
    clerk = Clerk(desk)
    clerk.start()
    yield clerk
    clerk.stop()


@pytest.fixture
def open_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk is this process's own here: nobody else finds it closed."""
    monkeypatch.setattr(handover, "_answer_if_closed", lambda _: None)


def test_beside_a_desk_that_works_on_it(
    desk: Desk,
    clerk: Clerk,
    what: dict[str, Any],
    open_elsewhere: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The desk goes on until it hears that nobody wants it."""
    heard: list[float] = []
    real = Box.is_cancelled

    def is_cancelled(box: Box, offer: Any) -> bool:
        if heard:  # the command was told of it: it is being called off
            until(lambda: real(box, offer))
        return real(box, offer)

    monkeypatch.setattr(Box, "is_cancelled", is_cancelled)

    def progress(stage: Stage, fraction: float) -> None:
        if fraction > 0:
            heard.append(fraction)
            raise KeyboardInterrupt

    monkeypatch.setattr(committing._Coming, "told", lambda coming, *_: wait_for(heard, coming))
    with pytest.raises(KeyboardInterrupt):
        handover.ask(desk.settings, what, progress)
    nothing_came(desk)
    assert list((desk.settings.data / "handover").iterdir()) == []


def wait_for(heard: list[float], coming: Any) -> None:
    until(lambda: heard)
    coming.progress(Stage.WRITING, 0.5)


def test_before_a_desk_took_it(desk: Desk, what: dict[str, Any], open_elsewhere: None) -> None:
    def progress(_: Stage, __: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        handover.ask(desk.settings, what, progress)
    Clerk(desk).work()
    nothing_came(desk)
    assert list((desk.settings.data / "handover").iterdir()) == []


@pytest.mark.slow
def test_a_desk_that_stops_leaves_it_to_the_next(
    desk: Desk, what: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, box = Clerk(desk), Box(desk.settings.data)
    box.offer("b1", what)
    told = committing._Coming.told

    def stopping(coming: Any, done: int, of: int) -> None:
        clerk.stop()
        told(coming, done, of)

    with monkeypatch.context() as patch:
        patch.setattr(committing._Coming, "told", stopping)
        clerk.work()
    nothing_came(desk)
    assert box.read_answer("b1") is None
    box.recover()
    Clerk(desk).work()
    answer = box.read_answer("b1")
    assert answer is not None
    assert answer["report"]["batch"] == "b1"


def test_its_bar_goes_on_to_the_end(desk: Desk, what: dict[str, Any]) -> None:
    told: list[float] = []
    asked.answer(desk, handover.os_actor(), "b1", what, lambda _, done: told.append(done))
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(set(told)) > 6
