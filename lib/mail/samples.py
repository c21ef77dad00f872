"""Made-up customers that templates are tried on: one like most, one on purpose unlike any."""

from lib.mail import values
from lib.mail.values import Values
from lib.model.outbox import MailKind
from lib.model.template import Language

MANY = 200  # systems of the largest account worth planning for

# Nobody's: five letters of a CDA's groups never spell one of the vendor's.
CODE = "PRUEB-A0000-NOSIR-VE000"
SERIAL = "0000PRUEBA1"
NAME = "María Fernanda Ñúñez López"

_HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"x\" onmouseover='alert(1)'"
    " javascript:alert(1) {{ cda }} {% for %} {# -->]]> \\ & &lt; \r\n\r\nBcc: x@example.net"
    "\u202e\u2028</title></p></table></body></html>"
)


def typical(kind: MailKind, language: Language, subject: str) -> Values:
    """What the preview and the test mail show. `subject` is the desk's own (settings)."""
    return _made(kind, language, subject, NAME, [SERIAL, "0000PRUEBA2"], CODE)


def hostile(kind: MailKind, language: Language) -> Values:
    """Every value tries to be something else."""
    return _made(kind, language, _HOSTILE, _HOSTILE, [_HOSTILE, _HOSTILE], _HOSTILE)


def large(kind: MailKind, language: Language) -> Values:
    """The longest names, and as many systems as an account may have."""
    return _made(kind, language, "x" * 200, "Ñ" * 500, ["S" * 40] * MANY, "C" * 40)


def _made(
    kind: MailKind, language: Language, subject: str, name: str, serials: list[str], code: str
) -> Values:
    called = values.greeted(name, language)
    several = [values.system("SAE", "10.0", s, f"{code}{i or ''}") for i, s in enumerate(serials)]
    match kind:
        case MailKind.RESEND:
            return values.resend(subject, called, several[0])
        case MailKind.RESEND_MANY:
            return values.resend_many(subject, called, several)
        case MailKind.ADDRESS_CHANGED:
            masked = ("m**********z@example.com", "n*********o@example.net")
            return values.address_changed(subject, called, *masked, "PRUEBA-1234")
        case MailKind.APPROVAL_WAITING:
            why = ["El correo de la cuenta cambió hace 3 horas.", f"Ejemplo de motivo: {name}"]
            return values.approval_waiting(subject, called, "00000000", name, serials, why)
    raise ValueError(kind)
