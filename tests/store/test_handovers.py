"""The box between the command line and the running desk."""

import json
from pathlib import Path
from typing import Any

import pytest

from lib.store.records import handovers
from lib.store.records.handovers import Box


def test_an_offer_is_not_taken_while_it_is_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box, real = Box(tmp_path), json.dump

    def dump(*given: Any, **how: Any) -> None:
        assert list(box.take_all()) == []
        real(*given, **how)

    monkeypatch.setattr(handovers.json, "dump", dump)
    box.offer("a1", {"file": "x.duckdb"})
    assert [(offer.id, offer.value) for offer in box.take_all()] == [("a1", {"file": "x.duckdb"})]
