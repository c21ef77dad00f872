"""What somebody with a program, not a browser, may try against the running desk: one for all."""

import re
from collections.abc import Iterator

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close

from lib.ui import pages, surface
from tests.browser import held_desk, people_inside
from tests.browser.desk_server import NAMES, PASSWORD, ROOT, DeskServer
from tests.browser.held_desk import Inside
from tests.browser.raw_http import (
    ask,
    exchange,
    file_id,
    handshake,
    put_file,
    upload_headers,
)  # fmt: skip
from tests.browser.raw_socket import Tab, run_page
from tests.waiting import until

pytestmark = pytest.mark.slow
FORM = ["Usuario", "Contraseña"]
ELSEWHERE = ("https://evil.example", "null", "http://localhost:1", "", "file://", "http://[")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DeskServer, Inside]]:
    with held_desk.held(tmp_path_factory.mktemp("attacked")) as held:
        yield held
    broken = r"Traceback|Uncaught|(?<!Decode)Error at"  # no bytes of theirs are its own fault
    assert re.findall(broken, held[0].log_text()) == []


@pytest.fixture
def server(desk: tuple[DeskServer, Inside]) -> DeskServer:
    return desk[0]


@pytest.fixture
def inside(desk: tuple[DeskServer, Inside]) -> Inside:
    return desk[1]


# ---- who asks, and from where ------------------------------------------------------------------


def test_a_name_that_is_not_the_desk_s_gets_nothing(server: DeskServer) -> None:
    """DNS rebinding: the page of `evil.example` has that name point here."""
    port = server.host.rpartition(":")[2]
    for host in ("evil.example", f"localhost.evil.example:{port}", f"x@localhost:{port}", "[::1"):
        assert ask(server, "GET", "/", Host=host).status == 421, host
        assert handshake(server, Host=host, Origin=f"http://{host}") == 403, host
    for host in (f"127.0.0.1:{port}", f"[::1]:{port}", f"LOCALHOST:{port}"):
        assert ask(server, "GET", "/health", Host=host).status == 200, host
        assert handshake(server, Host=host, Origin=f"http://{host}") == 101, host


def test_what_is_turned_away_is_in_the_operator_s_log(server: DeskServer) -> None:
    """By its route and its address: nothing of what was sent."""
    assert ask(server, "GET", "/exportar/secreto", Host="evil.example").status == 421
    until(lambda: re.search(r"turned away with 421: \S+ of (127\.0\.0\.1|::1)", server.log_text()))
    assert ask(server, "POST", "/sesion/cerrar", Origin="https://evil.example").status == 403
    until(lambda: "turned away with 403: /sesion/cerrar of" in server.log_text())
    assert not {"secreto", "evil"} & set(re.findall(r"[a-z]+", server.log_text()))


def test_no_page_of_another_origin_does_anything(server: DeskServer, inside: Inside) -> None:
    cookie = f"__Host-mesa={inside(people_inside.cookie, 'gerente')}"
    for origin in ELSEWHERE:
        said = {"Origin": origin} if origin else {}
        assert handshake(server, Cookie=cookie, **said) == 403, origin
        for method, path in (
            ("POST", "/sesion/abrir"),
            ("POST", "/sesion/cerrar"),
            ("PUT", "/_stcore/upload_file/x/1"),
            ("DELETE", "/_stcore/upload_file/x/1"),
        ):
            answer = ask(server, method, path, Cookie=cookie, X_Mesa_Ticket="x", **said)
            assert answer.status == 403, (origin, method, path)
            assert not [name for name in answer.headers if name.lower().startswith("access-con")]
    assert ask(server, "GET", "/exportar/x", Cookie=cookie).status == 410  # still signed in


def test_no_method_but_those_that_mean_something(server: DeskServer) -> None:
    for method in ("TRACE", "OPTIONS", "PATCH", "PUT", "POST", "DELETE", "PROPFIND", "CONNECT"):
        for path in (
            "/",
            "/Suscripciones",
            "/health",
            "/static/js/x.js",
            "/exportar/x",
            "/auth/login",
        ):
            answer = ask(server, method, path, Origin=server.url, X_Secret="said-back")
            assert answer.status in (403, 405), (method, path)
            assert b"said-back" not in answer.body
    assert ask(server, "HEAD", "/exportar/x").status == 405  # it would use the ticket up
    assert "GET" in ask(server, "PUT", "/", Origin=server.url).headers["Allow"]


# ---- who is in --------------------------------------------------------------------------------


def test_no_made_up_cookie_is_anybody_s(server: DeskServer) -> None:
    none = "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImFkbWluIn0."
    weak = "eyJhbGciOiJIUzUxMiJ9.eyJ1c2VybmFtZSI6ImFkbWluIiwiZXhwIjoxfQ.c2VjcmV0"
    for cookie in ("x", "A" * 43, none, weak, "' OR 1=1 --", "%00", "A" * 7000):
        assert run_page(server, "Usuarios", cookie=cookie).labels == FORM
        assert put_file(server, "x", cookie).status == 401
    # Streamlit's own identity (st.login) is none of ours: not even with its name and a signature.
    with Tab(server, cookie=f"x; _streamlit_user={weak}; _streamlit_user_tokens={weak}") as tab:
        assert tab.open("Usuarios").labels == FORM


def test_a_cookie_kept_after_the_sign_out_opens_nothing(server: DeskServer, inside: Inside) -> None:
    kept = inside(people_inside.cookie, "gerente")
    ticket = inside(people_inside.export_ticket, kept)
    with Tab(server, cookie=kept) as tab:
        tab.open("Importar")
        assert put_file(server, tab.heard.session, kept).status == 204
        inside(people_inside.sign_out, kept)
        assert put_file(server, tab.heard.session, kept).status == 401
        assert ask(server, "GET", f"/exportar/{ticket}", Cookie=f"__Host-mesa={kept}").status == 401
        assert tab.open("Suscripciones").labels == FORM
    assert run_page(server, "Suscripciones", cookie=kept).labels == FORM


def test_streamlit_s_session_id_is_worth_nothing(server: DeskServer, inside: Inside) -> None:
    """Neither to nobody nor to another person: each sees what their own cookie shows."""
    own, other = (inside(people_inside.cookie, name) for name in ("agente", "gerente"))
    with Tab(server, cookie=own) as tab:
        stolen = tab.open("Mi_perfil").session
        assert NAMES["agente"] in tab.heard.text
        meanwhile = run_page(server, "Mi_perfil", session=stolen)
        assert (meanwhile.labels, NAMES["agente"] in meanwhile.text) == (FORM, False)
    nobody = run_page(server, "Mi_perfil", session=stolen)
    assert (nobody.labels, NAMES["agente"] in nobody.text) == (FORM, False)
    another = run_page(server, "Mi_perfil", session=stolen, cookie=other)
    assert (NAMES["gerente"] in another.text, NAMES["agente"] in another.text) == (True, False)


def test_what_a_disabled_person_s_open_page_says_does_nothing(
    server: DeskServer, inside: Inside
) -> None:
    """On a fragment, in a callback, in a form, for a download, for an upload."""
    inside(people_inside.another_admin, "otra")
    agent, admin, manager = (
        inside(people_inside.cookie, n) for n in ("agente", "admin", "gerente")
    )
    with (
        Tab(server, cookie=agent) as grid,
        Tab(server, cookie=agent) as own,
        Tab(server, cookie=admin) as templates,
        Tab(server, cookie=manager) as imports,
    ):
        grid.open("Suscripciones")
        assert "S0000000002" in grid.ask_grid({"q": "", "seq": 1}).text
        own.open("Mi_perfil"), templates.open("Plantillas"), imports.open("Importar")
        ticket = inside(people_inside.export_ticket, manager)
        for username in ("agente", "admin", "gerente"):
            inside(people_inside.active, username, False)
        before = inside(people_inside.acts)
        assert ("agente", "signed_in") in before

        assert "S0000000002" not in grid.ask_grid({"q": "", "seq": 2}).text
        new = dict.fromkeys(("Contraseña nueva", "Repite la contraseña nueva"), "otra frase larga")
        own.press("Cambiar contraseña", {"Contraseña actual": PASSWORD, **new})
        templates.press("Guardar", {"Asunto": "Cambiado por quien ya no está"})
        fetched = ask(server, "GET", f"/exportar/{ticket}", Cookie=f"__Host-mesa={manager}")
        assert fetched.status == 401
        assert put_file(server, imports.heard.session, manager).status == 401
        assert inside(people_inside.acts) == before
    for username in ("agente", "admin", "gerente"):
        inside(people_inside.active, username, True)


# ---- uploads -----------------------------------------------------------------------------------


def test_uploads_are_for_who_may_and_into_their_own_tab(server: DeskServer, inside: Inside) -> None:
    agent, manager, admin = (
        inside(people_inside.cookie, n) for n in ("agente", "gerente", "admin")
    )
    with Tab(server, cookie=agent) as theirs, Tab(server, cookie=manager) as own:
        theirs.open("Suscripciones"), own.open("Importar")
        assert put_file(server, own.heard.session, "").status == 401
        assert put_file(server, theirs.heard.session, agent).status == 403  # no IMPORT, no LOAD
        assert put_file(server, own.heard.session, admin).status == 403  # another person's tab
        assert put_file(server, "made-up", manager).status == 403
        assert put_file(server, own.heard.session, manager).status == 204
        path = f"/_stcore/upload_file/{own.heard.session}/1"
        assert ask(server, "DELETE", path, **upload_headers(server, admin)).status == 403


def test_a_file_s_name_is_no_path(server: DeskServer, inside: Inside) -> None:
    """The pack of Cargar is written as files, under what remains of their names."""
    admin = inside(people_inside.cookie, "admin")
    name = f"../../../..{ROOT.parent}/mesa-escaped.csv"
    with Tab(server, cookie=admin) as tab:
        tab.open("Cargar")
        assert put_file(server, tab.heard.session, admin, name, b"nada\n").status == 204
        heard = tab.upload_and_press("Cargar", name, 5, file_id(name))
        assert "los archivos que elegiste" in heard.text
    assert not (ROOT.parent / "mesa-escaped.csv").exists()
    assert [p.name for p in server.data.rglob("*escaped*")] == []


def test_what_is_too_much_is_refused_before_it_comes(server: DeskServer, inside: Inside) -> None:
    manager = inside(people_inside.cookie, "gerente")
    with Tab(server, cookie=manager) as tab:
        tab.open("Importar")
        path = f"/_stcore/upload_file/{tab.heard.session}/1"
        own = upload_headers(server, manager)
        lines = {"Host": server.host, **own}
        head = f"PUT {path} HTTP/1.1\r\n" + "".join(
            f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items()
        )
        gigabyte = exchange(server, f"{head}Content-Length: {1 << 30}\r\n\r\n".encode())
        assert gigabyte.startswith(b"HTTP/1.1 413 ")
        chunked = exchange(server, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        assert chunked.startswith(b"HTTP/1.1 411 ")
        statuses = [
            put_file(server, tab.heard.session, manager, f"{n}.csv", headers=own).status
            for n in range(52)
        ]
        assert statuses == [204] * 50 + [429] * 2  # and so would the other 9,948
    elsewhere = ask(server, "POST", "/sesion/abrir", b"x" * 70_000, Origin=server.url)
    assert elsewhere.status == 413


def test_a_file_made_for_somebody_is_theirs_alone(server: DeskServer, inside: Inside) -> None:
    """Importar's template, the only one; its name is its content's, which anybody may know."""
    manager, admin = (inside(people_inside.cookie, name) for name in ("gerente", "admin"))
    with Tab(server, cookie=manager) as tab:
        tab.open("Importar")
        path = tab.download_paths()[0]
        assert path.startswith("/media/")
        own = ask(server, "GET", path, Cookie=f"__Host-mesa={manager}")
        assert (own.status, own.headers["Cache-Control"]) == (200, "no-store")
        assert own.headers["Content-Disposition"].startswith("attachment")
        assert ask(server, "GET", path, Cookie=f"__Host-mesa={admin}").status == 404
        assert ask(server, "GET", path).status == 401


# ---- bytes that no browser sends ---------------------------------------------------------------


def test_two_readings_of_one_request_are_refused(server: DeskServer) -> None:
    """Where a proxy and the server could disagree on where a request ends, the next would be
    somebody else's."""
    second = f"GET /health HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n"
    start = f"POST /sesion/cerrar HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\n"
    for framing in (
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n\r\n",
        "Content-Length: +0\r\n\r\n",
        "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Host: evil.example\r\nContent-Length: 0\r\n\r\n",
        "X-Folded: a\r\n b\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n",
    ):
        heard = exchange(server, (start + framing + second).encode())
        assert heard.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), (framing, heard[:80])
        assert b'"ready"' not in heard, framing
    long = exchange(
        server, f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {'a' * 200_000}\r\n\r\n".encode()
    )
    assert not long or long.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 "))


def test_a_socket_s_bad_messages_close_it_and_nothing_else(server: DeskServer) -> None:
    endless = b"\x00" * 27_000_000
    for message, code in ((endless, 1009), (b"\xff\xff not protobuf", 1002), ("text", 1005)):
        with Tab(server) as tab:
            tab.open("")
            closed = until_closed(tab, message)
            assert closed is None or closed.code == code, message[:20]
    shutdown = BackMsg(debug_shutdown_runtime=True)
    with Tab(server) as tab:
        tab.socket.send(shutdown.SerializeToString())
        assert tab.open("").labels == FORM
    assert ask(server, "GET", "/health").status == 200


def until_closed(tab: Tab, message: bytes | str) -> Close | None:
    """What the server said as it closed; it may do so amid a message, and then nobody hears it."""

    def send_and_hear() -> None:
        tab.socket.send(message)
        while tab.socket.recv(timeout=20):
            pass

    with pytest.raises(ConnectionClosed) as closed:
        send_and_hear()
    return closed.value.rcvd


def test_no_path_leads_to_a_file_of_the_machine(server: DeskServer, inside: Inside) -> None:
    cookie = f"__Host-mesa={inside(people_inside.cookie, 'admin')}"
    up = "../" * 12
    for path in (
        f"/{up}etc/passwd",
        f"/static/{up}etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/%5c..%5c..%5c..%5cetc%5cpasswd",
        f"/media/{up}etc/passwd",
        f"/component/streamlit_authenticator/{up}etc/passwd",
        f"/_stcore/bidi-components/mesa_grid/{up}etc/passwd",
        f"/app/static/{up}etc/passwd",
        "//etc/passwd",
        "/etc/passwd%00.js",
        "/.git/config",
        "/Home.py",
        "/data/ops.duckdb",
        "/.streamlit/secrets.toml",
    ):
        answer = ask(server, "GET", path, Cookie=cookie)
        page = b"<title>Streamlit</title>" in answer.body  # the same for everybody
        assert answer.status in (400, 401, 404) or page, path
        assert b"root:" not in answer.body, path
        assert b"repositoryformat" not in answer.body, path


def test_every_route_is_decided(inside: Inside) -> None:
    """A route that an upgrade of Streamlit's brings is shut until lib/ui/surface.py has it, and
    named here; nor is anything decided there that is no route any more."""
    there = inside(people_inside.routes)
    decided = {way.path: way for way in surface.WAYS}
    files = ""  # the mount of Streamlit's own: its page, at each of ours, and the code of that
    assert {*there} - {*decided} == {files}
    off = {"/_stcore/script-health-check", "/app/static/{path:path}"}
    assert {*decided} - {*there} - off == {"/static/{file:path}", *(p.path for p in pages.PAGES)}
    for path in {*there} & {*decided}:
        assert decided[path].methods <= set(there[path]), path


# ---- what every answer says ---------------------------------------------------------------------


def test_every_answer_carries_the_headers_and_no_refusal_tells_more(
    server: DeskServer, inside: Inside
) -> None:
    cookie = inside(people_inside.cookie, "gerente")
    for method, path, more in (
        ("GET", "/", {}),
        ("GET", "/Mi_perfil", {}),
        ("GET", "/health", {}),
        ("GET", "/favicon.png", {}),
        ("GET", "/_stcore/health", {}),
        ("GET", "/_stcore/metrics", {}),
        ("GET", "/media/0.csv", {}),
        ("GET", "/exportar/nada", {"Cookie": f"__Host-mesa={cookie}"}),
        ("GET", "/exportar/auditor/%00", {"Cookie": f"__Host-mesa={cookie}"}),
        ("GET", "/_stcore/agent/openapi.json", {}),
        ("POST", "/", {}),
        ("POST", "/sesion/abrir", {"Origin": server.url, "X-Mesa-Ticket": cookie}),
        ("GET", "/", {"Host": "evil.example"}),
        ("GET", "/auth/login?provider=x", {}),
        ("GET", "/oauth2callback?state=x&code=y", {}),
        ("GET", "/static/no-such.js", {}),
    ):
        answer = ask(server, method, path, **more)
        policy = answer.headers["Content-Security-Policy"]
        for rule in ("frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
            assert rule in policy, path
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.partition("style-src")[0]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "no-referrer", path
        assert "publickey-credentials-get=(self)" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
        assert answer.headers["Server"] is None, path
        assert answer.headers["Cache-Control"], path
        for set_cookie in answer.headers.get_all("Set-Cookie") or []:
            assert "; Secure" in set_cookie, path
        if answer.status >= 400:
            assert len(answer.body) < 200, path
            assert cookie.encode() not in answer.body
            assert b"Traceback" not in answer.body
    assert ask(server, "GET", "/exportar/nada").headers["Cache-Control"] == "no-store"
    assert ask(server, "GET", "/_stcore/host-config").json()["allowedOrigins"] == []
    assert ask(server, "GET", "/health").json() == {"live": True, "ready": True}
    assert cookie not in server.log_text()


def test_an_address_is_said_by_no_stranger(server: DeskServer, inside: Inside) -> None:
    """Without MESA_PROXY nobody is believed: a made-up one for each try would never be slowed."""
    with Tab(server, headers={"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9"}) as tab:
        tab.open("")
        tab.press("Entrar", {"Usuario": "nadie", "Contraseña": "no es esta, no"})
    assert inside(people_inside.failures_by_address)[-1:] == [""]
