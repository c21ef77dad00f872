"""The box where the command line leaves what it built for the running desk (data/handover).

ID.json is an offer, ID.taken one that the desk works on, ID.told how far it is, ID.cancel that who
left it wants it no more, ID.answer what became of it. Each is written apart and renamed, readable
by its owner only. ID-NAME.rows is a list that an answer names, one value a line: it may be too long
for memory.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.model.disk import why_not
from lib.model.errors import AppError, Reason

_OFFER, _TAKEN, _ANSWER = ".json", ".taken", ".answer"
_TOLD, _CANCEL, _ROWS = ".told", ".cancel", ".rows"
_ANSWER_KEPT_S = 3600  # for a caller that no longer waits


_LAID = "laid"  # names the file of a list


@dataclass(frozen=True)
class Offer:
    """`owner` is the operating system's user id of who left it."""

    id: str
    owner: int
    value: dict[str, Any]


class Box:
    def __init__(self, data: Path) -> None:
        self.folder = data / "handover"
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def offer(self, offer_id: str, value: dict[str, Any]) -> None:
        self._write(offer_id + _OFFER, value)

    def take_all(self) -> Iterator[Offer]:
        """Offers in hand, oldest first; one that can't be read is dropped."""
        for path in sorted(self.folder.glob(f"*{_OFFER}"), key=_age, reverse=True):
            offer = self._take(path)
            if offer:
                yield offer

    def answer(self, offer: Offer, value: dict[str, Any]) -> None:
        self._write(offer.id + _ANSWER, value)
        for end in (_TAKEN, _TOLD, _CANCEL):
            (self.folder / (offer.id + end)).unlink(missing_ok=True)

    def tell(self, offer: Offer, value: dict[str, Any]) -> None:
        """How far it is; who left it may look."""
        self._write(offer.id + _TOLD, value, durable=False)

    def told(self, offer_id: str) -> dict[str, Any]:
        """What was told last; {} before."""
        return _read(self.folder / (offer_id + _TOLD)) or {}

    def cancel(self, offer_id: str) -> bool:
        """Want it no more: whether nobody had taken it yet, so that nothing more comes of it."""
        try:
            (self.folder / (offer_id + _OFFER)).unlink()
        except FileNotFoundError:
            self._write(offer_id + _CANCEL, {})
            return False
        return True

    def is_cancelled(self, offer: Offer) -> bool:
        return (self.folder / (offer.id + _CANCEL)).exists()

    def read_answer(self, offer_id: str) -> dict[str, Any] | None:
        """The answer, once; None while there is none."""
        path = self.folder / (offer_id + _ANSWER)
        if not path.is_file():
            return None
        answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
        path.unlink()
        return answer

    def lay(self, offer_id: str, name: str, values: Iterable[Any]) -> dict[str, str]:
        """Write a list as it comes; what the answer says in its place. Raises
        AppError(UNWRITABLE_FILE)."""
        path = self.folder / f"{offer_id}-{name}{_ROWS}"
        lines = (json.dumps(value, ensure_ascii=False) + "\n" for value in values)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                stream.writelines(lines)
        except OSError as error:
            why = f"{why_not(error)}."
            raise AppError(Reason.UNWRITABLE_FILE, file=str(path), why=why) from error
        return {_LAID: path.name}

    def listed(self, said: Any) -> Iterator[Any]:
        """The values of a list in an answer, once, wherever they are."""
        if not isinstance(said, dict):
            yield from said
            return
        path = self.folder / Path(said[_LAID]).name
        with path.open(encoding="utf-8", newline="\n") as stream:
            path.unlink()
            yield from map(json.loads, stream)

    def drop(self, offer_id: str) -> None:
        """The lists of an answer that won't be given."""
        for path in self.folder.glob(f"{offer_id}-*{_ROWS}"):
            path.unlink(missing_ok=True)

    def recover(self) -> None:
        """What a desk that died had taken is on offer again; answers that nobody read go."""
        for path in self.folder.glob(f"*{_TAKEN}"):
            path.rename(path.with_suffix(_OFFER))
        for end in (_ANSWER, _TOLD, _CANCEL, _ROWS):
            for path in self.folder.glob(f"*{end}"):
                if _age(path) > _ANSWER_KEPT_S:
                    path.unlink(missing_ok=True)

    def waiting(self) -> set[str]:
        """Ref files that an offer names."""
        offers = [*self.folder.glob(f"*{_OFFER}"), *self.folder.glob(f"*{_TAKEN}")]
        return {str(value.get("file", "")) for value in map(_read, offers) if value}

    def _take(self, path: Path) -> Offer | None:
        """None when somebody else took it first or it isn't an offer."""
        taken = path.with_suffix(_TAKEN)
        try:
            path.rename(taken)
        except FileNotFoundError:
            return None
        value = _read(taken)
        if value is None:
            taken.unlink()
            return None
        return Offer(path.stem, taken.stat().st_uid, value)

    def _write(self, name: str, value: dict[str, Any], *, durable: bool = True) -> None:
        scratch = self.folder / f"{name}.part"  # no name that is looked for: it may be half there
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(value, stream, ensure_ascii=False)
            stream.flush()
            if durable:
                os.fsync(stream.fileno())
        scratch.rename(self.folder / name)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _age(path: Path) -> float:
    """Seconds since it was written; 0 when it is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
