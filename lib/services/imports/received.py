"""A file as it came into the folder where it is read: a CSV as it is, a workbook's sheet as CSV."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from lib.model.errors import AppError
from lib.model.reading import Choice, Look
from lib.sheets import workbook
from lib.store.pack.files import PackFile
from lib.store.pack.look import look
from lib.store.pack.synonyms import spellings


@contextmanager
def called(name: str) -> Iterator[None]:
    """Refusals name the file as the person knows it, not as it is kept."""
    try:
        yield
    except AppError as error:
        if error.facts.get("file", name) == name:
            raise
        raise AppError(error.reason, **{**error.facts, "file": name}) from error


def receive(
    folder: Path,
    pack_file: PackFile,
    content: BinaryIO,
    choice: Choice,
    told: Callable[[], None] = lambda: None,
) -> Look:
    """Write `folder`/`pack_file.name`, ready to be read, and say how. `told` is called while a
    workbook is unpacked; what it raises ends that at once.

    Raises AppError(UNREADABLE_FILE | BAD_COLUMN).
    """
    path = folder / pack_file.name
    with path.open("wb") as stream:
        shutil.copyfileobj(content, stream, 1 << 20)
    if not workbook.is_workbook(path, pack_file.name):
        return look(path, pack_file, choice)
    book = path.rename(path.with_suffix(".book"))
    called = spellings(pack_file)
    sheets = workbook.to_csv(book, pack_file.name, path, called, choice.sheet, told)
    book.unlink()
    found = look(
        path, pack_file, replace(choice, kind=sheets.kind, encoding="utf-8", separator=",")
    )
    reading = replace(found.reading, sheet=sheets.chosen, sheets=sheets.names)
    return replace(found, reading=reading)
