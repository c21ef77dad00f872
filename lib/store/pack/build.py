"""A new ref file from the base's rows and a pack's: rows absent from the pack stay."""

import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType

import duckdb

from lib.model.errors import AppError, Reason
from lib.model.load import Built, FileCounts, Progress, RowNote, Stage
from lib.model.reading import Reading
from lib.store import ref
from lib.store.cipher import PLAIN, Cipher
from lib.store.pack import checks
from lib.store.pack.compare import check_rows, compare
from lib.store.pack.engine import scratch
from lib.store.pack.files import FILES, PackFile
from lib.store.pack.folder import find_files
from lib.store.pack.staging import stage
from lib.store.pack.writing import write
from lib.store.vault import Vault

WORK_PREFIX = ".build-"  # a build's own folder, inside the folder of ref files
_NOTE = tuple(field.name for field in fields(RowNote))
_WARNED = "FROM remark ANTI JOIN aside USING (file, line)"
_READING = 0.5  # the part of a build that reading takes, about


def build(
    pack: Path,
    base: Path | None,
    vault: Vault,
    target: Path,
    progress: Progress,
    readings: Mapping[PackFile, Reading] = MappingProxyType({}),
    *,
    noted: bool = False,
    cipher: Cipher = PLAIN,
) -> Built:
    """Write a new ref file into `target` from the folder `pack` on top of `base`; `readings` says
    of the files that somebody looked at how they are read. `noted` leaves the notes in the file
    (noted.py), however many, and out of what is returned.

    It is not in force: lib/services/loads/loading.py publishes it. Raises AppError: NO_PACK,
    UNREADABLE_FILE, MISSING_COLUMNS, CDA_KEY_WRONG when the base's CDAs are sealed by another
    key, REF_OLDER or DATABASE_NEWER when the base is of another format, LOAD_FAILED when the
    engine or the disk did. Nothing stays behind when it fails.
    """
    found = find_files(pack)
    try:
        return _build(
            found, pack, base, vault, target, progress, readings, noted=noted, cipher=cipher
        )
    except (duckdb.Error, OSError) as error:
        raise AppError(Reason.LOAD_FAILED, why=type(error).__name__) from error


def _build(
    found: dict[PackFile, Path],
    pack: Path,
    base: Path | None,
    vault: Vault,
    target: Path,
    progress: Progress,
    readings: Mapping[PackFile, Reading],
    *,
    noted: bool,
    cipher: Cipher,
) -> Built:
    work = target / f"{WORK_PREFIX}{uuid.uuid4().hex}"
    work.mkdir(mode=0o700)
    try:
        with scratch(work, base, cipher) as connection:
            _check_base(connection, base, vault)
            files = _stage(connection, found, vault, progress, readings)
            progress(Stage.CHECKING, _READING)
            checks.check(connection)
            progress(Stage.COMPARING, 0.6)
            changes = compare(connection, files)
            made = work / ref.new_name()
            _count_notes(connection, files)
            check_rows(connection, files)
            notes = ([], []) if noted else _notes(connection)
            write(connection, base, made, vault, progress, cipher, whole=changes, noted=noted)
        ref.publish_file(made, target / made.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    base_name = base.name if base else ""
    return Built(made.name, base_name, vault.fingerprint, str(pack), changes, files, *notes)


def _check_base(connection: duckdb.DuckDBPyConnection, base: Path | None, vault: Vault) -> None:
    if not base:
        return
    row = connection.execute("SELECT format, key_fingerprint FROM base.meta").fetchone()
    ref.check_format(row, base)
    if row and row[1] != vault.fingerprint:
        raise AppError(Reason.CDA_KEY_WRONG)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    found: dict[PackFile, Path],
    vault: Vault,
    progress: Progress,
    readings: Mapping[PackFile, Reading],
) -> dict[str, FileCounts]:
    """Read every file, telling how many of all their bytes are read."""
    sizes = {pack_file: path.stat().st_size for pack_file, path in found.items()}
    total, before = max(sum(sizes.values()), 1), 0
    files = {}
    for pack_file, path in found.items():
        tell = _teller(progress, before / total, sizes[pack_file] / total)
        how = readings.get(pack_file)
        files[pack_file.name] = stage(connection, path, pack_file, vault, tell, how)
        before += sizes[pack_file]
    return files


def _teller(progress: Progress, before: float, share: float) -> Callable[[float], None]:
    return lambda done: progress(Stage.READING, _READING * (before + share * done))


def _count_notes(connection: duckdb.DuckDBPyConnection, files: dict[str, FileCounts]) -> None:
    """Fill in how many rows are set aside, and how many warnings the others have."""
    aside = connection.execute("SELECT file, count(DISTINCT line) FROM aside GROUP BY file")
    for file, rows in aside.fetchall():
        files[file].set_aside = rows
    warned = connection.execute(f"SELECT file, count(*) {_WARNED} GROUP BY file")
    for file, notes in warned.fetchall():
        files[file].warnings = notes


def _notes(connection: duckdb.DuckDBPyConnection) -> tuple[list[RowNote], list[RowNote]]:
    """Why rows are set aside, and remarks on the rest, by file and line."""
    order = f"list_position({[f.name for f in FILES]}, file), line"
    aside = _read_notes(connection, f"FROM aside ORDER BY {order}, rowid")
    return aside, _read_notes(connection, f"{_WARNED} ORDER BY {order}, field")


def _read_notes(connection: duckdb.DuckDBPyConnection, source: str) -> list[RowNote]:
    rows = connection.execute(f"SELECT {', '.join(_NOTE)} {source}").fetchall()
    return [RowNote(*row) for row in rows]
