"""What isn't in the file of an import stays as the desk holds it."""

import pytest

from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.imports import committing, fixing
from lib.services.loads import undoing
from lib.store.records import certificates
from tests.imports.test_mapping import FEW, FOUR, WHOLE, preview, table


@pytest.mark.slow
def test_what_is_not_in_the_file_stays_as_the_desk_holds_it(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, preview(desk, manager, WHOLE))
    before = desk.store.rows("SELECT * EXCLUDE batch_id FROM ops.certificate ORDER BY folio")
    assert preview(desk, manager, FEW).merge.unchanged == 3

    more = FEW.replace("F2;00000102;Aspel COI;2", "F2;00000777;Aspel COI;5") + "F9;0009;SAE;1\n"
    seen = preview(desk, manager, more)
    assert (seen.merge.changed, seen.merge.new) == (1, 1)
    assert not any(p.field == "Titular" for p in seen.problems)
    committing.commit(desk, manager, seen, "b2")
    now = certificates.find(desk.store, "F2")
    assert now is not None
    assert (now.serial, now.seats, now.holder, now.version) == (
        "00000777", 5, "Peña e Hijos", "9.0"
    )  # fmt: skip
    (search,) = desk.store.one("SELECT search FROM ops.certificate WHERE folio = 'F2'") or ("",)
    assert search == "f2 00000777 pena e hijos 00000002"
    new = certificates.find(desk.store, "F9")
    assert new is not None
    assert (new.holder, new.purchased_on, new.account_no) == ("", None, "")

    undoing.undo(desk, manager, "b2", "prueba")
    again = desk.store.rows("SELECT * EXCLUDE batch_id FROM held_certificate ORDER BY folio")
    assert again == before


@pytest.mark.slow
def test_a_row_that_was_mended_keeps_it_too(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, preview(desk, manager, WHOLE))
    bad = preview(desk, manager, FEW.replace("F2;00000102;Aspel COI;2", "F2;00000102;CIO;7"))
    rows = fixing.rows(desk, manager, bad)
    seen = fixing.check(desk, manager, bad, rows, {rows[0].line: {"product": "COI"}})
    assert (seen.merge.changed, seen.merge.unchanged) == (1, 2)
    committing.commit(desk, manager, seen)
    now = certificates.find(desk.store, "F2")
    assert now is not None
    assert (now.seats, now.holder, now.account_no) == (7, "Peña e Hijos", "00000002")


def test_an_empty_cell_of_a_column_that_is_there_empties_it(desk: Desk, manager: Actor) -> None:
    committing.commit(desk, manager, preview(desk, manager, WHOLE))
    emptied = table("Folio;Serie;Producto;Usuarios;Titular", *FOUR, "")
    assert preview(desk, manager, emptied).merge.changed == 3
