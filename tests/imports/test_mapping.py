"""Which column of a file is which of ours: found, said by a person, remembered; what isn't in the
file stays as it is."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.reading import NO_HEADING, Choice, Columns, Found
from lib.model.sheet import Format
from lib.services.desk import Desk
from lib.services.imports import (
    committing,
    mapping,
    previewing,
    registering,
    template,
)
from lib.services.imports.previewing import Preview
from lib.store.pack import mapping as matching
from lib.store.pack.files import CERTIFICATES, LICENCES
from lib.store.pack.reader import read_file
from lib.store.records import batches
from tests.examples import rounds
from tests.services.log_rows import logged

NAMES = [c.name for c in CERTIFICATES.columns]
ROWS = [
    ("F1", "00000101", "SAE", "9.0", "1", "01/02/2020", "Ángel Núñez", "XAXX010101000", "00000001"),
    ("F2", "00000102", "Aspel COI", "9.0", "2", "31/03/2021", "Peña e Hijos", "", "00000002"),
    ("F3", "0ABC-9", "NOI", "10.0", "1", "15/08/2022", "Ñandú e Hijos", "", ""),
]


def table(heading: str, *columns: str, rows: Sequence[Sequence[str]] = ROWS) -> str:
    """A file with this heading over these columns of ours ("" = cells of nothing)."""
    lines = [";".join(row[NAMES.index(c)] if c else "" for c in columns) for row in rows]
    return "\n".join([heading, *lines, ""])


def found(heading: str, *columns: str) -> dict[str, tuple[str, Found]]:
    """By our columns' names, under which heading each is and how that was found."""
    titles = heading.split(";")
    cells = [[row[NAMES.index(c)] if c else "" for c in columns] for row in ROWS]
    places, how = matching.by_themselves(titles, cells, CERTIFICATES)
    return {
        name: (titles[at] if at is not None else "", by)
        for (name, at), by in zip(places, how, strict=True)
        if at is not None or by is Found.DOUBLED
    }


def preview(desk: Desk, actor: Actor, text: str, choice: Choice | None = None) -> Preview:
    content = io.BytesIO(text.encode())
    return previewing.preview(desk, actor, "cajas.csv", content, choice or Choice())


# ---- found -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("No. Folio", "folio"), ("Certificado", "folio"), ("FOLIO DEL CERTIFICADO", "folio"),
        ("Serie", "serial"), ("Núm. de serie", "serial"), ("S/N", "serial"), ("Serial", "serial"),
        ("NoSerie", "serial"), ("N° Serie", "serial"), ("# de serie", "serial"),
        ("Producto", "product"), ("Sistema Aspel", "product"), ("Usrs", "seats"),
        ("Cant. usuarios", "seats"), ("Ver.", "version"), ("Fecha", "purchased_on"),
        ("F. compra", "purchased_on"), ("Fecha de compra (dd/mm/aaaa)", "purchased_on"),
        ("Nombre", "holder"), ("Cliente", "holder"), ("Razón social", "holder"),
        ("R.F.C.", "rfc"), ("Cuenta", "account_no"), ("No cliente", "account_no"),
        ("clave_cliente", "account_no"),
    ],
)  # fmt: skip
def test_headings_of_real_offices_are_known(title: str, column: str) -> None:
    assert found(title, column)[column] in {(title, Found.NAME), (title, Found.SYNONYM)}


def test_what_two_may_be_called_is_told_by_what_it_holds() -> None:
    assert found("Cliente", "account_no") == {"account_no": ("Cliente", Found.SYNONYM)}
    assert found("Cliente;Nombre", "account_no", "holder")["holder"] == ("Nombre", Found.SYNONYM)
    # Our own name for it wins over one that is only like it.
    assert found("Serie;No. Serie", "folio", "serial")["serial"] == ("No. Serie", Found.NAME)


def test_what_no_heading_says_is_told_by_what_it_holds_if_only_one_can_be() -> None:
    said = found("A;B;C;D;E;F", "product", "seats", "rfc", "purchased_on", "version", "holder")
    assert {name: at for name, (at, _) in said.items()} == {
        "product": "A", "seats": "B", "rfc": "C", "purchased_on": "D", "version": "E",
        "holder": "F",
    }  # fmt: skip
    assert {how for _, how in said.values()} == {Found.CONTENT}
    assert "serial" not in found("Folio;A;B", "folio", "serial", "serial")  # either may be
    assert "serial" not in found("A", "serial")  # or is it the folio?
    assert found("Folio;A", "folio", "serial")["serial"] == ("A", Found.CONTENT)


def test_what_says_that_it_is_something_else_is_not_guessed_at() -> None:
    assert "serial" not in found("Folio;Teléfono", "folio", "serial")
    assert "serial" not in found("Folio;No. de factura", "folio", "serial")
    assert "purchased_on" not in found("Fecha de activación", "purchased_on")
    counted = [[str(n)] for n in range(1, 9)]  # rows by their number aren't users
    assert matching.by_themselves(["A"], counted, CERTIFICATES)[0][4] == ("seats", None)


def test_a_column_of_codes_is_never_taken() -> None:
    for title in ("CDA", "Código de activación", "Clave de Activación", "Mi CDA", "Clave", "Key"):
        assert "serial" not in found(f"Folio;{title}", "folio", "serial")


@settings(max_examples=rounds(50), deadline=None)
@given(
    st.lists(
        st.sampled_from(["Folio", "Serie", "Cliente", "Nombre", "Fecha", "Nota", "", "Producto"]),
        max_size=9,
    ),
    st.lists(st.lists(st.sampled_from(["SAE", "1", "00123", "Ana Paz", ""]), max_size=9)),
)
def test_no_place_is_given_twice(titles: list[str], rows: list[list[str]]) -> None:
    places, how = matching.by_themselves(titles, rows, CERTIFICATES)
    taken = [at for _, at in places if at is not None]
    assert len(taken) == len(set(taken))
    assert all((at is None) == (by in (Found.ABSENT, Found.DOUBLED))
               for (_, at), by in zip(places, how, strict=True))  # fmt: skip


def test_packs_are_read_by_their_own_names_alone(tmp_path: Path) -> None:
    heading = "Serie;No. Cuenta;Sistema;Versión;Usuarios;Fecha Compra;Fecha Activación"
    file = tmp_path / LICENCES.name
    file.write_text(f"{heading}\nS1;1;SAE;9.0;1;;\n")
    with pytest.raises(AppError) as refused:
        next(read_file(file, LICENCES))
    assert refused.value.facts["columns"] == "No. Serie"
    file.write_text(f"{heading.replace('Serie', 'Número de serie', 1)}\nS1;1;SAE;9.0;1;;\n")
    assert next(read_file(file, LICENCES)).columns["serial"].to_pylist() == ["S1"]


# ---- said by a person, and remembered ----------------------------------------------------------

FOUR = ("folio", "serial", "product", "seats")
FEW = table("Folio;Serie;Producto;Usuarios", *FOUR)
WHOLE = table(";".join(c.heading for c in CERTIFICATES.columns), *NAMES)
STRANGE = table("Uno;Dos;Tres;Cuatro", *FOUR)
SAID: Columns = tuple((n, FOUR.index(n) if n in FOUR else None) for n in NAMES)


@pytest.mark.slow
def test_what_was_said_is_remembered_with_its_import(
    desk: Desk, manager: Actor, admin: Actor
) -> None:
    with pytest.raises(mapping.UnmatchedError):
        preview(desk, admin, STRANGE)
    seen = preview(desk, manager, STRANGE, Choice(columns=SAID))
    assert seen.look.how["folio"] is Found.PERSON
    with pytest.raises(mapping.UnmatchedError):
        preview(desk, admin, STRANGE)  # it wasn't imported
    committing.commit(desk, manager, seen, "b1")
    assert len(logged(desk, Action.CERTIFICATES_IMPORTED)) == 1

    turned = table("CUATRO;Motivo;Dos;tres;Uno", "seats", "", "serial", "product", "folio")
    look = preview(desk, admin, turned).look
    assert look.mapped is not None
    assert look.mapped.by == "gerente"
    assert dict(look.reading.columns)["folio"] == 4
    assert look.how["folio"] is Found.REMEMBERED
    with pytest.raises(mapping.UnmatchedError):
        preview(desk, admin, STRANGE, Choice(remembered=False))

    read = batches.origin(desk.store, "b1").read_as
    assert read is not None
    assert (read.headings["folio"], read.found["folio"]) == ("Uno", Found.PERSON)
    assert read.reading == seen.look.reading


def test_a_refusal_names_as_many_headings_as_can_be_read(desk: Desk, manager: Actor) -> None:
    wide = ";".join(f"{n:03}{'x' * 500}" for n in range(500))
    with pytest.raises(mapping.UnmatchedError) as refused:
        preview(desk, manager, f"{wide}\n{';'.join('a' for _ in range(500))}\n")
    said = str(refused.value.facts["headings"])
    assert said.endswith(" y 470 más")
    assert len(said) < 2_000
    assert len(refused.value.look.headings) == 500


@pytest.mark.slow
def test_to_go_back_to_what_is_found_forgets_it(desk: Desk, manager: Actor) -> None:
    automatic = preview(desk, manager, FEW).look.automatic
    swapped = tuple((n, {0: 1, 1: 0}.get(at, at) if at is not None else None)
                    for n, at in automatic)  # fmt: skip
    committing.commit(desk, manager, preview(desk, manager, FEW, Choice(columns=swapped)))
    assert preview(desk, manager, FEW).look.reading.columns == swapped
    committing.commit(desk, manager, preview(desk, manager, FEW, Choice(columns=automatic)))
    look = preview(desk, manager, FEW).look
    assert (look.reading.columns, look.mapped) == (automatic, None)
    assert look.how["folio"] is Found.NAME


@pytest.mark.slow
def test_a_certificate_typed_by_hand_follows_nobody_s_word(desk: Desk, manager: Actor) -> None:
    swapped = tuple((n, {0: 1, 1: 0}.get(at, at)) for at, n in enumerate(NAMES))
    committing.commit(desk, manager, preview(desk, manager, WHOLE, Choice(columns=swapped)))
    typed = dict(zip(NAMES, ("F7", "0007", "SAE", "9.0", "1", "", "", "", ""), strict=True))
    assert registering.register(desk, manager, typed).folio == "F7"


@pytest.mark.slow
def test_without_a_heading_a_person_says_it_by_place(desk: Desk, manager: Actor) -> None:
    rows = table("", *FOUR).lstrip("\n")
    chosen = Choice(heading_line=NO_HEADING, columns=SAID)
    seen = preview(desk, manager, rows, chosen)
    assert seen.look.headings == ("Columna 1", "Columna 2", "Columna 3", "Columna 4")
    assert [c.product for c in seen.sample] == ["SAE", "COI", "NOI"]
    committing.commit(desk, manager, seen)
    assert desk.store.rows("SELECT * FROM ops.column_mapping") == []  # any such file is alike


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ((("Folio", "Cinco"),), "ese encabezado no está"),
        ((("Precio", "Uno"),), "los datos son Folio, No. Serie"),
        ((("Folio", "Uno"), ("No. Serie", "uno")), "esa columna ya es otro dato"),
        ((("Folio", "#9"),), "no hay tantas columnas"),
        ((("folio", "CDA"),), "los CDA no se importan"),
    ],
)
def test_a_word_that_cannot_be_followed_is_refused(
    desk: Desk, manager: Actor, named: tuple[tuple[str, str], ...], why: str
) -> None:
    text = (
        STRANGE.replace("Cuatro", "Cuatro;CDA").replace(";1\n", ";1;X\n").replace(";2\n", ";2;X\n")
    )
    with pytest.raises(AppError) as refused:
        preview(desk, manager, text, Choice(named=named))
    assert refused.value.reason is Reason.BAD_COLUMN
    assert why in str(refused.value.facts["why"])
    assert refused.value.facts["column"] in ("Folio", "No. Serie", "Precio")  # never our own name


def test_columns_can_be_named_one_by_one(desk: Desk, manager: Actor) -> None:
    named = (("Folio", "uno"), ("serial", "#2"), ("Núm. de usuarios", "Cuatro"), ("Titular", ""))
    with pytest.raises(AppError) as refused:
        preview(desk, manager, STRANGE, Choice(named=named))
    assert refused.value.reason is Reason.BAD_COLUMN  # "usuarios" is what it is called
    named = (*named[:2], ("Usuarios", "Cuatro"), ("Titular", ""))
    look = preview(desk, manager, STRANGE, Choice(named=named)).look
    assert look.reading.columns == SAID
    assert look.how["product"] is Found.CONTENT


# ---- a template --------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_template_keeps_what_is_typed_and_comes_back(desk: Desk, manager: Actor) -> None:
    book = load_workbook(io.BytesIO(template.made(Format.XLSX)))
    sheet = book["Certificados"]
    every = sheet.column_dimensions["A"]  # those alike are said once
    assert (every.number_format, every.min, every.max) == ("@", 1, len(NAMES))
    sheet.append(["F1", "00000101", "SAE", "9.0", "1", "01/02/2020", "Ana Paz", "", "00000001"])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    seen = previewing.preview(desk, manager, "plantilla.xlsx", out)
    assert seen.look.reading.sheet == "Certificados"
    assert set(seen.look.found) == {Found.NAME}
    assert [(c.folio, c.serial) for c in seen.sample] == [("F1", "00000101")]
    heading = template.made(Format.CSV).decode("utf-8-sig")
    assert preview(desk, manager, heading).counts.rows == 0


def test_cells_of_a_column_that_nobody_named_are_not_shown(desk: Desk, manager: Actor) -> None:
    """It may hold CDAs: a file without a heading, or a column of it without one."""
    bare = "F1;0001;SAE;9.0;1;;Ana;;;AB12-CD34\nF2;0002;COI;9.0;1;;Eva;;;EF56-GH78\n"
    seen = preview(desk, manager, bare, Choice(heading_line=NO_HEADING))
    assert seen.look.samples[0] == ("F1", "F2")
    assert seen.look.samples[9] == ()
    headed = "Folio;No. Serie;Sistema;Usuarios;\nF1;0001;SAE;1;AB12-CD34\n"
    assert preview(desk, manager, headed).look.samples == (("F1",), ("0001",), ("SAE",), ("1",), ())
