"""The error file: the bad rows as they came, and why; mended, it is an import like any other."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Mended
from lib.model.reading import Choice
from lib.model.sheet import Format
from lib.services.desk import Desk
from lib.services.imports import committing, error_download, fixing, previewing
from lib.services.imports.previewing import Preview
from lib.sheets import workbook
from lib.store.records import batches
from tests.imports.test_fixing import preview, tallied
from tests.imports.test_workbooks import HEADING as TITLES
from tests.imports.test_workbooks import xlsx
from tests.services.log_rows import logged

SAMPLES = Path(__file__).parent / "samples"
SAID = "Línea 3: Sistema: sistema desconocido: «NOY». ¿NOI?; Fecha Compra: fecha imposible: "


def taken(desk: Desk, actor: Actor, form: Format, **of: object) -> bytes:
    ticket = error_download.start(desk, actor, form, **of)  # type: ignore[arg-type]
    file = error_download.take(desk, ticket, actor=actor)
    try:
        return b"".join(file)
    finally:
        file.close()


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")  # without it Excel takes it for Windows-1252
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def refused(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as error:
        act()
    return error.value.reason


def again(desk: Desk, actor: Actor, lines: list[list[str]]) -> Preview:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return previewing.preview(desk, actor, "errores.csv", io.BytesIO(text.getvalue().encode()))


def test_it_has_the_columns_and_why(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager)
    heading, *found = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert heading == [*TITLES, "Celdas de más", "Motivo"]
    assert found[0][:7] == ["F2", "0002", "NOY", "9.0", "1", "31/02/2020", "Ángel Núñez"]
    assert found[0][-1].startswith(SAID)
    assert found[1][1] == "1.23E+11"
    # A row that didn't fit: its cells as they came, but no folio until somebody has looked.
    assert found[2][:2] == ["", "0004"]
    assert found[2][6:10] == ["Peña", " Juan", "", ""]
    assert found[2][-1].endswith("vuelve a escribir el folio: aquí decía «F4».")
    assert found[4][6] == "Dos\r\nrenglones"
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert row["reason"] == "Filas apartadas: 5 (CSV)"
    assert row["detail"]["rows"] == 5


@pytest.mark.slow
def test_as_a_workbook_it_keeps_its_zeros(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager)
    book = openpyxl.load_workbook(io.BytesIO(taken(desk, manager, Format.XLSX, seen=seen)))
    heading, first, *_ = book.active.iter_rows(values_only=True)  # type: ignore[union-attr]
    assert heading[-1] == "Motivo"
    assert first[:3] == ("F2", "0002", "NOY")
    sheet = book.active
    sheet["C2"], sheet["F2"], out = "NOI", dt.date(2020, 2, 29), io.BytesIO()  # type: ignore[index]
    book.save(out)
    back = previewing.preview(desk, manager, "errores.xlsx", io.BytesIO(out.getvalue()))
    assert tallied(back) == (5, 1, 4, 0)
    assert (back.sample[0].serial, back.sample[0].purchased_on) == ("0002", dt.date(2020, 2, 29))


@pytest.mark.slow
def test_mended_it_goes_in_and_every_row_is_accounted_for(desk: Desk, manager: Actor) -> None:
    """Rows in = rows good + bad + blank, over the file and what came back of it."""
    seen = preview(desk, manager)
    total, good, aside, blank = tallied(seen)
    heading, *found = rows(taken(desk, manager, Format.CSV, seen=seen))
    committing.commit(desk, manager, seen)
    same = again(desk, manager, [heading, *found])
    assert tallied(same) == (aside, 0, aside, 0)  # also F1's twin, which is alone now
    found[0][2], found[0][5] = "NOI", ""
    found[2][0], found[2][6:9] = "F4", ["Peña, Juan", "", ""]
    back = again(desk, manager, [heading, *found])
    assert tallied(back) == (aside, 2, 3, 0)
    assert "Motivo" not in {p.field for p in back.problems}
    assert total == good + blank + back.counts.good + back.counts.set_aside
    committing.commit(desk, manager, back)
    twice, *left = rows(
        taken(desk, manager, Format.CSV, seen=again(desk, manager, [heading, *found]))
    )
    assert (twice, len(left)) == ([*TITLES, "Motivo"], 3)


@pytest.mark.slow
def test_what_was_typed_is_in_it(desk: Desk, manager: Actor) -> None:
    base = preview(desk, manager)
    typed = {3: {"product": "NOI"}, 8: {"product": "SAE"}}
    seen = fixing.check(desk, manager, base, fixing.rows(desk, manager, base), typed)
    _, *found = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert [row[2] for row in found] == ["NOI", "NOI", "SAE", "COI"]


@pytest.mark.slow
def test_of_a_batch_it_is_read_again(desk: Desk, manager: Actor, agent: Actor) -> None:
    base = preview(desk, manager)
    typed = {8: {"product": "SAE"}}
    seen = fixing.check(desk, manager, base, fixing.rows(desk, manager, base), typed)
    committing.commit(desk, manager, seen)
    batch_id = batches.newest(desk.store)[0].id
    _, *found = rows(taken(desk, manager, Format.CSV, batch_id=batch_id))
    assert [row[1] for row in found] == ["0002", "1.23E+11", "0004", "0005"]
    (row,) = logged(desk, Action.ROWS_EXPORTED)
    assert (row["subject"], row["reason"]) == (batch_id, "Filas apartadas: 4 (CSV)")
    assert list((desk.settings.data / "incoming").glob("*")) == []
    assert batches.origin(desk.store, batch_id).mended == (Mended(8, "Sistema", "XYZ", "SAE"),)
    start = error_download.start
    assert refused(lambda: start(desk, agent, Format.CSV, seen=seen)) is Reason.FORBIDDEN
    assert refused(lambda: start(desk, manager, Format.CSV, batch_id="x")) is Reason.UNKNOWN_BATCH
    assert refused(lambda: taken(desk, manager, Format.CSV, seen=seen)) is Reason.STALE_PREVIEW


@pytest.mark.slow
def test_no_cda_leaves(desk: Desk, manager: Actor) -> None:
    """Not from its column, nor from a row whose cells may stand anywhere."""
    heading = "Folio;No. Serie;CDA;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta;"
    seen = preview(
        desk, manager,
        "F1;0001;SECRT-1;NOY;9.0;1;;Ana;;;sin título",
        "F2;SECRT-2;SAE;9.0;1;;Beto;;;;;;",
        heading=heading,
    )  # fmt: skip
    content = taken(desk, manager, Format.CSV, seen=seen)
    assert b"SECRT" not in content
    titles, first, second = rows(content)
    assert titles == [*TITLES, "Celdas de más", "Motivo"]
    assert first[:4] == ["F1", "0001", "NOY", "9.0"]
    assert set(second[:-1]) == {""}


@pytest.mark.slow
def test_nor_from_a_column_that_says_nothing_of_itself(desk: Desk, manager: Actor) -> None:
    heading = "Folio;No. Serie;Sistema;Versión;Usuarios;Fecha Compra;Titular;RFC;No. Cuenta;"
    seen = preview(
        desk, manager,
        "F1;0001;NOY;9.0;1;;Ana;;;SECRT-1",
        "F2;0002;SAE;9.0;1;;Beto;;SECRT-2",
        heading=heading,
    )  # fmt: skip
    content = taken(desk, manager, Format.CSV, seen=seen)
    assert b"SECRT" not in content
    assert [row[2] for row in rows(content)] == ["Sistema", "NOY", ""]


def test_formulas_are_disarmed_and_come_back(desk: Desk, manager: Actor) -> None:
    seen = preview(desk, manager, "F1;0001;NOY;9.0;1;;=1+1;;")
    (heading, row) = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert row[6] == "'=1+1"
    row[2] = "NOI"
    back = again(desk, manager, [heading, row])
    assert back.sample[0].holder == "=1+1"


@pytest.mark.slow
def test_of_a_sheet_without_a_heading(
    desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = xlsx(Enero=[("F1", "0001", "NOY", "9.0", 1, "", "Ana", "", "", "de más")])
    choice = Choice(heading_line=0)
    seen = previewing.preview(desk, manager, "enero.xlsx", book, choice)
    monkeypatch.setattr(workbook, "to_csv", None)  # it isn't unpacked again
    titles, row = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert titles == [*TITLES, "Motivo"]
    assert row[:5] == ["F1", "0001", "NOY", "9.0", "1"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "cells"),
    [
        ("filas_cortas_y_largas.csv", ["", "0ABC", "NOI", "11.0", "3", "15/08/2022"]),
        ("comillas_que_unen_filas.csv", ["", '0ABC"', "NOI", "11.0", "3", "15/08/2022"]),
        (
            "bytes_nulos.csv",
            ["", "00000102", "COI", "10.0", "2", "2021-03-31", "P\ufffdeña e Hijos"],
        ),
    ],
)
def test_a_damaged_row_is_laid_out_and_bad_until_mended(
    desk: Desk, manager: Actor, sample: str, cells: list[str]
) -> None:
    with (SAMPLES / sample).open("rb") as content:
        seen = previewing.preview(desk, manager, sample, content)
    heading, *found = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert found[-1][: len(cells)] == cells
    back = again(desk, manager, [heading, *found])
    assert tallied(back) == (len(found), 0, len(found), 0)
    assert len(found) == seen.counts.set_aside


@pytest.mark.slow
def test_it_is_read_as_somebody_said_of_its_file(desk: Desk, manager: Actor) -> None:
    """Its own columns are left out of what headings are known by."""
    heading = "Papel;Clave X;Sistema;Usuarios;De quién"
    columns = (
        ("folio", 0), ("serial", 1), ("product", 2), ("version", None), ("seats", 3),
        ("purchased_on", None), ("holder", 4), ("rfc", None), ("account_no", None),
    )  # fmt: skip
    content = "\n".join([heading, "F1;0001;SAE;1;Ana", "F2;0002;NOY;1;Beto", "F3;0003;SAE"])
    choice = Choice(columns=columns)
    seen = previewing.preview(desk, manager, "m.csv", io.BytesIO(content.encode()), choice)
    lines = rows(taken(desk, manager, Format.CSV, seen=seen))
    assert lines[0] == [*heading.split(";"), "Celdas de más", "Motivo"]
    committing.commit(desk, manager, seen)
    lines[1][2] = "NOI"
    back = again(desk, manager, lines)
    assert tallied(back) == (2, 1, 1, 0)
    assert (back.sample[0].folio, back.sample[0].holder) == ("F2", "Beto")
