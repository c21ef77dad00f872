"""What the audit log holds, for tests of writes."""

import json
from typing import Any

from lib.model.action import Action
from lib.services.desk import Desk
from lib.store.log import audit, proving


def logged(desk: Desk, *actions: Action) -> list[dict[str, Any]]:
    """Rows of these acts (of all, when none is named), oldest first, with `detail` decoded. The
    chain is checked on the way.
    """
    with desk.store.cursor() as cursor:
        rows = list(audit.stored_rows(cursor))
    assert proving.check(desk.store, lambda _: None).finding is None
    wanted = {action.value for action in actions}
    return [
        {**row, "detail": json.loads(row["detail"] or "{}")}
        for row in rows
        if not wanted or row["action"] in wanted
    ]
