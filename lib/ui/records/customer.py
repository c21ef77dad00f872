"""Cuenta: the head of a customer's page and the portal's Mi perfil tabs, editable."""

from collections.abc import Mapping

import streamlit as st

from lib.model import cfdi, clock, contact
from lib.model.account import FIELDS, Account, Section
from lib.model.actor import Actor
from lib.model.contact import Problem
from lib.model.errors import AppError, Reason
from lib.model.roles import Permission
from lib.services.records import customers
from lib.ui import field_words, messages, process, shell, written
from lib.ui.plain import plain
from lib.ui.records import whole

_PARAMETER = "cuenta"

TAB_NAMES: dict[Section, str] = {
    Section.CONTACT: "Datos generales",
    Section.BILLING: "Datos de facturación",
    Section.SHIPPING: "Datos de envío",
}
_OLD_TOLD = "Se avisará del cambio al correo de antes."
_SAME = "Guardado: la cuenta ya dice lo que escribiste."
_CATALOGUES: dict[str, Mapping[str, str]] = {
    "tax_regime": cfdi.TAX_REGIMES,
    "cfdi_use": cfdi.CFDI_USES,
}


def chosen(actor: Actor) -> Account | None:
    """The account that the address names (?cuenta=…); None when it names none there is."""
    account_no = st.query_params.get(_PARAMETER, "")
    if not account_no:
        return None
    with shell.guarded():
        return customers.find(process.desk(), actor, account_no)
    return None


def way_back() -> None:
    if st.button("Todas las cuentas", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()


def head(actor: Actor, account: Account) -> None:
    """Who it is and how to reach them; in a container, so that what follows keeps its place."""
    with st.container(key="customer_head"):
        _facts(account)
        _address(actor, account)


def _facts(account: Account) -> None:
    st.title(plain(account.name), anchor=False)
    email, phone, rfc = whole.of_head(account)
    facts = [
        f"Cuenta {account.account_no}",
        email or "sin correo",
        phone or "sin teléfono",
        rfc or "sin RFC",
    ]
    if account.registered_on:
        facts.append(f"cliente desde {written.day(account.registered_on)}")
    st.text(" · ".join(facts))


def _address(actor: Actor, account: Account) -> None:
    """Why nothing would arrive, if so."""
    if not account.email:
        st.warning(
            "Esta cuenta no tiene correo: captúralo en Datos generales para reenviar un CDA."
        )
    elif not contact.is_address(account.email):
        st.warning("El correo de esta cuenta no es válido: corrígelo en Datos generales.")
    elif since := customers.failing_since(process.desk(), actor, account):
        st.warning(
            "Los correos a esta dirección se devuelven desde el "
            f"{clock.at_office(since):%d/%m/%Y a las %H:%M}: pide otra al cliente y corrígela en "
            "Datos generales."
        )


def form(actor: Actor, account: Account, section: Section) -> None:
    """One tab: its fields, what is wrong with each, and Guardar; before that, masked."""
    if not whole.is_shown(account):
        whole.section(actor, account, section)
        return
    with st.container(key=f"whole.form.{section.value}"):
        _form(actor, account, section)
    whole.take_focus(account, section)


def _form(actor: Actor, account: Account, section: Section) -> None:
    notice = st.session_state.pop(_key(account, section, "notice"), None)
    errors: dict[str, Problem] = st.session_state.get(_key(account, section, "errors"), {})
    if notice:
        kind, text = notice
        (st.success if kind == "ok" else st.error)(text)
    with st.form(_key(account, section, "form"), border=False):
        for field in FIELDS[section]:
            _input(account, section, field, errors.get(field))
        st.form_submit_button(
            "Guardar",
            type="primary",
            disabled=not actor.may(Permission.CORRECT),
            on_click=_save,
            args=(account, section),
        )


def _input(account: Account, section: Section, field: str, problem: Problem | None) -> None:
    value = _begun(account, section).get(field, getattr(account, field))
    key, label = _key(account, section, field), field_words.FIELD_NAMES[field]
    catalogue = _CATALOGUES.get(field)
    if catalogue is None:
        # Drawn without a length limit: a longer paste is refused with a reason, never cut.
        st.text_input(label, value=value, key=key, autocomplete="off")
    else:
        codes = ["", *catalogue] if value in catalogue or not value else ["", value, *catalogue]
        st.selectbox(
            label,
            codes,
            index=codes.index(value),
            key=key,
            format_func=lambda code: f"{code} · {catalogue.get(code, '')}" if code else "—",
        )
    if problem:
        st.caption(f":red[:material/error: {field_words.PROBLEMS[problem]}]")
    elif field in account.corrected:
        st.caption(":material/edit: Corregido en la mesa; la carga del proveedor no lo cambia.")


def _save(account: Account, section: Section) -> None:
    """The button's callback: `account` is what the person was looking at when it was drawn."""
    typed = {f: st.session_state[_key(account, section, f)] or "" for f in FIELDS[section]}
    try:
        saved = customers.correct(
            process.desk(), shell.actor(), account.account_no, section, typed, account.version
        )
    except AppError as error:
        _explain(error, account, section, typed)
        return
    st.session_state.pop(_key(account, section, "errors"), None)
    tells = saved.email != account.email and contact.is_address(account.email)
    told = f" {_OLD_TOLD}" if tells else ""
    _tell(saved, section, "ok", f"Guardado a las {clock.at_office(clock.now()):%H:%M}.{told}")
    for field, problem in contact.check(section, typed).warnings.items():
        _tell(
            saved,
            section,
            "ok",
            f"Guardado. {field_words.FIELD_NAMES[field]}: {field_words.PROBLEMS[problem]}",
        )


def _explain(error: AppError, account: Account, section: Section, typed: dict[str, str]) -> None:
    if error.reason is Reason.CHANGED_MEANWHILE:
        account = _keep_what_was_typed(account, section, typed)
        if all(contact.clean(text) == getattr(account, field) for field, text in typed.items()):
            # A double click's second half, or somebody typed the same: nobody need look again.
            _already(account, section)
            return
    errors = error.facts.get("errors", {})
    st.session_state[_key(account, section, "errors")] = errors
    _tell(account, section, "error", messages.sentence(error))


def _already(account: Account, section: Section) -> None:
    """What saving it said stays, if it is still to be read."""
    if _key(account, section, "notice") not in st.session_state:
        _tell(account, section, "ok", _SAME)


def _keep_what_was_typed(account: Account, section: Section, typed: dict[str, str]) -> Account:
    """After a conflict: the new data everywhere, save where this person had typed something."""
    current = customers.find(process.desk(), shell.actor(), account.account_no)
    begun = {f: text for f, text in typed.items() if text != getattr(account, f)}
    st.session_state[_key(current, section, "begun")] = begun
    return current


def _begun(account: Account, section: Section) -> dict[str, str]:
    """What was typed over the data before these, and not saved: the fields begin with it."""
    begun: dict[str, str] = st.session_state.get(_key(account, section, "begun"), {})
    return begun


def _tell(account: Account, section: Section, kind: str, text: str) -> None:
    st.session_state[_key(account, section, "notice")] = (kind, text)


def _key(account: Account, section: Section, name: str) -> str:
    """The version is part of each widget's key: new data is always drawn anew."""
    return f"customer.{account.account_no}.{account.version}.{section.value}.{name}"
