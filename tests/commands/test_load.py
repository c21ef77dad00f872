"""`python -m lib load`, as a process: alone, and beside a desk that is running."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lib import settings
from lib.model.errors import AppError, Reason
from lib.services.desk import open_desk
from lib.services.loads import handover, loading
from lib.settings import ROOT
from lib.store.pack.files import ACCOUNTS
from lib.store.records.handovers import Box
from tests import packs
from tests.packs import row
from tests.waiting import until

pytestmark = pytest.mark.slow  # processes and packs


@pytest.fixture
def data(tmp_path: Path, empty_data: Path) -> Path:
    return shutil.copytree(empty_data, tmp_path / "data")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return packs.whole(tmp_path / "pack")


def environment(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MESA_")}
    return {**kept, "MESA_DATA": str(data)}


def run(data: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lib", "load", *map(str, arguments)],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@contextmanager
def running_desk(data: Path, *how: str) -> Iterator["subprocess.Popen[str]"]:
    desk = subprocess.Popen(
        [sys.executable, "-m", "tests.commands.running_desk", *how],
        cwd=ROOT,
        env=environment(data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert desk.stdout
    try:
        assert desk.stdout.readline() == "open\n"
        yield desk
    finally:
        desk.communicate(timeout=30)


def audited(data: Path) -> list[tuple[Any, ...]]:
    desk = open_desk(settings.read(environment(data)))
    try:
        return desk.store.rows("SELECT action, actor, role FROM ops.audit ORDER BY seq")
    finally:
        desk.close()


ME = handover.os_actor()


# ---- alone -------------------------------------------------------------------------------------


def test_a_load_says_what_it_did(data: Path, pack: Path) -> None:
    packs.write(
        pack,
        {
            ACCOUNTS: [
                row(ACCOUNTS, email=""),
                row(ACCOUNTS, account_no="2", registered_on="x\x1b[2J"),
            ]
        },
    )
    done = run(data, pack)
    assert done.returncode == 0
    assert done.stderr == ""
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["cuentas.csv", "2", "1", "0", "0", "1", "0", "1"] in lines
    assert ["Total", "6", "5", "0", "0", "1", "0", "1"] in lines
    assert "cuentas.csv línea 3, Fecha Alta: no es una fecha dd/mm/aaaa: «x�[2J»" in done.stdout
    assert "1 × cuentas.csv, Correo de Contacto: sin correo" in done.stdout
    assert audited(data) == [("pack_loaded", ME.username, "administrador")]


def test_json_is_all_that_stdout_holds(data: Path, pack: Path) -> None:
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS), row(ACCOUNTS, name="")]})
    done = run(data, pack, "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
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
    assert said["totals"]["new"] == 5
    assert set(said) == {
        "batch", "source", "files", "totals", "set_aside", "warnings", "differences", "published",
    }  # fmt: skip
    again = json.loads(run(data, pack, "--json").stdout)
    assert (again["totals"]["unchanged"], again["published"]) == (5, None)


def test_many_rows_set_aside_are_counted_or_all_shown(data: Path, pack: Path) -> None:
    packs.write(pack, {ACCOUNTS: [row(ACCOUNTS), *[row(ACCOUNTS, name="")] * 30]})
    short, whole = run(data, pack).stdout, run(data, pack, "--all").stdout
    assert short.count("falta Nombre") == 20
    assert "… y 10 más" in short
    assert whole.count("falta Nombre") == 30


def test_what_did_not_come_is_said(data: Path, pack: Path) -> None:
    (pack / "cda.csv").unlink()
    assert "No venían, y su parte queda como estaba: cda.csv." in run(data, pack).stdout


def test_a_refusal_is_one_sentence(data: Path, tmp_path: Path) -> None:
    done = run(data, tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"No encontré ningún archivo del paquete en {tmp_path}")
    assert len(done.stderr.splitlines()) == 1


def test_a_refusal_as_json(data: Path, pack: Path) -> None:
    (pack / "cda.csv").write_bytes(b"\x89PNG")
    done = run(data, pack, "--json")
    assert done.returncode == 2
    said = json.loads(done.stdout)
    assert said["error"] == "unreadable_file"
    assert said["message"].startswith("No pude leer cda.csv: es una imagen;")


# ---- beside a running desk ---------------------------------------------------------------------


def test_the_running_desk_publishes_what_the_command_line_built(data: Path, pack: Path) -> None:
    with running_desk(data) as desk:
        first = json.loads(run(data, pack, "--json").stdout)
        assert first["totals"]["new"] == 5
        again = json.loads(run(data, pack, "--json").stdout)
        assert (again["totals"]["unchanged"], again["published"]) == (5, None)
        assert desk.communicate(timeout=30)[0] == "2\n"
    assert list((data / "handover").iterdir()) == []
    assert audited(data) == [("pack_loaded", ME.username, "administrador")] * 2


def test_a_refusal_beside_a_running_desk(data: Path, tmp_path: Path) -> None:
    with running_desk(data):
        done = run(data, tmp_path)
    assert done.returncode == 2
    assert "No encontré ningún archivo" in done.stderr


def test_a_desk_that_does_not_answer(data: Path, pack: Path) -> None:
    with running_desk(data, "deaf"):
        with pytest.raises(AppError) as refusal:
            handover.hand_over(
                settings.read(environment(data)), ME, pack, lambda *_: None, wait_s=0.3
            )
        assert refusal.value.reason is Reason.HANDOVER_UNANSWERED
    with running_desk(data) as desk:  # it stays on offer, for the next desk
        box = Box(data)
        until(lambda: list(box.folder.glob("*.answer")))
        assert desk.communicate(timeout=30)[0] == "2\n"


def test_a_desk_that_closes_meanwhile_leaves_it_to_the_command_line(data: Path, pack: Path) -> None:
    with running_desk(data, "deaf") as desk:
        waiting = subprocess.Popen(
            [sys.executable, "-m", "lib", "load", str(pack), "--json"],
            cwd=ROOT,
            env=environment(data),
            stdout=subprocess.PIPE,
            text=True,
        )
        until(lambda: list((data / "handover").glob("*.json")))
        desk.communicate(timeout=30)
        said = json.loads(waiting.communicate(timeout=60)[0])
    assert said["totals"]["new"] == 5


# ---- the clerk ---------------------------------------------------------------------------------


@pytest.fixture
def offered(data: Path, pack: Path) -> Iterator[tuple[Any, Box, dict[str, Any]]]:
    """A desk, its box, and what a build of the pack would offer."""
    desk = open_desk(settings.read(environment(data)))
    built = loading._build(desk, pack, lambda *_: None, apart=False)
    yield desk, Box(data), built.to_json()
    desk.close()


def test_an_offer_published_twice_is_published_once(offered: Any) -> None:
    desk, box, built = offered
    for _ in range(2):  # as when a desk dies before it answers
        box.offer("a1", built)
        handover.Clerk(desk).work()
        answer = box.read_answer("a1")
        assert answer
        assert answer["report"]["published"] == built["file"]
    assert desk.store.rows("SELECT count(*) FROM ops.batch") == [(1,)]


def test_an_offer_that_changed_nothing_says_so_each_time(offered: Any, pack: Path) -> None:
    desk, box, built = offered
    box.offer("a1", built)
    handover.Clerk(desk).work()
    same = loading._build(desk, pack, lambda *_: None, apart=False)
    for _ in range(2):
        box.offer("a2", same.to_json())
        handover.Clerk(desk).work()
        assert (box.read_answer("a2") or {})["report"]["published"] is None


def test_what_a_dead_desk_had_taken_is_taken_again(offered: Any) -> None:
    desk, box, built = offered
    box.offer("a1", built)
    next(box.take_all())
    assert list(box.take_all()) == []
    box.recover()
    handover.Clerk(desk).work()
    answer = box.read_answer("a1")
    assert answer
    assert "report" in answer


def test_what_a_desk_died_with_is_published_by_the_command_line(data: Path, offered: Any) -> None:
    desk, box, built = offered
    box.offer("a1", built)
    next(box.take_all())
    desk.close()
    handover._answer_if_closed(settings.read(environment(data)))
    assert "report" in (box.read_answer("a1") or {})


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"file": "../keys/cda.key"}, "forbidden"),
        ({"file": "/etc/passwd"}, "forbidden"),
        ({"base": "0" * 32 + ".duckdb"}, "stale_load"),
        ({"file": "0" * 32 + ".duckdb"}, "stale_load"),
        ({"files": 3}, "load_failed"),
    ],
)
def test_an_offer_that_is_not_as_it_should_be(
    offered: Any, change: dict[str, Any], error: str
) -> None:
    desk, box, built = offered
    box.offer("a1", built | change)
    handover.Clerk(desk).work()
    answer = box.read_answer("a1")
    assert answer
    assert answer["error"] == error
    assert desk.store.rows("SELECT count(*) FROM ops.batch") == [(0,)]


def test_rubbish_in_the_box_does_not_stop_the_clerk(offered: Any) -> None:
    desk, box, built = offered
    (box.folder / "0.json").write_text("{not json")
    (box.folder / "1.json").write_text("[]")
    box.offer("a1", built)
    handover.Clerk(desk).work()
    assert "report" in (box.read_answer("a1") or {})
    assert list(box.folder.iterdir()) == []


def test_the_first_load_makes_the_key_once(data: Path, pack: Path) -> None:
    with running_desk(data):
        assert run(data, pack).returncode == 0
    key = (data / "keys" / "cda.key").read_bytes()
    assert run(data, pack).returncode == 0
    assert (data / "keys" / "cda.key").read_bytes() == key
