"""A pack is a folder with some of the five files."""

from pathlib import Path

from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.store.pack.dialect import unreadable
from lib.store.pack.files import FILES, PackFile


def find_files(pack: Path) -> dict[PackFile, Path]:
    """The pack's files in reading order, found whatever the case of their names.

    Raises AppError(NO_PACK | UNREADABLE_FILE).
    """
    try:
        entries = sorted(pack.iterdir())
    except OSError as error:
        why = f"{why_not(error)}; revisa la ruta y sus permisos."
        raise unreadable(str(pack), why) from error
    found: dict[PackFile, Path] = {}
    for pack_file in FILES:
        named = [entry for entry in entries if entry.name.lower() == pack_file.name]
        if len(named) > 1:
            raise unreadable(pack_file.name, "hay dos archivos con ese nombre; deja uno.")
        if named and not named[0].is_file():
            raise unreadable(pack_file.name, "no es un archivo.")
        if named:
            found[pack_file] = named[0]
    if not found:
        raise AppError(Reason.NO_PACK, folder=str(pack))
    return found
