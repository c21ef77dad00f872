"""`python -m lib import FILE`: bring in physical certificates, also while the desk is running."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lib import settings
from lib.commands import asking, note_lines
from lib.model.disk import why_not
from lib.model.errors import AppError, Reason
from lib.model.load import Problem, RowNote
from lib.model.reading import Found
from lib.model.sheet import Column, Format, Sheet
from lib.services.loads import asked
from lib.sheets import csv_file, xlsx_file
from lib.store.pack.files import CERTIFICATES
from lib.store.records.handovers import Box
from lib.ui import messages, written

_LISTS = frozenset({"set_aside", "warnings", "rows"})
_ENDINGS = {".csv": Format.CSV, ".xlsx": Format.XLSX}


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    parser = commands.add_parser("import", help="importa certificados de un CSV, XLSX u ODS")
    parser.add_argument("file", type=Path, metavar="ARCHIVO")
    parser.add_argument("--dry-run", action="store_true", help="revisa y no cambia nada")
    parser.add_argument("--json", action="store_true", help="cada fila con su línea, como JSON")
    parser.add_argument("--all", action="store_true", help="muestra todas las filas apartadas")
    parser.add_argument(
        "--errors", type=Path, metavar="SALIDA", help="deja ahí las filas apartadas (.csv o .xlsx)"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_said,
        metavar="DATO=ENCABEZADO",
        help="en qué columna viene un dato (#3: la tercera; vacío: no viene); se puede repetir",
    )
    parser.add_argument(
        "--automatic", action="store_true", help="sin seguir las columnas que se eligieron antes"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """0 when the good rows are in, even with rows set aside; 2 when it was refused; 130 on Ctrl-C:
    nothing went in."""
    if options.errors:
        _require_free(options.errors, options.file)
    what = {
        "ask": asked.IMPORT,
        "file": str(options.file.resolve()),
        "dry_run": options.dry_run,
        "rows": options.json,
        "whole": options.json or options.all,
        "errors": _form(options.errors) if options.errors else "",
        "columns": options.column,
        "automatic": options.automatic,
    }
    try:
        read = settings.read()
        report = asking.answer(read, what)
    except AppError as error:
        if not options.json:
            raise
        print(json.dumps({"error": error.reason, "message": messages.sentence(error)}))
        return 2
    except KeyboardInterrupt:
        print("\nInterrumpida: no entró nada.", file=sys.stderr)
        return 130
    box = Box(read.data)
    if options.errors:
        _write_errors(options.errors, report.pop("errors", None), report["totals"], box)
    if options.json:
        sys.stdout.writelines(_json(report | {"dry_run": options.dry_run}, box))
    else:
        sys.stdout.writelines(asking.printable(line) + "\n" for line in _text(report, options, box))
    return 0


def _json(report: dict[str, Any], box: Box) -> Iterator[str]:
    """The report as one object; its lists a value at a time, since they may be of millions."""
    for at, (name, value) in enumerate(report.items()):
        yield f"{', ' if at else '{'}{json.dumps(name)}: "
        if name not in _LISTS:
            yield json.dumps(value, ensure_ascii=False)
            continue
        yield "["
        for n, one in enumerate(box.listed(value)):
            yield f"{', ' if n else ''}{json.dumps(one, ensure_ascii=False)}"
        yield "]"
    yield "}\n"


def _said(column: str) -> tuple[str, str]:
    ours, equals, heading = column.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError("se escribe DATO=ENCABEZADO")
    return ours.strip(), heading.strip()


def _require_free(out: Path, file: Path) -> None:
    """Said before anything goes in. Raises AppError(UNWRITABLE_FILE)."""
    why = "" if out.parent.is_dir() else "esa carpeta no existe."
    if out.suffix.lower() not in _ENDINGS:
        why = "las filas apartadas se escriben como .csv o .xlsx; dale un nombre que acabe así."
    elif out.is_dir():
        why = "es una carpeta; dale el nombre de un archivo."
    elif not why and not os.access(out if out.exists() else out.parent, os.W_OK):
        why = "sin permiso; revísalo o elige otra carpeta."
    if out.exists() and file.exists() and out.samefile(file):  # it may be the only copy
        why = "es el archivo que se importa; dale otro nombre."
    if why:
        raise AppError(Reason.UNWRITABLE_FILE, file=str(out), why=why)


def _form(out: Path) -> Format:
    return _ENDINGS[out.suffix.lower()]


def _write_errors(
    out: Path, errors: dict[str, Any] | None, totals: dict[str, int], box: Box
) -> None:
    """The bad rows and why, to be mended and imported alone; nothing is written without any. None:
    a desk that died before it answered had done it.

    Raises AppError(UNWRITABLE_FILE).
    """
    if errors is None:
        why = "la importación ya estaba hecha; descárgalo de su página en la mesa."
        raise AppError(Reason.UNWRITABLE_FILE, file=str(out), why=why)
    rows = box.listed(errors["rows"])
    if not totals["set_aside"]:
        list(rows)  # read, it goes
        return
    sheet = Sheet(errors["title"], tuple(Column(heading) for heading in errors["columns"]))
    write = xlsx_file.write if _form(out) is Format.XLSX else csv_file.write
    try:
        with out.open("wb") as stream:
            write(sheet, ([tuple(row)] for row in rows), stream)
    except OSError as error:
        raise AppError(Reason.UNWRITABLE_FILE, file=str(out), why=f"{why_not(error)}.") from error


def _text(report: dict[str, Any], options: argparse.Namespace, box: Box) -> Iterator[str]:
    t = report["totals"]
    read = written.count(t["rows"], "fila", "filas")
    lines = [f"{report['file']}: {read}; {written.rows(t)}, {t['blank']:,} en blanco."]
    lines += _columns(report["columns"])
    if before := report["same_as"]:
        lines.append(f"  Este mismo archivo ya lo importó {before['actor']} ({before['batch']}).")
    yield from (*lines, *_same_serial(report["same_serial"], whole=options.all))
    for title, part, bad in (("Apartadas", "set_aside", True), ("Avisos", "warnings", False)):
        notes = (RowNote(**note | {"file": ""}) for note in box.listed(report[part]))
        kinds = [Problem(**kind | {"file": ""}) for kind in report["problems"]]
        found = [kind for kind in kinds if kind.bad is bad]
        said = note_lines.listed(notes, found, whole=options.all)
        if found:
            yield f"  {title}:"
        yield from (f"    {line}" for line in said)
    yield _end(report, options)


def _same_serial(twins: list[dict[str, str]], *, whole: bool) -> list[str]:
    shown = twins if whole else twins[: note_lines.SHOWN]
    lines = [
        f"  Serie {t['serial']}, folio {t['folio']}: ya está en el {t['held']}." for t in shown
    ]
    left = len(twins) - len(shown)
    return [*lines, *([f"  … y {left:,} más (--all las muestra todas)"] if left else [])]


def _columns(columns: list[dict[str, Any]]) -> list[str]:
    """Which heading each was read from; nothing when all came under our own."""
    if all(c["found"] == Found.NAME for c in columns):
        return []
    names = {column.name: column.heading for column in CERTIFICATES.columns}
    read = [f"{names[c['column']]} de «{c['heading']}»" for c in columns if c["place"]]
    absent = [names[c["column"]] for c in columns if not c["place"]]
    by = next((c["by"] for c in columns if c["by"]), "")
    lines = [f"  Columnas{f', como las eligió {by}' if by else ''}: {', '.join(read)}."]
    if absent:
        lines.append(f"  No vienen, y lo que la mesa tiene ahí se queda: {', '.join(absent)}.")
    return lines


def _end(report: dict[str, Any], options: argparse.Namespace) -> str:
    if options.dry_run:
        return "Solo se revisó: no cambió nada."
    if not report["batch"]:
        return "No había nada nuevo que importar."
    return f"Importado. Para deshacerlo: python -m lib undo {report['batch']} --reason MOTIVO"
