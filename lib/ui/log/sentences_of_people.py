"""What the log says of those who work at the desk, in sentences."""

from lib.services.doors.opening import Entrance
from lib.ui.log.sentence_facts import Facts, uncapped


def role_changed(f: Facts) -> str:
    return f"{f.who} cambió el perfil del usuario «{f.subject}»{f.change()}"


def link_sent(f: Facts) -> str:
    to = f.detail("recipient")
    where = f" a {to}" if to else ""
    return f"{f.who} envió al usuario «{f.subject}»{where} un enlace para una contraseña nueva"


def link_made(f: Facts) -> str:
    return f"{f.who} hizo en el servidor un enlace para que «{f.subject}» ponga su contraseña"


def email_changed(f: Facts) -> str:
    return f"{f.who} cambió el correo del usuario «{f.subject}»"


def disabled(f: Facts) -> str:
    return f"{f.who} dio de baja al usuario «{f.subject}»: ya no puede entrar"


def enabled(f: Facts) -> str:
    return f"{f.who} reactivó al usuario «{f.subject}»"


def sessions_ended(f: Facts) -> str:
    what = f.counted("sessions", "sesión", "sesiones") or "sesiones"
    return f"{f.who} cerró {what} del usuario «{f.subject}»"


def factor_asked(f: Facts) -> str:
    at = f" desde {f.address}" if f.address else ""
    if f.detail("entrance") == Entrance.SINGLE_SIGN_ON:
        who = f"la cuenta de la empresa de «{f.subject}» llegó"
    else:
        who = f"alguien escribió la contraseña de «{f.subject}»"
    return f"{who}{at}: se le pidió el segundo factor"


def account_linked(f: Facts) -> str:
    return f"la cuenta de la empresa se ligó al usuario «{f.subject}», por su correo"


def account_unlinked(f: Facts) -> str:
    return f"{f.who} desligó la cuenta de la empresa del usuario «{f.subject}»"


def emergency_used(f: Facts) -> str:
    at = f" desde {f.address}" if f.address else ""
    return f"{f.who} usó su contraseña de emergencia{at}; se avisó a los demás administradores"


def emergency_given(f: Facts) -> str:
    return f"{f.who} dio al usuario «{f.subject}» la entrada de emergencia"


def emergency_taken(f: Facts) -> str:
    return f"{f.who} quitó al usuario «{f.subject}» la entrada de emergencia"


def factor_failed(f: Facts) -> str:
    at = f" desde {f.address}" if f.address else ""
    return f"alguien que entraba como «{f.subject}»{at} no pasó el segundo factor{f.because()}"


def factor_enrolled(f: Facts) -> str:
    factor = f.detail("factor")
    return f"{f.who} activó su segundo factor{_named(factor)}"


def factor_removed(f: Facts) -> str:
    factor = f.detail("factor")
    return f"{f.who} quitó el segundo factor del usuario «{f.subject}»{_named(factor)}"


def codes_made(f: Facts) -> str:
    return f"{f.who} hizo códigos de recuperación nuevos: los de antes ya no sirven"


def _named(factor: str) -> str:
    return f": {uncapped(factor)}" if factor else ""
