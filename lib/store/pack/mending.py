"""Rows mended by hand beside those of the file that they come from: checked against them, and what
is said of both in one table, by the lines that they have in that file.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import duckdb
import pyarrow as pa

from lib.model.load import RowNote
from lib.store.cipher import PLAIN, Cipher
from lib.store.database import Store
from lib.store.opening import CONFIG, failure, lock, quoted
from lib.store.pack import checks
from lib.store.pack.clean import clean, rearmed

TWICE = "folio repetido"  # the reason of a row whose folio another has (sql/certificates.sql)
_AT_ONCE = 2_000  # notes turned into Python at a time


@dataclass(frozen=True)
class Joined:
    """The lines that are good now, of those mended; how many warnings there are in all."""

    good: frozenset[int]
    warnings: int


def bad_rows(store: Store, alias: str, file: str) -> Generator[tuple[RowNote, ...], None, None]:
    """All that is wrong with each bad row, in the file's order: any number of rows. `alias` is the
    attached file whose table `note` says it."""
    with store.cursor() as cursor:
        answer = cursor.execute(
            "SELECT line, field, reason, value, suggestion, detail"
            f" FROM {alias}.note WHERE bad ORDER BY line, place"
        )
        pieces = iter(partial(answer.fetchmany, _AT_ONCE), [])
        notes = (RowNote(file, *row) for piece in pieces for row in piece)
        for _, of_row in groupby(notes, attrgetter("line")):
            yield tuple(of_row)


def join(
    made: Path,
    base: Path,
    noted: Path,
    lines: Sequence[int],
    folios: Sequence[str],
    cipher: Cipher = PLAIN,
) -> Joined:
    """Make `made`, built of mended rows alone, a part of the import whose good rows wait in `base`
    and whose notes are in `noted`: `lines` are those that its rows (2, 3, …) have in the file,
    `folios` what stands in them.

    A row whose folio one of the good rows has is bad. Raises AppError(STORAGE_FAILED | DISK_FULL).
    """
    try:
        with _beside(made, base, noted, cipher) as connection:
            connection.register("typed", _typed(lines, folios))
            for statement in checks.statements("mending"):
                connection.execute(statement)
            good = connection.execute(
                "SELECT line FROM mended ANTI JOIN (FROM made.note WHERE bad) USING (line)"
            )
            found = frozenset(line for (line,) in good.fetchall())
            warned = connection.execute("SELECT count(*) FROM made.note WHERE NOT bad").fetchone()
            connection.execute("CHECKPOINT made")
    except duckdb.Error as error:
        raise failure(error) from error
    return Joined(found, warned[0] if warned else 0)


def _typed(lines: Sequence[int], folios: Sequence[str]) -> pa.Table:
    """Each mended row's line in its own file and in the original, and its folio as it is stored."""
    stored, _ = clean(rearmed(pa.array(folios, pa.string())))
    own = pa.array(range(2, len(lines) + 2), pa.int32())
    return pa.table({"own": own, "line": pa.array(lines, pa.int32()), "folio": stored})


@contextmanager
def _beside(
    made: Path, base: Path, noted: Path, cipher: Cipher = PLAIN
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the three attached, `made` to be written."""
    connection = duckdb.connect(":memory:", config=dict(CONFIG))
    try:
        connection.execute(f"SET allowed_directories = [{quoted(f'{base.parent}/')}]")
        cipher.ready(connection)
        only_read = cipher.options(read_only=True)
        connection.execute(f"ATTACH {quoted(made)} AS made{cipher.options()}")
        connection.execute(f"ATTACH {quoted(base)} AS base{only_read}")
        said = "base"
        if noted != base:
            connection.execute(f"ATTACH {quoted(noted)} AS said{only_read}")
            said = "said"
        connection.execute(f"CREATE VIEW said_note AS FROM {said}.note")
        lock(connection, base.parent / "spill")
        yield connection
    finally:
        connection.close()
