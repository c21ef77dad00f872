"""The side panel's words: a system, a certificate, an account, an entry of the log."""

import datetime as dt
from collections.abc import Callable

from lib.model import clock
from lib.model.errors import AppError, Reason
from lib.model.outbox import Delivery, MailState
from lib.model.roles import Permission
from lib.model.system import Cause, Issue, Kind, System
from lib.services import browsing, log, peeking
from lib.services.log import LogEntry
from lib.services.peeking import AccountPeek, CertificatePeek, Customer
from lib.store.grid.sources import Source
from lib.ui import log_entry, mail_state, messages, offers, process, shell
from lib.ui.grid.names import COPIES, HEADINGS, TITLES, labelled
from lib.ui.grid.payload import shown
from lib.ui.grid.peek import Fact, Line, Peek, Section

KINDS = {
    Kind.SUBSCRIPTION: "Suscripción",
    Kind.LICENCE: "Licencia",
    Kind.CERTIFICATE: "Certificado",
}
_TONES = {
    MailState.ACCEPTED: "ok",
    MailState.FAILED: "bad",
    MailState.UNCERTAIN: "warn",
}
_DIGITS = 18  # of an entry's number: what a BIGINT holds
_ON_PAPER = (
    "Está impreso en el Certificado de Autenticidad que venía en la caja, y en ningún otro lugar."
)


def system(serial: str) -> Peek:
    """Raises AppError, as lib/services/peeking does; so do the others."""
    found = peeking.system(process.desk(), serial, actor=shell.actor())
    of = found.system
    return Peek(
        f"{of.product} {of.version}".strip(),
        f"{KINDS[of.kind]} · {_users(of.seats)}",
        (_system(of), _customer(found.customer), _sent(found.deliveries), _issued(found.issues)),
        of_account=found.customer is not None,
    )


def certificate(folio: str) -> Peek:
    found = peeking.certificate(process.desk(), folio, actor=shell.actor())
    return _certificate(found)


def account(account_no: str) -> Peek:
    return _account(peeking.account(process.desk(), account_no, actor=shell.actor()))


def entry(source: Source) -> Callable[[str], Peek]:
    """An entry of the log, whole for those who read it; for the others what its row says."""

    def tell(seq: str) -> Peek:
        actor = shell.actor()
        if not actor.may(Permission.READ_LOG):
            return _row(source, seq)
        found = log.entry(process.desk(), actor, _seq(seq))
        return _entry(found, log.story(process.desk(), actor, found))

    return tell


def _seq(text: str) -> int:
    """The id comes from a browser."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise AppError(Reason.UNKNOWN_ENTRY)
    return int(text)


# ---- a system ------------------------------------------------------------------------------


def _system(of: System) -> Section:
    overdue = of.next_payment_on is not None and of.next_payment_on < clock.today()
    due, bought = _day(of.next_payment_on), _day(of.purchased_on)
    return Section(
        "Sistema",
        _facts(
            Fact("No. Serie", of.serial, copied=COPIES["serial"].done),
            Fact("Fecha Compra", "" if of.purchased_on == of.activated_on else bought),
            Fact("Fecha Activación", _day(of.activated_on)),
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
        _facts(
            Fact("Cliente", customer.name),
            Fact("Cuenta", customer.account_no, copied=COPIES["account_no"].done),
            _address(customer),
            Fact("Teléfono", customer.phone, copied="Teléfono copiado"),
            Fact("RFC", customer.rfc, copied="RFC copiado"),
        ),
        note=_changed(customer),
        tone="warn" if _is_recent(customer) else "",
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
    return (
        f"{words} Confirma con quién hablas antes de reenviar." if _is_recent(customer) else words
    )


def _is_recent(customer: Customer) -> bool:
    change = customer.address_change
    return change is not None and change.changed_at > clock.now() - offers.RECENT


def _issued(issues: list[Issue]) -> Section:
    unlocks = sum(issue.cause == Cause.UNLOCK for issue in issues)
    count = f" · {_count(unlocks, 'desbloqueo', 'desbloqueos')}" if unlocks else ""
    return Section(
        f"CDA{count}",
        lines=tuple(map(_issue, issues)),
        note="" if issues else "No hay ningún CDA registrado; avisa al administrador.",
        tone="warn",
    )


def _issue(issue: Issue) -> Line:
    dead = "El CDA anterior ya no sirve." if issue.cause == Cause.UNLOCK else ""
    return Line(f"{_day(issue.issued_on)} · {issue.cause}", dead)


def _sent(deliveries: list[Delivery]) -> Section:
    return Section(
        "Últimos envíos",
        lines=tuple(map(_delivery, deliveries)),
        note="" if deliveries else "Su CDA nunca se ha reenviado desde esta mesa.",
    )


def _delivery(delivery: Delivery) -> Line:
    state = messages.MAIL_STATE_NAMES[delivery.state]
    problem = messages.problem_words(delivery.problem)
    at = mail_state.moment(delivery.finished_at or delivery.requested_at)
    facts = (at, delivery.requested_by, messages.resend_reason(delivery.reason))
    return Line(
        f"{state}: {problem}" if problem else state,
        " · ".join(filter(None, facts)),
        _TONES.get(delivery.state, "busy"),
    )


# ---- a certificate, an account -------------------------------------------------------------


def _certificate(found: CertificatePeek) -> Peek:
    of = found.certificate
    printed = Section(
        "Certificado",
        _facts(
            Fact("Folio", of.folio, copied="Folio copiado"),
            Fact("No. Serie", of.serial, copied=COPIES["serial"].done),
            Fact("Fecha Compra", _day(of.purchased_on)),
            Fact("Titular", of.holder),
            Fact("RFC", of.rfc),
        ),
    )
    return Peek(
        f"{of.product} {of.version}".strip(),
        f"{KINDS[Kind.CERTIFICATE]} · {_users(of.seats)}",
        (printed, Section("CDA", note=_ON_PAPER), _customer(found.customer)),
        of_account=found.customer is not None,
    )


def _account(found: AccountPeek) -> Peek:
    more = found.system_count - len(found.systems)
    systems = Section(
        f"Sistemas ({found.system_count:,})",
        lines=tuple(map(_owned, found.systems)),
        note=f"y {more:,} más: abre la cuenta para verlos." if more > 0 else "",
    )
    papers = Section(
        "Certificados", note=_count(found.certificate_count, "certificado", "certificados")
    )
    return Peek(
        found.customer.name,
        f"Cuenta {found.customer.account_no}",
        (_customer(found.customer), systems, *([papers] if found.certificate_count else [])),
    )


def _owned(of: System) -> Line:
    overdue = of.next_payment_on is not None and of.next_payment_on < clock.today()
    paid = f"próximo pago {_day(of.next_payment_on)}" if of.next_payment_on else ""
    note = " · ".join(filter(None, (of.serial, KINDS[of.kind], paid)))
    words = f"{of.product} {of.version} · {_users(of.seats)}"
    return Line(f"{words} · vencido" if overdue else words, note, "bad" if overdue else "")


# ---- the log -------------------------------------------------------------------------------


def _entry(of: LogEntry, story: list[LogEntry]) -> Peek:
    facts = tuple(Fact(name, value) for name, value in log_entry.known(of).items())
    sections = [Section("Qué pasó", facts), _changes(of), _others(of), _story(of, story)]
    return Peek(
        messages.ACTION_NAMES[of.action],
        f"{of.actor} · {_instant(of.logged_at)}",
        tuple(s for s in sections if s.facts or s.lines),
        of_account=bool(of.account_no),
    )


def _changes(of: LogEntry) -> Section:
    lines = [Line(f"{name}: {new}", f"antes: {old}") for name, old, new in log_entry.changed(of)]
    return Section("Cambios", lines=tuple(lines))


def _others(of: LogEntry) -> Section:
    return Section("Datos", tuple(Fact(*pair) for pair in log_entry.others(of.detail).items()))


def _story(of: LogEntry, story: list[LogEntry]) -> Section:
    if len(story) < 2:
        return Section("Historia de este correo")
    return Section("Historia de este correo", lines=tuple(_step(of, step) for step in story))


def _step(of: LogEntry, step: LogEntry) -> Line:
    here = " (este renglón)" if step.seq == of.seq else ""
    words = f"{messages.ACTION_NAMES[step.action]}{here}"
    return Line(words, f"{_instant(step.logged_at)} · {step.actor}")


def _row(source: Source, seq: str) -> Peek:
    row = browsing.row(process.desk(), source, seq, actor=shell.actor())
    if row is None:
        raise AppError(Reason.UNKNOWN_ENTRY)
    columns = labelled(source).columns
    facts = (Fact(HEADINGS[c.id].label, shown(c, row[c.id])) for c in columns)
    return Peek(TITLES[source.id], "", (Section("Qué pasó", _facts(*facts)),), of_account=False)


# ---- words ---------------------------------------------------------------------------------


def _facts(*facts: Fact) -> tuple[Fact, ...]:
    """Those that say something."""
    return tuple(fact for fact in facts if fact.value)


def _users(seats: int) -> str:
    return _count(seats, "usuario", "usuarios")


def _count(n: int, one: str, several: str) -> str:
    return f"{n:,} {one if n == 1 else several}"


def _day(day: dt.date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _instant(at: dt.datetime) -> str:
    return f"{clock.at_office(at):%d/%m/%Y %H:%M:%S}"
