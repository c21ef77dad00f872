"""Debian's nginx with deploy/nginx/mesa.conf before a desk; ports and CA are this run's own."""

import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.desk_server import ROOT
from tests.mail import certificate
from tests.ports import free_port, is_open
from tests.waiting import until

NAME = "mesa.test"
_CONF = ROOT / "deploy" / "nginx" / "mesa.conf"
_AROUND = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/mesa.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """What listens before the desk; `pem` vouches for it."""

    folder: Path
    http_port: int
    https_port: int
    pem: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https_port}"

    def trusting(self, **limits: ssl.TLSVersion) -> ssl.SSLContext:
        """What a careful client verifies it with."""
        context = ssl.create_default_context(cafile=str(self.pem))
        for name, value in limits.items():
            setattr(context, name, value)
        return context

    def logs(self) -> str:
        return "".join(p.read_text("utf-8", "replace") for p in self.folder.glob("*.log"))


def prepare(folder: Path) -> Front:
    """Its ports and certificate, before it or the desk behind it starts."""
    if not _nginx():
        missing = "no nginx: .ci/nginx installs Debian's"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    pem, _ = certificate.make(folder, NAME)
    return Front(folder, free_port(), free_port(), pem)


@contextmanager
def before(front: Front, desk_port: int) -> Iterator[None]:
    """nginx as it is deployed, but for names, ports, files, its user and how long it waits."""
    conf = _CONF.read_text("utf-8")
    for ours, theirs in (
        ("https://mesa.example.com", front.url),
        ("mesa.example.com", NAME),
        ("/etc/ssl/mesa/fullchain.pem", str(front.pem)),
        ("/etc/ssl/mesa/key.pem", str(front.pem.with_suffix(".key"))),
        ("/var/log/nginx", str(front.folder)),
        ("127.0.0.1:8501", f"127.0.0.1:{desk_port}"),
        ("listen 80;", f"listen 127.0.0.1:{front.http_port};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ", f"listen 127.0.0.1:{front.https_port} "),
        ("    listen [::]:443 ssl default_server;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("client_header_timeout 10s", "client_header_timeout 1s"),
        ("client_body_timeout   15s", "client_body_timeout   1s"),
    ):
        assert ours in conf, ours
        conf = conf.replace(ours, theirs)
    (front.folder / "mesa.conf").write_text(conf, "utf-8")
    # Its workers read this run's folder, which is its user's alone.
    around = _AROUND.format(folder=front.folder, user="user root;" if os.geteuid() == 0 else "")
    (front.folder / "nginx.conf").write_text(around, "utf-8")
    command = [_nginx(), "-p", str(front.folder), "-c", str(front.folder / "nginx.conf")]
    running = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.PIPE)
    try:
        until(lambda: is_open(front.https_port) or running.poll() is not None)
        assert running.poll() is None, running.stderr and running.stderr.read()
        yield
    finally:
        running.terminate()
        running.communicate(timeout=20)


def _nginx() -> str:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
