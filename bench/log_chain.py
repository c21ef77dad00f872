"""Acts chained as `audit.append` chains them, some five times as fast: the JSON is written by hand.

Every thousandth row is hashed by the desk's own functions, too; and a verification says of them all
whether they are what a desk would have written.
"""

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.log_days import Act
from lib.model.action import Action
from lib.store.log import audit
from lib.store.log.checkpoints import Checkpoint
from lib.store.log.signing import Signer

_SIGNED_EVERY = 1_000  # rows, as lib/services/log/proof.py has it
_LENGTHS = [n.to_bytes(8, "big") for n in range(4_096)]
_AUDIT = _LENGTHS[5] + b"audit"
_DETAIL = _LENGTHS[6] + b"detail" + _LENGTHS[16]


class Chain:
    """Rows of ops.audit and ops.audit_detail as Arrow tables, the signed checkpoints; `heads` takes
    a line a row, as when each is a commit."""

    def __init__(self, signer: Signer, heads: Path, most: int, seed: int) -> None:
        self.head = audit.Head()
        self.checkpoints: list[Checkpoint] = []
        self._signer = signer
        self._heads = heads.open("a", encoding="ascii")
        self._most = most
        self._salts = random.Random(seed)

    @property
    def fingerprint(self) -> str:
        return self._signer.fingerprint

    @property
    def is_full(self) -> bool:
        return self.head.seq >= self._most

    def close(self) -> None:
        self._heads.close()

    def tables(self, acts: Sequence[Act]) -> tuple[pa.Table, pa.Table]:
        """Of these acts, oldest first, with the checkpoints between them; cut where the log is
        long enough."""
        first = self.head.seq + 1
        done = list(self._signing(acts))
        ats = np.array([act.at for act in done], dtype="M8[us]")
        instants = np.datetime_as_string(ats, unit="us").tolist()
        salts = self._salts.randbytes(16 * len(done))
        hashes = [self.head.hash]
        commitments = []
        for n, act in enumerate(done):
            detail = act.detail.encode()
            digest = sha256(_DETAIL + salts[16 * n : 16 * n + 16] + _length(detail) + detail)
            commitments.append(digest.hexdigest())
            facts = _facts(act, first + n, instants[n], commitments[-1], hashes[-1])
            hashes.append(sha256(_AUDIT + _length(facts) + facts).hexdigest())
            self._note(first + n, hashes[-1], instants[n], act.action)
        seqs = np.arange(first, first + len(done))
        self._heads.write("".join(f"{seq} {h}\n" for seq, h in zip(seqs, hashes[1:], strict=True)))
        columns = _columns(done, seqs, ats, commitments, hashes)
        salted = [salts[16 * n : 16 * n + 16].hex() for n in range(len(done))]
        detail = {"seq": seqs, "salt": salted, "detail": [act.detail for act in done]}
        _check(columns, detail, instants)
        return pa.table(columns), pa.table(detail)

    def _signing(self, acts: Iterable[Act]) -> Iterator[Act]:
        """These and, after each thousandth row, that it was signed."""
        seq = self.head.seq
        for act in acts:
            for each in (act, _signed(act.at)) if (seq + 2) % _SIGNED_EVERY == 0 else (act,):
                if seq == self._most:
                    return
                seq += 1
                yield each

    def _note(self, seq: int, digest: str, instant: str, action: str) -> None:
        self.head = audit.Head(seq, digest)
        if seq % _SIGNED_EVERY == 0 or action == Action.SEGMENT_OPENED:
            bare = Checkpoint(seq, digest, seq, instant, self._signer.fingerprint, "")
            self.checkpoints.append(replace(bare, signature=self._signer.sign(bare.message)))

    def signed_lines(self) -> str:
        """As `audit.checkpoints` has them."""
        return "".join(" ".join(map(str, astuple(each))) + "\n" for each in self.checkpoints)


def _length(part: bytes) -> bytes:
    return _LENGTHS[len(part)]


def _signed(at: int) -> Act:
    made = (Action.CHECKPOINT_SIGNED.value, "ok", "", "", "", "", "", "{}", "")
    return Act(at, "sistema", "administrador", "", "", *made)


def key_made(at: dt.datetime, fingerprint: str) -> Act:
    """The log's first row: which key signs it."""
    made = (Action.LOG_KEY_MADE.value, "ok", "", "", "", "", fingerprint, "{}", "")
    since = int(at.replace(tzinfo=dt.UTC).timestamp() * 1e6)
    return Act(since, "sistema", "administrador", "", "", *made)


def _facts(act: Act, seq: int, instant: str, commitment: str, prev: str) -> bytes:
    """Canonical JSON of a row whose texts need no escaping."""
    versions = f',"versions":"{act.versions}"' if act.versions else ""
    return (
        f'{{"account_no":"{act.account_no}","action":"{act.action}","actor":"{act.actor}",'
        f'"address":"{act.address}","commitment":"{commitment}","logged_at":"{instant}",'
        f'"outcome":"{act.outcome}","prev":"{prev}","reason":"{act.reason}","role":"{act.role}",'
        f'"seq":{seq},"serial":"{act.serial}","session":"{act.session}",'
        f'"subject":"{act.subject}","ticket":"{act.ticket}"{versions}}}'
    ).encode()


def _columns(
    acts: Sequence[Act], seqs: "np.ndarray", ats: "np.ndarray", commitments: list[str],
    hashes: list[str],
) -> dict[str, object]:  # fmt: skip
    told = dict(zip(Act._fields, zip(*acts, strict=True), strict=True))
    del told["at"], told["detail"]
    return {
        "seq": seqs, "logged_at": ats, **{name: list(values) for name, values in told.items()},
        "commitment": commitments, "prev": hashes[:-1], "hash": hashes[1:],
    }  # fmt: skip


def _check(columns: dict[str, object], detail: dict[str, object], instants: list[str]) -> None:
    """Every thousandth row, by the desk's own functions."""
    for n in range(0, len(instants), _SIGNED_EVERY):
        row = {name: values[n] for name, values in columns.items()}
        row |= {"seq": int(row["seq"]), "logged_at": instants[n]}
        assert audit.row_hash(row) == row["hash"]
        text = audit.canonical(json.loads(detail["detail"][n]))
        salt = bytes.fromhex(detail["salt"][n])
        assert audit.digest("detail", salt, text) == row["commitment"]
