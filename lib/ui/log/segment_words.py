"""The log's segments in words."""

from collections.abc import Sequence

from lib.model import clock
from lib.model.segment import Segment, State

STATE_NAMES: dict[State, str] = {
    State.IN_USE: "En uso",
    State.CLOSED: "Cerrado",
    State.ARCHIVED: "Archivado",
    State.UNREADABLE: "Archivo perdido o alterado",
    State.DROPPED: "Dado de baja",
}
TITLES = ("Tramo", "Renglones", "Cuántos", "Desde", "Hasta", "Estado", "Firmado", "Archivo")


def cells(segments: Sequence[Segment]) -> list[tuple[str, ...]]:
    """A row for each, oldest first, under TITLES."""
    return [
        (
            f"{number:,}",
            f"{each.first:,} a {each.last:,}",
            f"{each.rows:,}",
            f"{clock.at_office(each.begun_at):%d/%m/%Y}" if each.begun_at else "",
            f"{clock.at_office(each.ended_at):%d/%m/%Y}" if each.ended_at else "",
            STATE_NAMES[each.state],
            "Sí" if each.signed else "Todavía no",
            each.file if each.state is not State.DROPPED else "",
        )
        for number, each in enumerate(segments, start=1)
    ]


def table(segments: Sequence[Segment]) -> str:
    """For a terminal."""
    if not segments:
        return "La bitácora está vacía."
    lines = [TITLES, *cells(segments)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(TITLES))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
