"""A load's report as text for a terminal."""

from collections.abc import Iterable

from lib.model.load import FileCounts, LoadReport, RowNote, problems
from lib.store.pack.files import FILES
from lib.ui import field_words

_SHOWN = 20  # rows listed before "--all"
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
    return _listed(f"Filas apartadas: {len(notes):,}", map(_note, notes), len(notes), whole=whole)


def _warnings(notes: list[RowNote], *, whole: bool) -> str:
    """Rows that went in: by kind, unless all are asked for."""
    title = f"Avisos en filas que sí entraron: {len(notes):,}"
    if whole:
        return _listed(title, map(_note, notes), len(notes), whole=True)
    kinds = problems(notes, bad=False)
    lines = [
        f"{kind.rows:,} × {kind.file}, {f'{kind.field}: ' if kind.field else ''}{kind.reason}"
        for kind in kinds
    ]
    return _listed(title, lines, len(lines), whole=False)


def _differences(report: LoadReport, *, whole: bool) -> str:
    lines = [
        f"cuenta {d.account_no}, {field_words.FIELD_NAMES[d.field].rstrip('*')}:"
        f" en la mesa «{d.desk}», del proveedor «{d.vendor}»"
        for d in report.differences
    ]
    title = f"Correcciones de la mesa que se conservan: {len(lines):,}"
    return _listed(title, lines, len(lines), whole=whole)


def _listed(title: str, lines: Iterable[str], total: int, *, whole: bool) -> str:
    if not total:
        return ""
    shown = [f"  {line}" for line, _ in zip(lines, range(total if whole else _SHOWN), strict=False)]
    if total > len(shown):
        shown.append(f"  … y {total - len(shown):,} más (--all las muestra todas)")
    return "\n".join([title, *shown])


def _note(note: RowNote) -> str:
    place = f"{note.file} línea {note.line}"
    return f"{place}, {note.said}" if note.field else f"{place}: {note.said}"
