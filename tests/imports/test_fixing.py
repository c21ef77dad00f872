"""Bad rows mended in the page: checked as typed, beside the good ones, and all go in together."""

import io
from collections.abc import Mapping

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Mended
from lib.services.desk import Desk
from lib.services.imports import committing, fixing, previewing
from lib.services.imports.previewing import Preview
from lib.store.records import batches, certificates
from tests.services.log_rows import logged

HEADING = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta"
ROWS = (
    "F1;0001;SAE;9.0;1;16/05/2018;Maquiladora Peña;;",
    "F2;0002;NOY;9.0;1;31/02/2020;Ángel Núñez;;",  # line 3
    "",
    "F3;1.23E+11;NOI;10.0;1;;Comida por Excel;;",  # line 5
    "F4;0004;SAE;10.0;1;;Peña; Juan;;",  # line 6: one cell too many
    "F1;0005;COI;10.0;1;;Repetida;;",  # line 7
    'F6;0006;XYZ;10.0;1;;"Dos',  # line 8, a record of two lines
    'renglones";;',
)


def preview(desk: Desk, actor: Actor, *rows: str, heading: str = HEADING) -> Preview:
    content = "\r\n".join([heading, *(rows or ROWS), ""]).encode("cp1252")
    return previewing.preview(desk, actor, "marzo.csv", io.BytesIO(content))


def check(
    desk: Desk, actor: Actor, seen: Preview, edits: Mapping[int, Mapping[str, str]]
) -> Preview:
    return fixing.check(desk, actor, seen, fixing.rows(desk, actor, seen), edits)


def bad(desk: Desk, actor: Actor, seen: Preview) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for note in previewing.notes(desk, actor, seen, bad=True):
        found.setdefault(note.line, []).append(note.field)
    return found


def tallied(seen: Preview) -> tuple[int, int, int, int]:
    counts = seen.counts
    assert counts.rows == counts.good + counts.set_aside + counts.blank
    assert counts.good == seen.merge.new + seen.merge.changed + seen.merge.unchanged
    return counts.rows, counts.good, counts.set_aside, counts.blank


def test_bad_rows_come_as_they_are_written(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager)
    rows = {row.line: row for row in fixing.rows(desk, manager, seen)}
    assert list(rows) == [3, 5, 6, 7, 8]
    assert rows[3].cells["product"] == "NOY"
    assert rows[3].cells["holder"] == "Ángel Núñez"
    assert fixing.suggested(rows[3].notes) == {"product": "NOI"}
    assert rows[5].cells["serial"] == "1.23E+11"
    assert (rows[6].ragged, rows[6].cells["rfc"]) == (True, " Juan")
    assert rows[8].cells["holder"] == "Dos\r\nrenglones"
    assert not rows[8].ragged


@pytest.mark.slow
def test_a_mended_row_goes_in_with_the_good_ones(desk: Desk, manager: Actor) -> None:
    before = preview(desk, manager)
    assert tallied(before) == (7, 1, 5, 1)
    edits = {
        3: {"product": "NOI", "purchased_on": "29/02/2020"},
        5: {"holder": "Otro titular"},  # its serial is still what Excel made of it
        8: {"product": "BANCO"},
    }
    seen = check(desk, manager, before, edits)
    assert tallied(seen) == (7, 3, 3, 1)
    assert bad(desk, manager, seen) == {5: ["No. Serie"], 6: [""], 7: ["Folio"]}
    assert {(m.line, m.field, m.old, m.new) for m in seen.mended} == {
        (3, "Sistema", "NOY", "NOI"),
        (3, "Fecha Compra", "31/02/2020", "29/02/2020"),
        (8, "Sistema", "XYZ", "BANCO"),
    }
    committing.commit(desk, manager, seen)
    found = certificates.find(desk.store, "F6")
    assert found is not None
    assert (found.product, found.holder) == ("BANCO", "Dos renglones")
    (row,) = logged(desk, Action.CERTIFICATES_IMPORTED)
    assert (row["detail"]["new"], row["detail"]["mended"]) == (3, 2)
    batch = batches.newest(desk.store)[0]
    assert batch.summary["mended"] == 2
    origin = batches.origin(desk.store, batch.id)
    assert Mended(8, "Sistema", "XYZ", "BANCO") in origin.mended
    assert {note.line for note in origin.set_aside} == {5, 6, 7}


@pytest.mark.slow
def test_edits_are_of_the_file_as_it_came(desk: Desk, manager: Actor) -> None:
    """Each check begins at the file: what is typed back is as it was, and an emptied row is bad."""
    before = preview(desk, manager)
    rows = fixing.rows(desk, manager, before)
    first = fixing.check(desk, manager, before, rows, {8: {"product": "SAE"}})
    assert first.counts.set_aside == 4
    again = fixing.check(desk, manager, before, rows, {8: {"product": "XYZ"}})
    assert again is before
    empty = dict.fromkeys(rows[0].cells, "")
    assert fixing.check(desk, manager, before, rows, {3: empty}) is before


@pytest.mark.slow
def test_a_ragged_row_is_laid_out_again(desk: Desk, manager: Actor) -> None:
    seen = check(desk, manager, preview(desk, manager), {6: {"holder": "Peña, Juan", "rfc": ""}})
    assert 6 not in bad(desk, manager, seen)
    assert tallied(seen) == (7, 2, 4, 1)


@pytest.mark.slow
def test_a_mended_folio_is_unlike_all_others(desk: Desk, manager: Actor) -> None:
    """Of the good rows, which were there first, and of other mended ones: by the file's lines."""
    edits = {
        3: {"folio": "F1 ", "product": "NOI", "purchased_on": ""},
        5: {"serial": "0003"},
        8: {"folio": "F3", "product": "SAE"},
    }
    seen = check(desk, manager, preview(desk, manager), edits)
    why = {n.line: n.why for n in previewing.notes(desk, manager, seen, bad=True)}
    assert why[3] == "folio repetido: «F1», otra fila del archivo ya lo trae"
    assert why[8] == "folio repetido: «F3», ya está en la línea 5"
    assert tallied(seen) == (7, 2, 4, 1)
    assert committing.commit(desk, manager, seen).new == 2


@pytest.mark.slow
def test_warnings_of_mended_rows_are_said(desk: Desk, manager: Actor) -> None:
    edits = {3: {"product": "NOI", "purchased_on": "", "serial": "0001", "holder": ""}}
    seen = check(desk, manager, preview(desk, manager), edits)
    odd = previewing.notes(desk, manager, seen, bad=False)
    assert {n.reason for n in odd if n.line == 3} == {
        "la misma serie está en otro folio",
        "sin titular",
    }
    assert seen.counts.warnings == len(odd)


def test_who_may_not_import_mends_nothing(desk: Desk, manager: Actor, agent: Actor) -> None:
    seen = preview(desk, manager)
    rows = fixing.rows(desk, manager, seen)
    for act in (
        lambda: fixing.rows(desk, agent, seen),
        lambda: fixing.check(desk, agent, seen, rows, {}),
        lambda: fixing.wrong(desk, agent, seen),
    ):
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.reason is Reason.FORBIDDEN
    previewing.discard(seen)
    with pytest.raises(AppError) as refused:
        fixing.rows(desk, manager, seen)
    assert refused.value.reason is Reason.STALE_PREVIEW


@pytest.mark.slow
def test_of_many_bad_rows_the_first_are_mended(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixing, "MOST", 2)
    before = preview(desk, manager)
    assert [row.line for row in fixing.rows(desk, manager, before)] == [3, 5]
    seen = check(desk, manager, before, {5: {"serial": "0003"}, 8: {"product": "SAE"}})
    assert (list(seen.edits), tallied(seen)) == ([5], (7, 2, 4, 1))
