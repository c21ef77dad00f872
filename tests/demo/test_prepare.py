"""The demonstration's data: loaded once, kept afterwards."""

from pathlib import Path

import pytest

from lib import settings
from lib.demo import customers, prepare
from lib.model.errors import AppError, Reason
from lib.services.desk import open_desk
from lib.services.loads import loading
from lib.settings import Settings

pytestmark = pytest.mark.slow  # packs built, one for nearly each test


@pytest.fixture
def demo(tmp_path: Path) -> Settings:
    return settings.read({"MESA_DATA": str(tmp_path / "data"), "MESA_DEMO_ACCOUNTS": "50"})


def test_the_first_time_loads_and_leaves_no_pack(demo: Settings) -> None:
    prepare.prepare(demo)
    desk = open_desk(demo)
    assert desk.store.rows("SELECT count(*) FROM account") == [(50,)]
    assert desk.store.rows("SELECT action, actor FROM ops.audit") == [("pack_loaded", "sistema")]
    desk.close()
    assert list(demo.data.rglob("*.csv")) == []


def test_the_second_time_does_nothing(demo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare.prepare(demo)
    monkeypatch.setattr(customers, "write_pack", lambda *_: pytest.fail("made again"))
    prepare.prepare(demo)


def test_an_interrupted_preparation_starts_over(
    demo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AppError(Reason.LOAD_FAILED, why="prueba")

    left = demo.data / "incoming" / "demo-left"
    left.mkdir(parents=True)
    (left / "cda.csv").write_text("x")
    with monkeypatch.context() as broken:
        broken.setattr(loading, "load", fails)
        with pytest.raises(AppError):
            prepare.prepare(demo)
    assert list(demo.data.rglob("*.csv")) == []
    prepare.prepare(demo)
    assert list(demo.data.rglob("*.csv")) == []
