"""The values that templates name (lib/model/template.py, SPECS), from what the desk knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.model.contact import clean
from lib.model.template import Language

Values = Mapping[str, Any]

_NOBODY: Mapping[Language, str] = {Language.ES: "cliente", Language.EN: "customer"}


def greeted(name: str, language: Language) -> str:
    """How a mail calls its reader: one line, never nothing."""
    return clean(name) or _NOBODY[language]


def system(product: str, version: str, serial: str, code: str) -> dict[str, str]:
    """Serial and CDA exactly as they are: spaces in them may count."""
    return {"sistema": clean(product), "version": clean(version), "serie": serial, "cda": code}


def resend(subject: str, name: str, one: Mapping[str, str]) -> Values:
    return {"asunto": clean(subject), "nombre": name, **one}


def resend_many(subject: str, name: str, several: Sequence[Mapping[str, str]]) -> Values:
    return {"asunto": clean(subject), "nombre": name, "sistemas": list(several)}


def address_changed(subject: str, name: str, old: str, new: str, reference: str) -> Values:
    """`old` and `new` masked."""
    return {
        "asunto": clean(subject),
        "nombre": name,
        "correo_anterior": clean(old),
        "correo_nuevo": clean(new),
        "referencia": clean(reference),
    }


def approval_waiting(
    subject: str,
    name: str,
    account_no: str,
    asked_by: str,
    serials: Sequence[str],
    why: Sequence[str],
) -> Values:
    return {
        "asunto": clean(subject),
        "nombre": name,
        "cuenta": clean(account_no),
        "pidio": clean(asked_by),
        "series": list(serials),
        "motivos": [clean(sentence) for sentence in why],
    }
