"""Cuenta: one customer, their systems, their data and what was done for them."""

import streamlit as st

from lib.model.account import Section
from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.listing import tables
from lib.ui.log import timeline
from lib.ui.mail import language, resend, reveal
from lib.ui.records import customer

actor = shell.enter("Cuenta", ":material/contact_page:", Permission.FIND)
account = customer.chosen(actor)

if account is None:
    tables.accounts()
else:
    customer.way_back()
    customer.head(actor, account)
    systems, *data, history = st.tabs(["Sistemas", *customer.TAB_NAMES.values(), "Historia"])
    with systems:
        tables.systems_of(account.account_no)
    for tab, section in zip(data, Section, strict=True):
        with tab:
            customer.form(actor, account, section)
            if section is Section.CONTACT:
                language.choice(actor, account)
    with history:
        timeline.draw(account.account_no)
    resend.show()
    reveal.show()
