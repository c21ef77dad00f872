"""The auditor's ZIP as it is made: its files one after the other, the manifest last.

What each holds is told in lib/auditor/LEEME.txt, and checked by verificar.py beside it.
"""

import json
import threading
import tomllib
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.model import clock
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.services.desk import Desk
from lib.services.log.bundle import Bundle
from lib.store.log import auditing, signing
from lib.store.log.auditing import Anchors, Snapshot

_ROOT = Path(__file__).resolve().parents[3]
TRAVELS = ("LEEME.txt", "verificar.py", "cadena.py", "renglon.py")  # as they are
_ANY = 2**63 - 1  # the highest number that a row may have


@dataclass(frozen=True)
class Scope:
    """Rows `first` to `last`; `whole`: of all that the log holds, none is left out."""

    first: int
    last: int
    whole: bool
    detailed: bool


@dataclass(frozen=True)
class Words:
    """How the CSV says it: the headings of its columns, in order, and what codes are called."""

    title: str
    headings: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]


class Packing:
    """Iterate for its bytes; `stop` ends that from any thread. `rows` counts what went in.

    Raises AppError(EXPORT_FAILED) when it was stopped, AppError(STORAGE_FAILED).
    """

    def __init__(
        self,
        desk: Desk,
        actor: Actor,
        scope: Scope,
        words: Words,
        anchors: Anchors,
        *,
        logged: bool,
    ) -> None:
        self.rows = 0
        self._desk, self._actor, self._scope, self._words = desk, actor, scope, words
        self._anchors, self._logged = anchors, logged
        self._stopped = threading.Event()
        self._bundle = Bundle()
        self._pieces = self._made()

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if self._stopped.is_set():
                raise AppError(Reason.EXPORT_FAILED)
            if piece:
                yield piece

    def stop(self) -> None:
        self._stopped.set()

    def close(self) -> None:
        """Let go of the log, however far it was read."""
        self.stop()
        self._pieces.close()

    def _made(self) -> Generator[bytes, None, None]:
        with auditing.snapshot(self._desk.store) as log:
            for name, pieces in self._files(log):
                yield from self._bundle.add(name, self._unless_stopped(pieces))
            manifest = self._manifest(log)
        said = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        yield from self._bundle.add("manifest.json", [said.encode()])
        yield from self._bundle.end()

    def _unless_stopped(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            if self._stopped.is_set():
                raise AppError(Reason.EXPORT_FAILED)
            yield piece

    def _files(self, log: Snapshot) -> Iterator[tuple[str, Iterable[bytes]]]:
        scope, anchors = self._scope, self._anchors
        first, last = scope.first, scope.last
        for name in TRAVELS:
            yield name, [(_ROOT / "lib" / "auditor" / name).read_bytes()]
        yield "bitacora.jsonl", log.json_lines(first, last, detailed=scope.detailed)
        yield "bitacora.csv", self._spreadsheet(log)
        # What vouches for other rows than these can't be held against them.
        low, high = (0, _ANY) if scope.whole else (first - 1, last)
        yield "checkpoints.jsonl", anchors.checkpoints(low, high, last)
        yield "heads.txt", anchors.heads(low, high, last)
        yield "contexto.jsonl", log.context(first, last)
        for name, content in auditing.public_keys(self._desk.store.data):
            yield f"keys/{name}", [content]

    def _columns(self) -> list[str]:
        every = self._words.headings
        return [c for c in every if self._scope.detailed or c not in auditing.DETAIL]

    def _spreadsheet(self, log: Snapshot) -> Iterator[bytes]:
        """With the mark by which Excel knows UTF-8."""
        columns = self._columns()
        headings = ",".join(f'"{self._words.headings[column]}"' for column in columns)
        yield f"\ufeff{headings}\r\n".encode()
        yield from log.csv_lines(self._scope.first, self._scope.last, columns, self._words.names)

    def _manifest(self, log: Snapshot) -> dict[str, Any]:
        """What is whose, and how much; all but itself by its SHA-256."""
        part, words = log.part(self._scope.first, self._scope.last), self._words
        self.rows = part.rows
        return {
            "format": 1,
            "desk": _version(),
            "schema": auditing.schema(self._desk.store),
            "made_at": f"{clock.now().isoformat(timespec='seconds')}Z",
            "made_by": self._actor.username,
            "role": self._actor.role.value,
            "logged": self._logged,
            "whole": self._scope.whole,
            "details": self._scope.detailed,
            "rows": part.rows,
            "first": max(self._scope.first, 1),
            "first_at": part.first_at,
            "last": self._scope.last,
            "last_at": part.last_at,
            "head": part.head,
            "key": signing.held_fingerprint(self._desk.store.data),
            "csv": [
                {"column": c, "heading": words.headings[c], "words": dict(words.names.get(c, {}))}
                for c in self._columns()
            ],
            "files": self._bundle.files,
        }


def _version() -> str:
    with (_ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])
