"""A file of the pack as batches of columns, in bounded memory, with each row's physical line.

Nothing is dropped, merged or shifted: every record of the file is in `lines`, in `refused` or in
`blank` of exactly one batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lib.model.reading import NO_HEADING, Reading
from lib.store.pack import not_rows, parse
from lib.store.pack.dialect import Encoding, encoding_of, too_long, unreadable
from lib.store.pack.files import PackFile
from lib.store.pack.foreign import Decoder
from lib.store.pack.headings import (
    SPARE,
    Heading,
    heading_at,
    read_heading,
    record_at,
    titles_of,
)
from lib.store.pack.look import look
from lib.store.pack.parse import MAX_RECORD

BLOCK = 8 << 20  # bytes read at a time
_HEADING_WITHIN = 4 << 20  # bytes from the beginning; look.py finds it in fewer


@dataclass
class Batch:
    """Rows in file order: their lines and, by our column names, their cells as they came; empty
    ones where the file hasn't the column.

    `refused` gives (line, reason) of records that don't fit the heading, `tall` the lines of
    records that span several; `done` is the part of the file read so far, 0 to 1.
    """

    lines: npt.NDArray[np.int64]
    columns: dict[str, pa.StringArray]
    refused: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0
    tall: list[int] = field(default_factory=list)
    done: float = 1.0


def read_file(path: Path, pack_file: PackFile, reading: Reading | None = None) -> Iterator[Batch]:
    """As `reading` says, else as the file itself shows (look.py), with all of our columns by name:
    what programs write isn't guessed at.

    Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS).
    """
    reading = reading or replace(look(path, pack_file).reading, columns=())
    encoding = encoding_of(path, reading.encoding)
    try:
        yield from _batches(_blocks(path, encoding), pack_file, reading)
    except UnicodeDecodeError as error:
        raise unreadable(pack_file.name, "cambió mientras se leía; cárgalo de nuevo.") from error


def _blocks(path: Path, encoding: Encoding) -> Iterator[tuple[bytes, float]]:
    """The text as UTF-8, and how much of the file that makes."""
    decoder = Decoder(encoding.codec)
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(encoding.bom)
        while raw := stream.read(BLOCK):
            if encoding.codec == "cp1252":
                raw += stream.readline(MAX_RECORD)
            yield decoder.decode(raw).encode(), stream.tell() / size
        if cut := decoder.decode(b"", final=True):
            yield cut.encode(), 1.0


def _batches(
    blocks: Iterator[tuple[bytes, float]], pack_file: PackFile, reading: Reading
) -> Iterator[Batch]:
    held, done = next(blocks, (b"", 1.0))
    heading, titles, line, held = _take_heading(held, pack_file, reading)
    for block, next_done in blocks:
        parsed, held = parse.records(held, heading, last=False)
        _refuse_endless(held, line + parsed.height, pack_file)
        yield _told_apart(_batch(parsed, heading, pack_file, line, done), pack_file, titles)
        line, held, done = line + parsed.height, held + block, next_done
    parsed, _ = parse.records(held, heading, last=True)
    yield _told_apart(_batch(parsed, heading, pack_file, line, 1.0), pack_file, titles)


def _take_heading(
    text: bytes, pack_file: PackFile, reading: Reading
) -> tuple[Heading, dict[str, str], int, bytes]:
    """The heading, what it calls our columns, the line after it, and the text from there on."""
    lines = text[:_HEADING_WITHIN].splitlines(keepends=True)
    above = heading_at(lines, reading)
    record = record_at(lines, above)
    title = record.decode().rstrip("\r\n")
    heading = read_heading(title, pack_file, reading)
    if reading.heading_line == NO_HEADING:
        return heading, {}, 1, text
    written = titles_of(title, pack_file, reading)
    names = zip(heading.names, heading.positions, strict=True)
    begin = sum(map(len, lines[:above])) + len(record)
    line = above + 1 + len(record.splitlines())
    return heading, {name: written[at] for name, at in names if name != SPARE}, line, text[begin:]


def _refuse_endless(held: bytes, line: int, pack_file: PackFile) -> None:
    if len(held) > MAX_RECORD:
        raise too_long(pack_file.name, line)


def _batch(
    parsed: parse.Parsed, heading: Heading, pack_file: PackFile, line: int, done: float
) -> Batch:
    empty = pa.array([""], pa.string()).take(pa.array(np.zeros(len(parsed.lines), np.int64)))
    columns = {column.name: empty for column in pack_file.columns}
    for name, at in zip(heading.names, heading.positions, strict=True):
        columns[name] = parsed.columns[at]
    spare = columns.pop(SPARE, None)
    batch = Batch(
        lines=parsed.lines + line,
        columns=columns,
        refused=[(line + at, reason) for at, reason in parsed.refused],
        blank=parsed.blank,
        tall=[line + at for at in parsed.tall],
        done=done,
    )
    return _shifted_apart(batch, spare, heading) if spare is not None else batch


def _shifted_apart(batch: Batch, spare: pa.StringArray, heading: Heading) -> Batch:
    """With the rows that have something after the last separator among the refused."""
    filled = pc.indices_nonzero(pc.not_equal(pc.utf8_trim_whitespace(spare), "")).to_pylist()
    why = parse.misfit("sobran", heading.width, heading.width - 1)
    return _apart(batch, dict.fromkeys(filled, why))


def _told_apart(batch: Batch, pack_file: PackFile, titles: dict[str, str]) -> Batch:
    """The batch, with the rows that are none among the refused."""
    return _apart(batch, not_rows.found(batch.columns, titles) if pack_file.exported else {})


def _apart(batch: Batch, none: dict[int, str]) -> Batch:
    """Without these rows, by their places, which are refused with their reasons."""
    if not none:
        return batch
    kept = np.delete(np.arange(len(batch.lines)), list(none))
    refused = [(int(batch.lines[row]), reason) for row, reason in none.items()]
    return replace(
        batch,
        lines=batch.lines[kept],
        columns={name: c.take(pa.array(kept)) for name, c in batch.columns.items()},
        refused=sorted([*batch.refused, *refused]),
        tall=[line for line in batch.tall if line not in {line for line, _ in refused}],
    )
