"""The first line: which separator, and where each column of ours stands."""

import csv
from dataclasses import dataclass

from lib.model.errors import AppError, Reason
from lib.model.text import fold
from lib.store.pack.dialect import unreadable
from lib.store.pack.files import PackFile

_SEPARATORS = ";,\t"


@dataclass(frozen=True)
class Heading:
    """`positions` gives, for each of our columns in order, its place in a record of `width`."""

    separator: str
    width: int
    positions: tuple[int, ...]


def read_heading(line: str, pack_file: PackFile) -> Heading:
    """Raises AppError(UNREADABLE_FILE | MISSING_COLUMNS)."""
    separator = _separator(line)
    try:
        (titles,) = csv.reader([line], delimiter=separator, strict=True)
    except csv.Error as error:
        raise unreadable(pack_file.name, "el encabezado tiene comillas mal cerradas.") from error
    found = [_plain(title) for title in titles]
    _refuse_duplicates(found, titles, pack_file)
    missing = [c.heading for c in pack_file.columns if _plain(c.heading) not in found]
    if missing:
        raise AppError(Reason.MISSING_COLUMNS, file=pack_file.name, columns=", ".join(missing))
    places = tuple(found.index(_plain(c.heading)) for c in pack_file.columns)
    return Heading(separator, len(found), places)


def _separator(line: str) -> str:
    """The candidate found most often outside quotes."""
    outside = "".join(line.split('"')[::2])
    return max(_SEPARATORS, key=outside.count)


def _plain(title: str) -> str:
    """What two spellings of a heading share: "NO CUENTA" and " No. Cuenta " are one."""
    return "".join(c for c in fold(title) if c.isalnum())


def _refuse_duplicates(found: list[str], titles: list[str], pack_file: PackFile) -> None:
    for at, title in enumerate(found):
        if title and title in found[:at]:
            raise unreadable(pack_file.name, f"la columna «{titles[at].strip()}» está dos veces.")
