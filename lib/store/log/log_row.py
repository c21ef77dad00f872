"""The view `log_row`: the log as everybody reads it, wherever its rows lie."""

from typing import Any, Protocol


class _Cursor(Protocol):
    def execute(self, sql: str, params: Any = ...) -> Any: ...


def lay(cursor: _Cursor) -> None:
    """Make the view anew. With nothing archived it is the table itself and costs nothing."""
    cursor.execute("CREATE OR REPLACE VIEW log_row AS SELECT * FROM ops.audit")
