"""A load of the vendor's pack: what was read, what went in, what was set aside and why."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """Where a load is; words in lib/ui/messages.py."""

    READING = "reading"
    CHECKING = "checking"
    COMPARING = "comparing"
    WRITING = "writing"
    PUBLISHING = "publishing"


# Told where the load is and how much of the whole is done, 0 to 1.
Progress = Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about one row: `line` is where its record begins (the heading is line 1), `field`
    the heading as the vendor writes it ("" = the whole row), `reason` Spanish."""

    file: str
    line: int
    field: str
    reason: str


@dataclass
class FileCounts:
    """Rows of one file: rows = new + changed + unchanged + set_aside + blank.

    `warnings` counts remarks on rows that went in, so it adds to nothing.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    set_aside: int = 0
    blank: int = 0
    warnings: int = 0

    @property
    def good(self) -> int:
        return self.rows - self.set_aside - self.blank


@dataclass
class Built:
    """A ref file built and not yet in force.

    `file` lies in data/ref; `base` is the file it was built from ("" = none). `changes_ref` says
    whether accounts, systems or CDAs differ from the base's: otherwise `file` only carries the
    certificates. Certificates' new/changed/unchanged stay 0: only `ops` knows them.
    """

    file: str
    base: str
    key_fingerprint: str
    source: str
    changes_ref: bool
    files: dict[str, FileCounts]
    set_aside: list[RowNote]
    warnings: list[RowNote]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Built":
        """Raises KeyError or TypeError when it isn't what to_json wrote."""
        return cls(
            **value
            | {
                "files": {name: FileCounts(**c) for name, c in value["files"].items()},
                "set_aside": [RowNote(**n) for n in value["set_aside"]],
                "warnings": [RowNote(**n) for n in value["warnings"]],
            }
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field corrected at the desk that this pack says otherwise: the desk's value stays."""

    account_no: str
    field: str
    desk: str
    vendor: str


@dataclass
class LoadReport:
    """What a load did. `published` is the ref file now in force because of it, None when nothing
    in accounts, systems or CDAs changed. Lists are complete."""

    batch_id: str
    source: str
    files: dict[str, FileCounts]
    set_aside: list[RowNote]
    warnings: list[RowNote]
    published: str | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def totals(self) -> FileCounts:
        total = FileCounts()
        for counts in self.files.values():
            for name, value in asdict(counts).items():
                setattr(total, name, getattr(total, name) + value)
        return total

    def to_json(self) -> dict[str, Any]:
        return {
            "batch": self.batch_id,
            "source": self.source,
            "files": {name: asdict(counts) for name, counts in self.files.items()},
            "totals": asdict(self.totals),
            "set_aside": [asdict(note) for note in self.set_aside],
            "warnings": [asdict(note) for note in self.warnings],
            "differences": [asdict(difference) for difference in self.differences],
            "published": self.published,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "LoadReport":
        """Raises KeyError or TypeError when it isn't what to_json wrote."""
        return cls(
            batch_id=value["batch"],
            source=value["source"],
            files={name: FileCounts(**counts) for name, counts in value["files"].items()},
            set_aside=[RowNote(**note) for note in value["set_aside"]],
            warnings=[RowNote(**note) for note in value["warnings"]],
            published=value["published"],
            differences=[Difference(**difference) for difference in value["differences"]],
        )
