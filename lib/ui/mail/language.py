"""Cuenta: the language in which an account's mails are written."""

import streamlit as st

from lib.model.account import Account
from lib.model.actor import Actor
from lib.model.roles import Permission
from lib.model.template import Language
from lib.services.outgoing import languages
from lib.ui import process, shell
from lib.ui.mail.template_words import LANGUAGE_NAMES

_DONE = "language.done"


def choice(actor: Actor, account: Account) -> None:
    """Saved as soon as it is chosen."""
    stored = languages.of(process.desk(), actor, account.account_no)
    # The stored one is part of the key: after anybody's change it is drawn anew.
    key = f"language.{account.account_no}.{stored.value}"
    st.selectbox(
        "Idioma de los correos",
        list(Language),
        index=list(Language).index(stored),
        format_func=LANGUAGE_NAMES.__getitem__,
        key=key,
        disabled=not actor.may(Permission.CORRECT),
        help="Se guarda al elegirlo; vale también para los correos que aún no salen",
        width=320,
        on_change=_choose,
        args=(account.account_no, key),
    )
    if done := st.session_state.pop(_DONE, ""):
        st.success(done)


def _choose(account_no: str, key: str) -> None:
    language = Language(st.session_state[key])
    with shell.guarded():
        languages.choose(process.desk(), shell.actor(), account_no, language)
        name = LANGUAGE_NAMES[language].lower()
        st.session_state[_DONE] = f"Guardado. Los correos de esta cuenta irán en {name}."
