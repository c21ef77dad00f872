"""Refusals: a reason code and the facts of the case. Words belong to lib/ui/messages.py."""

from enum import StrEnum


class Reason(StrEnum):
    """Every refusal the desk can give. tests/test_messages.py holds that each has a sentence."""

    # doors
    SIGNED_OUT = "signed_out"
    FORBIDDEN = "forbidden"
    BAD_CREDENTIALS = "bad_credentials"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    WEAK_PASSWORD = "weak_password"  # noqa: S105
    SHORT_PASSWORD = "short_password"  # noqa: S105
    LONG_PASSWORD = "long_password"  # noqa: S105
    KNOWN_NAMES_PASSWORD = "known_names_password"  # noqa: S105
    SAME_PASSWORD = "same_password"  # noqa: S105
    PASSWORDS_DIFFER = "passwords_differ"
    BAD_USERNAME = "bad_username"
    BAD_STAFF_EMAIL = "bad_staff_email"
    USERNAME_TAKEN = "username_taken"
    DEMO_ONLY = "demo_only"
    DEMO_FOLDER = "demo_folder"
    NOT_A_DEMO_FOLDER = "not_a_demo_folder"
    DEMO_ADDRESS = "demo_address"
    DEMO_SETTING = "demo_setting"
    DEMO_MAIL = "demo_mail"
    NO_TLS = "no_tls"
    SIGN_IN_AGAIN = "sign_in_again"
    WRONG_CODE = "wrong_code"
    NO_FACTOR = "no_factor"
    LAST_FACTOR = "last_factor"
    NO_PASSKEYS_HERE = "no_passkeys_here"
    PASSKEY_REFUSED = "passkey_refused"
    PASSKEY_COPIED = "passkey_copied"
    UNKNOWN_PASSKEY = "unknown_passkey"
    BAD_PASSKEY_NAME = "bad_passkey_name"
    DOORS_KEY_WRONG = "doors_key_wrong"
    NO_NAME = "no_name"
    NO_DESK_ADDRESS = "no_desk_address"
    LINK_OVER = "link_over"
    CONFIRM_FIRST = "confirm_first"
    NOT_CONFIRMED = "not_confirmed"
    UNKNOWN_PERSON = "unknown_person"
    OWN_ROLE = "own_role"
    OWN_STATE = "own_state"
    LAST_ADMIN = "last_admin"
    PERSON_CHANGED_MEANWHILE = "person_changed_meanwhile"
    UNKNOWN_SESSION = "unknown_session"

    SSO_REFUSED = "sso_refused"
    SSO_NOT_STAFF = "sso_not_staff"
    SSO_SILENT = "sso_silent"
    NOT_LINKED = "not_linked"
    EMERGENCY_ADMINS = "emergency_admins"
    PASSWORDS_SHUT = "passwords_shut"

    # resend
    UNKNOWN_SERIAL = "unknown_serial"
    UNKNOWN_FOLIO = "unknown_folio"
    UNKNOWN_ACCOUNT = "unknown_account"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    NO_CODE = "no_code"
    PRINTED_ON_CERTIFICATE = "printed_on_certificate"
    MISSING_REASON = "missing_reason"
    BAD_TICKET = "bad_ticket"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    ON_ITS_WAY = "on_its_way"
    SENT_A_MOMENT_AGO = "sent_a_moment_ago"
    NOT_RETRYABLE = "not_retryable"
    UNKNOWN_DELIVERY = "unknown_delivery"
    STALE_DIALOG = "stale_dialog"

    # policy
    STOPPED_BY_POLICY = "stopped_by_policy"
    UNSEEN_WARNING = "unseen_warning"
    TICKET_NOT_LIKE = "ticket_not_like"
    BAD_POLICY = "bad_policy"
    POLICY_CHANGED_MEANWHILE = "policy_changed_meanwhile"

    # resend to many
    TOO_MANY_SYSTEMS = "too_many_systems"
    NOTHING_TO_RESEND = "nothing_to_resend"
    UNKNOWN_BULK = "unknown_bulk"
    BULK_OVER = "bulk_over"
    OTHER_ACCOUNT_NOW = "other_account_now"

    # approve
    UNKNOWN_APPROVAL = "unknown_approval"
    OWN_REQUEST = "own_request"
    OWN_CHANGE = "own_change"
    ALREADY_ANSWERED = "already_answered"
    ADDRESS_CHANGED_SINCE = "address_changed_since"
    MISSING_NOTE = "missing_note"
    LONG_NOTE = "long_note"

    # alerts
    UNKNOWN_ALERT = "unknown_alert"
    OWN_ALERT = "own_alert"
    ALERT_TAKEN = "alert_taken"
    ALERT_NOT_YOURS = "alert_not_yours"
    ALERT_CLOSED = "alert_closed"
    MISSING_FINDING = "missing_finding"

    # see a CDA
    MISSING_MOTIVE = "missing_motive"
    MISSING_TICKET = "missing_ticket"
    TOO_MANY_REVEALS = "too_many_reveals"
    REVEAL_OVER = "reveal_over"

    # correct
    INVALID_FIELD = "invalid_field"
    NOTHING_CHANGED = "nothing_changed"
    CHANGED_MEANWHILE = "changed_meanwhile"

    # link a certificate
    SAME_LINK = "same_link"
    LINK_CHANGED_MEANWHILE = "link_changed_meanwhile"

    # templates
    UNKNOWN_TEMPLATE = "unknown_template"
    BAD_TEMPLATE = "bad_template"
    TEMPLATE_CHANGED_MEANWHILE = "template_changed_meanwhile"
    NO_OWN_ADDRESS = "no_own_address"

    # load and import
    NO_PACK = "no_pack"
    UNREADABLE_FILE = "unreadable_file"
    UNWRITABLE_FILE = "unwritable_file"
    MISSING_COLUMNS = "missing_columns"
    UNMATCHED_COLUMNS = "unmatched_columns"
    BAD_COLUMN = "bad_column"
    BAD_CERTIFICATE = "bad_certificate"
    FOLIO_REGISTERED = "folio_registered"
    NOTHING_TO_IMPORT = "nothing_to_import"
    IMPORT_RUNNING = "import_running"
    IMPORT_OVER = "import_over"
    IMPORT_FAILED = "import_failed"
    LOAD_IN_PROGRESS = "load_in_progress"
    LOAD_FAILED = "load_failed"
    STALE_LOAD = "stale_load"
    STALE_PREVIEW = "stale_preview"
    JUST_TYPED = "just_typed"
    UNKNOWN_BATCH = "unknown_batch"
    FILE_NOT_KEPT = "file_not_kept"
    UNDO_REASON_MISSING = "undo_reason_missing"
    ALREADY_UNDONE = "already_undone"
    NOTHING_TO_UNDO = "nothing_to_undo"
    UNDO_CHANGED_MEANWHILE = "undo_changed_meanwhile"
    UNDO_OF_UNDO = "undo_of_undo"
    UNDO_OF_KEY = "undo_of_key"
    NOT_NEWEST_LOAD = "not_newest_load"
    FIRST_LOAD = "first_load"
    REF_NOT_KEPT = "ref_not_kept"
    REF_OTHER_KEY = "ref_other_key"
    HANDOVER_UNANSWERED = "handover_unanswered"

    # the watched folder
    INBOX_GONE = "inbox_gone"
    INBOX_STUCK = "inbox_stuck"
    INBOX_FULL = "inbox_full"
    PACK_ARRIVING = "pack_arriving"

    # export
    NOTHING_TO_EXPORT = "nothing_to_export"
    EXPORT_RUNNING = "export_running"
    EXPORTS_BUSY = "exports_busy"
    EXPORT_GONE = "export_gone"
    EXPORT_FAILED = "export_failed"

    # views
    UNKNOWN_VIEW = "unknown_view"
    BAD_VIEW_NAME = "bad_view_name"
    VIEW_NAME_TAKEN = "view_name_taken"
    VIEW_CHANGED_MEANWHILE = "view_changed_meanwhile"
    TOO_MANY_VIEWS = "too_many_views"
    TOO_MANY_PINS = "too_many_pins"

    # log
    UNKNOWN_ENTRY = "unknown_entry"
    UNREADABLE_ENTRY = "unreadable_entry"
    VERIFICATION_RUNNING = "verification_running"
    NOTHING_TO_ERASE = "nothing_to_erase"
    NOTHING_HELD = "nothing_held"
    STILL_ACTIVE = "still_active"
    ARCHIVE_LOST = "archive_lost"
    ARCHIVE_FAILED = "archive_failed"
    UNKNOWN_SEGMENT = "unknown_segment"
    SEGMENT_NOT_ARCHIVED = "segment_not_archived"
    SEGMENT_NOT_OLDEST = "segment_not_oldest"
    DROP_REASON_MISSING = "drop_reason_missing"

    # the desk's own health
    BAD_SETTING = "bad_setting"
    PORT_TAKEN = "port_taken"
    DESK_SILENT = "desk_silent"
    DESK_IN_USE = "desk_in_use"
    NOT_PRIVATE = "not_private"
    DATA_KEY_WRONG = "data_key_wrong"
    DATA_KEY_MISSING = "data_key_missing"
    NOT_ENCRYPTED = "not_encrypted"
    NO_CIPHER = "no_cipher"
    DATABASE_CORRUPT = "database_corrupt"
    DATABASE_NEWER = "database_newer"
    REF_OLDER = "ref_older"
    DATABASE_BEHIND = "database_behind"
    STORAGE_FAILED = "storage_failed"
    DISK_FULL = "disk_full"
    CDA_KEY_MISSING = "cda_key_missing"
    CDA_KEY_WRONG = "cda_key_wrong"
    NOTHING_SEALED = "nothing_sealed"
    ROTATION_FAILED = "rotation_failed"


class AppError(Exception):
    """An expected refusal.

    `reason` says which; `facts` are the values its sentence needs (never a secret). Its text in a
    log is the reason and the facts' names, so that personal data stays out of logs.
    """

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(f"{reason.value} ({', '.join(facts)})" if facts else reason.value)
        self.reason = reason
        self.facts = facts

    @property
    def hopeless(self) -> bool:
        """Of a file that can't be read: whether reading it any other way helps neither."""
        return bool(self.facts.get("hopeless"))
