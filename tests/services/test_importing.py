"""Importing certificates: looked at first, then all the good rows or none, with their audit row."""

import io
import json
from pathlib import Path

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.imports import committing, previewing
from lib.services.imports.previewing import Preview
from lib.store.records import certificates
from lib.store.records.certificates import Merge

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta"
GOOD = (
    "F1;0KFAQ05EFJ4;BANCO;6.0;2;16/05/2018;Maquiladora Peña;;00000001",
    "F2;00123;SAE;9.0;1;2020-01-31;Ángel Núñez;;",
)
BAD = (
    "F1;0OTRA;SAE;9.0;1;01/01/2020;Repetida;;",
    "F3;1.23E+11;NOI;10.0;1;08/09/2015;Comida por Excel;;",
    "F4;0ABC;XYZ;1.0;1;08/09/2015;Sistema raro;;",
    "F5;0ABD;SAE;1.0;1;31/02/2015;Fecha imposible;;",
)


def csv(*rows: str) -> io.BytesIO:
    return io.BytesIO("\r\n".join([HEADING, *rows, ""]).encode("cp1252"))


def preview(desk: Desk, actor: Actor, *rows: str) -> Preview:
    return previewing.preview(desk, actor, "certificados marzo.csv", csv(*rows))


def left_behind(desk: Desk) -> list[Path]:
    return list((desk.settings.data / "incoming").glob("*"))


@pytest.mark.slow
def test_a_preview_counts_and_writes_nothing(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager, *GOOD, *BAD)
    assert seen.merge == Merge(new=2, changed=0, unchanged=0)
    aside = previewing.notes(desk, manager, seen, bad=True)
    assert [note.line for note in aside] == [4, 5, 6, 7]
    assert [c.folio for c in seen.sample] == ["F1", "F2"]
    assert desk.store.rows("SELECT * FROM ops.certificate") == []
    assert desk.store.rows("SELECT * FROM ops.audit") == []


@pytest.mark.slow
def test_confirming_brings_in_the_good_rows_and_logs_it(desk: Desk, manager: Actor) -> None:
    assert committing.commit(desk, manager, preview(desk, manager, *GOOD, *BAD)).new == 2
    found = certificates.find(desk.store, "F2")
    assert found is not None
    assert (found.serial, found.holder) == ("00123", "Ángel Núñez")
    action, actor, subject, detail = desk.store.rows(
        "SELECT action, actor, subject, detail FROM ops.audit JOIN ops.audit_detail USING (seq)"
    )[0]
    assert (action, actor) == ("certificates_imported", "gerente")
    assert json.loads(detail) == {
        "file": "certificados marzo.csv",
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "set_aside": 4,
    }
    assert desk.store.rows("SELECT id, kind FROM ops.batch WHERE kind <> 'pack'") == [
        (subject, "certificates")
    ]
    assert left_behind(desk) == []


@pytest.mark.slow
def test_the_same_file_again_changes_nothing(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, preview(desk, manager, *GOOD))
    assert preview(desk, manager, *GOOD).merge == Merge(new=0, changed=0, unchanged=2)


@pytest.mark.slow
def test_a_preview_that_others_overtook_is_refused(desk: Desk, manager: Actor) -> None:
    first, second = preview(desk, manager, *GOOD), preview(desk, manager, *GOOD)
    committing.commit(desk, manager, first)
    with pytest.raises(AppError) as refused:
        committing.commit(desk, manager, second)
    assert refused.value.reason is Reason.STALE_PREVIEW
    assert len(desk.store.rows("SELECT * FROM ops.audit")) == 1


@pytest.mark.slow
def test_confirming_twice_brings_in_once(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager, *GOOD)
    committing.commit(desk, manager, seen)
    with pytest.raises(AppError) as refused:
        committing.commit(desk, manager, seen)
    assert refused.value.reason is Reason.STALE_PREVIEW


def test_nothing_good_is_said(desk: Desk, manager: Actor) -> None:
    with pytest.raises(AppError) as refused:
        committing.commit(desk, manager, preview(desk, manager, BAD[1]))
    assert refused.value.reason is Reason.NOTHING_TO_IMPORT


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"a;b\r\n1;2\r\n"])
def test_a_wrong_file_is_refused_and_leaves_nothing(
    desk: Desk, manager: Actor, content: bytes
) -> None:
    with pytest.raises(AppError) as refused:
        previewing.preview(desk, manager, "foto.csv", io.BytesIO(content))
    assert refused.value.reason in {Reason.UNREADABLE_FILE, Reason.MISSING_COLUMNS}
    assert left_behind(desk) == []


def test_agents_import_nothing(desk: Desk, agent: Actor, manager: Actor) -> None:
    with pytest.raises(AppError) as refused:
        preview(desk, agent, *GOOD)
    assert refused.value.reason is Reason.FORBIDDEN
    seen = preview(desk, manager, *GOOD)
    with pytest.raises(AppError) as refused:
        committing.commit(desk, agent, seen)
    assert refused.value.reason is Reason.FORBIDDEN


@pytest.mark.slow
def test_notes_are_asked_of_the_staged_file_by_kind(
    desk: Desk, manager: Actor, agent: Actor
) -> None:
    seen = preview(desk, manager, *GOOD, *BAD)
    assert {(p.field, p.bad, p.rows) for p in seen.problems if p.bad} == {
        ("Folio", True, 1),
        ("No. Serie", True, 1),
        ("Sistema", True, 1),
        ("Fecha Compra", True, 1),
    }
    product = next(p for p in seen.problems if p.field == "Sistema")
    (note,) = previewing.notes(desk, manager, seen, bad=True, problem=product)
    assert (note.line, note.value, note.said) == (6, "XYZ", "Sistema: sistema desconocido: «XYZ»")
    assert len(previewing.notes(desk, manager, seen, bad=True, limit=2)) == 2
    with pytest.raises(AppError) as refused:
        previewing.notes(desk, agent, seen, bad=True)
    assert refused.value.reason is Reason.FORBIDDEN
    previewing.discard(seen)
    with pytest.raises(AppError) as refused:
        previewing.notes(desk, manager, seen, bad=True)
    assert refused.value.reason is Reason.STALE_PREVIEW


@pytest.mark.slow
def test_a_staged_file_is_shared_by_those_who_look_at_it(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager, *GOOD)
    with desk.store.beside(seen.noted) as first:
        with desk.store.beside(seen.noted) as second:
            assert first == second
        assert desk.store.rows(f"SELECT count(*) FROM {first}.note")[0][0] >= 0
    with desk.store.beside(seen.noted) as again:
        assert again != first
    previewing.discard(seen)
