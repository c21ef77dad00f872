"""Who may do what: one table, asked by every service."""

from enum import StrEnum


class Role(StrEnum):
    AGENT = "agente"
    MANAGER = "gerente"
    ADMIN = "administrador"


class Permission(StrEnum):
    """One name for each thing a person may be allowed to do."""

    FIND = "find"  # see accounts, systems and certificates
    RESEND = "resend"  # send a CDA to its account's address
    CORRECT = "correct"  # edit a customer's contact, billing and shipping data
    LINK = "link"  # say whose a physical certificate is
    READ_LOG = "read_log"  # see everybody's entries in the audit log
    IMPORT = "import"  # bring in physical certificates
    EXPORT = "export"  # take rows away as a file, customers' data masked in it
    WHOLE_DATA = "whole_data"  # take customers' e-mails, telephones and RFCs away whole
    SHARE_VIEWS = "share_views"  # save a table's view for everybody
    LOAD = "load"  # replace what the vendor hands over
    OWN_PROFILE = "own_profile"  # change one's own password
    APPROVE = "approve"  # answer for a resend that the policy stopped
    ALERTS = "alerts"  # see what the log makes remarkable, take it and write what it was
    MANAGE_POLICY = "manage_policy"  # decide what stands between an agent and a resend
    MANAGE_MAIL = "manage_mail"  # see why nothing leaves, and have it tried now
    REVEAL = "reveal"  # see a customer's CDA for half a minute
    ROTATE_KEY = "rotate_key"  # seal every CDA with a new key
    EDIT_TEMPLATES = "edit_templates"  # change what mails say
    ERASE_DETAILS = "erase_details"  # take one person's details out of the audit log
    KEEP_LOG = "keep_log"  # archive the audit log's old segments, and let them go
    MANAGE_STAFF = "manage_staff"  # add people to the desk


_EVERYONE = frozenset({Permission.FIND, Permission.OWN_PROFILE})

ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.AGENT: _EVERYONE | {Permission.RESEND, Permission.CORRECT, Permission.LINK},
    Role.MANAGER: _EVERYONE
    | {Permission.RESEND, Permission.CORRECT, Permission.READ_LOG, Permission.IMPORT}
    | {Permission.EXPORT, Permission.SHARE_VIEWS, Permission.APPROVE, Permission.REVEAL}
    | {Permission.ALERTS, Permission.LINK},
    Role.ADMIN: frozenset(Permission),
}


def may(role: Role, permission: Permission) -> bool:
    return permission in ALLOWED[role]
