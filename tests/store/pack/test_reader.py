"""The reader: whatever a file is written in comes back the same, on its physical line."""

import csv
import io
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.model.errors import AppError, Reason
from lib.store.pack import files, parse, reader
from tests.examples import rounds

LICENCES = files.LICENCES
HEADINGS = [c.heading for c in LICENCES.columns]
NAMES = [c.name for c in LICENCES.columns]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
ROW = ["L0001", "00000001", "SAE", "10.0", "1", "01/02/2024", ""]


def read(path: Path) -> tuple[list[tuple[int, list[str]]], list[tuple[int, str]], int]:
    """(line, cells) of every row, the refused, and how many were blank."""
    rows: list[tuple[int, list[str]]] = []
    refused, blank = [], 0
    for batch in reader.read_file(path, LICENCES):
        cells = zip(*(batch.columns[n].to_pylist() for n in NAMES), strict=True)
        rows += [(int(at), list(row)) for at, row in zip(batch.lines, cells, strict=True)]
        refused += batch.refused
        blank += batch.blank
    return rows, refused, blank


def written(tmp: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp / "licencias.csv"
    path.write_bytes(text.encode(encoding))
    return path


def lines(*rows: str) -> str:
    return ";".join(HEADINGS) + "\n" + "".join(row + "\n" for row in rows)


def why(path: Path) -> str:
    with pytest.raises(AppError) as refusal:
        read(path)
    assert refusal.value.reason is Reason.UNREADABLE_FILE
    assert refusal.value.facts["file"] == "licencias.csv"
    return str(refusal.value.facts["why"])


# ---- any dialect ---------------------------------------------------------------------------

LETTERS = "aZ09 áéñÑüÓ.'/&<>€\u00a0"
CELLS = st.text(st.sampled_from(LETTERS + ';,\t"\n\r'), max_size=6) | st.text(
    st.sampled_from(LETTERS), max_size=8
)
TABLES = st.lists(
    st.tuples(st.sampled_from(["L1", "L-2", "007"]), *[CELLS] * 7), min_size=0, max_size=12
)


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, object]:
    """How to write a table: the order of the columns holds one more that nobody knows."""
    return {
        "encoding": draw(st.sampled_from(ENCODINGS)),
        "delimiter": draw(st.sampled_from(";,\t")),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "order": draw(st.permutations(range(8))),
        "spelling": draw(st.sampled_from([str.upper, str.lower, " {}  ".format, plain])),
        "ends": draw(st.booleans()),
    }


def plain(heading: str) -> str:
    return heading.translate(str.maketrans("áéíóúÁÉÍÓÚ", "aeiouAEIOU"))


def compose(table: list[tuple[str, ...]], how: dict) -> tuple[bytes, list[int]]:
    """The table as bytes, and the line where each row begins."""
    out = io.StringIO(newline="")
    if any("\r" in cell for row in table for cell in row):
        how["quoting"] = csv.QUOTE_ALL  # csv.writer leaves a lone \r bare
    writer = csv.writer(
        out,
        delimiter=how["delimiter"],
        lineterminator=how["lineterminator"],
        quoting=how["quoting"],
    )
    titles = [how["spelling"](h) for h in HEADINGS] + ["Observaciones"]
    writer.writerow([titles[at] for at in how["order"]])
    begins = []
    for row in table:
        begins.append(1 + len(list(io.StringIO(out.getvalue(), newline=""))))
        writer.writerow([row[at] for at in how["order"]])
    text = out.getvalue()
    if not how["ends"]:
        text = text.removesuffix(how["lineterminator"])
    return text.encode(how["encoding"]), begins


@pytest.mark.slow
@settings(
    max_examples=rounds(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TABLES, dialects(), st.sampled_from([40, 200, 1 << 20]), st.booleans())
def test_any_table_in_any_dialect_comes_back_the_same(
    tmp_path: Path, table: list, how: dict, block: int, at_once: bool
) -> None:
    data, begins = compose(table, how)
    path = tmp_path / "licencias.csv"
    path.write_bytes(data)
    block = max(block, len(data[: data.index(b"O") + 400]))  # the heading fits the first block
    scan = parse.scan if at_once else lambda *_: None
    with mock.patch.object(reader, "BLOCK", block), mock.patch.object(parse, "scan", scan):
        rows, refused, blank = read(path)
    assert [row for _, row in rows] == [list(row[:7]) for row in table]
    assert [line for line, _ in rows] == begins
    assert (refused, blank) == ([], 0)


@settings(
    max_examples=rounds(200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(st.sampled_from('ab;";"\n\r \n;;;;;;'), max_size=120), st.sampled_from([30, 9999]))
def test_rubbish_is_accounted_for_row_by_row(tmp_path: Path, body: str, block: int) -> None:
    """Both readers agree, and every line of the file is inside exactly one record."""
    path = written(tmp_path, lines() + body)
    answers = []
    for scan in (parse.scan, lambda *_: None):
        with (
            mock.patch.object(reader, "BLOCK", 200 + block),
            mock.patch.object(parse, "scan", scan),
        ):
            answers.append(read(path))
    assert answers[0] == answers[1]
    rows, refused, blank = answers[0]
    seen = [line for line, _ in rows] + [line for line, _ in refused]
    assert len(seen) == len(set(seen))
    height = len(list(io.StringIO(body, newline="")))
    assert len(seen) + blank <= height
    assert all(2 <= line <= height + 1 for line in seen)


# ---- what is out of place --------------------------------------------------------------------


def test_ragged_rows_are_refused_alone(tmp_path: Path) -> None:
    good = ";".join(ROW)
    rows, refused, blank = read(
        written(tmp_path, lines(good, "L2;1;SAE", good, good + ";x", "", ";;;;;;", "  ", good))
    )
    assert [line for line, _ in rows] == [2, 4, 9]
    assert refused == [
        (3, "faltan campos: la fila tiene 3 y el encabezado 7"),
        (5, "sobran campos: la fila tiene 8 y el encabezado 7"),
    ]
    assert blank == 3


def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path) -> None:
    good, open_ = ";".join(ROW), 'L2;"00000002;SAE;10.0;1;;'
    quoted = 'L3;"00000003";SAE;10.0;1;;'
    path = written(tmp_path, lines(good, open_, good, quoted, good))
    rows, refused, _ = read(path)
    assert [line for line, _ in rows] == [2, 4, 5, 6]
    assert refused == [(3, "comillas mal cerradas")]


def test_a_quote_open_to_the_end_costs_its_own_line_only(tmp_path: Path) -> None:
    good = ";".join(ROW)
    rows, refused, _ = read(written(tmp_path, lines(good, 'L2;"x;SAE;1;1;;', *[good] * 5)))
    assert [line for line, _ in rows] == [2, 4, 5, 6, 7, 8]
    assert refused == [(3, "las comillas que abren aquí no se cierran")]


@pytest.mark.slow
def test_a_quote_open_for_longer_than_a_record_may_be(tmp_path: Path) -> None:
    good = ";".join(ROW)
    path = written(tmp_path, lines(good, 'L2;"x;SAE;1;1;;', *[good] * 60_000))
    assert path.stat().st_size > 2 * parse.MAX_RECORD
    with mock.patch.object(reader, "BLOCK", 1 << 18):
        rows, refused, _ = read(path)
    assert [line for line, _ in rows] == [2, *range(4, 60_004)]
    assert [line for line, _ in refused] == [3]


def test_text_after_a_closing_quote_is_refused_alone(tmp_path: Path) -> None:
    good = ";".join(ROW)
    rows, refused, _ = read(written(tmp_path, lines('L2;"El "Bueno"";SAE;1;1;;', good)))
    assert [line for line, _ in rows] == [3]
    assert refused == [(2, "comillas mal cerradas")]


def test_an_inch_mark_inside_a_field_is_text(tmp_path: Path) -> None:
    rows, refused, _ = read(written(tmp_path, lines('L2;1;SAE;5" x 3";1;;')))
    assert rows[0][1][3] == '5" x 3"'
    assert refused == []


def test_a_record_over_several_lines_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, lines('L2;1;SAE;"a\nb;c";1;;', ";".join(ROW)))
    (batch,) = reader.read_file(path, LICENCES)
    assert batch.lines.tolist() == [2, 4]
    assert batch.columns["version"].to_pylist() == ["a\nb;c", "10.0"]
    assert batch.tall == [2]


def test_old_macintosh_line_ends(tmp_path: Path) -> None:
    rows, _, _ = read(written(tmp_path, lines(";".join(ROW), ";".join(ROW)).replace("\n", "\r")))
    assert [line for line, _ in rows] == [2, 3]


# ---- headings ----------------------------------------------------------------------------------


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(AppError) as refusal:
        read(written(tmp_path, "No. Serie;Sistema;Versión;Fecha Compra;Usuarios\n"))
    assert refusal.value.reason is Reason.MISSING_COLUMNS
    assert refusal.value.facts["columns"] == "No. Cuenta, Fecha Activación"


def test_a_heading_twice_is_refused(tmp_path: Path) -> None:
    text = lines().replace("Versión", "No. Cuenta;Versión")
    assert why(written(tmp_path, text)) == "la columna «No. Cuenta» está dos veces."


def test_a_quoted_heading_over_two_lines(tmp_path: Path) -> None:
    text = lines(";".join(ROW)).replace("No. Serie", '"No.\nSerie"')
    assert read(written(tmp_path, text))[0] == [(3, ROW)]


def test_a_separator_inside_a_quoted_heading_is_not_the_separator(tmp_path: Path) -> None:
    titles = ['"Nota;;;;;;;;;;"', *HEADINGS]
    text = ",".join(titles) + "\n" + ",".join(["x", *ROW]) + "\n"
    assert read(written(tmp_path, text))[0] == [(2, ROW)]


def test_a_heading_alone_has_no_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path, lines())) == ([], [], 0)
    assert read(written(tmp_path, lines().rstrip())) == ([], [], 0)


# ---- bytes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "está vacío"),
        (b"\r\n\r\n", "está vacío"),
        (b"\xef\xbb\xbf", "está vacío"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "es una imagen; hace falta"),
        (b"BM\xf6\0\0\0\0\0\0\0" + bytes(50), "es una imagen; hace falta"),
        (b"SQLite format 3\0" + bytes(90), "es una base de datos;"),
        (bytes(range(1, 90)) + bytes(500) + b"\xd8\xdf" * 99, "la línea 2 trae bytes nulos"),
        (b"\r\n<HTML><table><tr><td>Folio</td>", "es una página web (HTML) o un XML;"),
        (b"PK\x03\x04" + bytes(50), "es un libro de Excel o un archivo comprimido;"),
        (lines("a\0b", "c\0d").encode(), "contiene bytes nulos (línea 2)"),
        (lines("x", "\x81").encode("latin-1"), "el byte 0x81 de la línea 3 no es UTF-8"),
        (
            lines("Ñ").encode() + "Muñoz\nPeña\n".encode("latin-1"),
            "mezcla UTF-8 con otra codificación (línea 3)",
        ),
        (b"\xef\xbb\xbf" + lines("Ñ").encode("latin-1"), "la línea 1 no es UTF-8, aunque"),
        (lines("a").encode("utf-16") + b"\x00", "la línea 3 no es UTF-16 válido."),
        ("no.serie\n".encode("utf-32"), "está en UTF-32"),
        (b"x" * (3 << 20), "la línea 1 mide más de 1 MB"),
        (lines("x" * (10 << 20)).encode(), "la línea 2 mide más de 1 MB"),
        (b'"No. Serie;x', "el encabezado tiene comillas mal cerradas."),
    ],
)
def test_what_is_not_text_is_refused_with_the_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "licencias.csv"
    path.write_bytes(data)
    assert why(path).startswith(reason)


def test_a_folder_with_the_files_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "licencias.csv").mkdir()
    assert "no hay permiso" in why(tmp_path / "licencias.csv")


def test_windows_1252_beyond_latin_1(tmp_path: Path) -> None:
    path = written(tmp_path, lines("L2;1;SAE;10€ “x”…;1;;"), "cp1252")
    assert read(path)[0][0][1][3] == "10€ “x”…"
