"""The new ref file of a build: written anew, grown from the base, or only beside it."""

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import duckdb

from lib.model import clock
from lib.model.load import Progress, Stage
from lib.store import ref
from lib.store.cipher import Cipher
from lib.store.pack import checks, growing, index
from lib.store.pack.compare import check_unique
from lib.store.pack.engine import another, execute_told
from lib.store.vault import Vault

# Parts of a build: where writing begins, what is sorted, the search tables' places spooled; and
# what the publication needs, in a grown one and alone.
_BEGUN, _SORTING, _SPOOLING, _CARRYING, _ALONE = 0.65, 0.15, 0.09, 0.05, 0.3
_LOOK_S = 0.25  # between two looks at how far that is


def write(
    connection: duckdb.DuckDBPyConnection,
    base: Path | None,
    made: Path,
    vault: Vault,
    progress: Progress,
    cipher: Cipher,
    *,
    whole: bool,
    noted: bool,
) -> None:
    """Write `made` from what was read and compared; without `whole` only what the publication needs
    beside the ref in force. `noted`: with all that is said of the rows (noted.py).

    Raises RuntimeError when a row got lost or came twice.
    """
    grown = base if whole and base and growing.fits(connection) else None
    if grown:
        growing.copy(connection, grown, made, cipher)
    else:
        ref.make_tables(connection, made, cipher)
    row = [ref.REF_FORMAT, clock.now(), vault.fingerprint]
    connection.execute("INSERT INTO made.meta VALUES (?, ?, ?)", row)
    if whole and not grown:
        steps = checks.statements("carry") + checks.statements("write")
        _write_rows(connection, steps, progress, _SORTING / len(steps), len(steps))
    else:
        # Certificates come first: they are all there is to it.
        share = _CARRYING if grown else _ALONE
        _write_rows(connection, checks.statements("carry"), progress, share, most=1)
    if noted:
        connection.execute(checks.script("notes"))
    if grown:
        growing.change(connection, progress)
        ref.put_down(connection)
        return
    if whole:
        _write_codes_and_search(connection, made.parent, progress)
    ref.finish(connection)


def _write_rows(
    connection: duckdb.DuckDBPyConnection,
    steps: list[str],
    progress: Progress,
    share: float,
    most: int,
) -> None:
    """Execute them; each is that `share` of the build, and only so many are told of."""
    for done, statement in enumerate(steps):

        def told(part: float, done: int = done) -> None:
            progress(Stage.WRITING, _BEGUN + share * min(done + part, most))

        execute_told(connection, statement, told)


def _write_codes_and_search(
    connection: duckdb.DuckDBPyConnection, work: Path, progress: Progress
) -> None:
    """CDAs are written and all keys counted by the engine, while the search tables' places are
    spooled, which needs little of it."""
    sorted_, spooled = _BEGUN + _SORTING, [0.0]
    with another(connection) as line, ThreadPoolExecutor(1) as beside:
        spooling = beside.submit(index.spool, line, work, told=spooled.append)
        for statement in checks.statements("codes"):
            progress(Stage.WRITING, sorted_ + _SPOOLING * spooled[-1])
            connection.execute(statement)
        check_unique(connection)
        while not wait([spooling], _LOOK_S).done:
            progress(Stage.WRITING, sorted_ + _SPOOLING * spooled[-1])
    begun = sorted_ + _SPOOLING
    index.lay(
        connection,
        spooling.result(),
        told=lambda part: progress(Stage.WRITING, begun + (0.96 - begun) * part),
    )
