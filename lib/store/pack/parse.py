"""Records of a block of text: all at once where quotes are in order, else one at a time."""

import csv
import io
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from lib.store.pack import foreign
from lib.store.pack.headings import Heading
from lib.store.pack.records import MAX_RECORD, Record, read_records
from lib.store.pack.scan import Scan, scan

__all__ = ["MAX_RECORD", "Parsed", "records"]


_ENDS = "; si todas acaban en separador, ponlo también en el encabezado"


@dataclass
class Parsed:
    """Lines count from 0 at the block's start; columns go by their place in the heading."""

    lines: npt.NDArray[np.int64]
    columns: dict[int, pa.StringArray]
    height: int  # physical lines taken
    refused: list[tuple[int, str]] = field(default_factory=list)
    blank: int = 0
    tall: list[int] = field(default_factory=list)


def records(block: bytes, heading: Heading, *, last: bool) -> tuple[Parsed, bytes]:
    """The block's records and the bytes left for the next block (none when `last`)."""
    if last and block and not block.endswith((b"\n", b"\r")):
        block += b"\n"
    found = None if heading.spaced else scan(block, heading.separator, heading.quote)
    rest = len(block) - found.used if found else 0
    if found is None or (rest and last) or rest > MAX_RECORD:
        return _one_by_one(block, heading, last=last)
    parsed = _at_once(block, found, heading)
    if parsed is None:
        return _one_by_one(block, heading, last=last)
    return parsed, block[found.used :]


# ---- all at once -------------------------------------------------------------------------------


def _at_once(block: bytes, found: Scan, heading: Heading) -> Parsed | None:
    """None when the two readers disagree on how many records there are, or when a quote may have
    joined rows."""
    spoilt = _spoilt(block, found)
    fits = found.widths == heading.width
    fits[list(spoilt)] = False
    height = block[: found.used].count(b"\n")
    if not fits.all() and (np.diff(np.append(found.lines, height))[~fits] > 1).any():
        return None
    columns = _columns(_without(block, found, np.flatnonzero(~fits)), heading)
    if columns is None or any(len(c) != fits.sum() for c in columns.values()):
        return None
    parsed = Parsed(found.lines[fits], columns, height)
    for at in np.flatnonzero(~fits):
        line = int(found.lines[at])
        if int(at) in spoilt:
            parsed.refused.append((line, spoilt[int(at)]))
        else:
            _refuse(parsed, _fields(block, found, int(at), heading), line, heading)
    _drop_blank(parsed, block, found, np.flatnonzero(fits), heading)
    parsed.tall = _tall(found, parsed)
    return None if _has_joined(parsed, heading) else parsed


def _spoilt(block: bytes, found: Scan) -> dict[int, str]:
    """The whole records with bytes that aren't the file's own, and why each can't be read."""
    if not foreign.any_in(block):
        return {}
    texts = (block[a:b] for a, b in zip(found.starts, found.ends, strict=True))
    reasons = ((at, foreign.reason(text)) for at, text in enumerate(texts))
    return {at: reason for at, reason in reasons if reason}


def _without(block: bytes, found: Scan, unfit: npt.NDArray[np.int64]) -> bytes:
    """The block's whole records but those."""
    pieces, begin = [], 0
    for at in unfit:
        pieces.append(block[begin : found.starts[at]])
        begin = found.ends[at]
    pieces.append(block[begin : found.used])
    return b"".join(pieces)


def _columns(body: bytes, heading: Heading) -> dict[int, pa.StringArray] | None:
    names = [str(at) for at in range(heading.width)]
    wanted = [names[at] for at in heading.positions]
    if not body:
        return {at: pa.array([], pa.string()) for at in heading.positions}
    quoted = heading.quote.encode() in body
    try:
        table = pacsv.read_csv(
            pa.BufferReader(body),
            pacsv.ReadOptions(column_names=names, block_size=len(body) + 1),
            pacsv.ParseOptions(
                delimiter=heading.separator,
                quote_char=heading.quote if quoted else False,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
            ),
            pacsv.ConvertOptions(
                include_columns=wanted, column_types={name: pa.string() for name in wanted}
            ),
        )
    except pa.ArrowInvalid:
        return None
    return {int(name): table[name].combine_chunks() for name in wanted}


def _drop_blank(
    parsed: Parsed, block: bytes, found: Scan, fit: npt.NDArray[np.int64], heading: Heading
) -> None:
    """Rows of nothing but separators and spaces are counted, not kept."""
    key = pc.utf8_trim_whitespace(parsed.columns[heading.positions[0]])
    keyless = pc.indices_nonzero(pc.equal(key, "")).to_numpy()
    blank = [i for i in keyless if _is_blank(_fields(block, found, int(fit[i]), heading))]
    if blank:
        kept = np.delete(np.arange(len(fit)), blank)
        parsed.lines = parsed.lines[kept]
        parsed.columns = {at: c.take(pa.array(kept)) for at, c in parsed.columns.items()}
        parsed.blank += len(blank)


def _fields(block: bytes, found: Scan, at: int, heading: Heading) -> list[str]:
    text = block[found.starts[at] : found.ends[at]].decode()
    if heading.quote not in text:
        return text.rstrip("\r\n").split(heading.separator)
    lines = io.StringIO(text, newline="")
    return next(csv.reader(lines, delimiter=heading.separator, quotechar=heading.quote), [])


def _tall(found: Scan, parsed: Parsed) -> list[int]:
    heights = np.diff(np.append(found.lines, parsed.height))
    tall = found.lines[heights > 1]
    return [int(line) for line in tall[np.isin(tall, parsed.lines)]]


def _has_joined(parsed: Parsed, heading: Heading) -> bool:
    """Whether a key has a line end: then a quote left open joined two rows."""
    if not parsed.tall:
        return False
    tall = pa.array(np.flatnonzero(np.isin(parsed.lines, parsed.tall)))
    keys = (pc.utf8_trim_whitespace(parsed.columns[at].take(tall)) for at in heading.keys)
    return any(pc.any(pc.match_substring_regex(key, "[\r\n]")).as_py() for key in keys)


# ---- one at a time -----------------------------------------------------------------------------


def _one_by_one(block: bytes, heading: Heading, *, last: bool) -> tuple[Parsed, bytes]:
    whole = len(block) if last else block.rfind(b"\n") + 1
    text = block[:whole].decode()
    found, left = read_records(text, heading, last=last, width=heading.width, keys=heading.keys)
    rest = left.encode() + block[whole:]
    if len(rest) > MAX_RECORD and left:
        found, left = read_records(text, heading, last=True, width=heading.width, keys=heading.keys)
        rest = block[whole:]
    return _gathered(found, heading, len(text) - len(left), text), rest


def _gathered(found: list[Record], heading: Heading, taken: int, text: str) -> Parsed:
    height = sum(1 for _ in io.StringIO(text[:taken], newline=""))
    parsed = Parsed(np.empty(0, np.int64), {}, height)
    good, odd = [], foreign.any_in(text.encode())
    for record in found:
        spoilt = foreign.reason("".join(record.fields).encode()) if odd else ""
        if problem := record.problem or spoilt:
            parsed.refused.append((record.line, problem))
        elif len(record.fields) != heading.width or _is_blank(record.fields):
            _refuse(parsed, record.fields, record.line, heading)
        else:
            good.append(record)
    parsed.lines = np.array([record.line for record in good], np.int64)
    for at in heading.positions:
        parsed.columns[at] = pa.array([record.fields[at] for record in good], pa.string())
    parsed.tall = [record.line for record in good if record.tall]
    return parsed


# ---- both --------------------------------------------------------------------------------------


def _refuse(parsed: Parsed, fields: list[str], line: int, heading: Heading) -> None:
    if _is_blank(fields):
        parsed.blank += 1
        return
    has, needs = len(fields), heading.width - heading.trailing
    what = "faltan" if has < needs else "sobran"
    why = misfit(what, has, needs)
    if heading.trailing and has == needs:
        why = "no acaba en separador como las demás filas: puede faltarle una celda"
    # Not taken for the same: a name with a separator in it moves the cells of its row just so.
    ends = not heading.trailing and has == needs + 1 and not fields[-1].strip()
    parsed.refused.append((line, why + _ENDS if ends else why))


def misfit(what: str, has: int, needs: int) -> str:
    return f"{what} campos: la fila tiene {has} y el encabezado {needs}"


def _is_blank(fields: list[str]) -> bool:
    return not any(cell.strip() for cell in fields)
