"""What a row of the log has to say, by its act: looked at in every row that a service logs in any
test (tests/conftest.py).

Who, in which role, session and from where come from the actor and can't be left out.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from lib.model.action import Action, Entry, Outcome
from lib.model.actor import Actor
from lib.model.errors import Reason
from lib.model.outbox import MailProblem
from lib.model.policy import Rule
from lib.store.database import Transaction
from tests.written import LIB

_OF_SYSTEM = "account_no serial"
_ASKED = f"{_OF_SYSTEM} reason subject policy detail.recipient"
_HELD = f"{_OF_SYSTEM} reason subject policy"
_MAIL = "subject versions"  # of several kinds, also to staff
_EDIT = "detail.old detail.new"
_ROWS = "subject detail.new detail.changed detail.unchanged detail.set_aside"

# Columns of ops.audit; `detail.x` is in the erasable detail; `policy` and `template` are a version
# of either. Where nothing stands, the act says it all.
SAID: Mapping[Action, str] = {
    Action.APP_STARTED: "",
    Action.APP_STOPPED: "",
    Action.SIGNED_IN: "subject",
    Action.SIGN_IN_FAILED: "detail.typed",
    Action.FACTOR_ASKED: "subject",
    Action.FACTOR_FAILED: "subject",
    Action.FACTOR_ENROLLED: "subject detail.factor",
    Action.FACTOR_REMOVED: "subject detail.factor",
    Action.RECOVERY_CODES_MADE: "subject detail.codes",
    Action.SIGNED_OUT: "subject",
    Action.CONFIRMED: "subject detail.way",
    Action.ACCOUNT_LINKED: "subject detail.email",
    Action.ACCOUNT_UNLINKED: "subject",
    Action.EMERGENCY_USED: "subject detail.recipients",
    Action.EMERGENCY_GIVEN: "subject",
    Action.EMERGENCY_TAKEN: "subject",
    Action.PASSWORD_CHANGED: "subject",
    Action.STAFF_ADDED: "subject detail.name detail.role",
    Action.PASSWORD_LINK_SENT: "subject detail.recipient",
    Action.PASSWORD_LINK_MADE: "subject",
    Action.ROLE_CHANGED: f"subject {_EDIT}",
    Action.STAFF_EMAIL_CHANGED: f"subject {_EDIT}",
    Action.STAFF_DISABLED: "subject",
    Action.STAFF_ENABLED: "subject",
    Action.SESSIONS_ENDED: "subject detail.sessions",
    Action.RESEND_REQUESTED: _ASKED,
    Action.RESEND_RETRIED: f"{_ASKED} detail.retry_of",
    Action.BULK_STARTED: "reason subject policy detail.systems detail.manner detail.list",
    Action.BULK_CANCELLED: "subject",
    Action.BULK_ENDED: "subject detail.systems detail.mails detail.left_out",
    Action.APPROVAL_ASKED: f"{_HELD} detail.rules",
    Action.APPROVAL_GIVEN: f"{_HELD} detail.recipient detail.note",
    Action.APPROVAL_DENIED: f"{_HELD} detail.note",
    Action.APPROVAL_EXPIRED: _HELD,
    Action.APPROVAL_ANNOUNCED: "detail.recipients detail.requests",
    Action.MAIL_ACCEPTED: f"{_MAIL} detail.recipient",
    Action.MAIL_DEFERRED: f"{_MAIL} reason detail.recipient detail.attempt",
    Action.MAIL_FAILED: f"{_MAIL} reason detail.recipient",
    Action.MAIL_UNCERTAIN: f"{_MAIL} reason detail.recipient",
    Action.MAIL_SENT_AGAIN: f"{_MAIL} detail.recipient",
    Action.MAIL_BOUNCED: f"{_MAIL} reason detail.recipient detail.status",
    Action.MAIL_DELAYED: f"{_MAIL} detail.recipient detail.status",
    Action.MAIL_PAUSED: "reason",
    Action.MAIL_RESUMED: "reason",
    Action.MAIL_PROBED: "reason",
    Action.DATA_SEEN: "account_no",
    Action.CONTACT_CHANGED: f"account_no {_EDIT}",
    Action.BILLING_CHANGED: f"account_no {_EDIT}",
    Action.SHIPPING_CHANGED: f"account_no {_EDIT}",
    Action.POLICY_CHANGED: f"subject policy {_EDIT}",
    Action.LANGUAGE_CHANGED: f"account_no {_EDIT}",
    Action.TEMPLATE_SAVED: f"subject template {_EDIT} detail.parts",
    Action.TEMPLATE_RESTORED: f"subject template {_EDIT} detail.restored",
    Action.TEMPLATE_TESTED: "subject template detail.recipient",
    Action.CDA_REVEALED: f"{_OF_SYSTEM} reason ticket subject policy",
    Action.REVEAL_LIMIT_REACHED: f"{_OF_SYSTEM} reason ticket policy detail.most",
    Action.ALERT_RAISED: "reason subject detail.about detail.people",
    Action.ALERT_TAKEN: "reason subject",
    Action.ALERT_CLOSED: "reason subject detail.note",
    Action.ALERT_MAILED: "detail.recipients",
    Action.ALERT_MAIL_WANTED: "subject",
    Action.ALERT_MAIL_STOPPED: "subject",
    Action.REPORT_MAILED: "subject detail.recipients",
    Action.HEAD_MAILED: "subject detail.recipients",
    Action.PACK_LOADED: f"{_ROWS} detail.source detail.files detail.differences",
    Action.PACK_REFUSED: "subject detail.source detail.why",
    Action.LOAD_MAILED: "subject detail.source detail.recipients",
    Action.LOAD_MAIL_WANTED: "subject",
    Action.LOAD_MAIL_STOPPED: "subject",
    Action.DATA_ENCRYPTED: "detail.encrypted",
    Action.KEY_ROTATED: "subject detail.codes detail.old_key detail.new_key",
    Action.CERTIFICATES_IMPORTED: f"{_ROWS} detail.file",
    Action.BATCH_UNDONE: (
        "subject reason detail.source detail.batch detail.gone detail.returned detail.stays"
    ),
    Action.CERTIFICATE_CORRECTED: f"serial subject {_EDIT}",
    Action.CERTIFICATE_LINKED: f"{_OF_SYSTEM} subject {_EDIT}",
    Action.CERTIFICATE_UNLINKED: f"{_OF_SYSTEM} subject {_EDIT}",
    Action.ROWS_EXPORTED: "reason detail.file detail.rows",
    Action.AUDIT_EXPORTED: "reason subject detail.file detail.rows",
    Action.VIEW_SAVED: "subject detail.list detail.view_name detail.view",
    Action.VIEW_CHANGED: f"subject detail.list {_EDIT}",
    Action.VIEW_DELETED: "subject detail.list detail.view_name detail.view",
    Action.LOG_KEY_MADE: "subject",
    Action.CHECKPOINT_SIGNED: "",
    Action.LOG_VERIFIED: "detail.rows",
    Action.DETAILS_ERASED: "account_no detail.details detail.mails",
    Action.PERSON_EXPORTED: "",
    Action.STAFF_ERASED: "subject detail.rows",
    Action.SEGMENT_OPENED: "reason",
    Action.SEGMENT_ARCHIVED: "subject",
    Action.SEGMENT_DROPPED: "subject",
}
_WHY_REFUSED = frozenset({*Reason, *Rule})


def lacking(entry: Entry) -> list[str]:
    """What the row doesn't say. Of an act that was refused before it was one, the reason is all
    that there has to be."""
    refused = entry.outcome is Outcome.REFUSED and entry.reason in _WHY_REFUSED
    wanted = "reason" if refused else SAID.get(entry.action, "")
    # A mail that nobody had in hand yet was made from no template.
    unmade = {"versions"} if entry.reason == MailProblem.LOG_CUT else set[str]()
    return [fact for fact in wanted.split() if not _says(entry, fact) and fact not in unmade]


def _says(entry: Entry, fact: str) -> bool:
    if fact == "policy":
        return entry.versions.startswith("policy ")
    if fact == "template":
        return "/" in entry.versions
    if fact == "detail.new" and isinstance(entry.detail.get("old"), dict):
        return bool(entry.detail["old"]) and set(entry.detail["new"]) == set(entry.detail["old"])
    if fact.startswith("detail."):
        return fact.removeprefix("detail.") in entry.detail
    return bool(getattr(entry, fact))


@contextmanager
def watching() -> Iterator[list[str]]:
    """While it lasts; what rows of services lacked."""
    found: list[str] = []
    log = Transaction.log

    def watched(transaction: Transaction, actor: Actor, entry: Entry) -> int:
        caller = sys._getframe(1).f_code
        if Path(caller.co_filename).is_relative_to(LIB / "services"):
            where = f"{Path(caller.co_filename).stem}.{caller.co_name}"
            found.extend(f"{where}: {entry.action} has no {fact}" for fact in lacking(entry))
        return log(transaction, actor, entry)

    with patch.object(Transaction, "log", watched):
        yield found
