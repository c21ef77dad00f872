"""What the audit log holds, for tests of writes."""

import json
from collections.abc import Sequence
from typing import Any

from lib.model.action import Action
from lib.services.desk import Desk
from lib.store.log import audit
from lib.store.log.anchors import HeadFile


def logged(desk: Desk, *actions: Action) -> list[dict[str, Any]]:
    """Rows of these acts (of all, when none is named), oldest first, with `detail` decoded. The
    chain is checked on the way.
    """
    noted = HeadFile(desk.store.data / "audit.head").last()  # first: others may be at work
    with desk.store.cursor() as cursor:
        rows = list(audit.stored_rows(cursor))
    assert noted in _chained(rows)
    wanted = {action.value for action in actions}
    return [
        {**row, "detail": json.loads(row["detail"] or "{}")}
        for row in rows
        if not wanted or row["action"] in wanted
    ]


def _chained(rows: Sequence[dict[str, Any]]) -> list[audit.Head]:
    """The heads they lead to. In Python, at a tenth of what the whole verification costs, which
    tests/store/test_proving.py tries."""
    heads = [audit.Head()]
    for row in rows:
        assert (row["seq"], row["prev"]) == (heads[-1].seq + 1, heads[-1].hash)
        assert row["hash"] == audit.row_hash(row)
        if row["detail"] is not None:  # else erased
            salt, detail = bytes.fromhex(row["salt"]), row["detail"].encode()
            assert row["commitment"] == audit.digest("detail", salt, detail)
        heads.append(audit.Head(row["seq"], row["hash"]))
    return heads
