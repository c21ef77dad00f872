"""Every act the audit log knows. A write that isn't here can't be logged, so can't be made."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    APP_STARTED = "app_started"
    APP_STOPPED = "app_stopped"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    FACTOR_ASKED = "factor_asked"  # the password was right
    FACTOR_FAILED = "factor_failed"
    FACTOR_ENROLLED = "factor_enrolled"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    SIGNED_OUT = "signed_out"
    CONFIRMED = "confirmed"  # who is at the keyboard proved it again
    ACCOUNT_LINKED = "account_linked"  # the company's account is this person's from now on
    ACCOUNT_UNLINKED = "account_unlinked"
    EMERGENCY_USED = "emergency_used"  # a password opened what only the provider opens to others
    EMERGENCY_GIVEN = "emergency_given"
    EMERGENCY_TAKEN = "emergency_taken"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    STAFF_ADDED = "staff_added"
    PASSWORD_LINK_SENT = "password_link_sent"  # noqa: S105
    PASSWORD_LINK_MADE = "password_link_made"  # noqa: S105 - shown at the server, to be handed on
    ROLE_CHANGED = "role_changed"
    STAFF_EMAIL_CHANGED = "staff_email_changed"
    STAFF_DISABLED = "staff_disabled"
    STAFF_ENABLED = "staff_enabled"
    SESSIONS_ENDED = "sessions_ended"  # one's own elsewhere, or somebody else's
    RESEND_REQUESTED = "resend_requested"
    RESEND_RETRIED = "resend_retried"
    BULK_STARTED = "bulk_started"
    BULK_CANCELLED = "bulk_cancelled"
    BULK_ENDED = "bulk_ended"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_GIVEN = "approval_given"
    APPROVAL_DENIED = "approval_denied"
    APPROVAL_EXPIRED = "approval_expired"
    APPROVAL_ANNOUNCED = "approval_announced"
    MAIL_ACCEPTED = "mail_accepted"
    MAIL_DEFERRED = "mail_deferred"
    MAIL_FAILED = "mail_failed"
    MAIL_UNCERTAIN = "mail_uncertain"
    MAIL_SENT_AGAIN = "mail_sent_again"  # the archive shows that it never went
    MAIL_BOUNCED = "mail_bounced"
    MAIL_DELAYED = "mail_delayed"  # the customer's server is still trying
    MAIL_PAUSED = "mail_paused"
    MAIL_RESUMED = "mail_resumed"
    MAIL_PROBED = "mail_probed"  # somebody asked for a try now
    DATA_SEEN = "data_seen"  # a customer's, whole, where screens mask it
    CONTACT_CHANGED = "contact_changed"
    BILLING_CHANGED = "billing_changed"
    SHIPPING_CHANGED = "shipping_changed"
    POLICY_CHANGED = "policy_changed"
    LANGUAGE_CHANGED = "language_changed"
    TEMPLATE_SAVED = "template_saved"
    TEMPLATE_RESTORED = "template_restored"
    TEMPLATE_TESTED = "template_tested"
    CDA_REVEALED = "cda_revealed"
    REVEAL_LIMIT_REACHED = "reveal_limit_reached"
    ALERT_RAISED = "alert_raised"
    ALERT_TAKEN = "alert_taken"
    ALERT_CLOSED = "alert_closed"
    ALERT_MAILED = "alert_mailed"
    ALERT_MAIL_WANTED = "alert_mail_wanted"
    ALERT_MAIL_STOPPED = "alert_mail_stopped"
    REPORT_MAILED = "report_mailed"
    HEAD_MAILED = "head_mailed"  # the row itself is the head that was mailed
    PACK_LOADED = "pack_loaded"
    PACK_REFUSED = "pack_refused"  # of the watched folder
    LOAD_MAILED = "load_mailed"
    LOAD_MAIL_WANTED = "load_mail_wanted"
    LOAD_MAIL_STOPPED = "load_mail_stopped"
    KEY_ROTATED = "key_rotated"
    DATA_ENCRYPTED = "data_encrypted"
    CERTIFICATES_IMPORTED = "certificates_imported"
    BATCH_UNDONE = "batch_undone"
    CERTIFICATE_CORRECTED = "certificate_corrected"  # typed anew, over what the desk held
    CERTIFICATE_LINKED = "certificate_linked"
    CERTIFICATE_UNLINKED = "certificate_unlinked"
    ROWS_EXPORTED = "rows_exported"
    AUDIT_EXPORTED = "audit_exported"  # the log itself, handed to an auditor
    VIEW_SAVED = "view_saved"
    VIEW_CHANGED = "view_changed"
    VIEW_DELETED = "view_deleted"
    LOG_KEY_MADE = "log_key_made"
    CHECKPOINT_SIGNED = "checkpoint_signed"
    LOG_VERIFIED = "log_verified"
    DETAILS_ERASED = "details_erased"
    PERSON_EXPORTED = "person_exported"  # all that is held of them, to be handed to them
    STAFF_ERASED = "staff_erased"  # of somebody who left: all but their name
    SEGMENT_OPENED = "segment_opened"  # a stretch of the log begins, judged by itself
    SEGMENT_ARCHIVED = "segment_archived"
    SEGMENT_DROPPED = "segment_dropped"


class Outcome(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True)
class Entry:
    """One row of the audit log before it is written.

    `detail` holds personal values (old and new contact data, addresses): it is stored apart,
    committed to by a salted hash, so that a person can be erased and the chain still verifies.
    `subject` is the id of what the act is about when it is neither account nor serial: an outbox
    row, a batch, a staff username. `versions` are those of the policy and the template that it went
    by (lib/model/versions.py).
    """

    action: Action
    outcome: Outcome = Outcome.OK
    account_no: str = ""
    serial: str = ""
    reason: str = ""
    ticket: str = ""
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    versions: str = ""
