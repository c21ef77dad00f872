"""A random table written in a random dialect comes back the same, and the dialect is said; one in a
workbook comes back as its sheet shows it."""

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.sheets import unpacking
from lib.store.pack import reader
from lib.store.pack.files import CERTIFICATES
from lib.store.pack.look import look
from tests.examples import rounds

HEADINGS = [c.heading for c in CERTIFICATES.columns]
NAMES = [c.name for c in CERTIFICATES.columns]
# By what the bytes are written in, what the look must say.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "cp1252": "cp1252",
    "cp850": "cp850",
    "mac-roman": "mac-roman",
}
LETTERS = "aZ09 áéñÑüó.&<>-"  # in all of them
CELLS = st.text(st.sampled_from(LETTERS + ";,\t|^~:\"'\n\r"), max_size=6)
TABLES = st.lists(
    st.tuples(*[st.sampled_from(["F1", "F-2", "007"])] * 2, *[CELLS] * 7), min_size=0, max_size=8
)
TITLES = st.lists(
    st.sampled_from(["Reporte", "", 'Caja de 5" x 3', ";;", "Fecha;Folio"]), max_size=3
)


@pytest.mark.slow
@settings(
    max_examples=rounds(200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    TABLES, TITLES, st.sampled_from(list(ENCODINGS)), st.sampled_from(";,\t|^~:"),
    st.sampled_from("\"'"), st.sampled_from(["\n", "\r\n"]), st.permutations(range(9)),
)  # fmt: skip
def test_any_table_in_any_dialect_comes_back_the_same(
    tmp_path: Path, table: list, titles: list, encoding: str, mark: str, quote: str, end: str,
    order: list,
) -> None:  # fmt: skip
    out = io.StringIO(newline="")
    out.write("".join(title + end for title in titles))
    writer = csv.writer(
        out, delimiter=mark, quotechar=quote, lineterminator=end, quoting=csv.QUOTE_ALL
    )
    for row in [HEADINGS, *table]:
        writer.writerow([row[at] for at in order])
    path = tmp_path / "certificados.csv"
    path.write_bytes(out.getvalue().encode(encoding))

    found = look(path, CERTIFICATES).reading
    assert (found.encoding, found.separator, found.quote) == (ENCODINGS[encoding], mark, quote)
    assert (found.heading_line, found.titles) == (len(titles) + 1, sum(map(bool, titles)))
    rows, unread = [], 0
    for batch in reader.read_file(path, CERTIFICATES, found):
        cells = (batch.columns[name].to_pylist() for name in NAMES)
        rows += zip(*cells, strict=True)
        unread += len(batch.refused) + batch.blank
    assert rows == table
    assert unread == 0


CELL = st.one_of(
    st.text(st.sampled_from(LETTERS + ";,\"'"), max_size=6).map(lambda text: (text, "", text)),
    st.integers(0, 10**9).map(lambda n: (n, "00000000", f"{n:08}")),
    st.integers(0, 10**9).map(lambda n: (n, "", str(n))),
    st.dates(dt.date(1905, 1, 1), dt.date(2199, 1, 1)).map(lambda day: (day, DAY, str(day))),
    st.sampled_from(["#N/A", "#REF!"]).map(lambda error: (None, "=NA()", error)),
)  # a value, its format or formula, what is read
DAY = "dd/mm/yyyy"


@settings(
    max_examples=rounds(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), st.booleans())
def test_any_table_in_a_workbook_comes_back_as_it_is_shown(
    tmp_path: Path, table: list, epoch_1904: bool
) -> None:
    path, out = tmp_path / "libro.xlsx", tmp_path / "out.csv"
    book = xlsxwriter.Workbook(path, {"date_1904": epoch_1904})
    sheet = book.add_worksheet()
    formats = {code: book.add_format({"num_format": code}) for code in ("00000000", DAY)}
    sheet.write_row(0, 0, ["Folio", "Serie", "Compra"])
    for at, row in enumerate(table, 1):
        for column, (value, how, seen) in enumerate(row):
            if how.startswith("="):
                sheet.write_formula(at, column, how, None, seen)
            elif isinstance(value, dt.date):
                sheet.write_datetime(at, column, value, formats[how])
            elif isinstance(value, str):
                sheet.write_string(at, column, value)
            else:
                sheet.write_number(at, column, value, formats.get(how))
    book.close()
    unpacking.unpack(path, out, [["folio"]], None)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = [row or [""] * 3 for row in csv.reader(stream)][1:]
    shown = [[seen for *_, seen in row] for row in table]
    while shown and not any(shown[-1]):  # at the end, a row of nothing may be none
        shown.pop()
    assert rows[: len(shown)] == shown
    assert not any(map(any, rows[len(shown) :]))
