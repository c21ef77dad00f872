"""What each kind of mail says: from a claimed row of the outbox to its letter."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from lib.mail import samples, values, words
from lib.mail.message import Letter
from lib.mail.values import Values
from lib.mail.words import Words
from lib.model.errors import AppError, Reason
from lib.model.outbox import OWN_WORDS, Claim, MailKind
from lib.model.template import UNSAVED, Draft, Language, Template, read_ref
from lib.services.desk import Desk
from lib.services.doors import invitations
from lib.services.outgoing import codes, own_letters, templates
from lib.store.mail import languages, outbox
from lib.store.reading import Reader
from lib.store.records import systems

_TEST = "[Prueba] "  # before the subject of a template's test


def written(desk: Desk, claim: Claim) -> Letter:
    """The letter, with the CDAs in force now: one that an unlock replaced is never sent.

    Raises AppError: NO_CODE, CDA_KEY_MISSING, CDA_KEY_WRONG, STORAGE_FAILED, UNKNOWN_TEMPLATE,
    EXPORT_FAILED for charts that couldn't be drawn.
    """
    own = claim.kind in OWN_WORDS
    if "sealed" in claim.payload:
        link = invitations.link(desk, claim.payload)
        claim = replace(claim, payload={**claim.payload, "link": link})
    mail = desk.settings.mail
    return Letter(
        sender=mail.sender,
        sender_name=mail.sender_name,
        recipient=claim.recipient,
        recipient_name=claim.recipient_name,
        message_id=claim.message_id,
        words=own_letters.written(claim) if own else _words(desk, claim),
        images=own_letters.images(claim) if own else {},
    )


# ---- which template --------------------------------------------------------------------------


def template_of(reader: Reader, claim: Claim) -> str:
    """The version that a mail is made from, for its row to name before a byte leaves."""
    if claim.kind is MailKind.TEMPLATE_TEST:
        tested = f"{claim.payload['template']}@{claim.payload['version']}"
        return tested + (UNSAVED if "draft" in claim.payload else "")
    language = Language.ES
    # The managers' desk speaks Spanish.
    if claim.kind is not MailKind.APPROVAL_WAITING and claim.kind not in OWN_WORDS:
        language = languages.of(reader, claim.account_no)
    number = templates.version_in_force(reader, claim.kind, language)
    return Template(claim.kind, language, number, _NO_DRAFT).ref


_NO_DRAFT = Draft("", "", "")


def _words(desk: Desk, claim: Claim) -> Words:
    ref = claim.template or template_of(desk.store, claim)
    kind, language, number = read_ref(ref.removesuffix(UNSAVED))
    if claim.kind is MailKind.TEMPLATE_TEST:
        return _test(desk, claim, kind, language, number)
    template = templates.version(desk.store, kind, language, number)
    return words.rendered(template.draft, _VALUES[kind](desk, claim, language))


def _test(desk: Desk, claim: Claim, kind: MailKind, language: Language, number: int) -> Words:
    stored = templates.version(desk.store, kind, language, number).draft
    draft = Draft(**claim.payload["draft"]) if "draft" in claim.payload else stored
    made_up = samples.typical(kind, language, desk.settings.mail.subject)
    said = words.rendered(draft, made_up)
    return replace(said, subject=_TEST + said.subject)


# ---- what it is about ------------------------------------------------------------------------


def _resend(desk: Desk, claim: Claim, language: Language) -> Values:
    name = values.greeted(claim.recipient_name, language)
    return values.resend(desk.settings.mail.subject, name, _system(desk, claim.serial))


def _resend_many(desk: Desk, claim: Claim, language: Language) -> Values:
    name = values.greeted(claim.recipient_name, language)
    serials = outbox.serials_of(desk.store, claim.id)
    if not serials:
        raise AppError(Reason.NO_CODE)
    several = [_system(desk, serial) for serial in serials]
    return values.resend_many(desk.settings.mail.subject, name, several)


def _system(desk: Desk, serial: str) -> Mapping[str, str]:
    """A system with its CDA, which goes nowhere but into the mail."""
    system = systems.find(desk.store, serial)
    if system is None:
        raise AppError(Reason.NO_CODE)
    code = codes.opened(desk, desk.store, serial)
    return values.system(system.product, system.version, serial, code)


def _address_changed(desk: Desk, claim: Claim, language: Language) -> Values:
    said = claim.payload
    return values.address_changed(
        desk.settings.mail.subject,
        values.greeted(claim.recipient_name, language),
        said["masked_old"],
        said["masked_new"],
        said["reference"],
    )


def _approval_waiting(desk: Desk, claim: Claim, language: Language) -> Values:
    said = claim.payload
    return values.approval_waiting(
        desk.settings.mail.subject,
        values.greeted(claim.recipient_name, language),
        said["account_no"],
        said["asked_by_name"],
        said["serials"],
        said["why"],
    )


_VALUES: Mapping[MailKind, Callable[[Desk, Claim, Language], Values]] = {
    MailKind.RESEND: _resend,
    MailKind.RESEND_MANY: _resend_many,
    MailKind.ADDRESS_CHANGED: _address_changed,
    MailKind.APPROVAL_WAITING: _approval_waiting,
}
