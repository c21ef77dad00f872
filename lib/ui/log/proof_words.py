"""What a verification of the log found, in one sentence."""

from collections.abc import Sequence

from lib.model.proof import Checked, Finding, Problem
from lib.ui import written

_FOUND: dict[Problem, str] = {
    Problem.ALTERED: "{row} fue alterado",
    Problem.MISSING: "falta {row}",
    Problem.INSERTED: "{row} no es de la bitácora: alguien lo agregó",
    Problem.REORDERED: "{row} no está en su lugar: cambiaron el orden",
    Problem.CUT_TAIL: "le cortaron el final desde {row}",
    Problem.CLOCK_BACK: "en {row} el reloj está antes que en el anterior",
    Problem.DETAIL_ALTERED: "los datos personales de {row} fueron alterados",
    Problem.DETAIL_MISSING: "faltan los datos personales de {row} y no consta que se borraran",
    Problem.DETAIL_INSERTED: "alguien puso datos personales de {row} antes de que existiera",
    Problem.WRONG_KEY: "lo que firma hasta {row} es una llave que la bitácora no conoce",
    Problem.BAD_SIGNATURE: "la firma del punto de control de {row} no corresponde",
    Problem.CHECKPOINT_MISSING: "falta el punto de control de {row}",
    Problem.HEADS_MISSING: "falta audit.head, que dice si termina en {row}",
    Problem.ARCHIVE_MISSING: "falta el archivo de {rows}",
    Problem.ARCHIVE_ALTERED: "el archivo de {rows} fue alterado",
}

# The same in the log, where the row is named apart.
PROBLEM_NAMES: dict[Problem, str] = {
    Problem.ALTERED: "Renglón alterado",
    Problem.MISSING: "Falta un renglón",
    Problem.INSERTED: "Renglón agregado",
    Problem.REORDERED: "Renglones en otro orden",
    Problem.CUT_TAIL: "Final cortado",
    Problem.CLOCK_BACK: "Reloj hacia atrás",
    Problem.DETAIL_ALTERED: "Datos personales alterados",
    Problem.DETAIL_MISSING: "Faltan datos personales",
    Problem.DETAIL_INSERTED: "Datos personales sin renglón",
    Problem.WRONG_KEY: "Llave desconocida",
    Problem.BAD_SIGNATURE: "Firma que no corresponde",
    Problem.CHECKPOINT_MISSING: "Falta un punto de control",
    Problem.HEADS_MISSING: "Falta audit.head",
    Problem.ARCHIVE_MISSING: "Falta el archivo de un tramo",
    Problem.ARCHIVE_ALTERED: "Archivo de un tramo alterado",
}


def finding(found: Finding) -> str:
    """Without the full stop: "el renglón 12 fue alterado"."""
    row, rows = f"el renglón {found.seq:,}", stretch(found.seq, found.through)
    if found.through > found.seq:
        row = f"un renglón entre el {found.seq:,} y el {found.through:,}"
    said = _FOUND[found.problem].format(row=row, rows=rows)
    return said.replace(" de el ", " del ")


def stretch(first: int, last: int) -> str:
    return f"los renglones {first:,} a {last:,}"


def verdict(checked: Checked, most: int = 1_000) -> str:
    """One sentence with at most so many findings, of each segment that fails its first; and what
    couldn't be checked: keys that are lost, what was dropped."""
    rows = written.count(checked.rows, "renglón", "renglones")
    lost = f"no se pudieron comprobar las firmas de {', '.join(checked.unchecked)}."
    if checked.findings:
        found = findings(checked.findings, most)
        said = f"La bitácora no está completa: {found} (revisados: {rows})."
        said += f" Sin su llave pública {lost}" if checked.unchecked else ""
    elif checked.unchecked:
        said = f"La bitácora está completa: {rows}; sin su llave pública {lost}"
    else:
        said = f"La bitácora está completa: {rows}, comprobados de principio a fin."
    return f"{said}{_dropped(checked)}"


def findings(found: Sequence[Finding], most: int) -> str:
    """Without the full stop."""
    said = "; ".join(finding(each) for each in found[:most])
    more = len(found) - most
    return f"{said}; y en {written.count(more, 'tramo', 'tramos')} más" if more > 0 else said


def _dropped(checked: Checked) -> str:
    """What nobody can check because an administrator let it go."""
    if not checked.dropped:
        return ""
    spans = ", ".join(stretch(*span) for span in checked.dropped)
    return f" Dados de baja, sin comprobar: {spans}."
