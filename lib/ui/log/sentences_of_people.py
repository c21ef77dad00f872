"""What the log says of those who work at the desk, in sentences."""

from lib.ui.log.sentence_facts import Facts


def role_changed(f: Facts) -> str:
    return f"{f.who} cambió el perfil del usuario «{f.subject}»{f.change()}"


def disabled(f: Facts) -> str:
    return f"{f.who} dio de baja al usuario «{f.subject}»: ya no puede entrar"


def enabled(f: Facts) -> str:
    return f"{f.who} reactivó al usuario «{f.subject}»"


def sessions_ended(f: Facts) -> str:
    what = f.counted("sessions", "sesión", "sesiones") or "sesiones"
    return f"{f.who} cerró {what} del usuario «{f.subject}»"
