"""Undoing a batch: what goes, what returns, what stays because somebody edited it since."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Edited:
    """A certificate of the batch that was edited since, and so stays: by whom and when (UTC).
    `source` is what the later batch came from, "" when it was edited by hand."""

    folio: str
    by: str
    at: dt.datetime
    source: str


@dataclass(frozen=True, slots=True)
class Undoing:
    """Counts of certificates; `kept` names the first of those that stay, by folio."""

    gone: int
    returned: int
    stays: int
    kept: tuple[Edited, ...] = ()

    def to_json(self) -> dict[str, Any]:
        kept = [
            {"folio": e.folio, "by": e.by, "at": e.at.isoformat(), "source": e.source}
            for e in self.kept
        ]
        return {
            "gone": self.gone,
            "returned": self.returned,
            "stays": self.stays,
            "kept": kept,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Undoing":
        """Raises KeyError or TypeError when it isn't what to_json wrote."""
        kept = tuple(
            Edited(**e | {"at": dt.datetime.fromisoformat(e["at"])}) for e in value["kept"]
        )
        return cls(**value | {"kept": kept})
