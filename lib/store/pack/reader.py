"""A file of the pack as batches of columns, in bounded memory, with each row's physical line.

Nothing is dropped, merged or shifted: every record of the file is in `lines`, in `refused` or in
`blank` of exactly one batch.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lib.store.pack import parse
from lib.store.pack.dialect import Encoding, find_encoding, unreadable
from lib.store.pack.files import PackFile
from lib.store.pack.headings import Heading, read_heading
from lib.store.pack.parse import MAX_RECORD

BLOCK = 8 << 20  # bytes read at a time


@dataclass
class Batch:
    """Rows in file order: their lines and, by our column names, their cells as they came.

    `refused` gives (line, reason) of records that don't fit the heading, `tall` the lines of
    records that span several; `done` is the part of the file read so far, 0 to 1.
    """

    lines: npt.NDArray[np.int64]
    columns: dict[str, pa.StringArray]
    refused: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0
    tall: list[int] = field(default_factory=list)
    done: float = 1.0


def read_file(path: Path, pack_file: PackFile) -> Iterator[Batch]:
    """Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS)."""
    encoding = find_encoding(path, pack_file.name)
    try:
        yield from _batches(_blocks(path, encoding), pack_file)
    except UnicodeDecodeError as error:
        raise unreadable(pack_file.name, "cambió mientras se leía; cárgalo de nuevo.") from error


def _blocks(path: Path, encoding: Encoding) -> Iterator[tuple[bytes, float]]:
    """The text as UTF-8, and how much of the file that makes."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(encoding.bom)
        while raw := stream.read(BLOCK):
            yield decoder.decode(raw).encode(), stream.tell() / size


def _batches(blocks: Iterator[tuple[bytes, float]], pack_file: PackFile) -> Iterator[Batch]:
    held, done = next(blocks, (b"", 1.0))
    heading, line, held = _take_heading(held, pack_file)
    for block, next_done in blocks:
        parsed, held = parse.records(held, heading, last=False)
        _refuse_endless(held, line + parsed.height, pack_file)
        yield _batch(parsed, heading, pack_file, line, done)
        line, held, done = line + parsed.height, held + block, next_done
    parsed, _ = parse.records(held, heading, last=True)
    yield _batch(parsed, heading, pack_file, line, 1.0)


def _take_heading(text: bytes, pack_file: PackFile) -> tuple[Heading, int, bytes]:
    """The heading, the line after it, and the text from there on. Blank lines may come before."""
    line = 1
    while text:
        first, rest = _first_record(text)
        _refuse_endless(first, line, pack_file)
        line += len(first.splitlines())
        if first.strip():
            return read_heading(first.decode().rstrip("\r\n"), pack_file), line, rest
        text = rest
    raise unreadable(pack_file.name, "está vacío.")


def _first_record(text: bytes) -> tuple[bytes, bytes]:
    """Up to the first line end with an even number of quotes before it."""
    ending = b"\n" if b"\n" in text[:MAX_RECORD] else b"\r"
    end = text.find(ending) + 1
    while end and text.count(b'"', 0, end) % 2 and end < MAX_RECORD:
        end = text.find(ending, end) + 1
    return (text[:end], text[end:]) if end else (text, b"")


def _refuse_endless(held: bytes, line: int, pack_file: PackFile) -> None:
    if len(held) > MAX_RECORD:
        raise unreadable(pack_file.name, f"la línea {line} mide más de 1 MB: no es un CSV.")


def _batch(
    parsed: parse.Parsed, heading: Heading, pack_file: PackFile, line: int, done: float
) -> Batch:
    names = (c.name for c in pack_file.columns)
    return Batch(
        lines=parsed.lines + line,
        columns={n: parsed.columns[at] for n, at in zip(names, heading.positions, strict=True)},
        refused=[(line + at, reason) for at, reason in parsed.refused],
        blank=parsed.blank,
        tall=[line + at for at in parsed.tall],
        done=done,
    )
