"""What the desk writes of its own accord to its own people, from what was kept when it was queued:
a mail tried again tomorrow says what it would have said today. Never a CDA.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from lib.mail import door_words, values, words
from lib.mail.originals import original
from lib.mail.words import Words
from lib.model import clock, report
from lib.model.contact import clean
from lib.model.news import News
from lib.model.outbox import Claim, MailKind
from lib.model.report import Report, Table
from lib.model.template import Language
from lib.reports import apart
from lib.reports import words as figures

_MOST_ROWS = 12  # of a table in a mail; Tablero has them all
_ES = Language.ES  # the desk speaks Spanish
_COUNTED = {
    "rows": "Filas",
    "new": "Nuevas",
    "changed": "Cambiadas",
    "unchanged": "Iguales",
    "set_aside": "Apartadas",
    "blank": "En blanco",
    "warnings": "Avisos",
}


def written(claim: Claim) -> Words:
    """Raises KeyError, TypeError, ValueError for a payload that nobody here made."""
    said = _VALUES[claim.kind](claim.payload)
    name = values.greeted(claim.recipient_name, _ES)
    return words.rendered(original(claim.kind, _ES), {**said, "nombre": name})


def images(claim: Claim) -> Mapping[str, bytes]:
    """The charts that its HTML shows. Raises AppError(EXPORT_FAILED)."""
    if claim.kind is not MailKind.WEEKLY_REPORT:
        return {}
    return apart.images(report.parse(claim.payload))


# ---- the report ------------------------------------------------------------------------------


def _report(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    said = report.parse(payload)
    return {
        "titulo": said.title,
        "periodo": figures.span(*said.days),
        "comparado": figures.compared(said),
        "hecho": said.made_at,
        "figuras": _figures(said),
        "tablas": [_table(table) for table in said.tables],
        "rebotan_total": f"{said.failing_total:,}",
        "rebotan": [
            {"correo": clean(each.masked), "cuenta": clean(each.account_no), "desde": each.since}
            for each in said.failing
        ],
    }


def _figures(said: Report) -> list[Mapping[str, str]]:
    return [
        {
            "nombre": each.name,
            "ahora": figures.value(each, each.now),
            "antes": figures.value(each, each.before),
            "cambio": figures.change_of(each).replace(figures.NONE, ""),
        }
        for each in said.figures
    ]


def _table(table: Table) -> Mapping[str, Any]:
    headings = [table.heading, *table.series, *(["Cambio"] if table.compared else [])]
    rows = [_cells(table, at) for at in range(min(len(table.rows), _MOST_ROWS))]
    more = len(table.rows) - len(rows)
    return {
        "clave": table.key,
        "titulo": table.title,
        "encabezados": headings,
        "renglones": rows,
        "texto": _in_columns([headings, *rows]) + ([f"y {more:,} más"] if more else []),
        "mas": f"y {more:,} más, en Tablero" if more else "",
        "alt": f"Gráfica: {table.title}. Sus cifras están en la tabla de abajo.",
    }


def _cells(table: Table, at: int) -> list[str]:
    row = table.rows[at]
    cells = [clean(row.label), *(f"{count:,}" for count in row.counts)]
    if table.compared:
        cells.append(figures.change(*row.counts[:2]) or figures.NONE)
    return cells


def _in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """For who reads the text alone: names to the left, numbers to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(cell.rjust(w) if at else cell.ljust(w) for at, (cell, w) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in rows)
    ]


# ---- the head, and alerts --------------------------------------------------------------------


def _head(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "dia": payload["day"],
        "renglon": str(payload["seq"]),
        "huella": payload["hash"],
        "firmado": payload["signed_at"],
        "llave": payload["key"],
        "firma": payload["signature"],
        "comprobacion": payload["verdict"],
    }


def _alerts(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    raised = payload["alerts"]
    one = len(raised) == 1
    return {
        "cuantas": "Una alerta nueva" if one else f"{len(raised):,} alertas nuevas",
        "alertas": [{"regla": rule, "sobre": clean(about)} for rule, about in raised],
    }


# ---- a load --------------------------------------------------------------------------------


def _load(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    totals = payload.get("totals")
    # Blank rows are rare, and a telephone's screen is narrow.
    counted = {k: v for k, v in _COUNTED.items() if k != "blank" or (totals and totals["blank"])}
    files = {clean(name): counts for name, counts in payload.get("files", {}).items()}
    rows = [[name, *(f"{counts[each]:,}" for each in counted)] for name, counts in files.items()]
    headings = ["Archivo", *counted.values()]
    return {
        "resultado": _outcome(totals),
        "origen": clean(payload["source"]),
        "cuando": payload["at"],
        "motivo": clean(payload["why"]),
        "repetida": payload["again"],
        "lote": payload["batch"],
        "enlace": payload["link"],
        "encabezados": headings,
        "archivos": rows,
        "texto": _in_columns([headings, *rows]) if rows else [],
        "apartadas_total": f"{totals['set_aside']:,}" if totals else "0",
        "apartadas": _by_file(payload.get("aside", [])),
        "apartadas_mas": _more_problems(payload.get("aside_more", 0)),
        "apartadas_clases": [_kind(*kind) for kind in payload.get("aside_kinds", [])],
        "avisos_total": f"{totals['warnings']:,}" if totals else "0",
        "avisos": [_kind(*kind) for kind in payload.get("warnings", [])],
        "diferencias": [
            {"dato": clean(field), "cuantas": f"{count:,}"}
            for field, count in payload.get("differences", [])
        ],
    }


def _outcome(totals: Mapping[str, int] | None) -> str:
    """What became of it, in the few words that a subject holds."""
    if totals is None:
        return "Entrega no cargada"
    kinds = (
        (totals["new"], "nueva", "nuevas"),
        (totals["changed"], "cambiada", "cambiadas"),
        (totals["set_aside"], "apartada", "apartadas"),
    )
    said = [f"{n:,} {one if n == 1 else several}" for n, one, several in kinds if n]
    return f"Entrega cargada: {', '.join(said) or 'sin cambios'}"


def _by_file(notes: Sequence[tuple[str, int, str, str]]) -> list[Mapping[str, Any]]:
    """Notes come in the order of their files."""
    return [
        {
            "archivo": clean(file),
            "filas": [
                {"linea": f"línea {line:,}", "por_que": clean(f"{field}: {why}" if field else why)}
                for _, line, field, why in of_it
            ],
        }
        for file, of_it in groupby(notes, key=lambda note: note[0])
    ]


def _kind(file: str, field: str, reason: str, rows: int) -> Mapping[str, str]:
    about = f"{field}: {reason}" if field else reason
    return {"que": clean(f"{file} · {about}" if file else about), "cuantas": f"{rows:,}"}


def _more_problems(count: int) -> str:
    """A row may have several."""
    return f"y {count:,} {'problema' if count == 1 else 'problemas'} más" if count else ""


# ---- links -----------------------------------------------------------------------------------


def _link(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """`link` is laid in only now: it lies sealed until then (services/doors/invitations.py)."""
    return {
        "usuario": payload["username"],
        "quien": clean(payload["by"]),
        "enlace": payload["link"],
        "con_cuenta": "account" in payload,
    }


# ---- one's own door --------------------------------------------------------------------------


def _door(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    title, sentence = door_words.SAID[News(payload["news"])]
    at = clock.at_office(datetime.fromisoformat(payload["at"]))
    return {
        "titulo": title,
        "que": sentence,
        "cuando": f"{at:%d/%m/%Y %H:%M} (hora de la Ciudad de México)",
        "quien": clean(payload["by"]),
        "desde": " · ".join(filter(None, map(clean, (payload["browser"], payload["address"])))),
    }


_VALUES: Mapping[MailKind, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    MailKind.WEEKLY_REPORT: _report,
    MailKind.LOG_HEAD: _head,
    MailKind.ALERTS_RAISED: _alerts,
    MailKind.LOAD_REPORT: _load,
    MailKind.STAFF_INVITED: _link,
    MailKind.PASSWORD_LINK: _link,
    MailKind.DOOR_CHANGED: _door,
}
