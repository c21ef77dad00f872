"""A load: published at once with its certificates and its audit row, or not at all."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.load import Difference, FileCounts, LoadReport, Stage
from lib.model.roles import Role
from lib.services.desk import Desk, open_desk
from lib.services.loads import handover, loading
from lib.store import ref
from lib.store.pack.files import ACCOUNTS, ACTIVATIONS, CERTIFICATES, FILES, SUBSCRIPTIONS
from lib.store.records import corrections, loads
from lib.store.records.handovers import Box
from tests import packs
from tests.conftest import copied
from tests.packs import row


def silent(_: Stage, __: float) -> None:
    pass


@pytest.fixture
def empty(tmp_path: Path, empty_data: Path) -> Iterator[Desk]:
    """A desk before its first load."""
    with copied(empty_data, tmp_path / "data") as desk:
        yield desk


@pytest.fixture(scope="module")
def loaded_data(tmp_path_factory: pytest.TempPathFactory, empty_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    data = shutil.copytree(empty_data, folder / "data")
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    load(desk, Actor("admin", "Adela Admin", Role.ADMIN), packs.whole(folder / "pack"))
    desk.close()
    return data


@pytest.fixture
def loaded(tmp_path: Path, loaded_data: Path) -> Iterator[Desk]:
    """A desk after its first load, of what `pack` holds."""
    with copied(loaded_data, tmp_path / "data") as desk:
        yield desk


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return packs.whole(tmp_path / "pack")


def load(desk: Desk, actor: Actor, pack: Path) -> LoadReport:
    return loading.load(desk, actor, pack, silent, apart=False)


def audited(desk: Desk) -> list[tuple[str, str, dict[str, Any]]]:
    rows = desk.store.rows(
        "SELECT action, actor, detail FROM ops.audit JOIN ops.audit_detail USING (seq) ORDER BY seq"
    )
    return [(action, actor, json.loads(detail)) for action, actor, detail in rows]


def files_in(desk: Desk) -> list[str]:
    return sorted(p.name for p in (desk.settings.data / "ref").iterdir())


def state(desk: Desk) -> Any:
    """Everything a load may touch."""
    return (
        desk.store.rows("SELECT * FROM account ORDER BY 1"),
        desk.store.rows("SELECT * FROM system ORDER BY 1"),
        desk.store.rows("SELECT * FROM ops.certificate ORDER BY 1"),
        desk.store.rows("SELECT * FROM ops.batch ORDER BY 1"),
        desk.store.rows("SELECT seq FROM ops.audit"),
        files_in(desk),
    )


# ---- published ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_first_load_is_in_force(empty: Desk, admin: Actor, pack: Path) -> None:
    report = load(empty, admin, pack)
    assert empty.store.rows("SELECT name FROM customer") == [("Zoé Núñez Peña",)]
    assert empty.store.rows("SELECT count(*) FROM system") == [(2,)]
    assert empty.store.rows("SELECT folio FROM ops.certificate") == [("F0000001",)]
    assert report.published == empty.store.ref_file
    assert report.totals == FileCounts(rows=5, new=5)
    assert report.files["certificados.csv"] == FileCounts(rows=1, new=1)


@pytest.mark.slow
def test_a_load_is_logged_with_its_counts(empty: Desk, admin: Actor, pack: Path) -> None:
    report = load(empty, admin, pack)
    ((action, actor, detail),) = audited(empty)
    assert (action, actor) == ("pack_loaded", "admin")
    assert detail["new"] == 5
    assert detail["files"]["cda.csv"]["new"] == 1
    assert empty.store.rows("SELECT subject FROM ops.audit") == [(report.batch_id,)]
    assert empty.store.rows("SELECT id, kind, source, ref_file, actor FROM ops.batch") == [
        (report.batch_id, "pack", "pack", report.published, "admin")
    ]


@pytest.mark.slow
def test_a_load_outlives_the_process(tmp_path: Path, admin: Actor, pack: Path) -> None:
    read = settings.read({"MESA_DATA": str(tmp_path / "data")})
    desk = open_desk(read)
    report = load(desk, admin, pack)
    desk.close()
    again = open_desk(read)
    assert again.store.rows("SELECT count(*) FROM system") == [(2,)]
    assert ref.read_current(read.data / "ref") == report.published
    again.close()


@pytest.mark.slow
def test_the_same_pack_again_publishes_nothing_but_is_logged(
    loaded: Desk, admin: Actor, pack: Path
) -> None:
    first = loaded.store.ref_file
    before = (loaded.store.generation, files_in(loaded))
    again = load(loaded, admin, pack)
    assert again.published is None
    assert again.totals == FileCounts(rows=5, unchanged=5)
    assert (loaded.store.generation, files_in(loaded)) == before
    assert loaded.store.ref_file == first
    assert [action for action, _, _ in audited(loaded)] == ["pack_loaded"] * 2
    assert loaded.store.rows("SELECT count(*) FROM ops.certificate_change") == [(0,)]


@pytest.mark.slow
def test_only_certificates_changed(loaded: Desk, admin: Actor, pack: Path) -> None:
    first = loaded.store.ref_file
    packs.write(
        pack, {CERTIFICATES: [row(CERTIFICATES, holder="Otra"), row(CERTIFICATES, folio="F2")]}
    )
    report = load(loaded, admin, pack)
    assert report.files["certificados.csv"] == FileCounts(rows=2, new=1, changed=1, warnings=2)
    assert report.published is None
    assert loaded.store.ref_file == first
    assert loaded.store.rows("SELECT folio, holder FROM ops.certificate ORDER BY 1") == [
        ("F0000001", "Otra"),
        ("F2", "Maquiladora Peña del Norte"),
    ]
    ((folio, before),) = loaded.store.rows("SELECT folio, before FROM ops.certificate_change")
    assert (folio, json.loads(before)["holder"]) == ("F0000001", "Maquiladora Peña del Norte")


@pytest.mark.slow
def test_a_change_is_published_and_the_rest_stays(loaded: Desk, admin: Actor, pack: Path) -> None:
    for pack_file in FILES:
        (pack / pack_file.name).unlink()
    packs.write(pack, {SUBSCRIPTIONS: [row(SUBSCRIPTIONS, seats="9")]})
    report = load(loaded, admin, pack)
    assert list(report.files) == ["suscripciones.csv"]
    assert report.totals == FileCounts(rows=1, changed=1)
    assert loaded.store.rows("SELECT serial, seats FROM system ORDER BY 1") == [
        ("L0000000001", 1),
        ("S0000000001", 9),
    ]


@pytest.mark.slow
def test_what_a_dead_process_left_is_swept(empty: Desk, admin: Actor, pack: Path) -> None:
    left = empty.settings.data / "ref" / ".build-left"
    left.mkdir()
    (left / "half.duckdb").write_bytes(b"x")
    load(empty, admin, pack)
    assert not left.exists()


@pytest.mark.slow
def test_the_last_load_is_in_force_though_the_clock_went_back(
    loaded: Desk, admin: Actor, pack: Path
) -> None:
    loaded.store.write(
        lambda t: t.run("UPDATE ops.batch SET finished_at = finished_at + INTERVAL 1 DAY")
    )
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, name="Otra")]})
    assert load(loaded, admin, pack).published == loaded.store.ref_file


@pytest.mark.slow
def test_three_ref_files_are_kept(empty: Desk, admin: Actor, pack: Path) -> None:
    published = []
    for name in ("Uno", "Dos", "Tres", "Cuatro", "Cinco"):
        packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, name=name)]})
        published.append(load(empty, admin, pack).published)
    assert files_in(empty) == sorted(["CURRENT", *filter(None, published[-3:])])


@pytest.mark.slow
def test_the_child_process_does_the_same(empty: Desk, admin: Actor, pack: Path) -> None:
    told: list[tuple[Stage, float]] = []
    report = loading.load(empty, admin, pack, lambda *t: told.append(t))
    assert report.totals == FileCounts(rows=5, new=5)
    assert empty.store.rows("SELECT count(*) FROM system") == [(2,)]
    assert [s for s, _ in told][-1] is Stage.PUBLISHING
    assert [f for _, f in told] == sorted(f for _, f in told)
    ((serial, code),) = empty.store.rows("SELECT serial, code FROM sealed_code")
    assert empty.vault().open(serial, code) == "SECRT-00001-AAAAA-BBBBB"


@pytest.mark.slow
def test_the_child_process_refuses_with_the_same_words(
    empty: Desk, admin: Actor, pack: Path
) -> None:
    (pack / "cda.csv").write_bytes(b"\x89PNG\r\n")
    with pytest.raises(AppError) as refusal:
        loading.load(empty, admin, pack, silent)
    assert refusal.value.reason is Reason.UNREADABLE_FILE
    assert refusal.value.facts["file"] == "cda.csv"
    assert "es una imagen" in str(refusal.value.facts["why"])


# ---- corrections -------------------------------------------------------------------------------


@pytest.mark.slow
def test_corrections_stay_and_the_differences_are_listed(
    loaded: Desk, admin: Actor, pack: Path
) -> None:
    loaded.store.write(
        lambda t: corrections.lay(
            t, "00000001", {"email": "zoe@example.org", "phone": "5500000000"}, "x"
        )
    )
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, phone="5500000000", name="Zoé N.")]})
    report = load(loaded, admin, pack)
    assert report.differences == [
        Difference("00000001", "email", "zoe@example.org", "zoe.nunez@example.com")
    ]
    assert loaded.store.rows("SELECT name, email FROM customer") == [("Zoé N.", "zoe@example.org")]


@pytest.mark.slow
def test_a_pack_that_changes_nothing_still_lists_the_differences(
    loaded: Desk, admin: Actor, pack: Path
) -> None:
    loaded.store.write(lambda t: corrections.lay(t, "00000001", {"email": "z@example.org"}, "x"))
    assert [d.desk for d in load(loaded, admin, pack).differences] == ["z@example.org"]
    (pack / "cuentas.csv").unlink()
    assert load(loaded, admin, pack).differences == []


# ---- refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["agent", "manager"])
def test_only_administrators_load(
    empty: Desk, pack: Path, who: str, request: pytest.FixtureRequest
) -> None:
    before = state(empty)
    with pytest.raises(AppError) as refusal:
        load(empty, request.getfixturevalue(who), pack)
    assert refusal.value.reason is Reason.FORBIDDEN
    assert state(empty) == before


@pytest.mark.slow
def test_a_failed_load_leaves_what_was_there(loaded: Desk, admin: Actor, pack: Path) -> None:
    before = state(loaded)
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, name="Otra")]})
    (pack / "certificados.csv").write_text("Folio;Sistema\n")
    with pytest.raises(AppError) as refusal:
        load(loaded, admin, pack)
    assert refusal.value.reason is Reason.MISSING_COLUMNS
    assert state(loaded) == before


@pytest.mark.slow
def test_a_failure_while_publishing_leaves_what_was_there(
    loaded: Desk, admin: Actor, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(loaded)

    def fails(*_: object) -> None:
        raise AppError(Reason.STORAGE_FAILED)

    monkeypatch.setattr(loading.loads, "differences", fails)
    packs.write(
        pack,
        {ACCOUNTS: [row(ACCOUNTS, name="Otra")], CERTIFICATES: [row(CERTIFICATES, folio="F2")]},
    )
    with pytest.raises(AppError):
        load(loaded, admin, pack)
    assert state(loaded) == before


@pytest.mark.slow
def test_a_load_in_force_is_not_denied_for_what_follows(
    empty: Desk, admin: Actor, pack: Path
) -> None:
    in_the_way = empty.settings.data / "ref" / "CURRENT" / "not a file"
    in_the_way.mkdir(parents=True)
    report = load(empty, admin, pack)
    assert report.published == empty.store.ref_file
    assert [action for action, *_ in audited(empty)] == ["pack_loaded"]


@pytest.mark.slow
def test_one_load_at_a_time(empty: Desk, admin: Actor, pack: Path) -> None:
    with loads.alone(empty.settings.data), pytest.raises(AppError) as refusal:
        load(empty, admin, pack)
    assert refusal.value.reason is Reason.LOAD_IN_PROGRESS
    assert load(empty, admin, pack).published


@pytest.mark.slow
def test_another_load_meanwhile_makes_it_stale(empty: Desk, admin: Actor, pack: Path) -> None:
    slow = loading._build(empty, pack, silent, apart=False)
    Box(empty.settings.data).offer("b1", slow.to_json())
    load(empty, admin, pack)
    before = state(empty)[:-1]
    with pytest.raises(AppError) as refusal:
        loading.publish(empty, admin, slow, "b1")
    assert refusal.value.reason is Reason.STALE_LOAD
    assert state(empty)[:-1] == before
    assert slow.file not in files_in(empty)


@pytest.mark.slow
def test_a_built_file_that_is_gone_is_stale(empty: Desk, admin: Actor, pack: Path) -> None:
    slow = loading._build(empty, pack, silent, apart=False)
    load(empty, admin, pack)
    with pytest.raises(AppError) as refusal:
        loading.publish(empty, admin, slow, "b1")
    assert refusal.value.reason is Reason.STALE_LOAD


@pytest.mark.slow
def test_a_file_sealed_by_another_key_is_not_published(
    empty: Desk, admin: Actor, pack: Path
) -> None:
    built = loading._build(empty, pack, silent, apart=False)
    (empty.settings.data / "keys" / "cda.key").unlink()
    with pytest.raises(AppError) as refusal:
        loading.publish(empty, admin, built, "b1")
    assert refusal.value.reason is Reason.CDA_KEY_WRONG


@pytest.mark.slow
def test_a_killed_child_leaves_what_was_there(loaded: Desk, admin: Actor, pack: Path) -> None:
    before = state(loaded)
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, name="Otra")]})
    others = children_of(os.getpid())

    def kill(stage: Stage, _: float) -> None:
        if stage is Stage.WRITING:
            (child,) = children_of(os.getpid()) - others
            os.kill(child, signal.SIGKILL)

    with pytest.raises(AppError) as refusal:
        loading.load(loaded, admin, pack, kill)
    assert refusal.value.reason is Reason.LOAD_FAILED
    assert state(loaded) == before
    assert load(loaded, admin, pack).published


def children_of(parent: int) -> set[int]:
    """Other tests' servers are among this process's."""
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return {int(pid) for file in listed for pid in file.read_text().split()}


@pytest.mark.slow
def test_a_caller_who_gives_up_ends_the_child(empty: Desk, admin: Actor, pack: Path) -> None:
    def give_up(*_: object) -> None:
        raise KeyboardInterrupt

    before, others = state(empty), children_of(os.getpid())
    with pytest.raises(KeyboardInterrupt):
        loading.load(empty, admin, pack, give_up)
    assert children_of(os.getpid()) <= others
    assert state(empty) == before
    assert load(empty, admin, pack).published


@pytest.mark.slow
def test_a_process_killed_after_the_commit_comes_back_with_the_new_ref(
    tmp_path: Path, pack: Path
) -> None:
    """Between the transaction and the switch the truth is already the batch."""
    code = (
        "import os, sys; from pathlib import Path; from lib import settings\n"
        "from lib.model.actor import SYSTEM; from lib.services.loads import loading\n"
        "from lib.services.desk import open_desk; from lib.store.database import Store\n"
        "desk = open_desk(settings.read({'MESA_DATA': sys.argv[1]}))\n"
        "Store.use_ref = lambda *_: os._exit(9)\n"
        "loading.load(desk, SYSTEM, Path(sys.argv[2]), lambda *_: None, apart=False)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "data"), str(pack)], check=False
    )
    assert done.returncode == 9
    desk = open_desk(settings.read({"MESA_DATA": str(tmp_path / "data")}))
    assert desk.store.rows("SELECT count(*) FROM system") == [(2,)]
    assert load(desk, SYSTEM, pack).totals == FileCounts(rows=5, unchanged=5)
    clerk = handover.Clerk(desk)
    clerk.start()
    clerk.stop()
    assert ref.read_current(desk.settings.data / "ref") == desk.store.ref_file
    desk.close()


# ---- secrets -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_code_is_anywhere_on_disk(empty: Desk, admin: Actor, pack: Path) -> None:
    codes = [row(ACTIVATIONS), row(ACTIVATIONS, serial="S9", code="SECRT-99999-AAAAA-BBBBB")]
    packs.write(pack, {ACTIVATIONS: codes})
    report = loading.load(empty, admin, pack, silent)
    empty.close()
    for file in empty.settings.data.rglob("*"):
        if file.is_file():
            assert b"SECRT" not in file.read_bytes(), file
    assert len(report.set_aside) == 1
    assert "SECRT" not in json.dumps(report.to_json())


@pytest.mark.slow
def test_a_reports_json_is_whole(empty: Desk, admin: Actor, pack: Path) -> None:
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS, email=""), row(ACCOUNTS, name="")]})
    report = load(empty, admin, pack)
    said = json.loads(json.dumps(report.to_json()))
    assert said["set_aside"] == [
        {
            "file": "cuentas.csv",
            "line": 3,
            "field": "Nombre y Apellidos",
            "reason": "falta Nombre y Apellidos",
            "value": "",
            "suggestion": "",
            "detail": "",
        }
    ]
    assert said["files"]["cuentas.csv"]["set_aside"] == 1
    assert said["totals"]["new"] == 5
    assert said["warnings"][0]["line"] == 2
    assert LoadReport.from_json(said) == report


@pytest.mark.skipif(not packs.SHARED.is_dir(), reason="the shared exports are not beside the clone")
def test_the_shared_pack_twice(empty: Desk, admin: Actor) -> None:
    first = load(empty, admin, packs.SHARED)
    assert first.totals.new == first.totals.good
    again = load(empty, admin, packs.SHARED)
    assert (again.totals.new, again.totals.changed, again.published) == (0, 0, None)
    assert again.set_aside == first.set_aside
