"""The very bytes of an uploaded file, kept with the batch that it becomes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lib.model.load import RowNote
from lib.model.reading import Look
from lib.services.desk import Desk
from lib.store.pack import synonyms
from lib.store.pack.dialect import too_long
from lib.store.records import batches, kept_files
from lib.store.records.batches import Origin

_BLOCK = 1 << 20  # bytes
_ZIP = b"PK"  # how a workbook begins
_PLACE = "original"  # no name of the pack's files: the reader leaves it alone


@dataclass(frozen=True)
class Original:
    """Where the bytes wait until the batch is committed; `name` is safe in a path."""

    path: Path
    name: str
    bytes: int
    sha256: str


def take(staging: Path, name: str, content: BinaryIO) -> Original:
    """Copy what was uploaded into `staging`. Raises AppError(UNREADABLE_FILE) at two megabytes
    without a line end: gigabytes of the same needn't be copied to be refused."""
    path, digest, size = staging / _PLACE, hashlib.sha256(), 0
    line, endless, packed = 1, 0, False
    with path.open("wb") as stream:
        while block := content.read(_BLOCK):
            packed = packed or (not size and block.startswith(_ZIP))
            endless = 0 if packed or b"\n" in block or b"\r" in block else endless + 1
            if endless > 2:
                raise too_long(name, line)
            line += block.count(b"\n")
            digest.update(block)
            size += stream.write(block)
    return Original(path, kept_files.safe_name(name), size, digest.hexdigest())


def lay(
    desk: Desk,
    batch_id: str,
    original: Original,
    look: Look,
    notes: tuple[list[RowNote], list[RowNote]],
) -> Origin:
    """Lay it where the batch will say that it is, before the batch is committed; `notes` are of
    rows set aside, and warnings. A file with a column of CDAs isn't kept: they would lie unsealed;
    nor is any where the data folder is encrypted, for the same reason.
    """
    ours = {at for _, at in look.reading.columns}
    others = (title for at, title in enumerate(look.headings) if at not in ours)
    kept = not desk.settings.data_key and not any(map(synonyms.is_key, others))
    if kept:
        kept_files.lay(desk.settings.data, batch_id, original.name, original.path)
    set_aside, warnings = map(tuple, notes)
    file = original.name, kept, original.bytes, original.sha256
    return Origin(*file, set_aside, warnings, read_as=look.kept)


def drop_unless_recorded(desk: Desk, batch_id: str) -> None:
    """After a failed commit. Storage that fails at the last moment may have stored it all."""
    if batches.find(desk.store, batch_id) is None:
        kept_files.drop(desk.settings.data, batch_id)


def sweep(desk: Desk) -> None:
    """Remove what an import that was killed left. Only while nobody imports: at a start."""
    kept_files.sweep(desk.settings.data, batches.ids(desk.store))
