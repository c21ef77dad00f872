"""The side panel's words: a system, a certificate, an account (for the log's: log_peek.py)."""

from dataclasses import replace

from lib.model import clock, masks
from lib.model.outbox import Delivery, MailState
from lib.model.system import Cause, Issue, Kind, System
from lib.services.records import peeking
from lib.services.records.peeking import AccountPeek, CertificatePeek, Customer
from lib.services.records.verifying import Paper
from lib.ui import process, shell, written
from lib.ui.grid.names import COPIES, LABELS
from lib.ui.grid.peek import Fact, Line, Peek, Section, telling
from lib.ui.log import log_words
from lib.ui.mail import mail_state, mail_words, offers
from lib.ui.records import verdict

_KINDS = {**LABELS["kind"], Kind.CERTIFICATE: "Certificado"}
_TONES = {
    MailState.ACCEPTED: "ok",
    MailState.FAILED: "bad",
    MailState.UNCERTAIN: "warn",
    MailState.HELD: "warn",
    MailState.BOUNCED: "bad",
}
_ON_PAPER = (
    "Está impreso en el Certificado de Autenticidad que venía en la caja, y en ningún otro lugar."
)


def system(serial: str) -> Peek:
    """Raises AppError, as lib/services/records/peeking does; so do the others."""
    found = peeking.system(process.desk(), serial, actor=shell.actor())
    of = found.system
    return Peek(
        f"{of.product} {of.version}".strip(),
        f"{_KINDS[of.kind]} · {_users(of.seats)}",
        (_system(of), _customer(found.customer), _sent(found.deliveries), _issued(found.issues)),
        of_account=found.customer is not None,
    )


def certificate(folio: str) -> Peek:
    found = peeking.certificate(process.desk(), folio, actor=shell.actor())
    return _certificate(found)


def account(account_no: str) -> Peek:
    return _account(peeking.account(process.desk(), account_no, actor=shell.actor()))


# ---- a system ------------------------------------------------------------------------------


def _system(of: System) -> Section:
    overdue = of.is_overdue(clock.today())
    due, bought = written.day(of.next_payment_on), written.day(of.purchased_on)
    return Section(
        "Sistema",
        telling(
            Fact("No. Serie", of.serial, copied=COPIES["serial"].done),
            Fact("Fecha Compra", "" if of.purchased_on == of.activated_on else bought),
            Fact("Fecha Activación", written.day(of.activated_on)),
            Fact("Próximo Pago", f"{due} · vencido" if overdue else due, "bad" if overdue else ""),
            Fact("Periodo", of.period),
            Fact("Estado", of.status),
        ),
    )


def _customer(customer: Customer | None) -> Section:
    if customer is None:
        return Section("Cuenta", note="No está ligado a ninguna cuenta.")
    return Section(
        "Cuenta",
        telling(
            Fact("Cliente", customer.name),
            Fact("Cuenta", customer.account_no, copied=COPIES["account_no"].done),
            _address(customer),
            Fact("Teléfono", customer.phone),
            Fact("RFC", customer.rfc),
        ),
        note=_changed(customer),
        tone="warn" if offers.is_recent(customer.address_change) else "",
    )


def _address(customer: Customer) -> Fact:
    if not customer.masked_address:
        return Fact("Correo", "sin correo", "warn")
    if not customer.address_is_good:
        return Fact("Correo", f"{customer.masked_address} · no es válido", "warn")
    return Fact("Correo", customer.masked_address)


def _changed(customer: Customer) -> str:
    change = customer.address_change
    if change is None:
        return ""
    at = clock.at_office(change.changed_at)
    words = f"El correo cambió el {at:%d/%m/%Y a las %H:%M} ({change.changed_by})."
    if not offers.is_recent(change):
        return words
    return f"{words} Confirma con quién hablas antes de reenviar."


def _issued(issues: list[Issue]) -> Section:
    unlocks = sum(issue.cause == Cause.UNLOCK for issue in issues)
    count = f" · {written.count(unlocks, 'desbloqueo', 'desbloqueos')}" if unlocks else ""
    return Section(
        f"CDA{count}",
        lines=tuple(map(_issue, issues)),
        note="" if issues else "No hay ningún CDA registrado; avisa al administrador.",
        tone="warn",
    )


def _issue(issue: Issue) -> Line:
    dead = "El CDA anterior ya no sirve." if issue.cause == Cause.UNLOCK else ""
    return Line(f"{written.day(issue.issued_on)} · {issue.cause}", dead)


def _sent(deliveries: list[Delivery]) -> Section:
    return Section(
        "Últimos envíos",
        lines=tuple(map(_delivery, deliveries)),
        note="" if deliveries else "Su CDA nunca se ha reenviado desde esta mesa.",
    )


def _delivery(delivery: Delivery) -> Line:
    state = mail_words.MAIL_STATE_NAMES[delivery.state]
    problem = mail_words.problem_words(delivery.problem)
    at = mail_state.moment(delivery.finished_at or delivery.requested_at)
    facts = (at, delivery.requested_by, log_words.resend_reason(delivery.reason))
    return Line(
        f"{state}: {problem}" if problem else state,
        " · ".join(filter(None, facts)),
        _TONES.get(delivery.state, "busy"),
    )


# ---- a certificate, an account -------------------------------------------------------------


def _certificate(found: CertificatePeek) -> Peek:
    of, paper = found.certificate, found.paper
    printed = Section(
        "Certificado",
        telling(
            Fact("Folio", of.folio, copied="Folio copiado"),
            Fact("No. Serie", of.serial, copied=COPIES["serial"].done),
            Fact("Fecha Compra", written.day(of.purchased_on)),
            Fact("Titular", of.holder),
            Fact("RFC", masks.masked("rfc", of.rfc)),
        ),
    )
    return Peek(
        f"{of.product} {of.version}".strip(),
        f"{_KINDS[Kind.CERTIFICATE]} · {_users(of.seats)}",
        (_known(paper), printed, Section("CDA", note=_ON_PAPER), _holder(found)),
        of_account=found.customer is not None,
    )


def _known(paper: Paper) -> Section:
    """Whether it is real."""
    others = ", ".join(paper.namesakes)
    return Section(
        "Auténtico en la mesa",
        telling(Fact("Entró con", verdict.came(paper.origin))),
        note=f"La misma serie está también en el folio {others}: confirma cuál." if others else "",
        tone="warn",
    )


def _holder(found: CertificatePeek) -> Section:
    """Whose it is, and who says so when it is a person."""
    section, by_hand = _customer(found.customer), found.paper.by_hand
    number = found.certificate.account_no
    if found.customer is None and number:
        return Section("Cuenta", note=f"El archivo dice la {number}, que no existe.", tone="warn")
    if by_hand is None or found.customer is None:
        return section
    at = clock.at_office(by_hand.linked_at)
    said = Fact("Vinculada", f"a mano por {by_hand.linked_by}, {at:%d/%m/%Y %H:%M}")
    return replace(section, facts=(*section.facts, said))


def _account(found: AccountPeek) -> Peek:
    more = found.system_count - len(found.systems)
    systems = Section(
        f"Sistemas ({found.system_count:,})",
        lines=tuple(map(_owned, found.systems)),
        note=f"y {more:,} más: abre la cuenta para verlos." if more > 0 else "",
    )
    papers = Section(
        "Certificados", note=written.count(found.certificate_count, "certificado", "certificados")
    )
    return Peek(
        found.customer.name,
        f"Cuenta {found.customer.account_no}",
        (_customer(found.customer), systems, *([papers] if found.certificate_count else [])),
    )


def _owned(of: System) -> Line:
    overdue = of.is_overdue(clock.today())
    paid = f"próximo pago {written.day(of.next_payment_on)}" if of.next_payment_on else ""
    note = " · ".join(filter(None, (of.serial, _KINDS[of.kind], paid)))
    words = f"{of.product} {of.version} · {_users(of.seats)}"
    return Line(f"{words} · vencido" if overdue else words, note, "bad" if overdue else "")


def _users(seats: int) -> str:
    return written.count(seats, "usuario", "usuarios")
