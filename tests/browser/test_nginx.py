"""The desk behind Debian's nginx with TLS, by the very file that deploy/ hands out."""

import base64
import hashlib
import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright, expect

from tests.browser import desk_server, held_desk, nginx_server, people_inside
from tests.browser.authenticators import Authenticators
from tests.browser.conftest import FLAGS, SignIn, chromium
from tests.browser.desk_server import NAMES, DeskServer
from tests.browser.held_desk import Inside
from tests.browser.nginx_server import NAME, Front
from tests.browser.raw_http import Answer, form, form_headers
from tests.browser.raw_socket import Tab
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
OUTSIDE = "127.0.0.7"  # an address of this machine that isn't the desk's own


@dataclass(frozen=True)
class Fronted:
    front: Front
    desk: DeskServer
    inside: Inside


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    front = nginx_server.prepare(tmp_path_factory.mktemp("nginx"))
    settings = {"MESA_URL": front.url, "MESA_PROXY": "127.0.0.1"}
    with (
        held_desk.held(tmp_path_factory.mktemp("behind"), settings) as (desk, inside),
        nginx_server.before(front, int(desk.host.rpartition(":")[2])),
    ):
        yield Fronted(front, desk, inside)


def line(fronted: Fronted, port: int, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))


def ask(fronted: Fronted, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Over TLS, its certificate verified."""
    front = fronted.front
    connection = http.client.HTTPSConnection(NAME, front.https_port, context=front.trusting())
    with closing(connection):
        plain = line(fronted, front.https_port)
        connection.sock = front.trusting().wrap_socket(plain, server_hostname=NAME)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


def test_signing_in_through_it(fronted: Fronted, playwright: Playwright, sign_in: SignIn) -> None:
    """In Chromium, which trusts this run's certificate by its key: the cookies are for TLS alone,
    and so is the WebSocket."""
    certificate = x509.load_pem_x509_certificate(fronted.front.pem.read_bytes())
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(public).digest()).decode()
    flags = [
        f"--ignore-certificate-errors-spki-list={trusted}",
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
    ]
    browser = playwright.chromium.launch(
        executable_path=chromium(playwright), args=[*FLAGS, *flags]
    )
    page = browser.new_page(base_url=fronted.front.url, locale="es-MX")
    insecure: list[str] = []
    page.on("request", lambda r: insecure.append(r.url) if not is_ours(r.url, fronted) else None)
    page.on(
        "websocket", lambda w: insecure.append(w.url) if not w.url.startswith("wss://") else None
    )
    page.goto(f"http://{NAME}:{fronted.front.http_port}/Mi_perfil")  # typed in clear: led on
    assert page.url == f"{fronted.front.url}/Mi_perfil"
    insecure.clear()
    sign_in(page, "agente", "/Suscripciones")
    expect(page.get_by_text(NAMES["agente"])).to_be_visible()
    for cookie in page.context.cookies():
        assert cookie["secure"], cookie["name"]
    (own,) = [c for c in page.context.cookies() if c["name"] == "__Host-mesa"]
    assert (own["domain"], own["path"], own["httpOnly"], own["sameSite"]) == (
        NAME,
        "/",
        True,
        "Strict",
    )
    add_a_passkey(page)
    assert insecure == []
    with pytest.raises(PlaywrightError, match="ERR_SSL_PROTOCOL_ERROR"):  # it asks TLS of that port
        page.goto(f"http://{NAME}:{fronted.front.http_port}/Mi_perfil")
    browser.close()


def add_a_passkey(page: Page) -> None:
    """It is for the name that people type: nothing of the desk behind it."""
    page.goto("/Mi_perfil")
    Authenticators(page).add()
    page.get_by_role("button", name="Agregar llave de acceso").click()
    window = page.get_by_role("dialog")
    window.get_by_label("Tu contraseña").fill(desk_server.PASSWORD)
    window.get_by_role("button", name="Confirmar").click()
    window.get_by_role("button", name="Crear llave de acceso").click()
    window.get_by_role("heading", name="Códigos de recuperación").wait_for()
    window.get_by_role("button", name="Ya los guardé").click()
    expect(page.locator('[class*="st-key-passkey_"]')).to_have_count(1)


def is_ours(url: str, fronted: Fronted) -> bool:
    return url.startswith((fronted.front.url, "data:", "blob:"))


def test_only_new_tls_and_strong_ciphers(fronted: Fronted) -> None:
    old = {"maximum_version": ssl.TLSVersion.TLSv1_1, "minimum_version": ssl.TLSVersion.TLSv1}
    strongest = fronted.front.trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
    with strongest.wrap_socket(
        line(fronted, fronted.front.https_port), server_hostname=NAME
    ) as tls:
        assert tls.cipher()[0] == "ECDHE-ECDSA-AES256-GCM-SHA384"  # type: ignore[index]
    with fronted.front.trusting().wrap_socket(
        line(fronted, fronted.front.https_port), server_hostname=NAME
    ) as tls:
        assert tls.version() == "TLSv1.3"
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        outdated = fronted.front.trusting(**old)
    outdated.set_ciphers("ALL:@SECLEVEL=0")
    static = fronted.front.trusting(maximum_version=ssl.TLSVersion.TLSv1_2)
    static.set_ciphers("AES256-GCM-SHA384:AES128-SHA:ECDHE-ECDSA-AES256-SHA")  # no secrecy, or CBC
    for context in (outdated, static):
        with pytest.raises((ssl.SSLError, ConnectionResetError)):
            context.wrap_socket(line(fronted, fronted.front.https_port), server_hostname=NAME)
    stranger = fronted.front.trusting()
    with pytest.raises(ssl.SSLError):
        stranger.wrap_socket(line(fronted, fronted.front.https_port), server_hostname="evil.test")


def test_what_is_asked_in_clear_is_led_to_tls_or_refused(fronted: Fronted) -> None:
    for method, status in (("GET", 308), ("POST", 403), ("PUT", 403)):
        with closing(http.client.HTTPConnection("127.0.0.1", fronted.front.http_port)) as clear:
            clear.request(method, "/Cuenta?vista=x", headers={"Host": NAME})
            answer = clear.getresponse()
            assert answer.status == status
            if status == 308:
                assert answer.headers["Location"] == f"{fronted.front.url}/Cuenta?vista=x"


def test_headers_and_limits_of_what_it_answers_itself(fronted: Fronted) -> None:
    paths = {"/": 200, "/health": 200, "/exportar/x": 401, "/nada": 404}
    answers = {path: ask(fronted, "GET", path) for path in paths}
    assert {path: answer.status for path, answer in answers.items()} == paths
    large = ask(fronted, "POST", "/sesion/abrir", b"x" * 70_000, Origin=fronted.front.url)
    long = ask(fronted, "GET", "/", X_Long="a" * 40_000)
    traced = ask(fronted, "TRACE", "/")
    assert (large.status, long.status, traced.status) == (413, 400, 405)
    for answer in (*answers.values(), large, long, traced):
        assert answer.headers.get_all("Strict-Transport-Security") == [
            "max-age=63072000; includeSubDomains"
        ]
        (policy,) = answer.headers.get_all("Content-Security-Policy") or []
        assert "frame-ancestors 'none'" in policy
        assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
        assert len(answer.headers.get_all("Cache-Control") or []) == 1
        assert answer.headers["Server"] == "nginx"  # and no version
    cookies = answers["/"].headers.get_all("Set-Cookie") or []
    assert all("; Secure" in cookie for cookie in cookies)


def test_the_throttle_sees_who_asks_and_not_who_they_say_they_are(fronted: Fronted) -> None:
    front = fronted.front
    reached = replace(fronted.desk, url=front.url)
    spoofed = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=1.2.3.4",
    }
    with Tab(
        reached,
        headers=spoofed,
        sock=line(fronted, front.https_port, OUTSIDE),
        ssl=front.trusting(),
        server_hostname=NAME,
    ) as tab:
        tab.open("")
        tab.press("Entrar", {"Usuario": "nadie", "Contraseña": "no es esta, no"})
    assert fronted.inside(people_inside.failures_by_address)[-1:] == [OUTSIDE]


def test_files_go_in_and_out_through_it(fronted: Fronted) -> None:
    """Uploads may be large, nothing else; an export comes as it is made."""
    front, cookie = fronted.front, fronted.inside(people_inside.cookie, "gerente")
    reached = replace(fronted.desk, url=front.url)
    way = {"sock": line(fronted, front.https_port), "ssl": front.trusting()}
    with Tab(reached, cookie=cookie, server_hostname=NAME, **way) as tab:
        path = f"/_stcore/upload_file/{tab.open('Importar').session}/1"
        fresh = ask(fronted, "GET", "/_stcore/health").headers["Set-Cookie"]
        named = form_headers(front.url, cookie, fresh)
        assert ask(fronted, "PUT", path, form("x.csv", b"a\n" * 1_000_000), **named).status == 204
    ticket = fronted.inside(people_inside.export_ticket, cookie)
    export = ask(fronted, "GET", f"/exportar/{ticket}", Cookie=f"__Host-mesa={cookie}")
    assert (export.status, export.headers["Cache-Control"]) == (200, "no-store")
    assert b"S0000000002" in export.body


def test_who_asks_too_often_or_too_slowly_gets_no_further(fronted: Fronted) -> None:
    """A thousand at once; a head and a body that never end. The desk hears of none of them."""
    start = f"Host: {NAME}:{fronted.front.https_port}\r\n"
    often = spoken(fronted, f"GET /health HTTP/1.1\r\n{start}\r\n" * 999, whole=True)
    assert often.count(b" 403 Forbidden") >= 500  # /health is for this machine's watchers
    assert often.count(b" 429 Too Many Requests") >= 1
    endless = f"Origin: {fronted.front.url}\r\nContent-Length: 100\r\n\r\nx"
    assert spoken(fronted, f"GET / HTTP/1.1\r\n{start}X-Slow: ") == b""
    assert b" 200 " not in spoken(fronted, f"POST /sesion/cerrar HTTP/1.1\r\n{start}{endless}")


def spoken(fronted: Fronted, sent: str, *, whole: bool = False) -> bytes:
    """What comes back over TLS, from an address outside, until it is closed."""
    plain = line(fronted, fronted.front.https_port, "127.0.0.9")
    with fronted.front.trusting().wrap_socket(plain, server_hostname=NAME) as tls:
        tls.sendall((sent + ("GET / HTTP/1.0\r\n\r\n" if whole else "")).encode())
        return b"".join(iter(lambda: tls.recv(65536), b""))


def test_another_origin_is_refused_through_it_too(fronted: Fronted) -> None:
    for origin in ("https://evil.test", f"http://{NAME}:{fronted.front.https_port}"):
        assert (
            ask(fronted, "POST", "/sesion/cerrar", Origin=origin, X_Mesa_Ticket="x").status == 403
        )
    assert ask(fronted, "GET", "/", Host="evil.test").status == 421
    own = ask(fronted, "POST", "/sesion/cerrar", Origin=fronted.front.url, X_Mesa_Ticket="x")
    assert own.status == 204


def test_its_log_has_no_token_of_a_link(fronted: Fronted) -> None:
    ask(fronted, "GET", "/?enlace=un-secreto-de-un-solo-uso")
    assert "un-secreto" not in fronted.front.logs()
    assert "GET / 200" in fronted.front.logs().replace('"', "")
    for path in ("/exportar/un-secreto", "/exportar/auditor/un-secreto"):
        ask(fronted, "GET", path)
    until(lambda: "GET /exportar/auditor/-" in fronted.front.logs())  # written after the answer
    assert "un-secreto" not in fronted.front.logs()
