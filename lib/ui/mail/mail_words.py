"""What became of a mail, why one was asked for, what to do now."""

from lib.model import clock
from lib.model.approval import Answer
from lib.model.outbox import (
    CONFIGURATION,
    Delivery,
    MailProblem,
    MailState,
)
from lib.model.reveal import RevealMotive
from lib.reports import words

MAIL_STATE_NAMES: dict[MailState, str] = {
    MailState.HELD: "Detenido",
    MailState.QUEUED: "En cola",
    MailState.SENDING: "Enviando",
    MailState.ACCEPTED: "Aceptado por el servidor",
    MailState.FAILED: "Fallido",
    MailState.UNCERTAIN: "Incierto",
    MailState.BOUNCED: "Rebotado",
}

ANSWER_NAMES: dict[Answer, str] = {
    Answer.WAITING: "Espera a un gerente",
    Answer.APPROVED: "Aprobado",
    Answer.REJECTED: "No aprobado",
    Answer.EXPIRED: "Caducó sin respuesta",
}

MOTIVE_NAMES = words.MOTIVE_NAMES
motive = words.motive

REVEAL_MOTIVE_NAMES: dict[RevealMotive, str] = {
    RevealMotive.NO_MAILBOX: "El cliente no puede abrir ningún correo",
    RevealMotive.MAIL_GIVES_BACK: "Los correos no le llegan",
    RevealMotive.COMPARE: "Compararlo con el que tiene el cliente",
    RevealMotive.OTHER_REVEAL: "Otro, según el ticket",
}

MAIL_PROBLEMS: dict[MailProblem, str] = {
    MailProblem.UNREACHABLE: "El servidor de correo no respondió",
    MailProblem.TIMED_OUT: "El servidor de correo tardó demasiado",
    MailProblem.CONNECTION_LOST: "Se cortó la conexión con el servidor de correo",
    MailProblem.SERVER_BUSY: "El servidor de correo pidió esperar",
    MailProblem.ADDRESS_REFUSED: "El servidor rechazó el correo de la cuenta",
    MailProblem.MESSAGE_REFUSED: "El servidor rechazó el mensaje",
    MailProblem.ADDRESS_NOT_ASCII: "El servidor no acepta acentos en el correo de la cuenta",
    MailProblem.NO_CODE: "Ya no hay ningún CDA registrado para esta serie",
    MailProblem.INTERNAL: "Algo falló en la mesa al enviarlo",
    MailProblem.REJECTED: "Un gerente no lo aprobó",
    MailProblem.EXPIRED: "Ningún gerente lo aprobó a tiempo",
    MailProblem.CANCELLED: "Se canceló antes de salir",
    MailProblem.GIVEN_BACK: "El servidor del cliente devolvió el correo",
    MailProblem.ANSWER_LOST: "El servidor no confirmó si recibió el correo",
    MailProblem.PROCESS_DIED: "La mesa se cerró a la mitad del envío",
    MailProblem.LOG_CUT: "La base perdió sus últimos renglones, quizá el de su envío",
    MailProblem.BAD_CERTIFICATE: "El certificado del servidor de correo no es de confianza",
    MailProblem.TLS_FAILED: "No se logró una conexión segura con el servidor de correo",
    MailProblem.NO_TLS: "El servidor de correo no ofrece conexión segura",
    MailProblem.BAD_LOGIN: "El servidor de correo no aceptó el usuario o la contraseña de la mesa",
    MailProblem.SENDER_REFUSED: "El servidor de correo no aceptó al remitente de la mesa",
    MailProblem.BAD_SERVER_SETTING: "La configuración del servidor de correo no es correcta",
    MailProblem.NO_CDA_KEY: "Falta la llave de los CDA, o no es la correcta",
    MailProblem.CLOCK_BACK: "El reloj de la mesa está atrasado: hay renglones de horas posteriores",
}

# Of the account with the archive and the bounces, within a sentence.
IMAP_PROBLEMS: dict[MailProblem, str] = {
    MailProblem.UNREACHABLE: "no responde",
    MailProblem.TIMED_OUT: "tarda demasiado",
    MailProblem.CONNECTION_LOST: "corta la conexión",
    MailProblem.BAD_CERTIFICATE: "tiene un certificado que no es de confianza",
    MailProblem.TLS_FAILED: "no logra una conexión segura",
    MailProblem.NO_TLS: "no ofrece conexión segura",
    MailProblem.BAD_LOGIN: "no acepta el usuario o la contraseña de la mesa",
    MailProblem.BAD_SERVER_SETTING: "no tiene la carpeta configurada",
}

# What to do about a mail that failed for good; the rest ran out of attempts.
_AFTER_FAILURE: dict[MailProblem, str] = {
    MailProblem.ADDRESS_REFUSED: "corrígelo en Cuenta y reintenta.",
    MailProblem.ADDRESS_NOT_ASCII: "corrígelo en Cuenta y reintenta.",
    MailProblem.MESSAGE_REFUSED: "avisa al administrador antes de reintentar.",
    MailProblem.NO_CODE: "avisa al administrador.",
    MailProblem.INTERNAL: "reintenta y, si sigue, avisa al administrador.",
    MailProblem.REJECTED: "quien lo pidió puede leer por qué en Inicio.",
    MailProblem.EXPIRED: "pídelo de nuevo si el cliente aún lo necesita.",
    MailProblem.CANCELLED: "pídelo de nuevo si hace falta.",
}


def problem_sentence(delivery: Delivery) -> str:
    """What went wrong with a mail and what to do; "" while all is well."""
    if not delivery.problem:
        return ""
    problem = MailProblem(delivery.problem)
    return f"{MAIL_PROBLEMS[problem]}; {_what_to_do(delivery, problem)}"


def _what_to_do(delivery: Delivery, problem: MailProblem) -> str:
    if delivery.state is MailState.UNCERTAIN and delivery.archived:
        return (
            "la mesa lo busca en su archivo y, si no salió, lo envía otra vez; si en una hora "
            "sigue así, pregunta al cliente si le llegó."
        )
    if delivery.state is MailState.UNCERTAIN:
        return "pregunta al cliente si le llegó: si reintentas, puede recibirlo dos veces."
    if delivery.state is MailState.BOUNCED:
        return "pide al cliente otro correo, corrígelo en Cuenta y reenvía."
    if delivery.state is MailState.FAILED:
        exhausted = "se agotaron los intentos. Reintenta o avisa al administrador."
        return _AFTER_FAILURE.get(problem, exhausted)
    if delivery.state is MailState.SENDING or delivery.next_attempt_at is None:
        return "se está intentando de nuevo."
    again = f"se intentará de nuevo a las {clock.at_office(delivery.next_attempt_at):%H:%M}."
    return (
        f"avisa al administrador; nada se pierde y {again}" if problem in CONFIGURATION else again
    )


def problem_words(code: str) -> str:
    """A mail's problem within a sentence, without its capital; "" for none."""
    words = MAIL_PROBLEMS[MailProblem(code)] if code else ""
    return words[:1].lower() + words[1:]
