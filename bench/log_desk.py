"""A desk whose log has ten million rows, made once under bench/data and kept."""

import datetime as dt
import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bench import prepared
from bench.log_chain import Chain, key_made
from bench.log_days import DAYS, Customer, Days, Mail
from lib.model import clock
from lib.store import migrations, ref
from lib.store.database import Store
from lib.store.log import signing
from lib.store.log.checkpoints import Checkpoint

_KINDS = [1, ref.REF_FORMAT]  # of what is made here, and of the ref
_SEED = 20_260_101
_AT_ONCE = 500_000  # rows of the log in a commit
_CUSTOMERS = (
    "SELECT s.serial, s.account_no, a.email FROM system s JOIN account a USING (account_no)"
    " WHERE a.email SIMILAR TO '[a-z0-9._-]+@[a-z0-9.-]+' ORDER BY hash(s.serial)"
)


def desk(accounts: int, rows: int, *, fresh: bool) -> tuple[Path, dict[str, Any]]:
    """A desk's folder with a log of that many rows over so many accounts, and how it was made."""
    data = prepared.DATA / f"log-{rows}"
    report = data / "made.json"
    told: dict[str, Any] = json.loads(report.read_text("utf-8")) if report.exists() else {}
    if fresh or not _is_ours(told.get("format", [])):
        shutil.rmtree(data, ignore_errors=True)
        told = {"format": [*_KINDS, *_steps()], **_made(data, accounts, rows)}
        report.write_text(json.dumps(told), "utf-8")
    return data, told


def _is_ours(made_by: list[int]) -> bool:
    """Whether this program can open it: steps that came since follow those it has."""
    kinds, steps = made_by[: len(_KINDS)], made_by[len(_KINDS) :]
    return kinds == _KINDS and steps == _steps()[: len(steps)]


def _steps() -> list[int]:
    return [version for version, _ in migrations.steps()]


def _made(data: Path, accounts: int, rows: int) -> dict[str, Any]:
    _share_ref(prepared.desk(accounts, fresh=False)[0], data)
    print(f"Writing a log of {rows:,} rows…", flush=True)
    began = time.perf_counter()
    store = Store.open(data)
    customers = [Customer(*row) for row in store.rows(_CUSTOMERS)]
    store.close()
    last = clock.today() - dt.timedelta(days=1)
    chain = Chain(_key(data), data / "audit.head", rows, _SEED)
    with duckdb.connect(data / "ops.duckdb") as connection:
        _write(connection, chain, Days(customers, rows, last, _SEED), _begun(last))
    chain.close()
    (data / "audit.checkpoints").write_text(chain.signed_lines(), "ascii")
    assert chain.is_full
    size = (data / "ops.duckdb").stat().st_size >> 20
    seconds = round(time.perf_counter() - began)
    return {"rows": rows, "last_day": last.isoformat(), "seconds": seconds, "mb": size}


def _share_ref(prepared_at: Path, data: Path) -> None:
    """The accounts of a prepared desk, and the batch that says they are in force; not its log."""
    copy = prepared.copied(prepared_at)
    with duckdb.connect(copy / "ops.duckdb", read_only=True) as connection:
        batches = connection.execute("SELECT * FROM batch").to_arrow_table()
    for name in ("ops.duckdb", "audit.head", "audit.checkpoints"):
        (copy / name).unlink(missing_ok=True)
    shutil.move(copy, data)
    Store.open(data).close()
    with duckdb.connect(data / "ops.duckdb") as connection:
        connection.register("batches", batches)
        connection.execute("INSERT INTO batch BY NAME SELECT * FROM batches")


def _key(data: Path) -> signing.Signer:
    made = signing.make(data)
    signing.settle(data)
    return made


def _begun(last: dt.date) -> dt.datetime:
    return clock.begins(last - dt.timedelta(days=DAYS))


def _write(
    connection: duckdb.DuckDBPyConnection, chain: Chain, days: Days, begun: dt.datetime
) -> None:
    acts, mails = [key_made(begun, chain.fingerprint)], list[Mail]()
    for more, sent in days:
        acts += more
        mails += sent
        if len(acts) >= _AT_ONCE:
            _store(connection, chain, acts, mails)
            acts, mails = [], []
    _store(connection, chain, acts, mails)
    _insert(connection, "checkpoint", _checkpoints(chain.checkpoints))
    connection.execute(_BEYOND_THE_LOG)
    connection.execute("CHECKPOINT")


def _store(
    connection: duckdb.DuckDBPyConnection, chain: Chain, acts: Sequence[Any], mails: list[Mail]
) -> None:
    rows, details = chain.tables(acts)
    connection.execute("BEGIN")
    _insert(connection, "audit", rows)
    _insert(connection, "audit_detail", details)
    _insert(connection, "outbox", _outbox(mails))
    connection.execute("COMMIT")
    print(f"  {chain.head.seq:,}", flush=True)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    connection.register("made", rows)
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM made")
    connection.unregister("made")


def _outbox(mails: list[Mail]) -> pa.Table:
    told = {
        name: list(values)
        for name, values in zip(Mail._fields, zip(*mails, strict=True), strict=True)
    }
    ids, count = told["id"], len(mails)
    for name in ("requested_at", "finished_at"):
        told[name] = pa.array(told[name]).cast(pa.timestamp("us"))
    return pa.table(
        told
        | {
            "idempotency_key": [each[::-1] for each in ids],
            "message_id": [f"<{each}@avisos.example.com>" for each in ids],
            "recipient_name": ["Cliente"] * count,
            "template": ["resend/es@2"] * count,
            "policy": [3] * count,
        }
    )


def _checkpoints(signed: list[Checkpoint]) -> pa.Table:
    names = ("seq", "hash", "rows", "key", "signature")
    told = {name: [getattr(each, name) for each in signed] for name in names}
    at = [dt.datetime.fromisoformat(each.signed_at) for each in signed]
    return pa.table(told | {"signed_at": pa.array(at, pa.timestamp("us"))})


# What the log's rows say of approvals and of addresses that give mail back.
_BEYOND_THE_LOG = """
INSERT INTO approval BY NAME
SELECT a.subject AS outbox_id, a.actor AS asked_by, a.logged_at AS asked_at,
       a.logged_at + INTERVAL 1 DAY AS expires_at, '[]' AS stops, 'approved' AS state,
       g.actor AS answered_by, g.logged_at AS answered_at, '' AS note
FROM audit a JOIN audit g ON g.subject = a.subject AND g.action = 'approval_given'
WHERE a.action = 'approval_asked';
INSERT INTO failing_address BY NAME
SELECT lower(recipient) AS address, max(id) AS outbox_id, max(finished_at) AS since
FROM outbox WHERE state = 'bounced' GROUP BY address;
"""
