"""The surface's parts one by one; against the running desk: tests/browser/test_attacks.py."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import anyio
import pytest
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message

from lib.ui import bodies, headers, tabs
from lib.ui.bodies import Bodies
from lib.ui.origins import Names

T = TypeVar("T")
URL = "https://mesa.example.com"


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost:8501", True),
        ("127.0.0.1", True),
        ("[::1]:8501", True),
        ("MESA.example.com.", True),
        ("otra.example.com:443", True),
        ("10.0.0.5:80", True),
        ("", False),
        ("evil.example", False),
        ("mesa.example.com.evil.example", False),
        ("xmesa.example.com", False),
        ("x@localhost", False),
        ("localhost/x", False),
        ("localhost:99999", False),
        ("[::1", False),
    ],
)
def test_it_answers_to_its_own_names_alone(host: str, answered: bool) -> None:
    names = Names(f"{URL}/mesa", ("otra.example.com", "10.0.0.5"))
    assert names.answers_to(host) is answered


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://localhost:8501", "localhost:8501", True),
        (URL, "mesa.example.com", True),
        ("http://mesa.example.com", "mesa.example.com", False),  # in clear, and it has TLS
        ("http://localhost:8502", "localhost:8501", False),
        ("http://localhost:8501/x", "localhost:8501", False),
        ("file://localhost:8501", "localhost:8501", False),
        ("https://evil.example", "mesa.example.com", False),
        ("null", "localhost:8501", False),
        ("", "localhost:8501", False),
        ("http://[", "localhost:8501", False),
    ],
)
def test_a_page_is_its_own_by_scheme_name_and_port(origin: str, host: str, own: bool) -> None:
    assert Names(URL).own_page(origin, host) is own


# ---- bodies -------------------------------------------------------------------------------------

MEGABYTE = 1 << 20


def run(act: Callable[[], Awaitable[T]]) -> T:
    """Elsewhere: Playwright leaves a loop of its own in this thread."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(anyio.run, act).result()


@pytest.mark.parametrize(
    ("sent", "tab", "status"),
    [
        ({}, "", None),
        ({"content-length": "60000"}, "", None),
        ({"content-length": "70000"}, "", 413),
        ({"transfer-encoding": "chunked"}, "tab", 411),
        ({"content-length": str(200 * MEGABYTE)}, "tab", None),
        ({"content-length": str(201 * MEGABYTE + 1)}, "tab", 413),
        ({"content-length": "9"}, "full", 429),
    ],
)
def test_what_may_come(
    sent: dict[str, str], tab: str, status: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabs, "uploaded", lambda tab: (bodies.MOST_FILES * (tab == "full"), 0))
    refused = Bodies(200 * MEGABYTE).refused(Headers(sent), tab)
    assert (refused and refused.status_code) == status


async def nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_what_is_coming_counts_as_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many at once, each before the others are in memory."""
    monkeypatch.setattr(tabs, "uploaded", lambda _: (0, bodies.MOST_HELD - 3 * MEGABYTE))
    all_bodies, sent = Bodies(200 * MEGABYTE), Headers({"content-length": str(2 * MEGABYTE)})

    async def two() -> None:
        assert all_bodies.refused(sent, "tab") is None
        with all_bodies.receiving(sent, nothing):
            refused = all_bodies.refused(sent, "another")
            assert refused is not None
            assert refused.status_code == 503
        assert all_bodies.refused(sent, "another") is None

    run(two)


@pytest.mark.parametrize("piece_s", [0.01, 0.2], ids=["nothing for a while", "a bit now and then"])
def test_who_sends_too_slowly_is_not_waited_for(
    piece_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PIECE_S", piece_s)

    async def drip() -> Message:
        await anyio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def heard() -> bool:
        with Bodies(MEGABYTE).receiving(Headers({"content-length": "1000"}), drip) as body:
            for _ in range(1000):
                if (await body.receive())["type"] == "http.disconnect":
                    return body.gave_up
        return False

    assert run(heard)


def test_when_all_is_there_it_waits_as_long_as_it_likes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PIECE_S", 0.0)

    async def later() -> Message:
        await anyio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def heard() -> bool:
        with Bodies(MEGABYTE).receiving(Headers({}), later) as body:
            await body.receive()
            return body.gave_up

    assert run(heard) is False


# ---- headers ------------------------------------------------------------------------------------


def test_what_streamlit_says_of_origins_cookies_and_caches_is_mended() -> None:
    said = MutableHeaders(
        raw=[
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-credentials", b"true"),
            (b"set-cookie", b"_streamlit_xsrf=x; Path=/; SameSite=Strict"),
            (b"set-cookie", b"__Host-mesa=secure; HttpOnly; Path=/; SameSite=strict; Secure"),
            (b"cache-control", b"public"),
        ]
    )
    headers.finish(said, {}, private=True)
    assert said.raw == [
        (b"set-cookie", b"_streamlit_xsrf=x; Path=/; SameSite=Strict; Secure"),
        (b"set-cookie", b"__Host-mesa=secure; HttpOnly; Path=/; SameSite=strict; Secure"),
        (b"cache-control", b"no-store"),
    ]


def test_never_again_in_clear_only_where_there_is_tls() -> None:
    assert "Strict-Transport-Security" not in headers.fixed(tls=False)
    known = headers.fixed(tls=True)["Strict-Transport-Security"]
    assert known == "max-age=63072000; includeSubDomains"
