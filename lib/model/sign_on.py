"""Why an account of the company's provider opened nothing."""

from enum import StrEnum


class Unfit(StrEnum):
    """Values stand in the log as reasons: none is another enum's."""

    BAD_TOKEN = "sso_bad_token"  # noqa: S105 - not for this desk, too old, or not as it should be
    REPLAYED = "sso_replayed"  # the token was here before
    UNVERIFIED = "sso_unverified"  # nobody checked that the address is theirs
    OTHER_DOMAIN = "sso_other_domain"
    UNKNOWN = "sso_unknown"  # no person has the address, or several do
    TAKEN = "sso_taken"  # whose address it is comes in with another account
    DISABLED = "sso_disabled"
    NO_ROLE = "sso_no_role"  # the claim says none that is known here
    LAST_ADMIN = "sso_last_admin"  # the claim would leave the desk without an administrator
    OTHER_PERSON = "sso_other_person"  # confirming: not who is signed in
    NOT_FRESH = "sso_not_fresh"  # confirming: the provider didn't ask them again
