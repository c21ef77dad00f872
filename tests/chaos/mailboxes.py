"""Where accepted mail ends: a Maildir for each recipient; Dovecot serves the archive's."""

import mailbox
import os
import pwd
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.mail import certificate, dovecot
from tests.mail.letters import read
from tests.ports import free_port

ARCHIVE = "archivo@mesa.test"
_FOLDER, _USER, _PASSWORD = "Archivo", "mesa", "una-clave-de-prueba"


class Mailboxes:
    """`folder`/RECIPIENT/{cur,new,tmp}; the archive's is a folder of the desk's own account."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._owner = pwd.getpwnam("mail").pw_uid
        self._opened: dict[str, mailbox.Maildir] = {}
        self._of(ARCHIVE)

    def deliver(self, recipient: str, content: bytes) -> None:
        """As a delivery agent does: whole or not at all. Not thread-safe."""
        self._of(recipient).add(content)

    def copies(self) -> Counter[tuple[str, str]]:
        """How many mails there are, by (recipient, Message-ID)."""
        return Counter(
            (recipient, str(read(maildir.get_bytes(key))["Message-ID"]))
            for recipient, maildir in self._opened.items()
            for key in maildir.keys()  # noqa: SIM118 - a Maildir's own iterator opens each mail
        )

    def _of(self, recipient: str) -> "mailbox.Maildir":
        if recipient not in self._opened:
            box = f"mail/{_USER}/.{_FOLDER}" if recipient == ARCHIVE else f"customers/{recipient}"
            path = self._folder / box
            path.parent.mkdir(parents=True, exist_ok=True)
            self._opened[recipient] = mailbox.Maildir(path, create=True)
            for owned in (path.parent, path, *path.iterdir()):
                os.chown(owned, self._owner, self._owner)
        return self._opened[recipient]

    @contextmanager
    def served(self) -> Iterator[dict[str, str]]:
        """The archive over IMAP, and the desk's settings for it."""
        pem = certificate.make(self._folder)
        imap_port, imaps_port, auth_port = (free_port() for _ in range(3))
        ports = {"imap_port": imap_port, "imaps_port": imaps_port, "auth_port": auth_port}
        with dovecot.running(self._folder, pem, password=_PASSWORD, uid=self._owner, **ports):
            yield {
                "MESA_ARCHIVE_ADDRESS": ARCHIVE,
                "MESA_ARCHIVE_FOLDER": _FOLDER,
                "MESA_IMAP_HOST": "localhost",
                "MESA_IMAP_PORT": str(imaps_port),
                "MESA_IMAP_USER": _USER,
                "MESA_IMAP_PASSWORD": _PASSWORD,
                "MESA_IMAP_CA": str(pem[0]),
            }
