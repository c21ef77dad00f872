"""A ref file once more with every CDA under another key, and all else as it lies.

Written anew, not changed in a copy: in a copy's free blocks what the old key sealed would remain.
"""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.model.load import Progress, Stage
from lib.model.rotation import Resealed
from lib.store import ref
from lib.store.cipher import PLAIN, Cipher
from lib.store.pack.build import WORK_PREFIX
from lib.store.pack.engine import scratch
from lib.store.vault import Vault

# What only a load's publication reads (pack_certificate, pack_account) stays behind.
_COPIED = (
    "name_order", "account", "system", "activation",
    "search_place", "search_gram", "search_text", "search_again", "search_letter", "search_name",
)  # fmt: skip
_AT_ONCE = 50_000  # codes
_SEALING, _PROVING = 0.3, 0.6  # from which part of it all on


def reseal(
    base: Path,
    old: Vault,
    new: Vault,
    target: Path,
    progress: Progress,
    cipher: Cipher = PLAIN,
) -> Resealed:
    """Write the ref `base` anew into `target`, its codes opened with `old` and sealed with `new`.

    It is not in force: lib/services/loads/rotating.py publishes it. Raises AppError: CDA_KEY_WRONG
    when `old` didn't seal them, ROTATION_FAILED when the engine or the disk failed. Nothing stays
    behind then.
    """
    work = target / f"{WORK_PREFIX}{uuid.uuid4().hex}"
    made = work / ref.new_name()
    try:
        work.mkdir(mode=0o700)
        with scratch(work, base, cipher) as connection:
            ref.make_tables(connection, made, cipher)
            codes = _write(connection, old, new, progress)
        ref.publish_file(made, target / made.name)
    except (duckdb.Error, OSError) as error:
        raise AppError(Reason.ROTATION_FAILED, why=type(error).__name__) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Resealed(made.name, base.name, old.fingerprint, new.fingerprint, codes)


def _write(
    connection: duckdb.DuckDBPyConnection, old: Vault, new: Vault, progress: Progress
) -> int:
    meta = [ref.REF_FORMAT, clock.now(), new.fingerprint]
    connection.execute("INSERT INTO made.meta VALUES (?, ?, ?)", meta)
    for done, table in enumerate(_COPIED):
        progress(Stage.WRITING, _SEALING * done / len(_COPIED))
        connection.execute(f"INSERT INTO made.{table} SELECT * FROM base.{table}")
    total = _count(connection, "base")
    for done in _seal(connection, old, new):
        progress(Stage.WRITING, _SEALING + (_PROVING - _SEALING) * done / total)
    for done in _prove(connection, old, new):
        progress(Stage.CHECKING, _PROVING + (0.95 - _PROVING) * done / total)
    if _count(connection, "made") != total:
        raise RuntimeError("not as many codes as before")
    ref.finish(connection)
    return total


def _seal(connection: duckdb.DuckDBPyConnection, old: Vault, new: Vault) -> Iterator[int]:
    """Every code, in the order in which they lie; how many are done, from time to time."""
    done = 0
    for rows in _batches(connection, "SELECT serial, issued_on, code FROM base.sealed_code"):
        serials, codes = rows["serial"].to_pylist(), rows["code"].to_pylist()
        again = [
            new.seal(serial, old.open(serial, code))
            for serial, code in zip(serials, codes, strict=True)
        ]
        place = rows.schema.get_field_index("code")
        connection.register("batch", rows.set_column(place, "code", pa.array(again, pa.binary())))
        connection.execute("INSERT INTO made.sealed_code BY NAME SELECT * FROM batch")
        connection.unregister("batch")
        done += len(rows)
        yield done


def _prove(connection: duckdb.DuckDBPyConnection, old: Vault, new: Vault) -> Iterator[int]:
    """Read them back: what the new key opens is what the old one does. Once the old key is thrown
    away nobody could mend it."""
    pairs = (
        "SELECT m.serial, b.code AS before, m.code FROM made.sealed_code m"
        " JOIN base.sealed_code b ON b.serial = m.serial AND b.issued_on = m.issued_on"
    )
    done = 0
    for rows in _batches(connection, pairs):
        columns = (rows[name].to_pylist() for name in ("serial", "before", "code"))
        for serial, before, code in zip(*columns, strict=True):
            if old.open(serial, before) != new.open(serial, code):
                raise RuntimeError("a code that isn't what it was")
        done += len(rows)
        yield done


def _batches(connection: duckdb.DuckDBPyConnection, question: str) -> Iterator[pa.Table]:
    """An answer a piece at a time, while its connection goes on with other things."""
    with connection.cursor() as cursor:
        for batch in cursor.execute(question).to_arrow_reader(_AT_ONCE):
            yield pa.Table.from_batches([batch])


def _count(connection: duckdb.DuckDBPyConnection, of: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {of}.sealed_code").fetchone()
    return int(row[0]) if row else 0
