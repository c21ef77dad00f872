"""A mail server on loopback for everybody measured: `python -m bench.mail_server DOMAIN…`.

Postfix as tests/mail/postfix.py has it (submission with STARTTLS and login), which takes mail for
those domains into one mailbox; where it can't be started, a server that takes any mail and keeps
none. In a process of its own, so that it shares no interpreter with who sends.
"""

import json
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lib.demo.smtp_sink import FreePort
from tests.mail import certificate, dovecot, greylist, postfix, real_servers
from tests.ports import free_port

_BOX = f"todos@{real_servers.DOMAIN}"
_NOBODY = "-"  # is greylisted


@dataclass(frozen=True)
class Server:
    """With a `user`, STARTTLS and login are asked for, and `ca` vouches for it; else neither."""

    name: str
    port: int
    user: str = ""
    password: str = ""
    ca: str = ""

    def environment(self) -> dict[str, str]:
        """The desk's settings for it."""
        found = {"MESA_SMTP_HOST": "localhost", "MESA_SMTP_PORT": str(self.port)}
        if not self.user:
            return found | {"MESA_SMTP_SECURITY": "none"}
        login = {"MESA_SMTP_USER": self.user, "MESA_SMTP_PASSWORD": self.password}
        return found | login | {"MESA_SMTP_CA": self.ca}


@contextmanager
def serving(domains: list[str]) -> Iterator[Server]:
    command = [sys.executable, "-m", "bench.mail_server", *domains]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield Server(**json.loads(process.stdout.readline()))
    finally:
        process.communicate()


def main() -> None:
    """Serve until stdin closes."""
    with ExitStack() as stack:
        server = _taker(stack) if real_servers.missing() else _postfix(stack, sys.argv[1:])
        sys.stdout.write(json.dumps(asdict(server)) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


def _postfix(stack: ExitStack, domains: list[str]) -> Server:
    root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mesa-bench-mail-")))
    root.chmod(0o755)
    uid = pwd.getpwnam("mail").pw_uid
    (root / "mail").mkdir()
    subprocess.run(["chown", str(uid), root / "mail"], check=True)
    pem = certificate.make(root)
    imap_port, imaps_port, auth_port, smtp_port = (free_port() for _ in range(4))
    ports = {"imap_port": imap_port, "imaps_port": imaps_port, "auth_port": auth_port}
    password = real_servers.PASSWORD
    stack.enter_context(dovecot.running(root, pem, password=password, uid=uid, **ports))
    policy_port = stack.enter_context(greylist.serving(_NOBODY))
    stack.enter_context(
        postfix.running(
            root,
            pem,
            mailboxes={_BOX: "todos/"},
            aliases={f"@{domain}": _BOX for domain in domains},
            domain=real_servers.DOMAIN,
            far=real_servers.FAR,
            far_port=smtp_port,
            uid=uid,
            smtp_port=smtp_port,
            auth_port=auth_port,
            policy_port=policy_port,
        )
    )
    ask = ["postconf", "-c", root / "postfix", "-h", "mail_version"]
    asked = subprocess.run(ask, capture_output=True, check=True)
    name = f"Postfix {asked.stdout.decode().strip()}"
    return Server(name, smtp_port, _BOX, password, str(pem[0]))


def _taker(stack: ExitStack) -> Server:
    controller = FreePort(_Taker(), hostname="127.0.0.1", port=0)
    controller.start()
    stack.callback(controller.stop)
    return Server("aiosmtpd that keeps nothing (no Postfix here)", controller.port)


class _Taker:
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        return "250 2.0.0 Taken"


if __name__ == "__main__":
    main()
