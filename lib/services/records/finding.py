"""One search over everything: accounts, systems and certificates."""

from dataclasses import dataclass
from typing import Any

from lib.model import masks
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.view import View
from lib.services.desk import Desk
from lib.store.grid.engine import window
from lib.store.grid.sources import ACCOUNTS, CERTIFICATES, SYSTEMS, Source
from lib.store.grid.tree import Record


@dataclass(frozen=True)
class Hits:
    """The first rows found, by column, persons' data masked, and how many there are in all. `near`
    pairs words that seem mistyped with those taken for them: such rows come last, or alone."""

    rows: tuple[dict[str, Any], ...]
    total: int
    near: tuple[tuple[str, str], ...] = ()
    only_near: bool = False


@dataclass(frozen=True)
class Found:
    accounts: Hits
    systems: Hits
    certificates: Hits

    @property
    def exact(self) -> bool:
        """Whether anything was found as it was typed."""
        kinds = (self.accounts, self.systems, self.certificates)
        return any(hits.total and not hits.only_near for hits in kinds)


def everything(desk: Desk, actor: Actor, text: str, limit: int = 5) -> Found:
    """The first `limit` of each kind for what was typed. Raises AppError(FORBIDDEN)."""
    desk.require(actor, Permission.FIND)
    return Found(
        accounts=_hits(desk, ACCOUNTS, text, limit),
        systems=_hits(desk, SYSTEMS, text, limit),
        certificates=_hits(desk, CERTIFICATES, text, limit),
    )


def _hits(desk: Desk, source: Source, text: str, limit: int) -> Hits:
    found = window(desk.store, source, View(q=text, limit=limit))
    names = [column.id for column in source.columns]
    records = [row for row in found.rows if isinstance(row, Record)]
    return Hits(
        rows=tuple(
            {name: masks.masked(name, cell) for name, cell in zip(names, record.cells, strict=True)}
            | {"account_no": record.account_no}
            for record in records
        ),
        total=found.records,
        near=found.near,
        only_near=found.only_near,
    )
