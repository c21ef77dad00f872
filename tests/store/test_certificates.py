"""Merging certificates: new, changed (what they were is kept), unchanged."""

import json

import pytest

from lib.store.database import Store, Transaction
from lib.store.records import certificates, merging
from lib.store.records.certificates import Merge

INCOMING = """(SELECT 'F1' folio, '0001' serial, 'SAE' product, '9.0' "version", {seats} seats,
 DATE '2020-01-31' purchased_on, 'Ana Ñ' holder, '' rfc, '' account_no, 'f1 0001 ana n' "search")"""


def merged(store: Store, seats: int, batch: str) -> Merge:
    def work(transaction: Transaction) -> Merge:
        return merging.merge(transaction, INCOMING.format(seats=seats), batch)

    return store.write(work)


def test_a_certificate_comes_in_once(store: Store) -> None:
    assert merged(store, 1, "b1") == Merge(new=1, changed=0, unchanged=0)
    assert merged(store, 1, "b2") == Merge(new=0, changed=0, unchanged=1)
    found = certificates.find(store, "F1")
    assert found is not None
    assert (found.serial, found.seats, found.holder) == ("0001", 1, "Ana Ñ")


def test_what_a_changed_certificate_was_is_kept(store: Store) -> None:
    merged(store, 1, "b1")
    assert merged(store, 5, "b2") == Merge(new=0, changed=1, unchanged=0)
    assert store.rows("SELECT seats, batch_id FROM ops.certificate") == [(5, "b2")]
    batch, folio, before = store.rows("SELECT * FROM ops.certificate_change")[0]
    assert (batch, folio) == ("b2", "F1")
    assert json.loads(before)["seats"] == 1
    assert json.loads(before)["batch_id"] == "b1"


def test_a_merge_that_fails_leaves_nothing(store: Store) -> None:
    def half(transaction: Transaction) -> None:
        merging.merge(transaction, INCOMING.format(seats=1), "b1")
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        store.write(half)
    assert store.rows("SELECT * FROM ops.certificate") == []
