"""One sample file per defect, each with its verdict: how it is read and what becomes of its rows,
or why it is refused. Nothing is dropped, merged or shifted."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.reading import NO_HEADING, Choice, Reading
from lib.services.desk import Desk
from lib.services.imports import mapping, previewing
from lib.services.imports.previewing import Preview
from tests.examples import spread

SAMPLES = Path(__file__).with_name("samples")


class Passes(NamedTuple):
    """Rows that could go in, that can't (by line), blank ones; what the reading must say; the good
    rows that something is said of, where that is what the file is about."""

    good: int = 3
    bad: tuple[int, ...] = ()
    blank: int = 0
    reading: dict[str, object] = {}  # noqa: RUF012
    warned: tuple[int, ...] = ()


def read(**parts: object) -> Passes:
    return Passes(reading=parts)


PASSED: dict[str, Passes] = {
    # encodings
    "punto_y_coma_utf8.csv": read(encoding="utf-8", separator=";", heading_line=1, titles=0),
    "utf8_con_bom.csv": read(encoding="utf-8"),
    "windows_1252.csv": read(encoding="cp1252"),
    "latin_1.csv": read(encoding="cp1252"),  # the same bytes, as far as Spanish goes
    "dos_cp850.csv": read(encoding="cp850"),  # our headings have accents, which show it
    "macintosh.csv": read(encoding="mac-roman"),
    "utf16_con_bom.csv": read(encoding="utf-16-le"),
    "utf16_sin_bom.csv": read(encoding="utf-16-le"),
    "utf16_big_endian.csv": read(encoding="utf-16-be"),
    # separators and quotes
    "coma.csv": read(separator=","),
    "tabulador.tsv": read(separator="\t"),
    "barra.csv": read(separator="|"),
    "circunflejo.csv": read(separator="^"),
    "dos_puntos.csv": read(separator=":"),
    "espacio_entre_comillas.csv": read(separator=" "),
    "doble_tabulador.csv": read(separator="\t"),
    "coma_y_espacio.csv": read(separator=",", spaced=False),
    "coma_espacio_comillas.csv": read(separator=",", spaced=True),
    "apostrofos.csv": read(separator=",", quote="'"),
    "separador_al_final.csv": read(separator=";", trailing=True),
    "separador_al_final_con_algo.csv": Passes(good=0, bad=(2, 3, 4), reading={"trailing": False}),
    # line ends
    "sin_salto_final.csv": Passes(),
    "saltos_mezclados.csv": Passes(),
    "retorno_suelto.csv": Passes(),
    "salto_dentro_de_comillas.csv": Passes(),
    # what stands above and below
    "titulos_arriba.csv": read(heading_line=4, titles=2),
    "titulos_con_separadores.csv": read(heading_line=3, titles=2),
    "titulo_con_comilla.csv": read(heading_line=2, titles=1),
    "lineas_en_blanco_arriba.csv": read(heading_line=3),
    "pie_de_pagina.csv": Passes(bad=(5, 6)),
    "segunda_tabla.csv": Passes(bad=(6, 7), blank=1),
    # headings
    "encabezado_repetido_ajeno.csv": Passes(),
    "encabezado_vacio.csv": Passes(),
    "encabezado_en_dos_renglones.csv": Passes(bad=(2,)),
    "encabezado_sin_una_columna.csv": Passes(),  # an optional one
    "otros_encabezados.csv": Passes(),
    "encabezados_en_ingles.csv": Passes(),
    "por_lo_que_contiene.csv": Passes(),
    "quinientas_columnas.csv": Passes(),
    "solo_encabezado.csv": Passes(good=0),
    # rows
    "filas_cortas_y_largas.csv": Passes(good=2, bad=(3, 4)),
    "filas_en_blanco.csv": Passes(good=2, blank=3),
    "otro_separador_en_una_fila.csv": Passes(good=2, bad=(3,)),
    "otra_comilla_en_una_fila.csv": Passes(good=2, bad=(3,)),
    "comilla_sin_cerrar.csv": Passes(good=2, bad=(3,)),
    "texto_tras_comillas.csv": Passes(good=2, bad=(3,)),
    "escape_con_diagonal.csv": Passes(good=3),
    "comidos_por_excel.csv": Passes(good=1, bad=(3, 4)),
    "fechas_imposibles.csv": Passes(good=1, bad=(3, 4)),
    "fechas_futuras.csv": Passes(good=2, warned=(3,)),
    "folios_repetidos.csv": Passes(good=2, bad=(3,)),
    "espacio_duro.csv": Passes(),
    "bytes_nulos.csv": Passes(good=2, bad=(3,)),
    "codificaciones_mezcladas.csv": Passes(good=2, bad=(4,), reading={"encoding": "utf-8"}),
    "windows_con_una_fila_utf8.csv": Passes(good=2, bad=(3,), reading={"encoding": "cp1252"}),
    "encabezado_en_cada_hoja.csv": Passes(bad=(4, 5, 9), blank=2),
    "totales_y_notas.csv": Passes(bad=(5, 6, 7)),
}

REFUSED = {
    "vacio.csv": "está vacío",
    "solo_blancos.csv": "está vacío",
    "encabezado_muy_abajo.csv": "no le encontré encabezado",
    "encabezado_mal_cerrado.csv": "comillas mal cerradas",
    "sin_encabezado.csv": "no le encontré encabezado (Folio, No. Serie, Sistema…)",
    "separador_literal.csv": "no le encontré encabezado",
    "bytes_nulos_por_todas_partes.csv": "contiene bytes nulos (línea 2)",
    "encabezado_en_otra_codificacion.csv": "la línea 1 es el encabezado y trae letras en otra",
    "mitad_y_mitad.csv": "mezcla UTF-8 con otra codificación",
    "utf8_que_no_lo_es.csv": "la línea 1 no es UTF-8, aunque el archivo dice serlo",
    "utf32.csv": "está en UTF-32",
    "imagen.csv": "es una imagen; hace falta la hoja de cálculo misma",
    "imagen.xlsx": "es una imagen; hace falta la hoja de cálculo misma",
    "una_linea.csv": "trae una sola línea, y no es un encabezado",
    "documento_pdf.csv": "es un PDF",
    "comprimido.csv": "está comprimido",
}


# What a person has to find, with the headings there are.
UNMATCHED = {
    "encabezado_repetido.csv": "Folio (está dos veces)",
    "encabezados_ajenos.csv": "Folio, No. Serie",
}

ALONE = {"comillas_que_unen_filas.csv"}  # with its test


def test_every_sample_has_its_verdict() -> None:
    said = {*PASSED, *REFUSED, *UNMATCHED, *CHOSEN, *ALONE}
    assert {path.name for path in SAMPLES.iterdir()} == said


def preview(desk: Desk, actor: Actor, name: str, choice: Choice) -> Preview:
    with (SAMPLES / name).open("rb") as content:
        return previewing.preview(desk, actor, name, content, choice)


@pytest.mark.parametrize(("name", "verdict"), spread(PASSED.items(), 9), ids=PASSED)
def test_what_can_be_read_is(desk: Desk, manager: Actor, name: str, verdict: Passes) -> None:
    seen = preview(desk, manager, name, Choice())
    counts = seen.counts
    assert counts.good == verdict.good == seen.merge.new
    aside = previewing.notes(desk, manager, seen, bad=True)
    assert tuple(dict.fromkeys(note.line for note in aside)) == verdict.bad
    assert counts.blank == verdict.blank
    if verdict.warned:
        warned = previewing.notes(desk, manager, seen, bad=False)
        assert tuple(note.line for note in warned) == verdict.warned
    assert counts.rows == counts.good + counts.set_aside + counts.blank
    assert {part: getattr(seen.look.reading, part) for part in verdict.reading} == verdict.reading
    if verdict.good == 3 and name != "escape_con_diagonal.csv":
        assert as_written(seen) == WHOLE
    previewing.discard(seen)


WHOLE = [
    ("F1", "00000101", "SAE", "Ángel Núñez", 2020),
    ("F2", "00000102", "COI", "Peña e Hijos", 2021),
    ("F3", "0ABC", "NOI", "Ñandú, S.C.", 2022),
]


def as_written(seen: Preview) -> list[tuple[object, ...]]:
    """What went in, to compare: no cell may have moved."""
    return [
        (c.folio, c.serial, c.product, c.holder.replace("Ñandú S", "Ñandú, S"), c.purchased_on.year)
        for c in seen.sample
        if c.purchased_on
    ]


@pytest.mark.parametrize(("name", "why"), spread(REFUSED.items(), 5), ids=REFUSED)
def test_what_cannot_be_read_says_why(desk: Desk, manager: Actor, name: str, why: str) -> None:
    with pytest.raises(AppError) as refused:
        preview(desk, manager, name, Choice())
    assert refused.value.reason is Reason.UNREADABLE_FILE
    assert why in str(refused.value.facts["why"])
    assert refused.value.facts["file"] == name
    assert list((desk.settings.data / "incoming").iterdir()) == []


@pytest.mark.parametrize(("name", "columns"), UNMATCHED.items(), ids=UNMATCHED)
def test_what_is_not_found_is_named_with_what_there_is(
    desk: Desk, manager: Actor, name: str, columns: str
) -> None:
    with pytest.raises(mapping.UnmatchedError) as refused:
        preview(desk, manager, name, Choice())
    assert refused.value.facts["columns"] == columns
    assert refused.value.facts["file"] == name
    assert refused.value.facts["headings"] == ", ".join(refused.value.look.headings)
    assert list((desk.settings.data / "incoming").iterdir()) == []


# What is refused, or read wrong, alone and right once a person says how.
CHOSEN = {
    "dos_cp850.csv": Choice(encoding="cp850"),
    "macintosh.csv": Choice(encoding="mac-roman"),
    "sin_encabezado.csv": Choice(heading_line=NO_HEADING),
    "encabezado_muy_abajo.csv": Choice(heading_line=151),
    "latin_1.csv": Choice(encoding="latin-1", separator=";", heading_line=1),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "choice"), CHOSEN.items(), ids=CHOSEN)
def test_a_person_s_word_is_followed(desk: Desk, manager: Actor, name: str, choice: Choice) -> None:
    seen = preview(desk, manager, name, choice)
    assert as_written(seen) == WHOLE
    assert seen.counts.rows == seen.counts.good == 3


@pytest.mark.parametrize(
    ("choice", "why"),
    [
        (Choice(encoding="utf-16-le"), "no está en la codificación elegida"),
        (Choice(heading_line=90), "no tiene nada en la línea del encabezado"),
    ],
)
def test_a_wrong_word_is_refused(desk: Desk, manager: Actor, choice: Choice, why: str) -> None:
    with pytest.raises(AppError) as refused:
        preview(desk, manager, "windows_1252.csv", choice)
    assert why in str(refused.value.facts["why"])


@pytest.mark.parametrize("choice", [Choice(separator=";", heading_line=1), Choice(heading_line=2)])
def test_a_wrong_separator_or_line_misses_columns(
    desk: Desk, manager: Actor, choice: Choice
) -> None:
    with pytest.raises(AppError) as refused:
        preview(desk, manager, "barra.csv", choice)
    assert refused.value.reason in {Reason.UNMATCHED_COLUMNS, Reason.UNREADABLE_FILE}


def test_the_first_cells_are_shown_as_they_are_read(desk: Desk, manager: Actor) -> None:
    look = preview(desk, manager, "titulos_arriba.csv", Choice()).look
    assert replace(look.reading, columns=()) == Reading(separator=";", heading_line=4, titles=2)
    assert dict(zip(look.headings, look.samples, strict=True))["Titular"] == (
        "Ángel Núñez",
        "Peña e Hijos",
        "Ñandú, S.C.",
    )


def test_a_quote_that_joins_two_rows_costs_only_its_own(desk: Desk, manager: Actor) -> None:
    """The quote opened in line 3 closes in line 4: read as the standard says, one row of the right
    width would hold them both."""
    seen = preview(desk, manager, "comillas_que_unen_filas.csv", Choice())
    assert [c.folio for c in seen.sample] == ["F1"]
    aside = previewing.notes(desk, manager, seen, bad=True)
    assert [(n.line, n.reason) for n in aside] == [
        (3, "las comillas que abren aquí se cierran en otra línea"),
        (4, "sobran campos"),
    ]
    assert seen.counts.rows == 3
