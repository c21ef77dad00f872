"""What a resend would do, shown before it is confirmed."""

import datetime as dt

import streamlit as st

from lib.model import clock
from lib.model.system import Cause, Issue, System
from lib.services.resending import Offer
from lib.store.accounts import AddressChange
from lib.ui import facts, mail_state, messages, written
from lib.ui.plain import plain

RECENT = dt.timedelta(hours=72)  # the hold that "A resend that can be trusted" starts from
_ISSUES, _DELIVERIES = 4, 3  # how many of each are shown, newest first


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
    _changed_address(offer)
    _overdue(system)
    st.caption("  \n".join(issue(each) for each in offer.issues[:_ISSUES]))
    if offer.deliveries and (problem := messages.problem_sentence(offer.deliveries[0])):
        st.warning(problem, icon=":material/history:")
    past = [mail_state.line(delivery) for delivery in offer.deliveries[:_DELIVERIES]]
    if past:
        st.caption("  \n".join(["Envíos anteriores:", *past]))


def is_recent(change: AddressChange | None) -> bool:
    """Whether an address was changed so lately that somebody should ask who is calling."""
    return change is not None and change.changed_at > clock.now() - RECENT


def _changed_address(offer: Offer) -> None:
    change = offer.address_change
    if change and is_recent(change):
        at = clock.at_office(change.changed_at)
        st.warning(
            f"El correo de esta cuenta cambió el {at:%d/%m/%Y a las %H:%M} "
            f"({plain(change.changed_by)}). Confirma con quién hablas antes de reenviar.",
            icon=":material/gpp_maybe:",
        )


def _overdue(system: System) -> None:
    if system.is_overdue(clock.today()):
        due = written.day(system.next_payment_on)
        st.markdown(f":red[:material/event_busy: Próximo pago vencido: {due}]")


def issue(issue: Issue) -> str:
    """One CDA ever issued, in a line of Markdown: when and why; never the code."""
    dead = ": el CDA anterior ya no sirve" if issue.cause == Cause.UNLOCK else ""
    return f":material/key: {plain(issue.cause)} {written.day(issue.issued_on)}{dead}"
