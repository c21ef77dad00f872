"""Records of a block whose quotes are not all in order, one at a time by the csv module.

A record that breaks is set aside alone: reading goes on at the line after the one where it began,
so an unclosed quote never swallows the good rows below it.
"""

import csv
import io
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Record:
    """`line` counts from 0 in its block; `problem` is why it can't be read ("" = it can); a tall
    one spans several lines."""

    line: int
    fields: list[str]
    problem: str = ""
    tall: bool = False


def read_records(text: str, how: Dialect, *, last: bool) -> tuple[list[Record], str]:
    """Every record of `text`, and the text left for the next block: without `last`, a record that
    is still open at the end."""
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
            records.append(Record(begin, fields, tall=feed.at > begin + 1))
        except csv.Error as error:
            if not last and feed.at == len(feed.lines) and "unexpected end" in str(error):
                return records, "".join(feed.lines[begin:])
            records.append(Record(begin, [], _reason(error)))
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


def _reason(error: csv.Error) -> str:
    text = str(error)
    return next((why for sign, why in _REASONS if sign in text), "comillas mal cerradas")
