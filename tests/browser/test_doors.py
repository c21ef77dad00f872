"""The doors, against the running desk: a real Chromium, raw sockets, raw HTTP."""

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from email.message import Message

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect

from lib.ui import pages
from tests.browser.conftest import SignIn
from tests.browser.desk_server import NAMES, PEOPLE, DeskServer
from tests.browser.raw_socket import run_page
from tests.waiting import until

pytestmark = pytest.mark.browser
FORM = ["Usuario", "Contraseña"]


def cookie_of(context: BrowserContext) -> str:
    found = [c["value"] for c in context.cookies() if c["name"] == "__Host-mesa"]
    return found[0] if found else ""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


def ask(server: DeskServer, method: str, path: str, **headers: str) -> Answer:
    with closing(http.client.HTTPConnection(server.host, timeout=20)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Cerrar sesión").click()


# ---- the form ---------------------------------------------------------------------------------


def test_the_form_is_ready_to_type_in_and_enter_submits(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("Usuario")).to_be_focused()
    expect(page.get_by_label("Usuario")).to_have_attribute("autocomplete", "username")
    page.keyboard.type("gerente")
    page.keyboard.press("Tab")
    page.keyboard.type("frase probada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Cerrar sesión")).to_be_visible()
    expect(page.get_by_text(NAMES["gerente"])).to_be_visible()


@pytest.mark.parametrize("username", ["nadie", "agente"])
def test_unknown_and_wrong_read_the_same(page: Page, username: str) -> None:
    page.goto("/")
    page.get_by_label("Usuario").fill(username)
    page.get_by_label("Contraseña").fill("no es esta")
    page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Usuario o contraseña incorrectos; revísalos y, si fallas varias veces, espera un poco."
    )


def test_the_way_in_leads_to_the_page_asked_for(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente", "/Mi_perfil")
    expect(page.get_by_role("heading", name="Mi perfil")).to_be_visible()
    assert page.url.endswith("/Mi_perfil")


# ---- the session --------------------------------------------------------------------------------


def test_the_cookie_is_for_this_host_alone_and_no_script(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    (cookie,) = [c for c in page.context.cookies() if c["name"] == "__Host-mesa"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (True, True, "Strict")
    assert "__Host-mesa" not in page.evaluate("document.cookie")


def test_a_reload_and_a_second_tab_keep_the_session(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    page.reload()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()
    second = page.context.new_page()
    second.goto("/Mi_perfil")
    expect(second.get_by_text(NAMES["agente"])).to_be_visible()


def test_signing_out_ends_it_in_every_tab(page: Page, sign_in: SignIn, server: DeskServer) -> None:
    sign_in(page, "agente")
    second = page.context.new_page()
    second.goto("/Mi_perfil")
    second.get_by_label("Contraseña actual").wait_for()
    copied = cookie_of(page.context)
    with page.expect_response("**/sesion/cerrar"):
        sign_out(page)
    expect(page.get_by_label("Contraseña")).to_be_visible()
    until(lambda: not cookie_of(page.context))
    second.get_by_role("link", name="Inicio").click()
    expect(second.get_by_role("button", name="Entrar")).to_be_visible()
    assert run_page(server, cookie=copied).labels == FORM


def test_a_tab_nobody_touches_notices_that_the_session_ended(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "agente")
    second = page.context.new_page()
    second.clock.install()
    second.goto("/Mi_perfil")
    second.get_by_label("Contraseña actual").wait_for()
    sign_out(page)
    expect(page.get_by_role("button", name="Entrar")).to_be_visible()
    second.clock.fast_forward("00:31")
    expect(second.get_by_role("button", name="Entrar")).to_be_visible()


def test_another_person_after_a_sign_out_starts_clean(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "admin", "/Mi_perfil")
    with page.expect_response("**/sesion/cerrar"):
        sign_out(page)
    page.get_by_label("Usuario").fill("agente")
    page.get_by_label("Contraseña").fill("frase probada")
    with page.expect_response("**/sesion/abrir"):
        page.get_by_role("button", name="Entrar").click()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()
    expect(page.get_by_text(NAMES["admin"])).to_have_count(0)
    expect(page.get_by_role("heading", name="Mi perfil")).to_be_visible()
    page.reload()
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()


# ---- roles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", PEOPLE)
def test_each_role_gets_its_pages_and_no_other(
    page: Page, sign_in: SignIn, server: DeskServer, username: str
) -> None:
    sign_in(page, username)
    cookie = cookie_of(page.context)
    allowed = {p.file for p in pages.PAGES if p.permission in permissions(username)}
    for asked in (p for p in pages.PAGES if p.exists):
        heard = run_page(server, asked.path.strip("/"), cookie=cookie)
        refused = "no permite" in heard.text or "solo existe en la demostración" in heard.text
        assert refused is (asked.file not in allowed or asked.demo_only), asked.file
        in_menu = f'page: "{asked.path.strip("/")}"' in heard.text
        assert in_menu is (asked.file in allowed and not asked.demo_only) or asked.path == "/"


def permissions(username: str) -> object:
    from lib.model.roles import ALLOWED

    return ALLOWED[PEOPLE[username]]


# ---- Streamlit's own session id -----------------------------------------------------------------


def test_streamlit_s_session_id_without_the_cookie_gets_nothing(
    page: Page, sign_in: SignIn, server: DeskServer
) -> None:
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda data: frames.append(bytes(data)))

    page.on("websocket", listen)
    sign_in(page, "agente")
    stolen = streamlit_session(frames)
    while_open = run_page(server, session=stolen)
    page.close()
    after = [run_page(server, session=stolen) for _ in range(2)]
    for heard in (while_open, *after):
        assert NAMES["agente"] not in heard.text
        assert heard.labels == FORM


def streamlit_session(frames: list[bytes]) -> str:
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    for frame in frames:
        message = ForwardMsg()
        message.ParseFromString(frame)
        if message.WhichOneof("type") == "new_session":
            return message.new_session.initialize.session_id
    raise AssertionError("no session id came")


def test_a_made_up_cookie_gets_the_form(server: DeskServer) -> None:
    for cookie in ("x", "A" * 43, "eyJhbGciOiJub25lIn0.eyJ1c2VybmFtZSI6ImFkbWluIn0."):
        assert run_page(server, cookie=cookie).labels == FORM


# ---- HTTP ---------------------------------------------------------------------------------------


def test_files_and_counters_need_a_session(page: Page, sign_in: SignIn, server: DeskServer) -> None:
    closed = [
        ("PUT", "/_stcore/upload_file/some-session/1"),
        ("DELETE", "/_stcore/upload_file/some-session/1"),
        ("GET", "/media/0123456789abcdef.csv"),
        ("GET", "/_stcore/metrics"),
    ]
    for method, path in closed:
        assert ask(server, method, path).status == 401, path
        assert ask(server, method, path, Cookie="__Host-mesa=made-up").status == 401, path
    sign_in(page, "agente")
    cookie = cookie_of(page.context)
    for method, path in closed:
        assert ask(server, method, path, Cookie=f"__Host-mesa={cookie}").status != 401, path


def test_streamlit_s_way_in_for_programs_is_shut(server: DeskServer) -> None:
    for path in ("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"):
        assert [ask(server, method, path).status for method in ("GET", "POST")] == [404, 404]


def test_the_session_routes_take_no_call_from_elsewhere(server: DeskServer) -> None:
    assert ask(server, "POST", "/sesion/abrir").status == 403
    assert ask(server, "POST", "/sesion/abrir", **{"X-Mesa-Ticket": "made-up"}).status == 403
    assert ask(server, "POST", "/sesion/cerrar").status == 403


def test_every_answer_carries_the_headers(server: DeskServer) -> None:
    for path in ("/", "/Mi_perfil", "/health", "/_stcore/metrics", "/favicon.png"):
        answer = ask(server, "GET", path)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_health_says_no_more_than_it_must(server: DeskServer) -> None:
    assert json.loads(ask(server, "GET", "/health").body) == {"live": True, "ready": True}


def test_nothing_leaves_for_another_host_and_no_policy_is_broken(
    page: Page, sign_in: SignIn, server: DeskServer
) -> None:
    outside: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda r: outside.append(r.url) if is_outside(r.url, server) else None)
    page.on("console", lambda m: complaints.append(m.text) if "Policy" in m.text else None)
    page.on("response", lambda r: complaints.append(r.url) if r.status >= 400 else None)
    sign_in(page, "admin")
    for link in ("Mi perfil", "Inicio"):
        page.get_by_role("link", name=link).first.click()
        page.get_by_role("heading").first.wait_for()
    assert outside == []
    assert complaints == []


def is_outside(url: str, server: DeskServer) -> bool:
    return not url.startswith((server.url, "data:", "blob:"))
