"""A workbook (XLSX, ODS) as CSV, read by a process of its own with little memory and little time:
whatever a hostile file does there, the desk goes on.

The child is `python -m lib.sheets.unpacking`; it answers with one line of JSON.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.model.errors import AppError, Reason
from lib.model.reading import FileKind

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 240  # by the clock, on a machine with other work; the child's own limit is of processor
_MOST_UNPACKED = 2 << 30  # bytes: a million rows of ten columns are about 600 MB
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what Excel calls a workbook with a password
_PASSWORD = "tiene contraseña; quítasela en Excel y súbelo de nuevo."  # noqa: S105
_DAMAGED = "está dañado o incompleto; ábrelo en Excel, guárdalo de nuevo y súbelo."
_TOO_BIG = "pide más memoria o tiempo de lo permitido; deja solo las filas y guárdalo como CSV."


@dataclass(frozen=True)
class Sheets:
    """The workbook's sheets, and which one was written out."""

    names: tuple[str, ...]
    chosen: str


def kind_of(path: Path, file: str) -> FileKind | None:
    """What kind of workbook a file is by its content; None: not a workbook at all.

    Raises AppError(UNREADABLE_FILE) when it is one that can't be read.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
        if head.startswith(_OLD_EXCEL):
            raise _refused(file, _old(stream.read(1 << 20)))
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            return _kind(archive, file)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as error:
        raise _refused(file, _DAMAGED) from error


def to_csv(path: Path, file: str, out: Path, headings: Sequence[str], sheet: str | None) -> Sheets:
    """Write one sheet to `out` as UTF-8 CSV with commas, a line for each of its rows: the sheet
    named, else the first that shows most of these headings.

    Raises AppError(UNREADABLE_FILE).
    """
    job = json.dumps({"path": str(path), "out": str(out), "headings": [*headings], "sheet": sheet})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lib.sheets.unpacking"],
            cwd=_ROOT,
            input=job.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise _refused(file, _TOO_BIG) from error
    if done.returncode:
        raise _refused(file, _TOO_BIG)
    answer = json.loads(done.stdout)
    if "problem" in answer:
        raise _refused(file, _PROBLEMS[answer["problem"]])
    return Sheets(tuple(answer["sheets"]), answer["sheet"])


_PROBLEMS = {
    "password": _PASSWORD,
    "damaged": _DAMAGED,
    "no_sheet": "ya no tiene la hoja elegida; elige otra.",
    "empty": "no tiene ninguna fila en sus hojas.",
}


def _kind(archive: zipfile.ZipFile, file: str) -> FileKind:
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise _refused(file, _PASSWORD)
    if "xl/workbook.bin" in names:
        raise _refused(file, "es un libro binario (.xlsb); guárdalo como .xlsx.")
    kind = FileKind.XLSX if "xl/workbook.xml" in names else FileKind.ODS
    if kind is FileKind.ODS and "content.xml" not in names:
        raise _refused(file, "es un archivo comprimido, no una hoja de cálculo; descomprímelo.")
    if sum(member.file_size for member in members) > _MOST_UNPACKED:
        raise _refused(file, "al descomprimirse ocuparía más de 2 GB; guárdalo como CSV.")
    return kind


def _old(body: bytes) -> str:
    if _ENCRYPTED in body:
        return _PASSWORD
    return "es un libro de Excel antiguo (.xls); guárdalo como .xlsx."


def _refused(file: str, why: str) -> AppError:
    return AppError(Reason.UNREADABLE_FILE, file=file, why=why)
