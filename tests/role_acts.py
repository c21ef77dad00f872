"""Every act that a service offers, and what it takes: the table of docs/permissions.md.

`python -m tests.role_acts > docs/permissions.md` writes it; tests/services/test_role_acts.py holds
each cell against the services, and fails for an act that isn't here.
"""

import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import lib.services
from lib.model.roles import Permission, Role, may
from lib.ui import pages


@dataclass(frozen=True)
class Row:
    """`needs`: all of them. `acts`: services' functions ("room.module.function", a module's several
    in one text). `but`: what else it takes, held by `tests` ("file::test")."""

    words: str
    needs: tuple[Permission, ...]
    acts: tuple[str, ...]
    but: str = ""
    tests: tuple[str, ...] = ()

    def may(self, role: Role) -> bool:
        return all(may(role, permission) for permission in self.needs)


P = Permission
ROWS = (
    # ---- customers ----
    Row(
        "Find, list, count and look at accounts, systems and certificates; the search over all",
        (P.FIND,),
        (
            "records.browsing.browse count facet row selected",
            "records.finding.everything",
            "records.peeking.account certificate system",
            "records.customers.find failing_since",
            "records.verifying.verdict",
            "outgoing.languages.of",
            "loads.history.named",
        ),
        "of the log, everybody reads their own rows and an account's history; the rest takes"
        " read_log",
        (
            "test_browsing.py::test_only_managers_read_the_whole_log",
            "test_browsing.py::test_an_agent_reads_their_own_log_and_an_accounts_history",
        ),
    ),
    Row(
        "See the whole of a customer's data that screens mask: in the log",
        (P.FIND,),
        ("records.customers.open_whole",),
    ),
    Row(
        "An account's history and people's full names",
        (P.FIND,),
        ("log.entries.of_account", "log.people.names"),
        "from where, and by which version, only with read_log",
        ("test_log.py::test_an_agent_does_not",),
    ),
    Row(
        "What became of a mail, of a request for approval",
        (P.FIND,),
        ("resends.resending.delivery deliveries", "resends.approvals.asked answer"),
    ),
    Row("The demo's mailbox", (P.FIND,), ("outgoing.demo_mailbox.newest",), "only in the demo"),
    Row(
        "Keep, see, pin views of a list, and how its columns stand",
        (P.FIND,),
        ("records.views.offered save change delete pin pinned own_columns keep_columns",),
        "one's own; everybody's only with share_views; the log's only with read_log",
        (
            "test_views.py::test_one_s_own_are_nobody_else_s",
            "test_views.py::test_only_managers_share",
            "test_views.py::test_everybody_s_are_changed_by_any_manager_and_by_no_agent",
            "test_views.py::test_the_log_s_views_are_for_those_who_read_it",
        ),
    ),
    Row(
        "Resend a CDA, or try again",
        (P.RESEND,),
        ("resends.resending.prepare resend retry",),
        "as the policy in force says; a try without the right is logged",
        ("test_resending.py::test_who_may_not_resend_is_refused_and_logged",),
    ),
    Row(
        "Resend to many, see it, cancel it, take its result away",
        (P.RESEND,),
        (
            "resends.bulk.check check_again check_serials start cancel see newest troubled",
            "resends.bulk_results.start take",
        ),
        "one's own; everybody's with read_log; who loses the right on the way stops it",
        (
            "test_bulk.py::test_a_stranger_s_is_unknown",
            "test_bulk.py::test_who_lost_the_right_stops_it",
            "test_bulk.py::test_somebody_else_s_check_is_stale",
        ),
    ),
    Row(
        "Correct contact, billing and shipping data, and the language of mails",
        (P.CORRECT,),
        ("records.customers.correct", "outgoing.languages.choose"),
    ),
    Row(
        "Say whose a certificate is",
        (P.LINK,),
        ("records.linking.look_at search link unlink count following",),
    ),
    Row(
        "See a CDA for half a minute",
        (P.REVEAL,),
        ("records.revealing.prepare reveal again",),
        "with a ticket, some an hour; the window asks again only in its own session; a try without"
        " the right is logged",
        (
            "test_revealing.py::test_an_agent_sees_none_and_the_try_is_logged",
            "test_revealing.py::test_another_person_or_session_gets_nothing_under_that_key",
            "test_revealing.py::test_above_the_limit_it_is_refused_and_an_alert_is_logged",
        ),
    ),
    # ---- what waits for somebody ----
    Row(
        "See what waits for approval, approve it, reject it",
        (P.APPROVE,),
        ("resends.approvals.waiting waiting_ids count", "resends.answering.approve reject"),
        "never one's own request; never to an address one has put on record",
        (
            "test_approvals.py::test_nobody_answers_their_own_request",
            "test_approvals.py::test_who_changed_the_address_does_not_let_mail_go_to_it",
        ),
    ),
    Row(
        "See alerts, take them, close them; have them mailed",
        (P.ALERTS,),
        (
            "log.alerts.standing count past find entries take close",
            "log.alert_mails.wanted choose",
        ),
        "never about one's own acts; closed by who took it",
        (
            "test_alerts.py::test_nobody_answers_for_their_own",
            "test_alerts.py::test_taken_and_closed_in_the_log_and_in_the_list",
        ),
    ),
    # ---- the log ----
    Row(
        "Read everybody's log: entries, their stories, Tablero, verifications, archives",
        (P.READ_LOG,),
        (
            "log.entries.entry",
            "log.stories.story",
            "log.gone_by.known",
            "log.board.figures of_product outlook repeats slowest",
            "log.reporting.made",
            "log.proof.check verify last is_taken_care_of",
            "log.archiving.every",
        ),
    ),
    Row(
        "Take the log away for an auditor, Tablero's reports, have one mailed to oneself",
        (P.READ_LOG, P.EXPORT),
        (
            "log.auditing.count start take written",
            "log.report_files.start take",
            "log.mailings.send_me",
        ),
        "a ticket serves once, soon, and only the session that asked for it",
        ("test_auditing.py::test_a_ticket_counts_once_and_for_its_session",),
    ),
    Row("Mail a report to its readers", (P.EXPORT,), ("log.mailings.send_report",)),
    Row(
        "Archive the log's old segments, let them go",
        (P.KEEP_LOG,),
        ("log.archiving.archive drop",),
    ),
    Row(
        "Erase an account's details from the log, and to whom its mails went",
        (P.ERASE_DETAILS,),
        ("log.erasing.erase",),
    ),
    Row(
        "Hand over all that is held of a customer",
        (P.WHOLE_DATA, P.READ_LOG),
        ("privacy.handing_over.of_account",),
        "never a CDA",
        ("../commands/test_privacy.py::test_everything_of_one_customer_and_of_nobody_else",),
    ),
    Row(
        "Hand over all that is held of somebody of the staff",
        (P.MANAGE_STAFF, P.READ_LOG),
        ("privacy.handing_over.of_staff",),
    ),
    Row(
        "Erase what is held of somebody who left",
        (P.MANAGE_STAFF, P.ERASE_DETAILS),
        ("privacy.leaving.erase_staff",),
        "not of who may still come in; their name and acts stay",
        ("../commands/test_privacy.py::test_of_the_staff_all_but_the_name_and_the_acts_goes",),
    ),
    # ---- lists as files ----
    Row(
        "Take a list's rows away as a file",
        (P.EXPORT,),
        ("records.exporting.count start take",),
        "only rows that they may see; a ticket serves once, soon, and only the session that asked",
        (
            "test_exporting.py::test_a_ticket_serves_once_for_the_session_that_asked",
            "test_exporting.py::test_a_role_taken_away_meanwhile_counts",
        ),
    ),
    # ---- imports and loads ----
    Row(
        "Import certificates: look at a file, map it, mend its rows, bring them in; register one",
        (P.IMPORT,),
        (
            "imports.previewing.preview preview_pasted notes each_note",
            "imports.mapping.settled",
            "imports.comparing.cells changed same_file twins",
            "imports.bad_rows.opened",
            "imports.fixing.rows wrong check",
            "imports.error_file.batches",
            "imports.verdicts.of",
            "imports.committing.commit",
            "imports.running.check bring_in of ended cancel",
            "imports.registering.register last",
        ),
        "one's own work in hand; who loses the right on the way brings nothing in",
        ("test_committing.py::test_who_may_no_more_imports_no_more",),
    ),
    Row(
        "See batches, undo one; have loads mailed",
        (P.IMPORT,),
        (
            "loads.history.loads_and_imports undone brought changed",
            "loads.undoing.see undo",
            "loads.load_mails.wanted choose",
        ),
        "a load's only with load",
        ("test_undoing_loads.py::test_a_manager_undoes_no_load",),
    ),
    Row(
        "Take an import's file, or its bad rows, away",
        (P.IMPORT, P.EXPORT),
        ("imports.original_download.start take", "imports.error_download.start take whole"),
        "a ticket serves once, soon, and only the session that asked for it",
    ),
    Row(
        "Load the vendor's pack; see the watched folder",
        (P.LOAD,),
        ("loads.loading.load publish", "loads.inbox.seen trouble"),
    ),
    Row("Seal every CDA with a new key", (P.ROTATE_KEY,), ("loads.rotating.rotate publish",)),
    # ---- what the desk does ----
    Row(
        "Decide what stands between an agent and a resend",
        (P.MANAGE_POLICY,),
        ("resends.policies.current history change",),
    ),
    Row(
        "Edit what mails say",
        (P.EDIT_TEMPLATES,),
        ("outgoing.templates.in_force history preview save restore send_test",),
        "a test goes to oneself, with a made-up code",
        ("test_templates.py::test_a_test_goes_to_oneself_with_a_made_up_code",),
    ),
    Row(
        "See why nothing leaves, have it tried now",
        (P.MANAGE_MAIL,),
        ("outgoing.pauses.troubles try_now",),
    ),
    # ---- people ----
    Row(
        "Invite people, give roles, let them in or not, end their sessions, reset their factor",
        (P.MANAGE_STAFF,),
        (
            "doors.access.add_staff",
            "doors.invitations.invite send_link",
            "doors.people.everybody change_email change_role set_active end_all_of",
            "doors.factors.reset",
            "doors.emergency.mark",
            "doors.single_sign_on.unlink",
        ),
        "never one's own role or state; one administrator always stays",
        (
            "test_people.py::test_nobody_changes_their_own_role_or_state",
            "test_people.py::test_one_administrator_always_stays",
        ),
    ),
    Row(
        "Make somebody's link to set a password, to hand over",
        (P.MANAGE_STAFF,),
        ("doors.invitations.link_in_hand",),
        "only at the server's command line",
    ),
    Row(
        "One's own password, factor and sessions",
        (P.OWN_PROFILE,),
        (
            "doors.access.change_password",
            "doors.codes.left renew",
            "doors.confirming.factors confirm ways",
            "doors.single_sign_on.confirm",
            "doors.leaving.there",
            "doors.emergency.password_opens",
            "doors.factors.add_own remove_own",
            "doors.own_factor.begin enrol remove state",
            "doors.passkeys.ask_own begin_own confirm enrol_own mine remove",
            "doors.people.my_sessions end_session end_others",
        ),
        "one's own only",
        ("test_people.py::test_nobody_ends_another_s_session_from_their_profile",),
    ),
)

# Public functions with an actor that ask for nothing themselves, and why. One that works inside
# somebody's transaction (`transaction`, `reader`) is a step of an act that has asked.
STEPS = {
    "doors.access.ending": "when one's own session ends",
    "doors.access.sign_out": "anybody may leave",
    "doors.confirming.require": "comes after desk.require, in acts that are asked twice",
    "encrypting.encrypt": "of the command line's process, before there is a desk; takes rotate_key",
    "loads.asked.answer": "hands what the command line asks for to the acts above",
    "loads.handover.hand_over": "in the command line's process; the desk's own publish asks",
    "loads.handover.hand_over_rotation": "the same",
    "loads.load_mails.offered": "whether a choice is shown; making it asks",
    "loads.rotating.make": "of rotate, or of the command line's process",
    "records.exporting.handed_out": "the last step of every take",
    "records.views.may_change": "whether a button is shown; pressing it asks",
    "resends.resending.admit": "the first step of resends, one or many",
    "tries.logged": "logs what was refused",
}
ROLES = tuple(Role)


def offered() -> dict[str, Callable[..., Any]]:
    """Every public function of a service that is told who asks, by "room.module.name"."""
    return {
        f"{module.__name__.removeprefix('lib.services.')}.{name}": function
        for module in _modules()
        for name, function in vars(module).items()
        if inspect.isfunction(function)
        and function.__module__ == module.__name__
        and not name.startswith("_")
        and "actor" in inspect.signature(function).parameters
    }


def is_step(function: Callable[..., Any]) -> bool:
    return not {"transaction", "reader"}.isdisjoint(inspect.signature(function).parameters)


def placed() -> dict[str, Row]:
    """Each act's row."""
    found: dict[str, Row] = {}
    for row in ROWS:
        for acts in row.acts:
            module, _, names = acts.rpartition(".")
            for name in names.split():
                assert f"{module}.{name}" not in found, name
                found[f"{module}.{name}"] = row
    return found


def _modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(lib.services.__path__, "lib.services."):
        if not found.ispkg:
            yield import_module(found.name)


# ---- as the document says it ---------------------------------------------------------------------

_HEAD = """# Who may do what

Written by `python -m tests.role_acts > docs/permissions.md` out of `lib/model/roles.py` and
`tests/role_acts.py`; a test keeps it so, and tries every cell against the services: each act as
each role, as somebody disabled a moment ago, and as somebody whose role was lowered a moment ago.

A role is read from the database at every act (`Desk.require`, `lib/services/desk.py`), whatever
page, callback, fragment, download or job it comes from, and once more where the act is written: the
log takes no row of somebody who isn't what they were any more, and without its row nothing of an
act is stored (`Transaction.log`, `lib/store/writing.py`). A new role or state ends every session.
"""


def document() -> str:
    parts = [_HEAD, "## Acts\n", _table(_ACTS, map(_act, ROWS))]
    parts += ["## Pages\n", _PAGES_SAY, _table(["Page", "Permission"], map(_page, pages.PAGES))]
    parts += ["## Permissions\n", _table(["Permission"], map(_permission, Permission))]
    return "\n".join(parts)


_ACTS = ["Act", "Permission", "But", "Asked by"]
_PAGES_SAY = "Nobody sees a page without a session; who may not see one is told so in its place.\n"


def _act(row: Row) -> tuple[list[str], list[bool]]:
    needs = ", ".join(f"`{each}`" for each in row.needs)
    asked = "; ".join(
        f"`{each.rpartition('.')[0]}`: {each.rpartition('.')[2]}" for each in row.acts
    )
    return [row.words, needs, row.but, asked], [row.may(role) for role in ROLES]


def _page(page: pages.Page) -> tuple[list[str], list[bool]]:
    title = f"{page.title} (demo only)" if page.demo_only else page.title
    return [title, f"`{page.permission}`"], [may(role, page.permission) for role in ROLES]


def _permission(permission: Permission) -> tuple[list[str], list[bool]]:
    return [f"`{permission}`"], [may(role, permission) for role in ROLES]


def _table(headings: list[str], rows: Iterator[tuple[list[str], list[bool]]]) -> str:
    first, *rest = headings
    lines = [[first, *ROLES, *rest], ["---"] * (len(headings) + len(ROLES))]
    for (name, *said), cells in rows:
        lines.append([name, *("yes" if cell else "**no**" for cell in cells), *said])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
