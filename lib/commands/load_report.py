"""A load's report as text for a terminal."""

from collections.abc import Iterable

from lib.commands import note_lines
from lib.commands.note_lines import SHOWN
from lib.model.load import FileCounts, LoadReport, RowNote, problems
from lib.store.pack.files import FILES
from lib.ui import field_words

_COLUMNS = {
    "Filas": "rows",
    "Nuevas": "new",
    "Cambiadas": "changed",
    "Iguales": "unchanged",
    "Apartadas": "set_aside",
    "En blanco": "blank",
    "Avisos": "warnings",
}


def text(report: LoadReport, *, whole: bool) -> str:
    """The counts, then what was set aside: the first rows, or all of them when `whole`."""
    parts = [
        _table(report),
        _absent(report),
        _set_aside(report.set_aside, whole=whole),
        _warnings(report.warnings, whole=whole),
        _differences(report, whole=whole),
        "Los datos nuevos están en uso."
        if report.published
        else "Las cuentas, los sistemas y los CDA ya estaban así: no cambió nada en ellos.",
    ]
    whole_text = "\n\n".join(part for part in parts if part)
    # What the vendor's cells hold must not steer the terminal.
    return "".join(c if c == "\n" or c.isprintable() else "�" for c in whole_text)


def _table(report: LoadReport) -> str:
    lines = [f"{'':<18}" + "".join(f"{title:>11}" for title in _COLUMNS)]
    lines += [_line(name, counts) for name, counts in report.files.items()]
    return "\n".join([*lines, _line("Total", report.totals)])


def _line(name: str, counts: FileCounts) -> str:
    return f"{name:<18}" + "".join(f"{getattr(counts, n):>11,}" for n in _COLUMNS.values())


def _absent(report: LoadReport) -> str:
    absent = [f.name for f in FILES if f.name not in report.files]
    return f"No venían, y su parte queda como estaba: {', '.join(absent)}." if absent else ""


def _set_aside(notes: list[RowNote], *, whole: bool) -> str:
    rows = len({(note.file, note.line) for note in notes})
    said = note_lines.listed(notes, problems(notes, bad=True), whole=whole)
    return _under(f"Filas apartadas: {rows:,}", said)


def _warnings(notes: list[RowNote], *, whole: bool) -> str:
    """Rows that went in: by kind, unless all are asked for."""
    found = problems(notes, bad=False)
    said = note_lines.listed(notes, found, whole=True) if whole else note_lines.kinds(found)
    return _under(f"Avisos en filas que sí entraron: {len(notes):,}", said)


def _differences(report: LoadReport, *, whole: bool) -> str:
    lines = [
        f"cuenta {d.account_no}, {field_words.FIELD_NAMES[d.field].rstrip('*')}:"
        f" en la mesa «{d.desk}», del proveedor «{d.vendor}»"
        for d in report.differences
    ]
    title = f"Correcciones de la mesa que se conservan: {len(lines):,}"
    return _listed(title, lines, len(lines), whole=whole)


def _listed(title: str, lines: Iterable[str], total: int, *, whole: bool) -> str:
    shown = [line for line, _ in zip(lines, range(total if whole else SHOWN), strict=False)]
    if total > len(shown):
        shown.append(f"… y {total - len(shown):,} más (--all las muestra todas)")
    return _under(title, shown)


def _under(title: str, lines: Iterable[str]) -> str:
    """The lines under their title; "" without any."""
    said = [f"  {line}" for line in lines]
    return "\n".join([title, *said]) if said else ""
