"""A long import: told truly, cancelled whole, beside others at work, all there or not at all."""

import io
from pathlib import Path

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from lib.services.imports.previewing import Preview
from lib.services.loads import undoing
from lib.store.database import Transaction
from lib.store.people import staff
from lib.store.people.staff import Staff
from lib.store.records import batches, merging
from tests.services.log_rows import logged

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta\n"
ROWS = 10


class LeftError(Exception):
    """What a person's cancelling raises."""


@pytest.fixture(autouse=True)
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten rows are many: they go in by three at a time, beside others' writes."""
    monkeypatch.setattr(committing, "FEW", 0)
    monkeypatch.setattr(merging, "AT_A_TIME", 3)


def preview(desk: Desk, actor: Actor, first: int = 0, holder: str = "Ana") -> Preview:
    rows = [f"F{n:03d};S{n};SAE;9.0;1;;{holder};;" for n in range(first, first + ROWS)]
    content = io.BytesIO((HEADING + "\n".join(rows)).encode())
    return previewing.preview(desk, actor, "marzo.csv", content)


def held(desk: Desk) -> int:
    return int(desk.store.rows("SELECT count(*) FROM held_certificate")[0][0])


def nothing_came(desk: Desk) -> None:
    assert desk.store.rows("SELECT * FROM ops.certificate") == []
    assert logged(desk, Action.CERTIFICATES_IMPORTED) == []
    assert list((desk.settings.data / "batches").glob("*")) == []


@pytest.mark.slow
def test_the_bar_tells_how_many_rows_are_in(desk: Desk, manager: Actor) -> None:
    told: list[tuple[Stage, float]] = []
    seen = preview(desk, manager)
    committing.commit(desk, manager, seen, progress=lambda *said: told.append(said))
    assert [fraction for _, fraction in told] == sorted(fraction for _, fraction in told)
    assert told[0][1] == 0
    assert told[-1] == (Stage.PUBLISHING, 1.0)
    rows = [(fraction - 0.1) / 0.85 * ROWS for stage, fraction in told if stage is Stage.WRITING]
    assert rows == pytest.approx([3, 6, 9, 10])
    assert held(desk) == ROWS
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1


@pytest.mark.slow
def test_until_it_ends_nobody_sees_any_and_everybody_writes(desk: Desk, manager: Actor) -> None:
    seen, counts = preview(desk, manager), []

    def look(stage: Stage, fraction: float) -> None:
        if fraction < 1:
            counts.append(held(desk))
            statement = "INSERT INTO ops.mailed_report VALUES (?, now()::TIMESTAMP)"
            desk.store.write(lambda t: t.run(statement, [f"{stage} {fraction}"]))

    committing.commit(desk, manager, seen, progress=look)
    assert set(counts) == {0}
    assert len(counts) > 4
    assert held(desk) == ROWS


@pytest.mark.slow
@pytest.mark.parametrize("at", range(6))
def test_cancelled_anywhere_it_leaves_nothing(desk: Desk, manager: Actor, at: int) -> None:
    seen, calls = preview(desk, manager), iter(range(99))

    def leave(_: Stage, __: float) -> None:
        if next(calls) == at:
            raise LeftError

    with pytest.raises(LeftError):
        committing.commit(desk, manager, seen, progress=leave)
    nothing_came(desk)
    assert committing.commit(desk, manager, seen).new == ROWS  # the preview stands: again, whole


@pytest.mark.slow
def test_another_s_import_on_the_way_doesn_t_stop_it(desk: Desk, manager: Actor) -> None:
    seen, other = preview(desk, manager), preview(desk, manager, first=500)

    def meanwhile(stage: Stage, fraction: float) -> None:
        if stage is Stage.WRITING and other.staged[0].is_file():
            committing.commit(desk, manager, other)

    assert committing.commit(desk, manager, seen, progress=meanwhile).new == ROWS
    assert held(desk) == 2 * ROWS
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 2


@pytest.mark.slow
def test_of_two_with_the_same_folios_one_goes_in(desk: Desk, manager: Actor) -> None:
    seen, other = preview(desk, manager), preview(desk, manager, holder="Beto")

    def meanwhile(stage: Stage, fraction: float) -> None:
        if stage is Stage.WRITING and other.staged[0].is_file():
            committing.commit(desk, manager, other)

    with pytest.raises(AppError) as refused:
        committing.commit(desk, manager, seen, progress=meanwhile)
    assert refused.value.reason is Reason.STALE_PREVIEW
    assert desk.store.rows("SELECT holder, count(*) FROM held_certificate GROUP BY holder") == [
        ("Beto", ROWS)
    ]
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1
    assert len(list((desk.settings.data / "batches").iterdir())) == 1


@pytest.mark.slow
def test_two_merges_at_once_are_refused_by_the_engine(desk: Desk, manager: Actor) -> None:
    """Whatever the desk's own turns let through."""
    seen, other = preview(desk, manager), preview(desk, manager)

    def ready(transaction: Transaction) -> None:
        merging.lay(transaction, rows, "b1", lambda _, __: None)
        committing.commit(desk, manager, other)

    with previewing.waiting(desk, seen.staged) as rows, pytest.raises(AppError) as refused:
        desk.store.write_after(ready, lambda t: merging.settle(t, "b1"), stands_on="")
    assert refused.value.reason is Reason.STORAGE_FAILED
    assert held(desk) == ROWS
    assert desk.store.rows("SELECT * FROM ops.certificate WHERE batch_id = 'b1'") == []


def test_who_may_no_more_imports_no_more(desk: Desk, manager: Actor) -> None:
    person = Staff(manager.username, "G", "g@x.mx", Role.MANAGER, "", active=True,
                   credential_version=1)  # fmt: skip
    desk.store.write(lambda t: staff.add(t, person))
    seen = preview(desk, manager)

    def demoted(stage: Stage, fraction: float) -> None:
        if stage is Stage.WRITING:
            desk.store.write(lambda t: t.run("UPDATE ops.staff SET role = ?", [Role.AGENT.value]))

    with pytest.raises(AppError) as refused:
        committing.commit(desk, manager, seen, progress=demoted)
    assert refused.value.reason is Reason.FORBIDDEN
    nothing_came(desk)


@pytest.mark.slow
def test_undone_it_is_as_before(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, preview(desk, manager))
    changed, batch_id = preview(desk, manager, first=5, holder="Beto"), batches.new_id()
    assert committing.commit(desk, manager, changed, batch_id).changed == 5
    done = undoing.undo(desk, manager, batch_id, "error")
    assert (done.gone, done.returned, done.stays) == (5, 5, 0)
    assert desk.store.rows("SELECT holder, count(*) FROM held_certificate GROUP BY holder") == [
        ("Ana", ROWS)
    ]
    again = preview(desk, manager, first=5, holder="Beto")
    assert committing.commit(desk, manager, again).new == 5
    assert held(desk) == ROWS + 5
    assert desk.store.rows("SELECT count(DISTINCT folio) FROM ops.certificate") == [(ROWS + 5,)]


@pytest.mark.slow
class TestApart:
    """A big file is checked by a process of its own."""

    @pytest.fixture(autouse=True)
    def big(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(previewing, "BIG", 1)

    def test_with_the_same_answer(self, desk: Desk, manager: Actor) -> None:
        told: list[float] = []
        rows = HEADING + "F1;S1;SAE;9.0;1;;Ana;;\nF2;S2;NOY;9.0;1;;Ana;;\n"
        content = io.BytesIO(rows.encode("cp1252"))
        seen = previewing.preview(
            desk, manager, "a.csv", content, progress=lambda _, done: told.append(done)
        )
        assert (seen.counts.rows, seen.counts.set_aside, seen.merge.new) == (2, 1, 1)
        assert [n.line for n in previewing.notes(desk, manager, seen, bad=True)] == [3]
        assert told == sorted(told)
        assert (told[0], told[-1]) == (0.0, 1.0)

    def test_cancelled_it_leaves_nothing(self, desk: Desk, manager: Actor) -> None:
        def leave(stage: Stage, _: float) -> None:
            if stage is Stage.CHECKING:
                raise LeftError

        with pytest.raises(LeftError):
            previewing.preview(
                desk, manager, "a.csv", io.BytesIO(HEADING.encode() + b"F1;S;SAE;9;1;;A;;\n"),
                progress=leave,
            )  # fmt: skip
        assert left_in(desk.settings.data / "incoming") == []


def left_in(folder: Path) -> list[Path]:
    return list(folder.glob("*"))
