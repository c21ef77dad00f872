"""What a list calls an open session."""

from lib.store.people.sessions import OpenSession
from lib.ui.mail import mail_state
from lib.ui.plain import escaped


def browser(session: OpenSession) -> str:
    """As Markdown."""
    return escaped(session.browser or "Navegador desconocido")


def where_and_when(session: OpenSession) -> str:
    """As Markdown."""
    opened, seen = map(mail_state.moment, (session.opened_at, session.seen_at))
    where = f"Desde {session.address}" if session.address else "En esta máquina"
    return escaped(f"{where} · abierta: {opened} · última actividad: {seen}")
