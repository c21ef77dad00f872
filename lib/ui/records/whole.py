"""Cuenta's data, masked until somebody asks for the whole of this customer's: the log says who.

Once pressed, the head and the three tabs of that account are whole in this tab of the browser,
until those of another account are.
"""

import streamlit as st

from lib.model import contact, masks
from lib.model.account import FIELDS, Account, Section
from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.roles import Permission
from lib.services.records import customers
from lib.ui import facts, field_words, focusing, process, shell
from lib.ui.plain import refusal

_SHOWN, _PRESSED = "whole.account_no", "whole.pressed"
_WHY = "Verlos completos queda en la Bitácora con tu nombre."


def is_shown(account: Account) -> bool:
    return st.session_state.get(_SHOWN) == account.account_no


def of_head(account: Account) -> tuple[str, str, str]:
    """Address, telephone and RFC as the head says them; "" for what isn't known."""
    said = account.email, contact.shown_phone(account.phone), account.rfc
    if is_shown(account):
        return said
    email, phone, rfc = (masks.masked(f, v) for f, v in zip(_OF_HEAD, said, strict=True))
    return email, phone, rfc


_OF_HEAD = ("email", "phone", "rfc")


def section(actor: Actor, account: Account, of: Section) -> None:
    """A tab's values, masked, and the button in place of its form."""
    values = {f: masks.masked(f, _said(account, f)) for f in FIELDS[of]}
    facts.draw({field_words.FIELD_NAMES[f].rstrip("*"): v or "—" for f, v in values.items()})
    st.button(
        "Ver y corregir" if actor.may(Permission.CORRECT) else "Ver completos",
        icon=":material/visibility:",
        key=f"whole.{account.account_no}.{of.value}",
        help=_WHY,
        on_click=_show,
        args=(account.account_no, of),
    )


def take_focus(account: Account, of: Section) -> None:
    """After the press the keyboard goes on in the form that took the button's place."""
    if is_shown(account) and st.session_state.get(_PRESSED) == of:
        focusing.take(account.account_no, f"whole.form.{of.value}")


def _said(account: Account, field: str) -> str:
    value = str(getattr(account, field))
    return contact.shown_phone(value) if field == "phone" else value


def _show(account_no: str, of: Section) -> None:
    """The button's callback."""
    try:
        customers.open_whole(process.desk(), shell.actor(), account_no)
    except AppError as error:
        st.toast(refusal(error), icon=":material/block:")
        return
    st.session_state[_SHOWN], st.session_state[_PRESSED] = account_no, of
