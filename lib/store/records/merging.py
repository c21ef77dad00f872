"""Checked certificates into what the desk holds: the only way any get into ops.certificate.

In two parts, so that a million of them keep nobody waiting (Store.write_after): `lay` adds rows and
changes none, beside others at work; `settle` changes those that differ, in turn.
"""

from collections.abc import Callable, Iterator

from lib.store.database import Transaction
from lib.store.records import certificates, links
from lib.store.records.certificates import DIFFERS, FACTS, GONE, Merge

# What a merge looks at: another's commit there in between makes it another merge.
STANDS_ON = "ops.certificate ops.certificate_gone ops.certificate_link ops.certificate_change"
# Rows added at a time: one of the engine's row groups, which it writes to the file at once. With
# less than that it keeps them for the COMMIT: 0.9 s a million of it, against 0.05.
AT_A_TIME = 122_880
_COLUMNS = f"folio, {', '.join(FACTS)}, search"
_NEW = "n.folio NOT IN (SELECT folio FROM ops.certificate)"

# Told how many of the new rows are laid, and of how many.
Told = Callable[[int, int], None]


def merge(
    transaction: Transaction, incoming: str, batch_id: str, told: Told = lambda _, __: None
) -> Merge:
    """Insert new certificates and update changed ones, keeping what those were before.

    `incoming` is a relation with pack_certificate's columns and no folio twice.
    """
    counts = lay(transaction, incoming, batch_id, told)
    settle(transaction, batch_id)
    return counts


def lay(transaction: Transaction, incoming: str, batch_id: str, told: Told) -> Merge:
    """Add the new rows and what those that change were; `settle` must follow."""
    counts = certificates.compare(transaction, incoming)
    incoming = links.respected(incoming)
    if counts.changed:
        _keep_what_was(transaction, incoming, batch_id)
    some_return = counts.new and _some_are_gone(transaction)
    # Those that differ, and those that went with a batch that was undone: they come back.
    which = f"{DIFFERS} OR {GONE}" if counts.changed or some_return else "false"
    transaction.run(
        f"CREATE OR REPLACE TEMP TABLE settling AS SELECT n.* FROM {incoming} n"
        f" JOIN ops.certificate c ON c.folio = n.folio WHERE {which}"
    )
    done = 0
    for first, last in _parts(transaction, incoming, counts.new):
        done += transaction.changed(
            f"INSERT INTO ops.certificate ({_COLUMNS}, batch_id) SELECT {_COLUMNS}, ?"
            f" FROM {incoming} n WHERE {_NEW} AND n.folio > ? AND n.folio <= ?",
            [batch_id, first, last],
        )
        told(done, counts.new)
    return counts


def settle(transaction: Transaction, batch_id: str) -> None:
    """Change the rows that `lay` found to differ, and take the turn: of two merges that both looked
    at what there was before, the engine refuses one."""
    updates = ", ".join(f"{f} = n.{f}" for f in (*FACTS, "search"))
    transaction.run(
        f"UPDATE ops.certificate AS c SET {updates}, batch_id = ?"
        " FROM settling n WHERE n.folio = c.folio",
        [batch_id],
    )
    transaction.run("DROP TABLE settling")
    transaction.run("UPDATE ops.certificate_turn SET merges = merges + 1")


def _parts(transaction: Transaction, incoming: str, new: int) -> Iterator[tuple[str, str]]:
    """The new ones in parts: after this folio, up to that one."""
    if not new:
        return
    ends = transaction.rows(
        "SELECT max(folio) FROM (SELECT n.folio,"
        " (row_number() OVER (ORDER BY n.folio) - 1) // ? AS part"
        f" FROM {incoming} n WHERE {_NEW}) GROUP BY part ORDER BY part",
        [AT_A_TIME],
    )
    first = ""  # before any folio
    for (last,) in ends:
        yield first, last
        first = last


def _keep_what_was(transaction: Transaction, incoming: str, batch_id: str) -> None:
    facts = ", ".join(f"{f} := c.{f}" for f in (*FACTS, "search", "batch_id"))
    transaction.run(
        "INSERT INTO ops.certificate_change (batch_id, folio, before)"
        f" SELECT ?, c.folio, CAST(to_json(struct_pack({facts})) AS VARCHAR)"
        f" FROM held_certificate c JOIN {incoming} n ON n.folio = c.folio WHERE {DIFFERS}",
        [batch_id],
    )


def _some_are_gone(transaction: Transaction) -> bool:
    return transaction.one("SELECT 1 FROM ops.certificate_gone LIMIT 1") is not None
