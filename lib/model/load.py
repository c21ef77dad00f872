"""A load of the vendor's pack: what was read, what went in, what was set aside and why."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """Where a load is; words in lib/ui/messages.py."""

    UNPACKING = "unpacking"  # a workbook; of a CSV there is none
    READING = "reading"
    CHECKING = "checking"
    COMPARING = "comparing"
    WRITING = "writing"
    PUBLISHING = "publishing"


# Told where the load is and how much of the whole is done, 0 to 1.
Progress = Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class RowNote:
    """One thing about one row: a row has as many as it has problems.

    `line` is where its record begins (the heading is line 1), `field` the heading as the vendor
    writes it ("" = the whole row). `reason`, Spanish, is the same for all of its kind; what makes
    this one is in `value`, the cell (its first characters; never a CDA), and in `detail`, where its
    twin stands or what is known of it. `suggestion` is what to type instead ("" = nobody knows).
    """

    file: str
    line: int
    field: str
    reason: str
    value: str = ""
    suggestion: str = ""
    detail: str = ""

    @property
    def why(self) -> str:
        """All but its place and field: "sistema desconocido: «NOY». ¿NOI?"."""
        value = f": «{self.value}»" if self.value else ""
        detail = f"{',' if value else ':'} {self.detail}" if self.detail else ""
        return f"{self.reason}{value}{detail}" + (
            f". ¿{self.suggestion}?" if self.suggestion else ""
        )

    @property
    def said(self) -> str:
        """With its field: "Sistema: sistema desconocido: «NOY». ¿NOI?"."""
        return f"{self.field}: {self.why}" if self.field else self.why


@dataclass(frozen=True, slots=True)
class Mended:
    """A cell of a file's row that somebody typed anew before it went in; `field` is its heading as
    the vendor writes it."""

    line: int
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of note and how many rows have it; `bad` ones keep their rows out. `file` is said
    where there are several."""

    field: str
    reason: str
    bad: bool
    rows: int
    file: str = ""

    def holds(self, note: RowNote) -> bool:
        """Whether a note is of this kind."""
        return (note.field, note.reason) == (self.field, self.reason) and (
            self.file in ("", note.file)
        )


def problems(notes: Iterable[RowNote], *, bad: bool) -> tuple[Problem, ...]:
    """The kinds among notes, the most frequent first."""
    kinds = Counter((n.field, n.reason, n.file) for n in notes)
    return tuple(
        Problem(field, reason, bad, rows, file)
        for (field, reason, file), rows in kinds.most_common()
    )


@dataclass
class FileCounts:
    """Rows of one file: rows = new + changed + unchanged + set_aside + blank.

    `set_aside` counts rows, however many problems each has. `warnings` counts remarks on rows
    that went in, so it adds to nothing.
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
    certificates. Certificates' new/changed/unchanged stay 0: only `ops` knows them. The notes are
    lists, or both empty and rows of the file's table `note` (lib/store/pack/noted.py).
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
