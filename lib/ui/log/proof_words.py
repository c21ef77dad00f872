"""What a verification of the log found, in one sentence."""

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
    Problem.DETAIL_INSERTED: "hay datos personales de {row}, que no existe",
    Problem.WRONG_KEY: "lo que firma hasta {row} es una llave que la bitácora no conoce",
    Problem.BAD_SIGNATURE: "la firma del punto de control de {row} no corresponde",
    Problem.CHECKPOINT_MISSING: "falta el punto de control de {row}",
    Problem.HEADS_MISSING: "falta audit.head, que dice si termina en {row}",
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
}


def finding(found: Finding) -> str:
    """Without the full stop: "el renglón 12 fue alterado"."""
    row = f"el renglón {found.seq:,}"
    if found.through > found.seq:
        row = f"un renglón entre el {found.seq:,} y el {found.through:,}"
    said = _FOUND[found.problem].format(row=row)
    return said.replace(" de el ", " del ")


def verdict(checked: Checked) -> str:
    """One sentence; of keys that are lost, what it couldn't check."""
    rows = written.count(checked.rows, "renglón", "renglones")
    if checked.finding:
        return f"La bitácora no está completa: {finding(checked.finding)} (revisados: {rows})."
    whole = f"La bitácora está completa: {rows}"
    if not checked.unchecked:
        return f"{whole}, comprobados de principio a fin."
    keys = ", ".join(checked.unchecked)
    return f"{whole}; sin su llave pública no se pudieron comprobar las firmas de {keys}."
