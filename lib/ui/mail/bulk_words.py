"""A resend to many in words: how it is sent, how it stands, what became of each system."""

from collections.abc import Mapping
from typing import Any

from lib.model.bulk import BulkState, Line, Manner, Part
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, MailState
from lib.model.sheet import Row
from lib.model.text import mask_email
from lib.services.resends.bulk_results import Words
from lib.ui import messages
from lib.ui.mail import mail_words, stops

MANNER_NAMES: dict[Manner, str] = {
    Manner.PER_ACCOUNT: "Un correo por cuenta, con la lista de sus sistemas",
    Manner.PER_SYSTEM: "Un correo por sistema",
}

STATE_NAMES: dict[BulkState, str] = {
    BulkState.RUNNING: "En curso",
    BulkState.CANCELLING: "Cancelando",
    BulkState.CANCELLED: "Cancelado",
    BulkState.ENDED: "Terminado",
}

# What left systems out, counted; the rest as their sentence says it.
_SHORT: dict[Reason, str] = {
    Reason.NO_ADDRESS: "La cuenta no tiene correo",
    Reason.BAD_ADDRESS: "El correo de la cuenta no es válido",
    Reason.NO_CODE: "No hay ningún CDA registrado",
    Reason.UNKNOWN_SERIAL: "El sistema ya no existe",
    Reason.UNKNOWN_ACCOUNT: "La cuenta ya no existe",
    Reason.PRINTED_ON_CERTIFICATE: "El CDA está impreso en su certificado",
    Reason.ON_ITS_WAY: "Ya va en camino",
    Reason.WAITS_FOR_APPROVAL: "Ya espera a un gerente",
    Reason.OTHER_ACCOUNT_NOW: "Cambió de cuenta después de la revisión",
}


def short(why: AppError) -> str:
    """What left a system out, as many have it in common."""
    if "rule" in why.facts:
        return stops.RULE_NAMES[stops.raised(why.facts).rule]
    return _SHORT.get(why.reason) or messages.sentence(why)


def whole(why: AppError) -> str:
    """The same for one of them, with what to do next."""
    if "rule" in why.facts:
        return stops.sentence(stops.raised(why.facts))
    return messages.sentence(why)


def result(line: Line) -> str:
    """What became of a system, in a word or two."""
    if line.part is Part.CANCELLED or line.problem == MailProblem.CANCELLED:
        return "Cancelado"
    if line.part is Part.LEFT_OUT:
        return "No se envió"
    return mail_words.MAIL_STATE_NAMES[line.mail] if line.mail else "En espera"


def detail(line: Line) -> str:
    """Why, where there is something to say."""
    if line.part is Part.LEFT_OUT:
        return whole(_raised(line.why, line.facts))
    if line.mail is MailState.HELD:
        return "Sale cuando un gerente lo apruebe."
    return mail_words.MAIL_PROBLEMS[MailProblem(line.problem)] if line.problem else ""


def _raised(why: str, facts: Mapping[str, Any]) -> AppError:
    return AppError(Reason(why), **facts)


def _cells(line: Line) -> Row:
    return (
        line.serial,
        line.product,
        line.version,
        line.account_no,
        line.account_name,
        mask_email(line.recipient),
        result(line),
        detail(line),
        line.at,
    )


FILE = Words(
    "Resultado de envío",
    (
        "No. Serie",
        "Sistema",
        "Versión",
        "No. Cuenta",
        "Cliente",
        "Enviado a",
        "Resultado",
        "Detalle",
        "Fecha",
    ),
    _cells,
)
