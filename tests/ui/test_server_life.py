"""How the server starts, stops and fails: in its own process, as people start it."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from lib import settings
from lib.services.desk import open_desk
from tests.browser import desk_server
from tests.browser.raw_socket import run_page
from tests.ports import free_port
from tests.waiting import until

pytestmark = pytest.mark.slow


def actions(data: Path) -> list[str]:
    desk = open_desk(settings.read({"MESA_DATA": str(data)}))
    try:
        return [row[0] for row in desk.store.rows("SELECT action FROM ops.audit ORDER BY seq")]
    finally:
        desk.close()


def refused_start(data: Path, log: Path) -> tuple[int, str]:
    server = desk_server.start(data, log)
    return server.process.wait(60), server.log_text()


def test_it_starts_and_stops_in_the_log(tmp_path: Path) -> None:
    with (
        desk_server.running(tmp_path) as server,
        connect(
            f"ws://{server.host}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=server.url,  # type: ignore[arg-type]
        ),
    ):
        run_page(server)
        server.stop()
    assert "Traceback" not in server.log_text()
    assert actions(server.data)[-2:] == ["app_started", "app_stopped"]


def test_a_desk_that_cannot_open_says_so_in_one_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "ops.duckdb").write_bytes(b"not a database" * 1000)
    status, said = refused_start(data, tmp_path / "server.log")
    assert status == 1
    assert "está dañado o no es de la mesa; no se tocó." in said
    assert "Traceback" not in said
    assert len([line for line in said.splitlines() if line.strip()]) <= 3  # and Streamlit's URL


def test_a_second_desk_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with desk_server.running(tmp_path) as first:
        status, said = refused_start(first.data, tmp_path / "second.log")
        assert status == 1
        assert "Otra mesa ya tiene abierta" in said
        assert "Traceback" not in said
        assert desk_server.answers(first)


# A page that fails with a secret in the error's text, behind the real server.
FAILING = """
import streamlit as st
if __name__ == "__main__":
    raise ValueError("LIVE1-AAAAA-BBBBB de ana@example.com")
else:
    from lib.ui import server
    app = st.App("Home.py", routes=server.ROUTES, middleware=server.MIDDLEWARE,
                 lifespan=server.lifespan, on_script_error=server.on_script_error)
"""


def test_an_error_shows_a_reference_and_nothing_of_itself(tmp_path: Path) -> None:
    (tmp_path / "Home.py").write_text(FAILING, "utf-8")
    data, log = tmp_path / "data", tmp_path / "server.log"
    server = desk_server.start(
        data, log, more={"PYTHONPATH": str(desk_server.ROOT)}, script=tmp_path / "Home.py"
    )
    try:
        until(lambda: desk_server.answers(server))
        heard = run_page(server)
    finally:
        server.stop()
    assert "Algo falló" in heard.text
    said = server.log_text()
    assert "ValueError at Home.py:4" in said
    reference = heard.text.split("Referencia ")[1][:8]
    assert f"reference {reference}" in said
    for text in (heard.text, said):
        assert "LIVE1" not in text
        assert "example.com" not in text
        assert "Traceback" not in text


# ---- the command line ---------------------------------------------------------------------------


def command(data: Path, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "lib", *arguments],
        cwd=desk_server.ROOT,
        env=desk_server.environment_for(data, {}),
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_administrator_is_made_by_command(tmp_path: Path) -> None:
    typed = "una frase larga y única\n"
    add = ("user", "add", "Jefa", "--role", "administrador", "--name", "Julia Fe")
    done = command(tmp_path, *add, typed=typed)
    assert done.returncode == 0, done.stderr
    again = command(tmp_path, *add, typed=typed)
    assert (again.returncode, again.stderr) == (
        2,
        "Ya existe un usuario con ese nombre; elige otro.\n",
    )
    weak = command(tmp_path, "user", "add", "otra", "--role", "agente", typed="corta\n")
    assert weak.returncode == 2
    assert actions(tmp_path) == ["staff_added"]


def test_serve_becomes_the_server(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "lib", "serve"],
        cwd=desk_server.ROOT,
        env=desk_server.environment_for(tmp_path / "data", {"PORT": str(port)}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = desk_server.DeskServer(
        f"http://localhost:{port}", tmp_path / "data", tmp_path, desk_server.Mailbox(), process
    )
    until(lambda: desk_server.answers(server))
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    assert actions(tmp_path / "data")[-1] == "app_stopped"


def test_below_a_base_path_what_is_closed_stays_closed(tmp_path: Path) -> None:
    more = {"STREAMLIT_SERVER_BASE_URL_PATH": "mesa"}
    with desk_server.running(tmp_path, more) as server:
        for path in ("mesa/media/x", "mesa/_stcore/metrics", "mesa/_stcore/agent/openapi.json"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{server.url}/{path}", timeout=20)
            assert refused.value.code in (401, 404)
            refused.value.close()
