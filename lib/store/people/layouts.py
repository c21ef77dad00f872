"""How each person left the columns of each list."""

import json

from lib.model.view import View
from lib.store.database import Transaction
from lib.store.reading import Reader


def find(reader: Reader, username: str, name: str) -> View:
    """A view with nothing but the columns and the page size last left in list `name`."""
    row = reader.one(
        "SELECT layout, per_page FROM ops.layout WHERE username = ? AND list = ?", [username, name]
    )
    return View.parse({"layout": json.loads(row[0]), "limit": row[1]}) if row else View()


def keep(transaction: Transaction, username: str, name: str, view: View) -> None:
    """Keep the columns and page size of `view`; the list as it comes needs no row of its own, but
    one that is there stays: rows are never deleted."""
    layout = json.dumps(view.layout.to_json(), ensure_ascii=False, separators=(",", ":"))
    transaction.run(
        "INSERT INTO ops.layout VALUES (?, ?, ?, ?)"
        " ON CONFLICT (username, list) DO UPDATE SET layout = excluded.layout,"
        " per_page = excluded.per_page",
        [username, name, layout, view.limit],
    )
