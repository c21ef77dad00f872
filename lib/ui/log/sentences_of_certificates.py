"""What the log says of single certificates, in sentences (the other acts': log_sentences.py)."""

from lib.ui.log.sentence_facts import Facts


def corrected(f: Facts) -> str:
    return f"{f.who} corrigió {_certificate(f)}{f.changes()}"


def correcting(f: Facts) -> str:
    return f"corregir {_certificate(f)}"


def linked(f: Facts) -> str:
    return f"{f.who} vinculó {_certificate(f)} a {f.account()}{f.changes()}"


def linking(f: Facts) -> str:
    return f"vincular {_certificate(f)} a {f.account()}"


def unlinked(f: Facts) -> str:
    return f"{f.who} quitó {_certificate(f)} de {f.account()}{f.changes()}"


def unlinking(f: Facts) -> str:
    return f"quitar {_certificate(f)} de {f.account()}"


def _certificate(f: Facts) -> str:
    serial = f" (serie {f.serial})" if f.serial else ""
    return f"el certificado{f' {f.subject}' if f.subject else ''}{serial}"
