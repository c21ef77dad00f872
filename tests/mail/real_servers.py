"""Postfix and Dovecot together, as an office has them: what the desk submits is read over IMAP.

`.ci/mail-servers` installs them. Folders, ports and certificates are this run's own.
"""

import os
import pwd
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import imapclient

from tests.mail import certificate, dovecot, greylist, postfix
from tests.mail.letters import read
from tests.mail.server import Behaviour, serving
from tests.ports import free_port

DOMAIN, FAR = "mesa.example.com", "lejos.example.org"  # no address of .test is taken
PASSWORD = "una-clave-de-prueba"
DESK = f"mesa@{DOMAIN}"  # the desk's own account
ARCHIVE, RETURN_PATH = f"archivo@{DOMAIN}", f"bounces@{DOMAIN}"
ARCHIVE_FOLDER, BOUNCE_FOLDER = "Archivo", "Devueltos"
PEOPLE = ("ana", "hector", "zoe", "gris")  # gris is greylisted
FORWARDED = f"rebota@{DOMAIN}"  # taken, and handed on to FAR, which may give it back
_NEEDED = ("/usr/sbin/postfix", "/usr/sbin/dovecot", "/usr/lib/dovecot/imap")


def missing() -> str:
    """Why they can't be started here, "" when they can."""
    absent = [path for path in _NEEDED if not Path(path).exists()]
    if absent:
        return f"not installed here by .ci/mail-servers: {', '.join(absent)}"
    return "" if os.geteuid() == 0 else "Postfix is only started by root"


@dataclass(frozen=True)
class RealServers:
    """`far` is the server behind FAR, to misbehave; `ca` vouches for the others."""

    root: Path
    ca: Path
    smtp_port: int
    imap_port: int
    imaps_port: int
    far: Behaviour

    def environment(self) -> dict[str, str]:
        """The desk's settings for these servers: all of them, with archive and bounces."""
        return {
            "MESA_SMTP_HOST": "localhost",
            "MESA_SMTP_PORT": str(self.smtp_port),
            "MESA_SMTP_SECURITY": "starttls",
            "MESA_SMTP_USER": DESK,
            "MESA_SMTP_PASSWORD": PASSWORD,
            "MESA_SMTP_CA": str(self.ca),
            "MESA_MAIL_FROM": f"avisos@{DOMAIN}",
            "MESA_ARCHIVE_ADDRESS": ARCHIVE,
            "MESA_ARCHIVE_FOLDER": ARCHIVE_FOLDER,
            "MESA_RETURN_PATH": RETURN_PATH,
            "MESA_BOUNCE_FOLDER": BOUNCE_FOLDER,
            "MESA_IMAP_HOST": "localhost",
            "MESA_IMAP_PORT": str(self.imaps_port),
            "MESA_IMAP_USER": DESK,
            "MESA_IMAP_PASSWORD": PASSWORD,
            "MESA_IMAP_CA": str(self.ca),
        }

    def mails(self, address: str, folder: str = "INBOX") -> list[EmailMessage]:
        """What lies in a mailbox, oldest first, read over IMAP."""
        context = ssl.create_default_context(cafile=str(self.ca))
        with imapclient.IMAPClient("localhost", self.imaps_port, ssl_context=context) as client:
            client.login(address, PASSWORD)
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
        return [read(parts[b"BODY[]"]) for _, parts in sorted(found.items())]

    def put(self, folder: str, content: bytes) -> None:
        """Lay a mail into a folder of the desk's account, as whoever can write to it would."""
        context = ssl.create_default_context(cafile=str(self.ca))
        with imapclient.IMAPClient("localhost", self.imaps_port, ssl_context=context) as client:
            client.login(DESK, PASSWORD)
            client.append(folder, content)


@contextmanager
def running() -> Iterator[RealServers]:
    """Both servers at work, with empty mailboxes."""
    # Not pytest's folder: other users' processes must reach it.
    root = Path(tempfile.mkdtemp(prefix="mesa-mail-"))
    root.chmod(0o755)
    try:
        with ExitStack() as stack:
            yield _started(stack, root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _started(stack: ExitStack, root: Path) -> RealServers:
    pem = certificate.make(root)
    uid = pwd.getpwnam("mail").pw_uid
    boxes = _mailboxes(root / "mail", uid)
    imap_port, imaps_port, auth_port, smtp_port = (free_port() for _ in range(4))
    far, far_port = stack.enter_context(serving())
    policy_port = stack.enter_context(greylist.serving("gris"))
    stack.enter_context(
        dovecot.running(
            root,
            pem,
            password=PASSWORD,
            uid=uid,
            imap_port=imap_port,
            imaps_port=imaps_port,
            auth_port=auth_port,
        )
    )
    stack.enter_context(
        postfix.running(
            root,
            pem,
            mailboxes=boxes,
            aliases={FORWARDED: f"alguien@{FAR}"},
            domain=DOMAIN,
            far=FAR,
            uid=uid,
            smtp_port=smtp_port,
            auth_port=auth_port,
            policy_port=policy_port,
            far_port=far_port,
        )
    )
    return RealServers(root, pem[0], smtp_port, imap_port, imaps_port, far)


def _mailboxes(base: Path, uid: int) -> dict[str, str]:
    """Maildirs by address; the archive and the bounces are folders of the desk's account."""
    boxes = {f"{name}@{DOMAIN}": f"{name}/" for name in (*PEOPLE, "avisos", "mesa")}
    boxes |= {ARCHIVE: f"mesa/.{ARCHIVE_FOLDER}/", RETURN_PATH: f"mesa/.{BOUNCE_FOLDER}/"}
    for box in boxes.values():
        for part in ("cur", "new", "tmp"):
            (base / box / part).mkdir(parents=True)
    for folder in (base, *base.rglob("*")):
        os.chown(folder, uid, uid)
    return boxes
