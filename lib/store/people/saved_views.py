"""Tables' views by name, and which of them stand in whose menu.

Statements take the caller's transaction: the audit row is written in the same one.
"""

import json
import uuid
from collections.abc import Sequence
from typing import Any

from lib.model.saved_view import SavedView, name_key
from lib.model.view import View
from lib.store.database import Transaction
from lib.store.reading import Reader

_VIEWS = (
    "SELECT v.id, v.list, v.owner, coalesce(s.name, v.owner), v.name, v.shared, v.view, v.version"
    " FROM ops.saved_view v LEFT JOIN ops.staff s ON s.username = v.owner"
)
_SEEN_BY = "v.deleted_at IS NULL AND (v.shared OR v.owner = ?)"

# ---- questions -----------------------------------------------------------------------------


def find(reader: Reader, view_id: str, username: str) -> SavedView | None:
    """A view that this person may see; None when there is none (any more)."""
    return next(iter(_views(reader, f"WHERE v.id = ? AND {_SEEN_BY}", [view_id, username])), None)


def offered(reader: Reader, name: str, username: str) -> list[SavedView]:
    """What this person may open in list `name`: their own and everybody's, by name."""
    where = f"WHERE v.list = ? AND {_SEEN_BY} ORDER BY lower(v.name), v.saved_at"
    return _views(reader, where, [name, username])


def pinned(reader: Reader, username: str) -> list[SavedView]:
    """What stands in this person's menu, oldest pin first."""
    where = (
        f"JOIN ops.pin p ON p.view_id = v.id WHERE p.username = ? AND p.pinned AND {_SEEN_BY}"
        " ORDER BY p.pinned_at, v.id"
    )
    return _views(reader, where, [username, username])


def how_many(reader: Reader, owner: str) -> int:
    row = reader.one(
        "SELECT count(*) FROM ops.saved_view WHERE owner = ? AND deleted_at IS NULL", [owner]
    )
    return int(row[0]) if row else 0


def _views(reader: Reader, rest: str, params: Sequence[Any]) -> list[SavedView]:
    return [_view(*row) for row in reader.rows(f"{_VIEWS} {rest}", params)]


def _view(
    view_id: str,
    name: str,
    owner: str,
    owner_name: str,
    title: str,
    shared: bool,
    view: str,
    v: int,
) -> SavedView:
    return SavedView(
        view_id, name, owner, owner_name, title, shared, View.parse(json.loads(view)), v
    )


# ---- writes --------------------------------------------------------------------------------


def add(
    transaction: Transaction, name: str, owner: str, title: str, view: View, *, shared: bool
) -> str:
    """A new view's id."""
    view_id, now = uuid.uuid4().hex, transaction.now
    transaction.run(
        "INSERT INTO ops.saved_view VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, NULL)",
        [view_id, name, owner, title, shared, _json(view), now, now, owner],
    )
    return view_id


def change(transaction: Transaction, changed: SavedView, by: str) -> bool:
    """Store what may change of a view; whether it still was at `changed.version`."""
    row = transaction.one(
        "UPDATE ops.saved_view SET name = ?, shared = ?, view = ?, version = version + 1,"
        " changed_at = ?, changed_by = ?"
        " WHERE id = ? AND version = ? AND deleted_at IS NULL RETURNING version",
        [
            changed.name,
            changed.shared,
            _json(changed.view),
            transaction.now,
            by,
            changed.id,
            changed.version,
        ],
    )
    return row is not None


def delete(transaction: Transaction, gone: SavedView, by: str) -> bool:
    """Whether it was there, at `gone.version`, to be deleted."""
    row = transaction.one(
        "UPDATE ops.saved_view SET deleted_at = ?, version = version + 1, changed_at = ?,"
        " changed_by = ? WHERE id = ? AND version = ? AND deleted_at IS NULL RETURNING id",
        [transaction.now, transaction.now, by, gone.id, gone.version],
    )
    return row is not None


def take_name(transaction: Transaction, owner: str, name: str, title: str, view_id: str) -> bool:
    """Give a view its name among its owner's of that list; False when another has it."""
    row = transaction.one(
        "INSERT INTO ops.view_name VALUES (?, ?, ?, ?)"
        " ON CONFLICT (owner, list, name_key) DO UPDATE SET view_id = excluded.view_id"
        " WHERE view_name.view_id IN ('', excluded.view_id) RETURNING view_id",
        [owner, name, name_key(title), view_id],
    )
    return row is not None


def free_name(transaction: Transaction, view: SavedView) -> None:
    transaction.run(
        "UPDATE ops.view_name SET view_id = '' WHERE owner = ? AND list = ? AND name_key = ?",
        [view.owner, view.list, name_key(view.name)],
    )


def pin(transaction: Transaction, username: str, view_id: str, *, on: bool) -> None:
    transaction.run(
        "INSERT INTO ops.pin VALUES (?, ?, ?, ?)"
        " ON CONFLICT (username, view_id) DO UPDATE SET pinned = excluded.pinned,"
        " pinned_at = CASE WHEN pin.pinned THEN pin.pinned_at ELSE excluded.pinned_at END",
        [username, view_id, on, transaction.now],
    )


def _json(view: View) -> str:
    said = {name: value for name, value in view.to_json().items() if name not in ("offset", "seq")}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
