"""Migration 16: the certificates of before are all there, in their order, without the key."""

from pathlib import Path

import pytest

from lib.store import migrations
from lib.store.database import Store

ROW = (
    "INSERT INTO ops.certificate SELECT 'F' || i, 's', 'SAE', '1', 1, NULL, 'Ana', '', '', '', 'b'"
)


def test_what_was_held_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = migrations.steps()
    with monkeypatch.context() as before:
        before.setattr(migrations, "steps", lambda: [s for s in steps if s[0] < 16])
        store = Store.open(tmp_path)
        store.write(lambda t: t.run(f"{ROW} FROM range(3000) r(i)"))
        store.close()
    store = Store.open(tmp_path)
    folios = [row[0] for row in store.rows("SELECT folio FROM held_certificate")]
    assert folios == [f"F{n}" for n in range(3000)]
    assert store.rows("SELECT * FROM ops.certificate_turn") == [(0,)]
    store.write(lambda t: t.run("UPDATE ops.certificate SET holder = 'Beto' WHERE folio = 'F7'"))
    store.close()
    again = Store.open(tmp_path)
    assert again.rows("SELECT folio FROM held_certificate WHERE holder = 'Beto'") == [("F7",)]
    again.close()
