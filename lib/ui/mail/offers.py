"""What a resend would do, shown before it is confirmed."""

import datetime as dt

import streamlit as st

from lib.model import clock
from lib.model.policy import MAX_TICKET, Mode, Policy, Rule, Stop
from lib.model.system import Cause, Issue
from lib.services.resends.resending import Offer
from lib.store.records.accounts import AddressChange
from lib.ui import facts, written
from lib.ui.mail import mail_state, mail_words, stops
from lib.ui.plain import escaped, plain

RECENT = dt.timedelta(hours=72)  # the hold that "A resend that can be trusted" starts from
_ISSUES, _DELIVERIES = 4, 3  # how many of each are shown, newest first

# What its button says, and its icon: of what only a manager may let go, of what was warned of.
_ASK = ("Pedir aprobación", ":material/front_hand:")
_GO_ON = ("Reenviar de todos modos", ":material/forward_to_inbox:")
_SEND = ("Reenviar", ":material/forward_to_inbox:")
_ICONS = {
    Mode.WARN: ":material/gpp_maybe:",
    Mode.ASK: ":material/front_hand:",
    Mode.REFUSE: ":material/block:",
}


def draw(offer: Offer) -> None:
    system = offer.system
    users = written.count(system.seats, "usuario", "usuarios")
    facts.draw(
        {
            "Sistema": f"{system.product} {system.version} · {users}",
            "No. Serie": system.serial,
            "Cuenta": f"{system.account_no} · {offer.account_name}",
            "Se enviará a": offer.masked_address,
        }
    )
    _stops(offer)
    _changed_address(offer)
    _overdue(offer)
    st.caption("  \n".join(issue(each) for each in offer.issues[:_ISSUES]))
    if offer.deliveries and (problem := mail_words.problem_sentence(offer.deliveries[0])):
        st.warning(problem, icon=":material/history:")
    past = [mail_state.line(delivery) for delivery in offer.deliveries[:_DELIVERIES]]
    if past:
        st.caption("  \n".join(["Envíos anteriores:", *past]))


def refused(offer: Offer) -> list[Stop]:
    """What no agent gets past from here. The pause after a mail is over in a moment: it is told,
    and asked again when confirmed."""
    refusing = (stop for stop in offer.stops if stop.mode is Mode.REFUSE)
    return [stop for stop in refusing if stop.rule is not Rule.COOLDOWN]


def button(offer: Offer) -> tuple[str, str]:
    """What confirms it says, and its icon."""
    if offer.has(Mode.ASK):
        return _ASK
    return _GO_ON if offer.warnings else _SEND


def ticket(policy: Policy, key: str) -> str:
    """Asks for the ticket, by its example where the policy wants one."""
    example = policy.ticket_example if policy.ticket_pattern else ""
    label = "Ticket" if example else "Ticket (opcional)"
    hint = f"Como {example}" if example else None
    typed = st.text_input(
        label, key=key, autocomplete="off", placeholder=hint, max_chars=MAX_TICKET if hint else None
    )
    return typed or ""


def is_recent(change: AddressChange | None) -> bool:
    """Whether an address was changed so lately that somebody should ask who is calling."""
    return change is not None and change.changed_at > clock.now() - RECENT


def _stops(offer: Offer) -> None:
    for stop in offer.stops:
        icon = _ICONS[stop.mode]
        show = st.error if stop in refused(offer) else st.warning
        show(escaped(stops.sentence(stop)), icon=icon)


def _says(offer: Offer, rule: Rule) -> bool:
    return any(stop.rule is rule for stop in offer.stops)


def _changed_address(offer: Offer) -> None:
    """Told also when the policy doesn't look at it."""
    change = offer.address_change
    if change and is_recent(change) and not _says(offer, Rule.EMAIL_CHANGED):
        at = clock.at_office(change.changed_at)
        st.warning(
            f"El correo de esta cuenta cambió el {at:%d/%m/%Y a las %H:%M} "
            f"({plain(change.changed_by)}). Confirma con quién hablas antes de reenviar.",
            icon=":material/gpp_maybe:",
        )


def _overdue(offer: Offer) -> None:
    if offer.system.is_overdue(clock.today()) and not _says(offer, Rule.OVERDUE):
        due = written.day(offer.system.next_payment_on)
        st.markdown(f":red[:material/event_busy: Próximo pago vencido: {due}]")


def issue(issue: Issue) -> str:
    """One CDA ever issued, in a line of Markdown: when and why; never the code."""
    dead = ": el CDA anterior ya no sirve" if issue.cause == Cause.UNLOCK else ""
    return f":material/key: {plain(issue.cause)} {written.day(issue.issued_on)}{dead}"
