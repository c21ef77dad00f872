"""Templates: which one is in force, and editing them with every version kept."""

import uuid
from typing import Any

from lib.mail import checking, samples, words
from lib.mail.originals import original
from lib.mail.words import Words
from lib.model import versions
from lib.model.action import Action, Entry
from lib.model.actor import Actor
from lib.model.contact import clean
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery, MailKind, Request
from lib.model.roles import Permission
from lib.model.template import SPECS, UNSAVED, Draft, Language, Part, Template
from lib.services.desk import Desk
from lib.store.database import Transaction
from lib.store.mail import outbox, templates
from lib.store.people import staff
from lib.store.reading import Reader

_MAX_KEY = 64

# ---- for the mail worker ---------------------------------------------------------------------


def version_in_force(reader: Reader, kind: MailKind, language: Language) -> int:
    """0 for the program's own."""
    return templates.newest_version(reader, kind, language)


def version(reader: Reader, kind: MailKind, language: Language, number: int) -> Template:
    """One version, whoever made it. Raises AppError(UNKNOWN_TEMPLATE)."""
    if kind not in SPECS or language not in SPECS[kind].languages:
        raise AppError(Reason.UNKNOWN_TEMPLATE)
    if number == 0:
        return Template(kind, language, 0, original(kind, language))
    found = templates.find(reader, kind, language, number)
    if found is None:
        raise AppError(Reason.UNKNOWN_TEMPLATE)
    return found


# ---- for administrators ----------------------------------------------------------------------


def in_force(desk: Desk, actor: Actor, kind: MailKind, language: Language) -> Template:
    """Raises AppError(FORBIDDEN | UNKNOWN_TEMPLATE)."""
    desk.require(actor, Permission.EDIT_TEMPLATES)
    return _in_force(desk.store, kind, language)


def history(desk: Desk, actor: Actor, kind: MailKind, language: Language) -> list[Template]:
    """Every version, newest first; the last is the program's own.

    Raises AppError(FORBIDDEN | UNKNOWN_TEMPLATE).
    """
    desk.require(actor, Permission.EDIT_TEMPLATES)
    own = version(desk.store, kind, language, 0)
    return [*templates.versions(desk.store, kind, language), own]


def preview(desk: Desk, actor: Actor, kind: MailKind, language: Language, draft: Draft) -> Words:
    """A draft's mail to a made-up customer.

    Raises AppError: FORBIDDEN, UNKNOWN_TEMPLATE, BAD_TEMPLATE (fact: faults, a list of Fault).
    """
    draft = _sound(desk, actor, kind, language, draft)
    return words.rendered(draft, samples.typical(kind, language, desk.settings.mail.subject))


def save(
    desk: Desk, actor: Actor, kind: MailKind, language: Language, draft: Draft, seen: int
) -> Template:
    """Put a new version in force. `seen`: the version in force that the person was editing.

    Raises AppError: FORBIDDEN, UNKNOWN_TEMPLATE, BAD_TEMPLATE (fact: faults), NOTHING_CHANGED,
    TEMPLATE_CHANGED_MEANWHILE.
    """
    draft = _sound(desk, actor, kind, language, draft)

    def work(transaction: Transaction) -> Template:
        return _put_in_force(transaction, actor, kind, language, draft, seen, None)

    return desk.store.write(work)


def restore(
    desk: Desk, actor: Actor, kind: MailKind, language: Language, number: int, seen: int
) -> Template:
    """Put a copy of an older version in force, as a new one. Raises AppError: what `save` does."""
    desk.require(actor, Permission.EDIT_TEMPLATES)
    draft = _sound(desk, actor, kind, language, version(desk.store, kind, language, number).draft)

    def work(transaction: Transaction) -> Template:
        return _put_in_force(transaction, actor, kind, language, draft, seen, number)

    return desk.store.write(work)


def send_test(
    desk: Desk, actor: Actor, kind: MailKind, language: Language, draft: Draft, key: str
) -> Delivery:
    """Queue a draft's mail, with made-up values, to the actor's own address.

    The same key again is the same answer. Raises AppError: FORBIDDEN, UNKNOWN_TEMPLATE,
    BAD_TEMPLATE, NO_OWN_ADDRESS, STALE_DIALOG.
    """
    draft = _sound(desk, actor, kind, language, draft)
    if not 0 < len(key) <= _MAX_KEY:
        raise AppError(Reason.STALE_DIALOG)

    def work(transaction: Transaction) -> Delivery:
        known = outbox.by_key(transaction, key)
        if known is None:
            return _queue_test(desk, transaction, actor, draft, key, kind, language)
        if (known.kind, known.requested_by) != (MailKind.TEMPLATE_TEST, actor.username):
            raise AppError(Reason.STALE_DIALOG)
        return known

    queued = desk.store.write(work)
    desk.mail_waiting.set()
    return queued


def normal(draft: Draft) -> Draft:
    """As it is stored: one kind of line ends, no blank end; a subject of one line."""
    text, html = (
        part.replace("\r\n", "\n").replace("\r", "\n").rstrip() for part in (draft.text, draft.html)
    )
    return Draft(clean(draft.subject), text, html)


# ---- the parts of it -------------------------------------------------------------------------


def _in_force(reader: Reader, kind: MailKind, language: Language) -> Template:
    return version(reader, kind, language, version_in_force(reader, kind, language))


def _sound(desk: Desk, actor: Actor, kind: MailKind, language: Language, draft: Draft) -> Draft:
    """The draft as it may be stored and sent."""
    desk.require(actor, Permission.EDIT_TEMPLATES)
    if kind not in SPECS or language not in SPECS[kind].languages:
        raise AppError(Reason.UNKNOWN_TEMPLATE)
    draft = normal(draft)
    if found := checking.faults(kind, language, draft):
        raise AppError(Reason.BAD_TEMPLATE, faults=found)
    return draft


def _put_in_force(
    transaction: Transaction,
    actor: Actor,
    kind: MailKind,
    language: Language,
    draft: Draft,
    seen: int,
    restored: int | None,
) -> Template:
    before = _in_force(transaction, kind, language)
    if before.version != seen:
        raise AppError(Reason.TEMPLATE_CHANGED_MEANWHILE)
    if before.draft == draft:
        raise AppError(Reason.NOTHING_CHANGED)
    number = before.version + 1
    templates.add(transaction, kind, language, number, draft, actor.username, restored)
    after = version(transaction, kind, language, number)
    detail = _differences(before, after)
    if restored is not None:
        detail["restored"] = Template(kind, language, restored, draft).ref
    action = Action.TEMPLATE_SAVED if restored is None else Action.TEMPLATE_RESTORED
    now = versions.template(after.ref)
    transaction.log(actor, Entry(action, subject=after.ref, detail=detail, versions=now))
    return after


def _differences(before: Template, after: Template) -> dict[str, Any]:
    """Every version's words are kept with it: the log says which parts differ, and the subject."""
    parts = [part for part in Part if before.draft[part] != after.draft[part]]
    old, new = {"template": before.ref}, {"template": after.ref}
    if Part.SUBJECT in parts:
        old[Part.SUBJECT], new[Part.SUBJECT] = before.draft.subject, after.draft.subject
    return {"old": old, "new": new, "parts": ", ".join(part.value for part in parts)}


def _queue_test(
    desk: Desk,
    transaction: Transaction,
    actor: Actor,
    draft: Draft,
    key: str,
    kind: MailKind,
    language: Language,
) -> Delivery:
    person = staff.find(transaction, actor.username)
    if person is None or not person.email:
        raise AppError(Reason.NO_OWN_ADDRESS)
    current = _in_force(transaction, kind, language)
    payload: dict[str, object] = {"template": f"{kind}/{language}", "version": current.version}
    if draft != current.draft:
        payload["draft"] = {"subject": draft.subject, "text": draft.text, "html": draft.html}
    mail_id = uuid.uuid4().hex
    asked = Request(
        id=mail_id,
        key=key,
        serial="",
        account_no="",
        recipient=person.email,
        recipient_name=person.name,
        message_id=f"<{mail_id}@{desk.settings.mail.sender.rpartition('@')[2]}>",
        requested_by=actor.username,
        reason="",
        ticket="",
        kind=MailKind.TEMPLATE_TEST,
        payload=payload,
    )
    outbox.insert(transaction, asked)
    detail = {"template": current.ref, "recipient": person.email}
    tested = versions.template(current.ref + (UNSAVED if "draft" in payload else ""))
    entry = Entry(Action.TEMPLATE_TESTED, subject=mail_id, detail=detail, versions=tested)
    transaction.log(actor, entry)
    queued = outbox.find(transaction, mail_id)
    assert queued is not None
    return queued
