"""How a file of rows is read: what was found in it, and what a person chose instead."""

from dataclasses import dataclass
from enum import StrEnum


class FileKind(StrEnum):
    """What the rows came in; words in lib/ui/imports/reading_words.py."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    PASTED = "pasted"


# By codec. The first four are found alone; the rest look like Windows-1252, so a person says so.
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp850", "mac-roman")
# By how often they are seen; a space last, since our own headings hold some.
SEPARATORS = (";", ",", "\t", "|", "^", "~", ":", " ")

NO_HEADING = 0  # as a heading's line: the columns come in the template's order


@dataclass(frozen=True)
class Choice:
    """What a person says of a file; None = find it."""

    kind: FileKind | None = None
    encoding: str | None = None  # one of ENCODINGS
    separator: str | None = None
    heading_line: int | None = None  # from 1, or NO_HEADING
    sheet: str | None = None


@dataclass(frozen=True)
class Reading:
    """How a file is read. `heading_line` counts physical lines (a sheet's rows) from 1; `titles`
    are the lines above it that aren't blank, skipped; `spaced`: a space stands before quotes."""

    kind: FileKind = FileKind.CSV
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    spaced: bool = False
    heading_line: int = 1
    titles: int = 0
    sheet: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Look:
    """A file's reading with its headings as written and, in their order, the first cells under
    each: () under a heading that speaks of CDAs."""

    reading: Reading
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
