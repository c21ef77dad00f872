"""SQL is made of the program's own text; whatever anybody wrote is a value beside it."""

import ast
from collections.abc import Iterable

from tests.following import ROOT, Following, Module, looked_at

FILES = sorted(ROOT.glob("lib/store/**/*.py"))
ASKING = {
    "changed", "execute", "executemany", "one", "remembered", "rows", "run",
}  # fmt: skip
MADE_OF = frozenset({"Sql", "sql"})  # lib/store/grid/fragment.py
# What these answer: placeholders, a quoted path, a script of ours, numbers.
SAFE = MADE_OF | {"int", "len", "marks", "max", "min", "new_id", "quoted", "read_text"}

# What can't be followed to where it was made, and what it is.
LOOKED_AT = r"""
The name that an attached file or a relation was given here
    database: alias
    database: next(self._refs)
    database: self.attach(path)
    log/archives: table
    pack/index: self._made
    pack/index: table
    pack/mending: alias
    pack/noted: alias
    records/absent: alias
    records/certificates: incoming
    records/coming: incoming
    records/loads: named
    records/loads: vendor
    ref: table
Passed on as it came: whoever made it is followed too
    database: sql
    grid/engine: question.text
    grid/fragment: part.text
    grid/fragment: piece.text
    grid/reading: question.text
    grid/search/indexed: found
    grid/selected: question.text
    remembering: sql
    writing: sql
A column's or a source's own SQL: constants of lib/store/grid/sources.py
    grid/columns: self.corrected
    grid/columns: self.corrected_folded
    grid/columns: self.folded
    grid/columns: self.sql
    grid/engine: column.corrected
    grid/engine: column.sql
    grid/engine: source.row_id
    grid/engine: source.table
    grid/filters: column.corrected_folded
    grid/filters: column.rank
    grid/paging: self._plan.source.key
    grid/paging: self.bits
    grid/placed: column.corrected
    grid/placed: column.rank
    grid/placed: source.account
    grid/placed: source.table
    grid/plan: self._corrections()
    grid/plan: self.source.key
    grid/plan: self.source.summed
    grid/plan: self.source.table
    grid/reading: column.sql
    grid/reading: self._source.table
    grid/rows: column.sql
    grid/rows: source.key
    grid/rows: source.row_id
    grid/rows: source.table
    grid/search/texts: column.sql
    grid/search/texts: source.search
    grid/selected: column.corrected
    grid/selected: source.row_id
    grid/selected: source.table
    grid/sources: self.fixed
    grid/whole: plan.group
Numbers that the engine gave
    grid/levels: month_of(self.today).last
    grid/levels: week_of(self.today).last
    grid/search/indexed: map(str, exact.tolist())
    log/archives: list[tuple[str, int, int]]()
    log/archives: span.first
    log/archives: span.last
    log/log_row: Archived(*row)
    log/log_row: each.first
    log/log_row: list[tuple[int, int]]()
    log/log_row: spans.pop()[0]
    pack/growing: connection.execute(asked).fetchone()
What its callers in that file write, or a choice of two names
    grid/search/index: texts
    grid/search/indexed: customers.matches(list(terms))
    grid/search/indexed: customers.near(list(terms))
    log/auditing: columns
    log/auditing: line
    log/diagnosis: condition
    log/stories: account_no
    log/stories: serial
    records/corrections: new
Scripts of ours, and names of tables that the engine gave
    migrations/__init__: of_them.findall(file.read_text('utf-8'))
    pack/checks: script(name).split(';\n')
    people/privacy: transaction.rows("SELECT table_name FROM duckdb_columns() WH
    ref: SCHEMA.read_text('utf-8').partition(f'CREATE TABLE {table} (
    ref: _key(table)[0]
    ref: _key(table)[1]
Names of the packs' columns and kinds: constants of lib/store/pack/files.py
    pack/build: f.name
    pack/checks: c.name
    pack/checks: column.heading
    pack/checks: column.holds
    pack/checks: column.name
    pack/checks: reasons[c]
    pack/compare: key[0]
    pack/staging: pack_file.name
The key that files are encrypted with: base64, as lib/settings.py reads it; and its name
    cipher: self.key
    database: cipher.options()
    database: self.cipher.options(read_only=True)
    encrypting: cipher.of_archive
    encrypting: cipher.options()
    log/archives: filter(None, (SHAPE, store.cipher.of_archive))
    log/log_row: cipher.of_archive
    log/log_row: map(quoted, paths)
    opening: cipher.options(read_only=True)
    pack/engine: cipher.options(read_only=True)
    pack/mending: cipher.options()
    pack/mending: cipher.options(read_only=True)
    ref: cipher.options()
"""


def given(_: Module, call: ast.Call) -> Iterable[ast.expr] | None:
    called = call.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    asks = name in ASKING and isinstance(called, ast.Attribute)
    return call.args[:1] if asks or name in MADE_OF else None


def test_each_part_is_ours() -> None:
    """A new one fails here: bind it, or say why it is no value. One that
    is gone fails too."""
    assert Following(given, SAFE).loose_in(FILES, "lib/store/") == looked_at(LOOKED_AT)
