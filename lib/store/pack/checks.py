"""Which rows can't go in: what each cell must hold (here), and rows against each other (sql/)."""

import datetime as dt
from pathlib import Path

import duckdb

from lib.model import clock
from lib.model.system import MAX_SEATS, PRODUCTS
from lib.store.pack.files import Column, Holds, PackFile
from lib.store.pack.suggesting import SUGGESTED_OF

SHOWN = 80  # characters of a cell that a note holds
_SQL = Path(__file__).with_name("sql")
# Rows of one file are checked against those already checked: accounts first.
_STEPS = ("accounts", "systems", "certificates", "holders", "activations")
_KEYS = {
    "row_account": "account_no",
    "row_system": "serial",
    "row_certificate": "folio",
    "row_activation": "serial",
}
# Days that have been, of what is on paper; a year slips easily. A payment may well be to come.
_PAST = (
    ("row_system", "purchased_on", "Fecha Compra"),
    ("row_certificate", "purchased_on", "Fecha Compra"),
    ("row_activation", "issued_on", "Fecha Emisión"),
)
_PRODUCT_LIST = ", ".join(f"'{product}'" for product in PRODUCTS)


def script(name: str) -> str:
    """One of the SQL files beside this module."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


def statements(name: str) -> list[str]:
    """Its statements, one by one."""
    return [part for part in script(name).split(";\n") if part.strip()]


def few(pack_file: PackFile) -> list[Column]:
    """The columns that hold few different cells: each of those is read and judged once."""
    return [column for column in pack_file.columns if column.holds in _READ_AS]


def judging(column: Column, pack_file: PackFile) -> str:
    """SQL that reads the relation `cells` of such a column: what is stored of each, and the reason
    why it can't stay."""
    reason = _problem(column, typed=pack_file.exported)
    return f"SELECT {_stored(column)} AS s_{column.name}, {reason} AS p_{column.name} FROM cells"


def selection(pack_file: PackFile) -> str:
    """SQL that reads the relation `batch` of text cells, and of the `few` what `judging` said: the
    columns as they are stored, then `problems`, a list of what is wrong with the row (NULL:
    nothing)."""
    judged = few(pack_file)
    reasons = {c: _problem(c, typed=pack_file.exported) for c in pack_file.columns}
    wrong = {c: f"p_{c.name}" for c, sql in reasons.items() if sql}
    stored = ", ".join(
        f"s_{c.name} AS {c.name}" if c in judged else c.name for c in pack_file.columns
    )
    each = ", ".join(_noted(column, reason) for column, reason in wrong.items())
    asked = [f"{reasons[c]} AS {p}" for c, p in wrong.items() if c not in judged]
    return (
        f"SELECT line, {stored},"
        f" CASE WHEN coalesce({', '.join(wrong.values())}) IS NOT NULL"
        f" THEN list_filter([{each}], lambda p: p.reason IS NOT NULL) END AS problems"
        f" FROM (SELECT *, {', '.join(asked)} FROM batch)"
    )


def _noted(column: Column, reason: str) -> str:
    """SQL for one problem, as table `aside` holds it. The functions are Python's: only a cell that
    is wrong may come to them."""
    x, holds = column.name, column.holds
    if holds is Holds.CODE:
        value = suggestion = detail = "''"
    else:
        value = f"left({x}, {SHOWN})"
        asked = f"CASE WHEN {reason} IS NULL THEN '' ELSE {{f}}('{holds}', {x}) END"
        known = holds in SUGGESTED_OF
        suggestion = asked.format(f="suggested") if known else "''"
        detail = asked.format(f="explained") if known else "''"
    return (
        f"struct_pack(field := '{column.heading}', value := {value}, reason := {reason},"
        f" suggestion := {suggestion}, detail := {detail})"
    )


def check(connection: duckdb.DuckDBPyConnection) -> None:
    """Set aside the rows that contradict others: `aside` and `remark` say which and why."""
    for table, key in _KEYS.items():
        connection.execute(
            f"INSERT INTO aside BY NAME SELECT file, line, {key} AS key,"
            f" unnest(problems, recursive := true) FROM {table} WHERE problems IS NOT NULL"
        )
        connection.execute(f"DELETE FROM {table} WHERE problems IS NOT NULL")
    for step in _STEPS:
        connection.execute(script(step))
    _remark_on_the_future(connection, clock.today() + dt.timedelta(days=1))


def _remark_on_the_future(connection: duckdb.DuckDBPyConnection, latest: dt.date) -> None:
    """Of good rows. Whoever wrote the file may have a clock ahead of ours: tomorrow passes."""
    for table, name, heading in _PAST:
        connection.execute(
            f"INSERT INTO remark BY NAME SELECT file, line, '{heading}' AS field,"
            f" 'la fecha todavía no llega, compárala con el original' AS reason,"
            f" strftime({name}, '%d/%m/%Y') AS value FROM {table} WHERE {name} > ?",
            [latest],
        )


def _stored(column: Column) -> str:
    return _READ_AS.get(column.holds, "{x}").format(x=column.name)


_READ_AS: dict[Holds, str] = {
    Holds.DATE: "to_date({x})",
    Holds.ISSUE_DATE: "to_date({x})",
    Holds.SEATS: "to_seats({x})",
    Holds.PRODUCT: "to_product({x})",
}


def _problem(column: Column, *, typed: bool) -> str:
    """SQL for the reason why a cell can't stay, NULL when it can; "" when anything can. What people
    typed may hold the error of a formula."""
    branches = _BRANCHES.get(column.holds, "")
    eaten = _EATEN.get(column.heading, f"{column.heading}, recupéralo")
    problem = branches.format(x=column.name, heading=column.heading, eaten=eaten)
    if not typed:
        return problem
    return (
        f"CASE WHEN sheet_error({column.name}) THEN 'la hoja de cálculo da un error en la celda'"
        f" ELSE {problem or 'NULL'} END"
    )


_EATEN = {
    "No. Serie": "la serie, recupérala",
    "No. Cuenta": "la cuenta, recupérala",
    "Folio": "el folio, recupéralo",
}
_EMPTY = "CASE WHEN {x} = '' THEN 'falta {heading}'"
_BRANCHES: dict[Holds, str] = {
    Holds.KEY: _EMPTY + " WHEN eaten_by_excel({x}) THEN 'Excel cambió {eaten} del original' END",
    Holds.ACCOUNT: _EMPTY + " END",
    Holds.NAME: _EMPTY + " END",
    Holds.DATE: "CASE WHEN {x} <> '' THEN date_problem({x}) END",
    Holds.ISSUE_DATE: _EMPTY + " ELSE date_problem({x}) END",
    Holds.SEATS: _EMPTY + f" WHEN coalesce(to_seats({{x}}), 0) NOT BETWEEN 1 AND {MAX_SEATS}"
    f" THEN 'los usuarios van de 1 a {MAX_SEATS}' END",
    Holds.PRODUCT: _EMPTY + f" WHEN to_product({{x}}) NOT IN ({_PRODUCT_LIST})"
    " THEN 'sistema desconocido' END",
    Holds.CODE: "code_problem",
}
