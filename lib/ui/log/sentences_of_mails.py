"""What the log says of a mail on its way, in sentences (the other acts': log_sentences.py)."""

from lib.model.outbox import FOUND_ARCHIVED, MailProblem
from lib.ui.log.sentence_facts import Facts


def accepted(f: Facts) -> str:
    if f.reason == FOUND_ARCHIVED:
        return f"{f.mail()} sí había salido: su copia está en el archivo"
    return f"el servidor de correo aceptó {f.mail()}{f.to()}"


def deferred(f: Facts) -> str:
    attempt = f" (intento {f.attempt})" if f.attempt else ""
    return f"{f.mail()}{f.to()} no salió todavía{attempt} y se intentará de nuevo{f.because()}"


def failed(f: Facts) -> str:
    if f.reason == MailProblem.CANCELLED:
        return f"{f.mail()} ya no se envió: se canceló antes de salir"
    return f"{f.mail()}{f.to()} no se envió{f.because()}{f.answered()}"


def uncertain(f: Facts) -> str:
    return f"no se sabe si salió {f.mail()}{f.to()}{f.because()}"


def bounced(f: Facts) -> str:
    status = f.detail("status")
    code = f" (código {status})" if status else ""
    return f"{f.mail()}{f.to()} rebotó: el servidor del cliente lo devolvió{code}"


def delayed(f: Facts) -> str:
    return f"el servidor del cliente todavía no entrega {f.mail()}{f.to()} y lo sigue intentando"


def sent_again(f: Facts) -> str:
    return f"la mesa envía otra vez {f.mail()}{f.to()}: no estaba en su archivo, así que no salió"


def paused(f: Facts) -> str:
    return f"los envíos quedaron en pausa{f.because()}"
