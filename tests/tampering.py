"""A log with everything that vouches for it, and hands on its tables."""

from collections.abc import Callable
from typing import Any

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM
from lib.model.proof import Finding
from lib.services.desk import Desk
from lib.services.log import proof
from lib.store.database import Store
from lib.store.log import proving
from lib.store.log.audit import HASHED, row_hash

COLUMNS = (*HASHED, "hash")


def write_rows(desk: Desk, count: int) -> None:
    """Each in a commit of its own, with a detail that names somebody; some go by a version of the
    policy, and some hold what JSON escapes: those take other ways through a verification."""
    for n in range(count):
        entry = Entry(
            Action.CONTACT_CHANGED,
            account_no=f"{n % 3:08}",
            ticket='T"\\\n\x1f' if n % 2 else "T-7",
            detail={"old": {"name": "Ñ"}, "new": {"name": f"Persona {n}"}},
            versions=("", 'policy "Ñ" 7', "policy 7")[n % 3],
        )
        desk.store.write(lambda t, entry=entry: t.log(SYSTEM, entry))


def proved_log(desk: Desk, count: int) -> int:
    """A key, `count` rows and a checkpoint over them; the newest row's number."""
    proof.prepare(desk)
    write_rows(desk, count)
    signed = proof.sign(desk)
    assert signed
    return signed.seq


def verdict(store: Store) -> Finding | None:
    return proving.check(store, lambda _: None).finding


def rows(store: Store) -> list[dict[str, Any]]:
    return store.records(f"SELECT {', '.join(COLUMNS)} FROM ops.audit ORDER BY seq")


def put(store: Store, row: dict[str, Any]) -> None:
    """A row as it is, whatever its hash."""
    marks = ", ".join("?" * len(row))
    names = ", ".join(row)
    store.rows(f"INSERT INTO ops.audit ({names}) VALUES ({marks})", list(row.values()))


def rewrite(store: Store, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """All the rows anew, as `change` makes of them."""
    changed = change(rows(store))
    store.rows("DELETE FROM ops.audit")
    for row in changed:
        put(store, row)


def chained(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers, links and hashes made anew: the chain of somebody who knows how it is made."""
    made: list[dict[str, Any]] = []
    for n, row in enumerate(rows, start=1):
        fresh = row | {"seq": n, "prev": made[-1]["hash"] if made else "0" * 64}
        made.append(fresh | {"hash": row_hash(fresh)})
    return made
