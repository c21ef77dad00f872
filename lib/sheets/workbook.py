"""A workbook (XLSX, ODS) as CSV, read by a process of its own with little memory and little time:
whatever a hostile file does there, the desk goes on.

The child is `python -m lib.sheets.unpacking`; it answers with one line of JSON.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib.model.errors import AppError, Reason
from lib.model.reading import FileKind

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 240  # by the clock, on a machine with other work; the child's own limit is of processor
_LOOK_S = 0.2  # between two looks at whether it is still wanted
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what Excel calls a workbook with a password
_PASSWORD = "tiene contraseña; quítasela en Excel y súbelo de nuevo."  # noqa: S105
_TOO_BIG = "pide más memoria o tiempo de lo permitido; deja solo las filas y guárdalo como CSV."


_PROBLEMS = {
    "password": _PASSWORD,
    "damaged": "está dañado o incompleto; ábrelo en Excel, guárdalo de nuevo y súbelo.",
    "binary": "es un libro binario (.xlsb); guárdalo como .xlsx.",
    "archive": "es un archivo comprimido, no una hoja de cálculo; descomprímelo.",
    "huge": "al descomprimirse ocuparía más de 2 GB; guárdalo como CSV.",
    "no_sheet": "ya no tiene la hoja elegida; elige otra.",
    "empty": "no tiene ninguna fila en sus hojas; revisa que se haya guardado completo.",
}


@dataclass(frozen=True)
class Sheets:
    """The workbook's kind and sheets, and which one was written out."""

    kind: FileKind
    names: tuple[str, ...]
    chosen: str


def is_workbook(path: Path, file: str) -> bool:
    """Whether a file is one by how it begins. Raises AppError(UNREADABLE_FILE) for an old one."""
    with path.open("rb") as stream:
        head = stream.read(8)
        if head.startswith(_OLD_EXCEL):
            raise _refused(file, _old(stream.read(1 << 20)))
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def to_csv(
    path: Path,
    file: str,
    out: Path,
    headings: Sequence[Sequence[str]],
    sheet: str | None,
    told: Callable[[], None] = lambda: None,
) -> Sheets:
    """Write one sheet to `out` as UTF-8 CSV with commas, a line for each of its rows: the sheet
    named, else the first that shows most of the columns, each by what it may be called: its
    heading's words (lib/model/heading.py) or itself without signs. `told` is called now and then
    while it goes on; what it raises ends the child at once.

    Raises AppError(UNREADABLE_FILE).
    """
    job = json.dumps(
        {"path": str(path), "out": str(out), "headings": [*map(list, headings)], "sheet": sheet}
    )
    try:
        said = _said_by_child(job.encode(), told)
    except (subprocess.SubprocessError, OSError) as error:
        raise _refused(file, _TOO_BIG) from error
    answer = json.loads(said)
    if "problem" in answer:
        raise _refused(file, _PROBLEMS[answer["problem"]])
    return Sheets(FileKind(answer["kind"]), tuple(answer["sheets"]), answer["sheet"])


def _said_by_child(job: bytes, told: Callable[[], None]) -> bytes:
    """Its answer. Raises subprocess.SubprocessError when it ends badly or takes too long."""
    told()
    with _started() as child:
        try:
            said = _communicated(child, job, told, time.monotonic() + _SECONDS)
        finally:
            child.kill()
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    return said


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "lib.sheets.unpacking"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _communicated(
    child: "subprocess.Popen[bytes]", job: bytes | None, told: Callable[[], None], until: float
) -> bytes:
    while True:
        try:
            left = max(0.0, until - time.monotonic())
            said, _ = child.communicate(job, timeout=min(_LOOK_S, left))
            return said
        except subprocess.TimeoutExpired:
            if time.monotonic() >= until:
                raise
            job = None  # it has it, or will
            told()


def _old(body: bytes) -> str:
    if _ENCRYPTED in body:
        return _PASSWORD
    return "es un libro de Excel antiguo (.xls); guárdalo como .xlsx."


def _refused(file: str, why: str) -> AppError:
    """Reading it otherwise helps none of these, but where another sheet does."""
    hopeless = why != _PROBLEMS["no_sheet"]
    return AppError(Reason.UNREADABLE_FILE, file=file, why=why, hopeless=hopeless)
