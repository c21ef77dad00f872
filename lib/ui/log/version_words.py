"""The versions that an act went by, in words."""

from lib.model import versions
from lib.model.errors import AppError
from lib.model.outbox import MailKind
from lib.model.template import UNSAVED, read_ref
from lib.ui.mail import template_words

# Mails in the desk's own words: they have no template, and so no versions of it.
_OWN_NAMES = {
    MailKind.WEEKLY_REPORT: "Resumen de reenvíos",
    MailKind.LOG_HEAD: "Cabeza de la bitácora",
    MailKind.ALERTS_RAISED: "Aviso de alertas",
    MailKind.LOAD_REPORT: "Reporte de una carga",
    MailKind.STAFF_INVITED: "Invitación a la mesa",
    MailKind.PASSWORD_LINK: "Enlace para una contraseña nueva",
    MailKind.DOOR_CHANGED: "Aviso de un cambio en la entrada",
}


def said(of: str) -> str:
    """
    >>> said("policy 7, resend/es 3")
    'Política, versión 7; Reenvío de un CDA (español), versión 3'
    >>> said("resend/es 0+")
    'Reenvío de un CDA (español), la original con cambios sin guardar'
    >>> said("weekly_report/es 0")
    'Resumen de reenvíos, la original'
    """
    return "; ".join(_said(name, number) for name, number in versions.named(of))


def _said(name: str, number: str) -> str:
    bare = number.removesuffix(UNSAVED)
    unsaved = " con cambios sin guardar" if bare != number else ""
    version = f"versión {bare}" if bare != "0" else "la original"
    return f"{_named(name)}, {version}{unsaved}"


def _named(name: str) -> str:
    """A template that isn't known any more is named as it was logged."""
    if not name:
        return "Política"
    own = name.partition("/")[0]
    if own in _OWN_NAMES:
        return _OWN_NAMES[MailKind(own)]
    try:
        kind, language, _ = read_ref(f"{name}@0")
    except AppError:
        return name
    spoken = template_words.LANGUAGE_NAMES[language].lower()
    return f"{template_words.KIND_NAMES.get(kind, kind.value)} ({spoken})"
