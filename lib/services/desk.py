"""The desk as one thing: its settings and its storage, opened once in a process."""

import logging
import threading
from dataclasses import dataclass, field

from lib.model.action import Action, Entry
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.inbox import Lookout
from lib.model.roles import Permission
from lib.services.imports.jobs import Jobs
from lib.services.records.orders import Orders
from lib.settings import Settings
from lib.store import keys
from lib.store.cipher import Cipher
from lib.store.database import Store
from lib.store.people import rights
from lib.store.records import loads
from lib.store.vault import Vault

_LOG = logging.getLogger("mesa.doors")


@dataclass(frozen=True)
class Desk:
    settings: Settings
    store: Store
    # Set when a mail is queued: the mail worker wakes at once.
    mail_waiting: threading.Event = field(default_factory=threading.Event, compare=False)
    # Set when a resend to many is asked for or cancelled: the thread that works them off wakes.
    bulk_waiting: threading.Event = field(default_factory=threading.Event, compare=False)
    # Held while the log is verified: one at a time.
    verifying: threading.Lock = field(default_factory=threading.Lock, compare=False)
    exports: Orders = field(default_factory=Orders, compare=False)
    # Checks and imports that go on without their page.
    imports: Jobs = field(default_factory=Jobs, compare=False)
    # What the thread that watches MESA_INBOX saw last.
    inbox: Lookout = field(default_factory=Lookout, compare=False)

    def vault(self, sealed_by: str | None = None) -> Vault:
        """The vault whose key has the fingerprint `sealed_by`, else the one that sealed the ref in
        force; a new key may be made only while nothing is sealed yet.

        Raises AppError(CDA_KEY_MISSING | CDA_KEY_WRONG).
        """
        if sealed_by is None:
            sealed_by = loads.key_fingerprint(self.store)
        return keys.open_vault(
            self.settings.data,
            self.settings.cda_key,
            sealed_by,
            may_create=not sealed_by and not self.store.ref_file,
        )

    def require(self, actor: Actor, permission: Permission) -> None:
        """Raise AppError(FORBIDDEN) unless this person may do it *now*: also when they were
        disabled, or their role lowered, since `actor` was read. The operator's log has who tried
        what (ASVS 5.0, 16.3.2)."""
        if not actor.may(permission) or rights.outdated(self.store, actor):
            _LOG.warning("refused: %s asked for %s", actor.username, permission.value)
            raise AppError(Reason.FORBIDDEN, permission=permission.value)

    def require_key(self) -> None:
        """Raise AppError(CDA_KEY_MISSING | CDA_KEY_WRONG) when no CDA kept here could be sent."""
        sealed_by = loads.key_fingerprint(self.store)
        if sealed_by:
            self.vault(sealed_by)

    def close(self) -> None:
        self.imports.close()
        self.store.close()


def log_opening(desk: Desk) -> None:
    """Say in the log that the desk opened for people. Raises AppError(STORAGE_FAILED)."""
    desk.store.write(lambda t: t.log(SYSTEM, Entry(Action.APP_STARTED)))


def open_desk(settings: Settings, *, behind_too: bool = False) -> Desk:
    """Raises AppError when the storage can't be opened as it should (see Store.open)."""
    cipher = Cipher(settings.data_key)
    return Desk(settings, Store.open(settings.data, behind_too=behind_too, cipher=cipher))
