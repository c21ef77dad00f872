"""Files put into a ZIP as it leaves: none of them is ever held whole."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, cast

from lib.model import clock

_PIECE = 1 << 18  # bytes handed on at a time, at least
_LEVEL = 1  # hashes don't shrink: more effort takes three times as long for a tenth less


class Bundle:
    """`add` a file, piece by piece, then `end`; both give the bytes that can leave meanwhile."""

    def __init__(self) -> None:
        self._sink = _Sink()
        file = cast("IO[bytes]", self._sink)  # all that is asked of it
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL)
        self.files: dict[str, dict[str, str | int]] = {}  # what went in: bytes and SHA-256

    def add(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        whole, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(name, clock.at_office(clock.now()).timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                whole.update(piece)
                size += len(piece)
                member.write(piece)
                if self._sink.size > _PIECE:
                    yield self._sink.taken()
        self.files[name] = {"bytes": size, "sha256": whole.hexdigest()}

    def end(self) -> Iterator[bytes]:
        self._zip.close()
        yield self._sink.taken()


class _Sink:
    """A file that can only be written to; it holds what nobody took yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def taken(self) -> bytes:
        pieces, self._pieces, self.size = self._pieces, [], 0
        return b"".join(pieces)
