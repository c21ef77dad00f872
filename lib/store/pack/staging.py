"""A file's rows into the scratch database, typed and checked cell by cell; CDAs go in sealed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from lib.model.load import FileCounts
from lib.model.reading import Reading
from lib.model.system import Kind
from lib.store.pack import checks, files
from lib.store.pack.ahead import ahead
from lib.store.pack.clean import clean, rearmed
from lib.store.pack.files import Column, Holds, PackFile
from lib.store.pack.reader import Batch, read_file
from lib.store.pack.remarks import remarks
from lib.store.pack.seal import seal
from lib.store.pack.suggesting import suggested
from lib.store.vault import Vault

_TABLES = {
    files.ACCOUNTS: "row_account",
    files.SUBSCRIPTIONS: "row_system",
    files.LICENCES: "row_system",
    files.CERTIFICATES: "row_certificate",
    files.ACTIVATIONS: "row_activation",
}
_KINDS = {files.SUBSCRIPTIONS: Kind.SUBSCRIPTION, files.LICENCES: Kind.LICENCE}
# Rows for the engine at once: whole groups of its own (122,880) it takes as they come; fewer are
# copied twice, four times as dear.
_TOGETHER = 125_000
Note = tuple[int, str, str, str, str, str]
_PARTS = ("line", "field", "value", "reason", "detail", "suggestion")  # a Note's, as RowNote says


def stage(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    pack_file: PackFile,
    vault: Vault,
    told: Callable[[float], None],
    reading: Reading | None = None,
) -> FileCounts:
    """Read one file into its row table; `told` hears how much of it is done, 0 to 1. `reading`
    says how, when somebody knows.

    Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS).
    """
    counts = FileCounts()
    absent = [name for name, at in reading.columns if at is None] if reading else []
    if absent:
        connection.executemany("INSERT INTO absent VALUES (?)", [[name] for name in absent])
    waiting: list[pa.Table] = []
    with ahead(_prepared(path, pack_file, vault, reading)) as prepared:
        for batch, rows, notes in prepared:
            counts.rows += len(batch.lines) + len(batch.refused) + batch.blank
            counts.blank += batch.blank
            _append(connection, "remark", pack_file, notes)
            _set_aside(connection, pack_file, batch.refused)
            waiting.append(rows)
            if sum(map(len, waiting)) >= _TOGETHER:
                _insert(connection, pack_file, pa.concat_tables(waiting))
                waiting = []
            told(batch.done)
        if waiting:
            _insert(connection, pack_file, pa.concat_tables(waiting))
    return counts


def _prepared(
    path: Path, pack_file: PackFile, vault: Vault, reading: Reading | None
) -> Iterator[tuple[Batch, pa.Table, list[Note]]]:
    """The file's batches, each with its rows for the engine and what is odd about them."""
    for batch in read_file(path, pack_file, reading):
        rows, notes = _cleaned(pack_file, batch)
        yield batch, seal(rows, vault) if pack_file is files.ACTIVATIONS else rows, notes


def _cleaned(pack_file: PackFile, batch: Batch) -> tuple[pa.Table, list[Note]]:
    """The batch's cells without what is to spare, and what is odd about them."""
    notes: list[Note] = [
        (line, "", "", "abarca varias líneas", "trae un salto de línea entre comillas", "")
        for line in batch.tall
    ]
    columns = {"line": pa.array(batch.lines, pa.int32())}
    for column in pack_file.columns:
        cells = batch.columns[column.name]
        cells, spare = clean(rearmed(cells) if pack_file.exported else cells)
        columns[column.name] = cells
        odd = [(row, "espacios de sobra, se quitaron") for row in spare]
        if column.holds is not Holds.CODE:
            odd += remarks(column, cells)
        notes += (_noted(batch, column, cells, row, reason) for row, reason in odd)
    return pa.table(columns), notes


def _noted(batch: Batch, column: Column, cells: pa.StringArray, row: int, reason: str) -> Note:
    cell = "" if column.holds is Holds.CODE else cells[row].as_py()
    instead = suggested(column.holds, cell) if column.holds is Holds.RFC else ""
    return int(batch.lines[row]), column.heading, cell[: checks.SHOWN], reason, "", instead


def _insert(connection: duckdb.DuckDBPyConnection, pack_file: PackFile, rows: pa.Table) -> None:
    for column in checks.few(pack_file):
        rows = _judged(connection, pack_file, column, rows)
    kind = f", '{_KINDS[pack_file]}' AS kind" if pack_file in _KINDS else ""
    connection.register("batch", rows)
    connection.execute(
        f"INSERT INTO {_TABLES[pack_file]} BY NAME"
        f" SELECT '{pack_file.name}' AS file{kind}, * FROM ({checks.selection(pack_file)})"
    )
    connection.unregister("batch")


def _judged(
    connection: duckdb.DuckDBPyConnection, pack_file: PackFile, column: Column, rows: pa.Table
) -> pa.Table:
    """With what is stored of each cell of a column, and what is wrong with it: dates repeat, and
    reading one takes the engine a microsecond."""
    coded = rows[column.name].combine_chunks().dictionary_encode()
    connection.register("cells", pa.table({column.name: coded.dictionary}))
    told = connection.execute(checks.judging(column, pack_file)).to_arrow_table()
    connection.unregister("cells")
    for name in told.column_names:
        rows = rows.append_column(name, told[name].combine_chunks().take(coded.indices))
    return rows


def _set_aside(
    connection: duckdb.DuckDBPyConnection, pack_file: PackFile, refused: list[tuple[int, str]]
) -> None:
    parts = ((line, *why.partition(": ")) for line, why in refused)
    notes = [(line, "", "", reason, detail, "") for line, reason, _, detail in parts]
    _append(connection, "aside", pack_file, notes)


def _append(
    connection: duckdb.DuckDBPyConnection, table: str, pack_file: PackFile, notes: list[Note]
) -> None:
    if not notes:
        return
    columns = zip(*notes, strict=True)
    connection.register("notes", pa.table(list(map(list, columns)), names=list(_PARTS)))
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT '{pack_file.name}' AS file, * FROM notes"
    )
    connection.unregister("notes")
