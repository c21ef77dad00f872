"""Buzón de demostración: the mails that the demo's own server took, as the customer sees them."""

from email.utils import parseaddr

import streamlit as st

from lib.mail.mailbox import Mail, Mailbox
from lib.services.outgoing import demo_mailbox
from lib.ui import facts, identity, process, shell, written
from lib.ui.plain import plain

_EVERY = "3s"


@st.fragment(run_every=_EVERY)
def draw() -> None:
    """The newest mails on the left, the chosen one on the right; looks again by itself."""
    with shell.guarded():
        # Looking isn't activity: it must not keep a forgotten session open.
        _mails(demo_mailbox.newest(process.desk(), identity.actor(touch=False)))


def _mails(found: Mailbox) -> None:
    if not found.mails:
        st.info("Todavía no hay correos: reenvía un CDA y aparecerá aquí.", icon=":material/inbox:")
        return
    names, shown = st.columns([2, 3], gap="medium")
    with names:
        st.caption("1 correo" if found.total == 1 else f"{found.total:,} correos")
        by_file = {mail.file: mail for mail in found.mails}
        file = st.radio(
            "Correos",
            list(by_file),
            format_func=lambda name: _line(by_file[name]),
            label_visibility="collapsed",
            key="mailbox.file",
        )
    with shown:
        _mail(by_file.get(file, found.mails[0]))


def _line(mail: Mail) -> str:
    name, address = parseaddr(mail.recipient)
    return f"{_time(mail)} · {plain(name or address)}"


def _mail(mail: Mail) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(mail.subject)}**")
        facts.draw({"De": mail.sender, "Para": mail.recipient, "Fecha": _time(mail)})
        seen, text = st.tabs(["Como lo ve el cliente", "Solo texto"])
        with seen:
            if mail.html:
                st.html(mail.html)
            else:
                st.caption("Este correo solo trae texto.")
        with text:
            st.text(mail.text)


def _time(mail: Mail) -> str:
    return written.instant(mail.sent_at) if mail.sent_at else "sin fecha"
