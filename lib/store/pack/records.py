"""Records of a block whose quotes are not all in order, one at a time by the csv module.

A record that breaks is set aside alone: reading goes on at the line after the one where it began,
so an unclosed quote never swallows the good rows below it. So is one of several lines that doesn't
fit the heading or has a line end inside a key: a quote joined two rows.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

MAX_RECORD = 1 << 20  # bytes that a record may take: more is an unclosed quote, or not a CSV

# The csv module keeps this limit for the whole process; nothing else here reads CSV.
csv.field_size_limit(MAX_RECORD)

_REASONS = (
    ("field larger", "las comillas que abren aquí no se cierran"),
    ("unexpected end", "las comillas que abren aquí no se cierran"),
)


class Dialect(Protocol):
    """How records are written: a Reading or a Heading."""

    @property
    def separator(self) -> str: ...
    @property
    def quote(self) -> str: ...
    @property
    def spaced(self) -> bool: ...


_GLUED = "comillas que abren a media celda: falta un separador antes de ellas"
_JOINED = "las comillas que abren aquí se cierran en otra línea: parecen unir dos filas"


@dataclass(frozen=True)
class Record:
    """`line` counts from 0 in its block; `problem` is why it can't be read ("" = it can); a tall
    one spans several lines."""

    line: int
    fields: list[str]
    problem: str = ""
    tall: bool = False


def read_records(
    text: str, how: Dialect, *, last: bool, width: int = 0, keys: Sequence[int] = ()
) -> tuple[list[Record], str]:
    """Every record of `text`, and the text left for the next block: without `last`, a record that
    is still open at the end. `width` is how many fields the heading has, `keys` which of them
    never hold a line end, when that is known."""
    feed = _Feed(list(io.StringIO(text, newline="")))
    reader = csv.reader(
        feed,
        delimiter=how.separator,
        quotechar=how.quote,
        skipinitialspace=how.spaced,
        strict=True,
    )
    records: list[Record] = []
    while feed.at < len(feed.lines):
        begin = feed.at
        try:
            fields = next(reader)
            tall = feed.at > begin + 1
            if tall and width and _is_joined(fields, width, keys):
                records.append(Record(begin, [], _JOINED))
                feed.at = begin + 1
            elif _is_glued("".join(feed.lines[begin : feed.at]), how):
                records.append(Record(begin, [], _GLUED, tall=tall))
            else:
                records.append(Record(begin, fields, tall=tall))
        except csv.Error as error:
            if not last and feed.at == len(feed.lines) and "unexpected end" in str(error):
                return records, "".join(feed.lines[begin:])
            escaped = _escaped(feed.lines[begin], how)
            fits = escaped and len(escaped) == width
            records.append(Record(begin, escaped if fits else [], "" if fits else _reason(error)))
            feed.at = begin + 1
    return records, ""


class _Feed:
    """Lines for the csv module that can be gone back over."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.at == len(self.lines):
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]


def _is_joined(fields: list[str], width: int, keys: Sequence[int]) -> bool:
    if len(fields) != width:
        return any(cell.strip() for cell in fields)
    return any(end in fields[at].strip() for at in keys for end in "\r\n")


def _is_glued(text: str, how: Dialect) -> bool:
    """Whether a quote opens within a cell and closes where one ends, with a separator between: the
    cell before it has lost its own, and the row would be shifted. An inch mark opens nothing."""
    if how.quote not in text:
        return False
    found = _glued(how.separator, how.quote).finditer(text)
    return any(how.separator in quoted[1] for quoted in found)


@lru_cache(maxsize=64)
def _glued(separator: str, quote: str) -> re.Pattern[str]:
    s, q = re.escape(separator), re.escape(quote)
    within = rf"[^\s{s}{q}]"
    return re.compile(rf"{within}{q}({within}(?:[^{q}]|{q}{q})*+){q}(?={s}|[\r\n]|\Z)")


def _escaped(line: str, how: Dialect) -> list[str]:
    """The line's fields when its quotes are escaped by a backslash; [] when they aren't."""
    if "\\" + how.quote not in line:
        return []
    reader = csv.reader(
        [line],
        delimiter=how.separator,
        quotechar=how.quote,
        escapechar="\\",
        doublequote=False,
        strict=True,
    )
    try:
        return next(reader)
    except (csv.Error, StopIteration):
        return []


def _reason(error: csv.Error) -> str:
    text = str(error)
    return next((why for sign, why in _REASONS if sign in text), "comillas mal cerradas")
