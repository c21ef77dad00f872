"""A random table written in a random dialect comes back the same, and the dialect is said."""

import csv
import io
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
