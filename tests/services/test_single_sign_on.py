"""The company's account: whose it is, what it opens, what it never does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import SYSTEM, Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access, confirming, emergency, leaving, people, single_sign_on
from lib.services.doors.factors import HalfWay
from lib.services.doors.opening import SignedIn
from lib.services.privacy import leaving as going
from lib.settings_oidc import OidcSettings
from lib.store.people import staff
from tests.id_tokens import CLIENT, ISSUER, token
from tests.services.log_rows import logged

PASSWORD = "una frase larga y única"
OIDC = OidcSettings(issuer=ISSUER, client_id=CLIENT, secret_file=Path("/run/secreto"))
ROLES = (("mesa-agentes", Role.AGENT), ("mesa-jefes", Role.MANAGER), ("mesa-admins", Role.ADMIN))


def with_oidc(desk: Desk, **more: Any) -> Desk:
    return replace(desk, settings=replace(desk.settings, oidc=replace(OIDC, **more)))


@pytest.fixture
def staffed(desk: Desk, cheap_passwords: None) -> Desk:
    """One of each role, each with an address; only the provider's word and no second factor."""
    for username, role in {"ana": Role.AGENT, "gil": Role.MANAGER, "ada": Role.ADMIN}.items():
        email = f"{username}@empresa.mx"
        access.add_staff(desk, SYSTEM, username, username.title(), email, role, PASSWORD)
    return with_oidc(desk)


def enter(desk: Desk, said: str) -> Actor:
    """In the browser: the provider's answer, then the page."""
    opened = single_sign_on.enter(desk, single_sign_on.arrive(desk, said, "203.0.113.7"))
    assert isinstance(opened, SignedIn)
    actor = access.actor_of_session(desk, opened.session)
    assert actor
    return actor


def refusal(act: Callable[[], object]) -> Reason:
    with pytest.raises(AppError) as caught:
        act()
    return caught.value.reason


def refused(desk: Desk, said: str) -> tuple[Reason, str]:
    """What they read, and what the log says."""
    reason = refusal(lambda: single_sign_on.arrive(desk, said, "203.0.113.7"))
    row = logged(desk, Action.SIGN_IN_FAILED)[-1]
    assert (row["actor"], row["outcome"], row["address"]) == ("sistema", "refused", "203.0.113.7")
    return reason, row["reason"]


def told(desk: Desk) -> list[tuple[str, str]]:
    """Whom the desk's mails told of their account, and what."""
    rows = desk.store.rows(
        "SELECT recipient, payload ->> 'news' FROM ops.outbox WHERE kind = 'door_changed'"
        " ORDER BY requested_at"
    )
    return [row for row in rows if row[1].startswith("account")]


# ---- who it is -----------------------------------------------------------------------------------


def test_the_first_time_links_by_a_verified_address_and_then_the_subject_counts(
    staffed: Desk,
) -> None:
    ana = enter(staffed, token(email="ANA@empresa.mx"))
    assert (ana.username, ana.role) == ("ana", Role.AGENT)
    row = logged(staffed, Action.ACCOUNT_LINKED)[-1]
    assert (row["subject"], row["detail"]) == ("ana", {"email": "ANA@empresa.mx"})
    row = logged(staffed, Action.SIGNED_IN)[-1]
    assert (row["actor"], row["detail"]) == ("ana", {"entrance": "single_sign_on"})

    # Another address, unverified, or somebody else's: the account is Ana's all the same.
    again = enter(staffed, token(email="gil@empresa.mx", email_verified=False))
    assert again.username == "ana"
    assert len(logged(staffed, Action.ACCOUNT_LINKED)) == 1
    assert told(staffed) == [("ana@empresa.mx", "account_linked")]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"email_verified": False}, "sso_unverified"),
        ({"email_verified": None}, "sso_unverified"),
        ({"email_verified": "no"}, "sso_unverified"),
        ({"email": None}, "sso_unverified"),
        ({"email": "nadie@empresa.mx"}, "sso_unknown"),
        ({"email": "ana@empresa.mx.evil.example"}, "sso_unknown"),
    ],
)
def test_nobody_is_linked_by_less(staffed: Desk, more: dict[str, Any], why: str) -> None:
    assert refused(staffed, token(**more)) == (Reason.SSO_NOT_STAFF, why)
    assert logged(staffed, Action.ACCOUNT_LINKED, Action.SIGNED_IN) == []


def test_the_address_of_somebody_with_an_account_opens_nothing_to_another(staffed: Desk) -> None:
    enter(staffed, token())
    assert refused(staffed, token(sub="mallory")) == (Reason.SSO_NOT_STAFF, "sso_taken")
    row = logged(staffed, Action.SIGN_IN_FAILED)[-1]
    assert (row["subject"], row["detail"]) == ("ana", {"typed": "ana@empresa.mx"})


def test_an_address_of_two_people_is_nobody_s(staffed: Desk) -> None:
    access.add_staff(staffed, SYSTEM, "ana2", "Ana", "ana@empresa.mx", Role.ADMIN, PASSWORD)
    assert refused(staffed, token()) == (Reason.SSO_NOT_STAFF, "sso_unknown")


def test_only_addresses_of_the_company(staffed: Desk) -> None:
    desk = with_oidc(staffed, domains=frozenset({"empresa.mx"}))
    enter(desk, token())
    elsewhere = token(email="ana@otra.mx")
    assert refused(desk, elsewhere) == (Reason.SSO_NOT_STAFF, "sso_other_domain")
    unverified = token(email_verified=False)
    assert refused(desk, unverified) == (Reason.SSO_NOT_STAFF, "sso_other_domain")


def test_entra_says_verified_in_its_own_words(staffed: Desk) -> None:
    desk = with_oidc(staffed, verified_claim="xms_edov")
    assert refused(desk, token())[1] == "sso_unverified"
    assert enter(desk, token(xms_edov="1")).username == "ana"


def test_somebody_disabled_stays_out_whatever_the_provider_says(staffed: Desk) -> None:
    ana = enter(staffed, token())
    secret = single_sign_on.arrive(staffed, token())
    person = staff.find(staffed.store, "ana")
    assert person
    people.set_active(staffed, _confirmed(staffed, "ada"), person, active=False)
    assert access.actor_of_session(staffed, ana.session) is None
    assert single_sign_on.enter(staffed, secret) is None  # arrived just before
    assert refused(staffed, token()) == (Reason.SSO_NOT_STAFF, "sso_disabled")


def test_an_account_taken_away_is_linked_anew(staffed: Desk) -> None:
    ana = enter(staffed, token())
    admin = _confirmed(staffed, "ada")
    single_sign_on.unlink(staffed, admin, "ana")
    row = logged(staffed, Action.ACCOUNT_UNLINKED)[-1]
    assert (row["actor"], row["subject"]) == ("ada", "ana")
    assert access.actor_of_session(staffed, ana.session) is None
    linked = ("ana@empresa.mx", "account_linked")
    assert told(staffed) == [linked, ("ana@empresa.mx", "account_unlinked")]
    assert refusal(lambda: single_sign_on.unlink(staffed, admin, "ana")) is Reason.NOT_LINKED
    assert enter(staffed, token(sub="ana-2")).username == "ana"


def _confirmed(desk: Desk, username: str) -> Actor:
    opened = access.sign_in(desk, username, PASSWORD)
    assert isinstance(opened, SignedIn)
    actor = access.actor_of_session(desk, opened.session)
    assert actor
    confirming.confirm(desk, actor, PASSWORD)
    return actor


# ---- the token -----------------------------------------------------------------------------------

_HOUR = 3600


@pytest.mark.parametrize(
    ("alg", "more"),
    [
        ("none", {}),
        ("HS256", {}),
        ("HS512", {}),
        ("RS256", {"iss": "https://otro.example"}),
        ("RS256", {"aud": "otra-mesa"}),
        ("RS256", {"aud": "otra-mesa", "azp": CLIENT}),  # Authlib takes this one
        ("RS256", {"aud": [CLIENT, "otra-mesa"]}),
        ("RS256", {"azp": "otra-mesa"}),
        ("RS256", {"nonce": None}),
        ("RS256", {"sub": ""}),
        ("RS256", {"sub": "x" * 256}),
        ("RS256", {"sub": 7}),
        ("RS256", {"iat": "ayer"}),
        ("RS256", {"iat": 1_600_000_000}),
        ("RS256", {"exp": 1_600_000_000}),
        ("RS256", {"iat": 4_000_000_000, "exp": 4_000_000_600}),
        ("RS256", {"exp": True}),
        ("RS256", {"exp": 1e300}),
    ],
)
def test_a_token_that_may_not_count(staffed: Desk, alg: str, more: dict[str, Any]) -> None:
    assert refused(staffed, token(alg, **more)) == (Reason.SSO_REFUSED, "sso_bad_token")


@pytest.mark.parametrize("said", ["", "x", "a.b.c", "e30.e30.", "bnVsbA.bnVsbA.x", "ñ.ñ.ñ"])
def test_what_is_no_token(staffed: Desk, said: str) -> None:
    assert refused(staffed, said) == (Reason.SSO_REFUSED, "sso_bad_token")


def test_an_answer_that_nobody_could_check_is_logged(staffed: Desk) -> None:
    single_sign_on.refuse(staffed, "203.0.113.7")
    row = logged(staffed, Action.SIGN_IN_FAILED)[-1]
    assert (row["actor"], row["outcome"], row["reason"]) == ("sistema", "refused", "sso_bad_token")
    assert (row["address"], row["detail"]) == ("203.0.113.7", {"typed": ""})


def test_a_token_and_its_arrival_count_once(staffed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    said = token()
    secret = single_sign_on.arrive(staffed, said)
    assert single_sign_on.enter(staffed, secret)
    assert single_sign_on.enter(staffed, secret) is None
    assert refused(staffed, said) == (Reason.SSO_REFUSED, "sso_replayed")
    late, now = single_sign_on.arrive(staffed, token()), clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(seconds=61))
    assert single_sign_on.enter(staffed, late) is None
    assert single_sign_on.enter(staffed, "inventado") is None


# ---- roles ---------------------------------------------------------------------------------------


def test_the_claim_decides_at_each_sign_in(staffed: Desk) -> None:
    desk = with_oidc(staffed, role_claim="realm_access.roles", roles=ROLES)
    said = {"realm_access": {"roles": ["otra", "mesa-agentes", "mesa-jefes"]}}
    before = enter(staffed, token())
    ana = enter(desk, token(**said))
    assert ana.role is Role.MANAGER
    row = logged(desk, Action.ROLE_CHANGED)[-1]
    assert (row["actor"], row["subject"], row["reason"]) == ("sistema", "ana", "role_claim")
    assert row["detail"] == {"old": {"role": "agente"}, "new": {"role": "gerente"}}
    assert access.actor_of_session(desk, before.session) is None
    enter(desk, token(**said))
    assert access.actor_of_session(desk, ana.session) is not None  # nothing changed
    assert len(logged(desk, Action.ROLE_CHANGED)) == 1
    nothing = token(realm_access={"roles": ["otra"]})
    assert refused(desk, nothing) == (Reason.SSO_NOT_STAFF, "sso_no_role")


def test_the_claim_leaves_one_administrator(staffed: Desk) -> None:
    desk = with_oidc(staffed, role_claim="grupo", roles=ROLES)
    said = token(sub="ada-1", email="ada@empresa.mx", grupo="mesa-agentes")
    assert refused(desk, said) == (Reason.SSO_NOT_STAFF, "sso_last_admin")
    person = staff.find(desk.store, "ada")
    assert person
    assert person.role is Role.ADMIN
    assert logged(desk, Action.ACCOUNT_LINKED, Action.ROLE_CHANGED) == []


def test_people_are_added_only_when_that_is_wanted(staffed: Desk) -> None:
    desk = with_oidc(staffed, role_claim="grupo", roles=ROLES)
    said = {"sub": "eva", "email": "Ana@EMPRESA.com", "name": "Eva\n Ñandú", "grupo": "mesa-jefes"}
    assert refused(desk, token(**said)) == (Reason.SSO_NOT_STAFF, "sso_unknown")
    desk = with_oidc(staffed, role_claim="grupo", roles=ROLES, adds_people=True)
    assert refused(desk, token(**said, email_verified=False))[1] == "sso_unverified"
    eva = enter(desk, token(**said))
    assert not emergency.password_opens(desk, eva)  # there is none
    assert (eva.username, eva.role, eva.name) == ("ana2", Role.MANAGER, "Eva Ñandú")
    row = logged(desk, Action.STAFF_ADDED)[-1]
    assert (row["actor"], row["subject"]) == ("sistema", "ana2")
    assert row["detail"] == {"name": "Eva Ñandú", "email": "Ana@EMPRESA.com", "role": "gerente"}
    system = token(sub="sis", email="sistema@empresa.mx", grupo="mesa-jefes")
    assert enter(desk, system).username == "sistema2"


# ---- second factor -------------------------------------------------------------------------------


def test_our_factor_is_asked_unless_the_provider_asked_for_one(staffed: Desk) -> None:
    desk = replace(staffed, settings=replace(staffed.settings, second_factor="todos"))
    half = single_sign_on.enter(desk, single_sign_on.arrive(desk, token(amr=["pwd", "otp"])))
    assert isinstance(half, HalfWay)
    asked = logged(desk, Action.FACTOR_ASKED)[-1]
    assert asked["detail"] == {"entrance": "single_sign_on"}
    oidc = replace(desk.settings.oidc, factors=frozenset({"otp", "loa3"}))
    desk = replace(desk, settings=replace(desk.settings, oidc=oidc))
    weak = single_sign_on.enter(desk, single_sign_on.arrive(desk, token(amr=["pwd"], acr="loa1")))
    assert isinstance(weak, HalfWay)
    enter(desk, token(amr=["pwd", "otp"]))
    detail = {"factor": "provider", "entrance": "single_sign_on"}
    assert logged(desk, Action.SIGNED_IN)[-1]["detail"] == detail
    enter(desk, token(acr="loa3"))


# ---- asked again ---------------------------------------------------------------------------------


def test_who_came_by_the_company_confirms_there(staffed: Desk) -> None:
    ana = enter(staffed, token())
    assert confirming.ways(staffed, ana) == (confirming.Way.SINGLE_SIGN_ON,)
    assert refusal(lambda: confirming.require(staffed, ana)) is Reason.CONFIRM_FIRST

    def confirm(**said: Any) -> bool:
        return single_sign_on.confirm(staffed, ana, single_sign_on.arrive(staffed, token(**said)))

    fresh = int(clock.now().replace(tzinfo=UTC).timestamp())
    assert refusal(confirm) is Reason.SSO_REFUSED  # it doesn't say when it asked
    assert refusal(lambda: confirm(auth_time=fresh - _HOUR)) is Reason.SSO_REFUSED
    other = {"sub": "gil-1", "email": "gil@empresa.mx", "auth_time": fresh}
    assert refusal(lambda: confirm(**other)) is Reason.SSO_REFUSED
    rows = logged(staffed, Action.CONFIRMED)
    assert [row["reason"] for row in rows] == ["sso_not_fresh", "sso_not_fresh", "sso_other_person"]
    assert confirm(auth_time=fresh)
    confirming.require(staffed, ana)
    row = logged(staffed, Action.CONFIRMED)[-1]
    assert (row["actor"], row["outcome"]) == ("ana", "ok")
    assert row["detail"] == {"way": "single_sign_on"}
    assert not single_sign_on.confirm(staffed, ana, "inventado")


def test_nobody_waits_for_a_provider_to_sign_out(staffed: Desk) -> None:
    """Nobody listens there."""
    desk = with_oidc(staffed, signs_out_there=True, issuer="http://127.0.0.1:1")
    assert leaving.there(desk, enter(desk, token(iss="http://127.0.0.1:1"))) == ""
    assert leaving.there(desk, _confirmed(desk, "gil")) == ""  # by their password


# ---- break glass ---------------------------------------------------------------------------------


def test_only_marked_administrators_come_in_with_a_password(staffed: Desk) -> None:
    admin = _confirmed(staffed, "ada")
    marking = lambda who: emergency.mark(staffed, admin, who, breaks_glass=True)  # noqa: E731
    assert refusal(lambda: marking("gil")) is Reason.EMERGENCY_ADMINS
    assert refusal(lambda: marking("nadie")) is Reason.UNKNOWN_PERSON
    marking("ada")
    assert refusal(lambda: marking("ada")) is Reason.NOTHING_CHANGED
    assert logged(staffed, Action.EMERGENCY_GIVEN)[-1]["subject"] == "ada"
    access.add_staff(staffed, SYSTEM, "eva", "Eva", "eva@empresa.mx", Role.ADMIN, PASSWORD)

    desk = with_oidc(staffed, emergency_only=True)
    assert not emergency.is_missing(desk)
    for shut in ("gil", "eva", "nadie"):
        signing_in = lambda who=shut: access.sign_in(desk, who, PASSWORD)  # noqa: E731
        assert refusal(signing_in) is Reason.BAD_CREDENTIALS
    wrong = lambda: access.sign_in(desk, "ada", "otra frase larga")  # noqa: E731
    assert refusal(wrong) is Reason.BAD_CREDENTIALS
    assert logged(desk, Action.EMERGENCY_USED) == []
    assert isinstance(access.sign_in(desk, "ada", PASSWORD, "203.0.113.9"), SignedIn)
    row = logged(desk, Action.EMERGENCY_USED)[-1]
    assert (row["actor"], row["address"]) == ("ada", "203.0.113.9")
    assert row["detail"] == {"recipients": "eva@empresa.mx"}
    assert logged(desk, Action.SIGNED_IN)[-1]["detail"] == {"entrance": "emergency"}
    assert _mails(desk) == [("eva@empresa.mx", "alerts_raised")]

    assert emergency.password_opens(desk, admin)
    gil = enter(desk, token(sub="gil-1", email="gil@empresa.mx"))
    assert not emergency.password_opens(desk, gil)
    emergency.mark(desk, admin, "ada", breaks_glass=False)
    assert logged(desk, Action.EMERGENCY_TAKEN)[-1]["subject"] == "ada"
    assert emergency.is_missing(desk)
    assert refusal(lambda: access.sign_in(desk, "ada", PASSWORD)) is Reason.BAD_CREDENTIALS


def _mails(desk: Desk) -> list[tuple[str, str]]:
    return desk.store.rows(
        "SELECT recipient, kind FROM ops.outbox WHERE kind = 'alerts_raised' ORDER BY 1"
    )


def test_whoever_left_and_was_erased_is_not_made_anew(staffed: Desk, admin: Actor) -> None:
    """Disabled is out, whatever the provider says of them, also once their data is gone."""
    desk = with_oidc(staffed, role_claim="grupo", roles=ROLES, adds_people=True)
    enter(desk, token(grupo="mesa-agentes"))
    (ana,) = [
        p.listed.person for p in people.everybody(desk, admin) if p.listed.person.username == "ana"
    ]
    people.set_active(desk, admin, ana, active=False)
    going.erase_staff(desk, admin, "ana")
    added = len(logged(desk, Action.STAFF_ADDED))
    assert refused(desk, token(grupo="mesa-agentes"))[0] is Reason.SSO_NOT_STAFF
    assert len(logged(desk, Action.STAFF_ADDED)) == added
