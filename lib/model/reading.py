"""How a file of rows is read: what was found in it, and what a person chose instead."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


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

# (our column's name, its place from 0 in the heading; None = it isn't in the file)
Columns = tuple[tuple[str, int | None], ...]


class Found(StrEnum):
    """How a column of ours was found in a file; words in lib/ui/imports/reading_words.py."""

    NAME = "name"
    SYNONYM = "synonym"
    CONTENT = "content"  # by what it holds: a guess, to be looked at
    ORDER = "order"  # without a heading: in the template's order
    PERSON = "person"
    REMEMBERED = "remembered"  # as somebody said of a file with the same headings
    DOUBLED = "doubled"  # two headings name it: a person has to say which
    ABSENT = "absent"


@dataclass(frozen=True)
class Choice:
    """What a person says of a file; None = find it.

    `columns` says where each of our columns stands; `named` only where some do, as (ours, the
    file's heading or "" for none). Without `remembered`, what was said of such headings before
    isn't followed.
    """

    kind: FileKind | None = None
    encoding: str | None = None  # one of ENCODINGS
    separator: str | None = None
    heading_line: int | None = None  # from 1, or NO_HEADING
    sheet: str | None = None
    columns: Columns | None = None
    named: tuple[tuple[str, str], ...] = ()
    remembered: bool = True


@dataclass(frozen=True)
class Reading:
    """How a file is read. `heading_line` counts physical lines (a sheet's rows) from 1; `titles`
    are the lines above it that aren't blank, skipped; `spaced`: a space stands before quotes;
    `trailing`: each row ends in a separator that the heading hasn't, with nothing after it.
    `columns` has every column of ours; () before anybody looked for them."""

    kind: FileKind = FileKind.CSV
    encoding: str = "utf-8"
    separator: str = ","
    quote: str = '"'
    spaced: bool = False
    heading_line: int = 1
    titles: int = 0
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    columns: Columns = ()
    trailing: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Reading":
        """Raises KeyError or TypeError when it isn't what asdict() makes."""
        columns = tuple((name, at) for name, at in value["columns"])
        parts = {"kind": FileKind(value["kind"]), "columns": columns}
        return cls(**dict(value) | parts | {"sheets": tuple(value["sheets"])})


@dataclass(frozen=True)
class Mapped:
    """Who said last where the columns stand under such headings, and when (UTC)."""

    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Look:
    """A file's reading with its headings as written and, in their order, the first cells under
    each: () under a heading that speaks of CDAs. `found` is how each of `reading.columns` was;
    `automatic` where they stand when nobody is asked; `mapped` whose word is followed, if that of
    somebody before; `unsaid` the places under no heading that are none of ours and hold
    something."""

    reading: Reading
    headings: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    found: tuple[Found, ...] = ()
    automatic: Columns = ()
    mapped: Mapped | None = None
    unsaid: frozenset[int] = frozenset()

    @property
    def kept(self) -> "ReadAs":
        """What a batch keeps of it."""
        at = ((name, place) for name, place in self.reading.columns if place is not None)
        headings = {name: self.headings[place].strip() for name, place in at}
        return ReadAs(self.reading, headings, self.how, self.mapped.by if self.mapped else "")

    @property
    def how(self) -> dict[str, Found]:
        """By our columns' names, how each was found."""
        return {name: how for (name, _), how in zip(self.reading.columns, self.found, strict=True)}


@dataclass(frozen=True)
class ReadAs:
    """How the file of an import was read: by our columns' names under which heading each stood and
    how it was found; `mapped_by` whose earlier word that follows ("" = nobody's)."""

    reading: Reading
    headings: Mapping[str, str]
    found: Mapping[str, Found]
    mapped_by: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "ReadAs":
        """Raises KeyError or TypeError when it isn't what to_json wrote."""
        reading = Reading.from_json(value["reading"])
        found = {name: Found(how) for name, how in value["found"].items()}
        return cls(reading, dict(value["headings"]), found, value["mapped_by"])
