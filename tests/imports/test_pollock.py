"""The kinds of pollution of the public Pollock benchmark (HPI Information Systems, "Pollock: A Data
Loading Benchmark"), each in a file of our own: what passes comes back cell by cell, what doesn't is
refused with the reason, row by row where that can be."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lib.model.errors import AppError
from lib.model.reading import NO_HEADING, Choice
from lib.store.pack import reader
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.look import look

HEADINGS = [c.heading for c in CERTIFICATES.columns]
NAMES = [c.name for c in CERTIFICATES.columns]
SOURCE = [
    (f"F{n:02}", f"0SER{n:04}", "SAE", "9.0", "1", "01/02/2020", holder, "", "")
    for n, holder in enumerate(
        ["Peña, S.C.", 'La "Buena"', "Dos\nrenglones", "Ana", "Óscar; e Hijos", "Ñandú"] * 3
    )
]


def written(
    rows: list = SOURCE, mark: str = ",", quote: str = '"', end: str = "\r\n",
    heading: list[str] = HEADINGS, all_quoted: bool = False, escape: str = "",
) -> str:  # fmt: skip
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        delimiter=mark,
        quotechar=quote,
        lineterminator=end,
        quoting=csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL,
        doublequote=not escape,
        escapechar=escape or None,
    )
    writer.writerows([heading, *rows])
    return out.getvalue()


def line_of(row: int) -> int:
    """The line where a row of the source begins; the heading is line 1, a third of the rows two."""
    return 2 + row + sum(1 for r in SOURCE[:row] if "\n" in r[6])


def with_line(line: int, change: Callable[[str], str]) -> str:
    lines = written().splitlines(keepends=True)
    lines[line - 1] = change(lines[line - 1])
    return "".join(lines)


@dataclass(frozen=True)
class Passes:
    """All of the source's rows come back but those of these places; these lines are refused."""

    text: str | bytes
    lost: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    blank: int = 0
    choice: Choice = field(default_factory=Choice)
    source: list = field(default_factory=lambda: SOURCE)
    more: int = 0  # rows that were read and that no source has: the checks set them aside


WORDS = [(*r[:6], "Ana", *r[7:]) for r in SOURCE]  # nothing in them needs quotes

PASSED = {
    "standard": Passes(written()),
    "no trailing newline": Passes(written().removesuffix("\r\n")),
    "double trailing newline": Passes(written() + "\r\n", blank=1),
    "preamble": Passes("PREÁMBULO\r\n\r\n" + written()),
    "preamble, delimited": Passes("PREÁMBULO,,,,,,,,\r\n" * 3 + ",,,,,,,,\r\n" + written()),
    "footnote": Passes(written() + "NOTA AL PIE\r\n" * 3, refused=(23, 24, 25)),
    "footnote, delimited": Passes(written() + "NOTA,,,,,,,,\r\n", more=1),
    "header in two rows": Passes(written([tuple(HEADINGS), *SOURCE]), refused=(2,)),
    "second table, fewer columns": Passes(written() + "A,B\r\n1,2\r\n", refused=(23, 24)),
    "second table, more columns": Passes(written() + ",".join("ABCDEFGHIJKL"), refused=(23,)),
    "second table, as many": Passes(written() + "A,B,C,D,E,F,G,H,I\r\n", more=1),
    "one data row": Passes(written(SOURCE[:1]), lost=tuple(range(1, 18))),
    "header only": Passes(written([]), lost=tuple(range(18))),
    "no header, said by a person": Passes(
        written().split("\r\n", 1)[1], choice=Choice(heading_line=NO_HEADING)
    ),
    "1024 columns": Passes(
        written([(*r, *"y" * 1015) for r in SOURCE], heading=[*HEADINGS, *map(str, range(1015))])
    ),
    "header of 100,000 letters": Passes(
        written([(*r, "") for r in SOURCE], heading=[*HEADINGS, "HEADER" * 100_000])
    ),
    "encoding latin-1": Passes(written().encode("latin-1")),
    "encoding utf-16": Passes(written().encode("utf-16")),
    "field delimiter ;": Passes(written(mark=";")),
    "field delimiter |": Passes(written(mark="|")),
    "field delimiter tab": Passes(written(mark="\t")),
    "field delimiter :": Passes(written(mark=":")),
    "field delimiter space": Passes(written(mark=" ")),
    "field delimiter comma space": Passes(written(all_quoted=True).replace('","', '", "')),
    "field delimiter double tab": Passes(
        "\r\n".join("\t\t".join(r) for r in [HEADINGS, *WORDS]), source=WORDS
    ),
    "quotation '": Passes(written(quote="'", all_quoted=True)),
    "quotation ' where it is needed": Passes(written(quote="'").replace("Titular", "'Titular'", 1)),
    "escape \\": Passes(written(escape="\\", all_quoted=True)),
    "record delimiter LF": Passes(written(end="\n")),
    "record delimiter CR": Passes(written(end="\r", all_quoted=True)),
    "record delimiter of one row": Passes(with_line(2, lambda line: line.replace("\r\n", "\n"))),
    "row empty": Passes(with_line(2, lambda _: "\r\n"), lost=(0,), blank=1),
    "row, escape \\": Passes(
        with_line(3, lambda line: line.replace('""', '\\"').replace('\\""', '\\""'))
    ),
}  # fmt: skip

REFUSED = {
    "no payload": ("", "está vacío"),
    "no header": (written().split("\r\n", 1)[1], "no le encontré encabezado"),
    "field delimiter literal \\t": (
        "\r\n".join("\\t".join(r) for r in [HEADINGS, *WORDS]),
        "no le encontré encabezado",
    ),
    "one column": ("Folio\r\nF1\r\n", ""),
    "header with an empty name": (written(heading=["", *HEADINGS[1:]]), ""),
    "header with other signs": (written(heading=["HEAD/%R", *HEADINGS[1:]]), ""),
    "header not unique": (
        written([(*r, "x") for r in SOURCE], heading=[*HEADINGS, "FOLIO"]),
        "",
    ),
}


def taken(path: Path, choice: Choice) -> tuple[list[tuple[str, ...]], list[int], int]:
    """Rows read, lines refused, how many blank."""
    rows: list[tuple[str, ...]] = []
    refused, blank = [], 0
    for batch in reader.read_file(path, CERTIFICATES, look(path, CERTIFICATES, choice).reading):
        rows += zip(*(batch.columns[name].to_pylist() for name in NAMES), strict=True)
        refused += [line for line, _ in batch.refused]
        blank += batch.blank
    return rows, refused, blank


def laid(folder: Path, text: str | bytes) -> Path:
    path = folder / "certificados.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("file", PASSED.values(), ids=PASSED)
def test_what_can_be_passed_is(tmp_path: Path, file: Passes) -> None:
    rows, refused, blank = taken(laid(tmp_path, file.text), file.choice)
    kept = [row for at, row in enumerate(file.source) if at not in file.lost]
    assert [row for row in rows if row in file.source] == kept
    assert len(rows) == len(kept) + file.more
    assert (tuple(refused), blank) == (file.refused, file.blank)


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_the_rest_is_refused_with_the_reason(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(AppError) as refused:
        taken(laid(tmp_path, text), Choice())
    assert why in str(refused.value.facts.get("why", ""))
    assert why or refused.value.facts["columns"]


# ---- one character too many or too few, in any row and any column ----------------------------

PLACES = [(row, column) for row in (0, 1, 3, 4, 17) for column in range(9)]


def cells_of(row: int) -> list[str]:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(SOURCE[row])
    return [f'"{cell}"' for cell in out.getvalue().strip()[1:-1].split('","')]


def polluted(row: int, line: str) -> str:
    return with_line(line_of(row), lambda _: line + "\r\n")


@pytest.mark.parametrize(("row", "column"), PLACES)
def test_a_separator_more_or_less_costs_its_row_alone(
    tmp_path: Path, row: int, column: int
) -> None:
    cells = cells_of(row)
    more = ",".join([*cells[:column], "", *cells[column:]])
    lines = [more]
    if column:
        glued = cells[column - 1].strip('"') + cells[column].strip('"')
        if not set(glued) & set(',"'):
            lines.append(",".join([*cells[: column - 1], glued, *cells[column + 1 :]]))
    for line in lines:
        rows, refused, _ = taken(laid(tmp_path, polluted(row, line)), Choice())
        assert rows == [r for at, r in enumerate(SOURCE) if at != row]
        assert refused == [line_of(row)]


@pytest.mark.parametrize(("row", "column"), PLACES)
def test_an_extra_quote_costs_its_row_alone(tmp_path: Path, row: int, column: int) -> None:
    """Before a cell that has quotes and before one that has none."""
    cells = cells_of(row)
    for cell in ('"' + cells[column], '"' + SOURCE[row][column].replace('"', "")):
        line = ",".join([*cells[:column], cell, *cells[column + 1 :]])
        rows, refused, _ = taken(laid(tmp_path, polluted(row, line)), Choice())
        others = [r for at, r in enumerate(SOURCE) if at != row]
        assert [r for r in rows if r in others] == others
        assert line_of(row) in refused or len(rows) == len(SOURCE)


@pytest.mark.parametrize("holder", ["Round 48, Wood", "Peña, S.C.", 'De 8"" x 9, y más'])
def test_a_lost_separator_before_quotes_shifts_nothing(tmp_path: Path, holder: str) -> None:
    """The cell's own comma makes up for it: read as the standard says, the row would fit."""
    cells = [f'"{cell}"' for cell in SOURCE[3]]
    line = ",".join([*cells[:5], f'01/02/2020"{holder}"', *cells[7:]])
    rows, refused, _ = taken(laid(tmp_path, polluted(3, line)), Choice())
    assert rows == [r for at, r in enumerate(SOURCE) if at != 3]
    assert refused == [line_of(3)]


def ended(rows: list) -> str:
    """With a separator after each row and none after the heading, as one in five real files."""
    return "\r\n".join(",".join(row) + "," * bool(at) for at, row in enumerate([HEADINGS, *rows]))


def refusals(path: Path) -> list[str]:
    found = look(path, CERTIFICATES).reading
    return [why for b in reader.read_file(path, CERTIFICATES, found) for _, why in b.refused]


def test_a_separator_after_each_row_is_passed(tmp_path: Path) -> None:
    path = laid(tmp_path, ended(WORDS) + "\r\n" + "," * 8 + "\r\n" + "," * 9)
    assert taken(path, Choice()) == (WORDS, [], 2)
    assert look(path, CERTIFICATES).reading.trailing
    quoted = "\r\n".join(
        [",".join(HEADINGS), *(f"{line}," for line in written().splitlines()[1:3])]
    )
    assert len(taken(laid(tmp_path, quoted), Choice())[0]) == 2
    wrong = [(*row[:2], "NOY" if at % 3 == 0 else row[2], *row[3:]) for at, row in enumerate(WORDS)]
    assert taken(laid(tmp_path, ended(wrong)), Choice())[0] == wrong  # a few wrong cells
    with_it = ended(WORDS).replace("\r\n", ",\r\n", 1)  # in the heading too: a column like any
    assert taken(laid(tmp_path, with_it), Choice())[0] == WORDS


def test_what_stands_after_the_last_separator_costs_its_row(tmp_path: Path) -> None:
    """Also where it stands below the rows that were looked at."""
    many = [(f"F{n}", f"0S{n}", *WORDS[0][2:]) for n in range(300)]
    lines = ended(many).split("\r\n")
    lines[250] += "algo"
    lines[260] = lines[260][:-1]
    path = laid(tmp_path, "\r\n".join(lines))
    rows, refused, _ = taken(path, Choice())
    assert rows == [row for at, row in enumerate(many, start=1) if at not in (250, 260)]
    assert refused == [251, 261]
    assert refusals(path) == [
        "sobran campos: la fila tiene 10 y el encabezado 9",
        "no acaba en separador como las demás filas: puede faltarle una celda",
    ]


@pytest.mark.parametrize(
    ("cell", "instead"), [(6, "Peña,Ana"), (6, "Peña, Ana"), (3, "9,0"), (8, "x")]
)
def test_what_may_have_moved_is_refused_with_the_remedy(
    tmp_path: Path, cell: int, instead: str
) -> None:
    """A name or a number with a comma in it looks the same, and one full cell says that it is."""
    rows = [(*r[:cell], instead, *r[cell + 1 :]) for r in WORDS]
    text = ended(rows) + "algo" if instead == "x" else "\r\n".join(map(",".join, [HEADINGS, *rows]))
    found = refusals(laid(tmp_path, text))
    assert len(found) == len(rows)
    assert all(why.endswith("ponlo también en el encabezado") for why in found[:-1])


def test_inch_marks_open_nothing(tmp_path: Path) -> None:
    cells = [*SOURCE[3][:6], 'Caja de 5" x 3', '4" y 6"', ""]
    rows, refused, _ = taken(laid(tmp_path, polluted(3, ",".join(cells))), Choice())
    assert (rows[3], refused) == (tuple(cells), [])


@pytest.mark.parametrize("row", range(0, 18, 3))
@pytest.mark.parametrize("mark", [" ", ";"])
def test_a_row_with_another_separator_costs_itself_alone(
    tmp_path: Path, row: int, mark: str
) -> None:
    line = mark.join(cells_of(row)[:6] + ['"Ana"', '""', '""'])
    rows, refused, _ = taken(laid(tmp_path, polluted(row, line)), Choice())
    assert rows == [r for at, r in enumerate(SOURCE) if at != row]
    assert refused == [line_of(row)]


def test_rows_under_one_heading_never_pass_for_titles_over_another(tmp_path: Path) -> None:
    first = "\r\n".join(",".join(row[:-1]) for row in [HEADINGS, *WORDS])
    rows, refused, _ = taken(laid(tmp_path, f"{first}\r\n{written()}"), Choice())
    assert rows == WORDS
    assert refused[0] == 2 + len(WORDS)
    assert len(refused) > len(SOURCE)  # a row of two lines is two that don't fit
