"""Bitácora: what one entry says, with what it changed from and to, by the names on screen."""

from collections.abc import Mapping
from typing import Any

from lib.model import versions
from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.bulk import Manner
from lib.services.doors.opening import Entrance
from lib.services.log.entries import LogEntry
from lib.store.pack.files import CERTIFICATES
from lib.ui import field_words, messages, written
from lib.ui.log import log_words, person_words, version_words
from lib.ui.mail import policy_words, stops, template_words
from lib.ui.mail.bulk_words import MANNER_NAMES

# What details are called on screen; the rest go by their column's name in the portal.
_DETAIL_NAMES = {
    "recipient": "Enviado a",
    "typed": "Usuario escrito",
    "account_no": "Cuenta",
    "role": "Perfil",
    "rules": "Por qué se detuvo",
    "accepted": "Avisos que leyó quien lo pidió",
    "recipients": "Enviado a",
    "period": "Periodo",
    "alerts": "Alertas",
    "reference": "Referencia que se le dio",
    "note": "Nota",
    "batch": "Qué se deshizo",
    "about": "Sobre",
    "people": "De quién",
    "from": "Antes la tenía",
    "requests": "Solicitudes",
    "retry_of": "Reintento de",
    "file": "Archivo",
    "of": "Importación",
    "smtp_code": "Respuesta del servidor",
    "smtp_text": "Texto del servidor",
    "attempt": "Intento",
    "status": "Código de la devolución",
    "source": "Origen",
    "why": "Por qué",
    "most": "Límite por hora",
    "codes": "CDA sellados de nuevo",
    "old_key": "Llave anterior",
    "new_key": "Llave nueva",
    "new": "Nuevas",
    "changed": "Cambiadas",
    "unchanged": "Iguales",
    "set_aside": "Apartadas",
    "mended": "Corregidas a mano",
    "gone": "Salieron",
    "returned": "Volvieron a lo que eran",
    "stays": "Se quedaron",
    "warnings": "Avisos",
    "rows": "Registros",
    "search": "Búsqueda",
    "filters": "Filtros",
    "columns": "Columnas",
    "selection": "Selección",
    "sent": "Bytes enviados",
    "differences": "Correcciones que el proveedor no tiene",
    "list": "Lista",
    "systems": "Sistemas",
    "sessions": "Sesiones",
    "factor": "Segundo factor",
    "way": "Cómo",
    "browser": "Navegador",
    "entrance": "Entrada",
    "manner": "Cómo se envía",
    "mails": "Correos",
    "accepted_mails": "Aceptados por el servidor",
    "uncertain": "Inciertos",
    "held": "Detenidos",
    "failed": "Fallidos",
    "left_out": "No se enviaron",
    "cancelled": "Cancelados",
    "view_name": "Nombre de la vista",
    "shared": "Para todos",
    "view": "Qué muestra",
    "template": "Plantilla",
    "restored": "Copia de",
    "parts": "Qué cambió",
    "subject": "Asunto",
    "language": "Idioma de los correos",
    "details": "Renglones cuyos datos se borraron",
    "unchecked": "Llaves que ya no se pueden comprobar",
    "head": "Huella del último renglón",
    "sha256": "Huella del archivo",
    "personal": "Datos de clientes",
    "encrypted": "Archivos cifrados",
}

# With what somebody proved who they are.
_PROOFS = {
    "password": "Contraseña",
    "totp": "Código de la aplicación",
    "recovery_code": "Código de recuperación",
    "passkey": "Llave de acceso",
    "single_sign_on": "Inicio de sesión único",
    "provider": "El que pidió la cuenta de la empresa",
}
_ENTRANCES = {
    Entrance.PASSWORD.value: "Contraseña",
    Entrance.SINGLE_SIGN_ON.value: "Cuenta de la empresa",
    Entrance.EMERGENCY.value: "Contraseña de emergencia",
}
_CODED: Mapping[str, Mapping[str, str]] = {
    "factor": _PROOFS,
    "way": _PROOFS,
    "entrance": _ENTRANCES,
    "parts": template_words.PART_NAMES,
    "batch": log_words.BATCH_KINDS,
    "personal": {"whole": "Completos", "masked": "Con asteriscos"},
}
_OF_PAPER = {column.name: column.heading for column in CERTIFICATES.columns}
_ROLES = {role.value: name for role, name in messages.ROLE_NAMES.items()}


def known(entry: LogEntry) -> dict[str, str]:
    """What an entry's row says, by the name on screen."""
    facts = {
        "Fecha": written.instant(entry.logged_at),
        "Quién": person_words.in_full(entry),
        "Perfil": "" if entry.actor == SYSTEM.username else _ROLES.get(entry.role, entry.role),
        "Desde": entry.address,
        "Sesión": entry.session,
        "Qué": log_words.ACTION_NAMES[entry.action],
        "Resultado": log_words.OUTCOME_NAMES[entry.outcome],
        "Cuenta": entry.account_no,
        "No. Serie": entry.serial,
        "Motivo": log_words.resend_reason(entry.reason),
        "Ticket": entry.ticket,
        "Versiones": version_words.said(entry.versions),
        "Renglón": f"{entry.seq} · huella {entry.hash[:16]}…",
    }
    return {name: value for name, value in facts.items() if value}


def changed(entry: LogEntry) -> list[tuple[str, str, str]]:
    """What it changed: the field's name, before, after."""
    old, new = entry.detail.get("old"), entry.detail.get("new")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return []
    if entry.action is Action.POLICY_CHANGED:
        told = policy_words.said
        return [(policy_words.named(f), told(f, old.get(f)), told(f, new[f])) for f in new]
    if entry.action is Action.LANGUAGE_CHANGED:
        names = {each.value: said for each, said in template_words.LANGUAGE_NAMES.items()}
        return [(detail_name(f), names.get(str(old.get(f)), "—"), names[new[f]]) for f in new]
    return [(detail_name(f), words(f, old.get(f) or "—"), words(f, new[f] or "—")) for f in new]


def others(detail: Mapping[str, Any]) -> dict[str, str]:
    """The details that are one value, by the name on screen."""
    return {
        detail_name(k): words(k, v)
        for k, v in detail.items()
        if isinstance(v, str | int) and v != ""
    }


def words(name: str, value: str | int) -> str:
    """A detail's value; the rules that stopped a resend by their names."""
    if name == "manner":
        return MANNER_NAMES[Manner(str(value))]
    if name in ("template", "restored"):
        return version_words.said(versions.template(str(value)))
    if coded := _CODED.get(name):
        return ", ".join(coded.get(code, code) for code in str(value).split(", "))
    if name not in ("rules", "accepted"):
        return str(value)
    names = {rule.value: said for rule, said in stops.RULE_NAMES.items()}
    return ", ".join(names.get(code, code) for code in str(value).split(", "))


def detail_name(field: str) -> str:
    """What one of the log's details is called on screen."""
    known = _DETAIL_NAMES.get(field) or field_words.FIELD_NAMES.get(field, "").rstrip("*")
    return known or _OF_PAPER.get(field, field)
