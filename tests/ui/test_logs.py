"""What a log may say: the second lock, and what nobody catches."""

import subprocess
import sys
import textwrap

import pytest

from lib.ui import logs
from tests.browser.desk_server import ROOT


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("mail to ana.lopez@example.com failed", "mail to [correo] failed"),
        ("<zoé@exámple.mx>, <b@c.d>", "<[correo]>, <[correo]>"),
        ("row: password=hunter2 and more", "row: password=[…]"),
        ("{'token': 'abc', 'user': 'ana'}", "{'token': […]"),
        ("Set-Cookie: __Host-mesa=aB3dEf; Secure", "Set-Cookie: […]"),
        ("GET /exportar/auditor/x_Y-z HTTP/1.1", "GET /exportar/auditor/[…] HTTP/1.1"),
        ("GET /exportar/abc HTTP/1.1", "GET /exportar/[…] HTTP/1.1"),
        ("GET /?clave=xyz&q=ana HTTP/1.1", "GET /?clave=[…]&q=[…] HTTP/1.1"),
        ("code LIVE1-AAAAA-BBBBB-CCCCC", "code [código]"),
        ("seed JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "seed […]"),
        ("session Zm9vYmFyYmF6cXV4-_Zm9vYmFyYmF6cXV4Zm9v", "session […]"),
        ("RFC VIMH800101AB1 isn't", "RFC [RFC] isn't"),
        ("refused: ana\n2026-11-23 ERROR x\x1b[2J", "refused: ana\\n2026-11-23 ERROR x\\x1b[2J"),
        ("lost: <Task exception=ValueError('ana')>", "lost: <Task exception=ValueError(…)"),
    ],
)  # fmt: skip
def test_what_looks_like_somebody_s_is_unsaid(said: str, left: str) -> None:
    assert logs.unsaid(said) == left


@pytest.mark.parametrize(
    "said",
    [
        "mail 0123456789abcdef0123456789abcdef not sent: SMTPServerDisconnected",
        "ref published, not tidied: OSError",
        "reference 1A2B3C4D: ValueError at Home.py:4 < script_runner.py:600",
        "You can now view your Streamlit app in your browser. URL: http://localhost:8501",
        "opened /var/lib/mesa-cda/ref/0123456789abcdef0123456789abcdef.duckdb",
        "bounces: delivered 3, forged 1",
    ],
)
def test_what_an_operator_needs_stays(said: str) -> None:
    assert logs.unsaid(said) == said


def test_a_line_is_looked_at_once_and_cut_when_it_is_long() -> None:
    """Somebody else's text mustn't keep the thread that logs it."""
    assert logs.unsaid("a" * 100_000) == "a" * 4_000 + "…"
    assert logs.unsaid("x@y.mx " * 400).startswith("[correo] [correo] ")
    assert len(logs.unsaid("x" * 3_000 + "@y.mx")) == len("[correo]")


SECRETS = ("LIVE1", "ana@example.com", "hunter2")
FAILING = """
    import asyncio, gc, logging, sys, threading, warnings
    from lib.model.errors import AppError, Reason
    from lib.ui import logs

    logs.install()
    error = ValueError("LIVE1-AAAAA-BBBBB of ana@example.com, password=hunter2")
    log = logging.getLogger("any.library")
    log.error("as a value: %s", error)
    log.error("whose values %d don't fit, of ana@example.com", "hunter2", 3)
    log.warning("as facts: %s", AppError(Reason.UNKNOWN_ACCOUNT, account_no="LIVE1"))
    warnings.warn("of ana@example.com")

    def fail():
        raise error

    try:
        fail()
    except ValueError:
        log.exception("as a traceback, password=hunter2")

    class Lost:
        def __del__(self):
            fail()

    Lost()
    thread = threading.Thread(target=fail, name="worker")
    thread.start()
    thread.join()

    async def forgotten():
        task = asyncio.ensure_future(failing())
        await asyncio.sleep(0)
        del task
        gc.collect()

    async def failing():
        fail()

    asyncio.run(forgotten())
    raise RuntimeError("LIVE1") from error
"""


def test_no_way_out_of_a_process_says_what_failed() -> None:
    """Logged, warned of, lost in a destructor, a thread or a task, or caught by nobody."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FAILING)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    said = done.stderr
    for secret in SECRETS:
        assert secret not in said + done.stdout
    assert "Traceback" not in said
    lines = said.splitlines()
    for part in (
        "as a value: ValueError",
        "as facts: unknown_account (account_no)",
        "UserWarning: of [correo]",
        "as a traceback, password=[…] [ValueError at <string>:",
        "lost: ValueError at",
        "thread worker: ValueError at",
        "Task exception was never retrieved",
        "uncaught: RuntimeError at <string>:",
    ):
        assert any(part in line for line in lines), (part, said)
