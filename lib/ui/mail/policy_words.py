"""The policy in words: what each rule does with its mode and numbers, and what can't be saved."""

from collections.abc import Callable, Mapping
from typing import Any

from lib.model.policy import (
    MAX_TICKET,
    MOST_REASON,
    MOST_REASONS,
    RANGES,
    SHARED_DAYS,
    Mode,
    Policy,
    PolicyProblem,
    Rule,
)
from lib.ui.mail import mail_words, stops

FIELD_NAMES: dict[str, str] = {
    "cooldown_s": "Pausa (segundos)",
    "quota_per_hour": "CDA por agente y hora",
    "email_hold_h": "Horas desde el cambio de correo",
    "shared_accounts": "Cuentas con un mismo correo",
    "unlock_h": "Horas desde el desbloqueo",
    "days": "Días de oficina",
    "opens": "Abre",
    "closes": "Cierra",
    "reasons": "Motivos",
    "ticket_pattern": "Patrón del ticket",
    "ticket_example": "Ejemplo de ticket",
}

_EFFECTS: dict[Mode, str] = {
    Mode.WARN: "el agente lee un aviso y decide si lo reenvía",
    Mode.ASK: "el reenvío queda detenido hasta que un gerente lo apruebe",
    Mode.REFUSE: "no se reenvía y el agente lee qué hacer",
}

_PROBLEMS: dict[PolicyProblem, str] = {
    PolicyProblem.OUT_OF_RANGE: "Escribe un número entero de {least:,} a {most:,}.",
    PolicyProblem.NO_DAYS: "Elige al menos un día en que la oficina abre.",
    PolicyProblem.CLOSES_BEFORE_OPENING: "La oficina cierra antes de abrir; corrige el horario.",
    PolicyProblem.NO_REASONS: "Deja al menos un motivo: sin él nadie podría reenviar.",
    PolicyProblem.TOO_MANY_REASONS: f"Son demasiados motivos; deja {MOST_REASONS} o menos.",
    PolicyProblem.BAD_REASON: (
        f"Cada motivo va en su renglón, sin repetirse y con {MOST_REASON} caracteres o menos."
    ),
    PolicyProblem.BAD_PATTERN: (
        "No es un patrón que la mesa entienda; usa letras, números, guiones y formas como "
        "[A-Z]{3} o \\d{4,6}, por ejemplo MDA-\\d{4,6}."
    ),
    PolicyProblem.SLOW_PATTERN: (
        "Ese patrón podría tardar demasiado con algunos tickets; no repitas lo que ya se repite "
        "y pon límites, por ejemplo \\d{1,8} en lugar de \\d+."
    ),
    PolicyProblem.BAD_EXAMPLE: (
        f"El ejemplo tiene que cumplir el patrón, con {MAX_TICKET} caracteres o menos; es lo que "
        "leerá el agente."
    ),
}


# Each serial was told its pause when its mail left.
_BESIDES = {Rule.COOLDOWN: " Una pausa nueva cuenta desde el próximo envío de cada serie."}


def preview(policy: Policy, rule: Rule, cooldown_s: int) -> str:
    """What a rule does, in a sentence. `cooldown_s`: the pause in force, whoever set it."""
    if not policy.is_on(rule):
        return _OFF.get(rule, "Apagada: no se revisa.")
    if rule is Rule.COOLDOWN and cooldown_s == 0:
        return "Con 0 segundos no hay pausa."
    when = _WHEN[rule](policy, cooldown_s)
    return f"Si {when}, {_EFFECTS[policy.mode(rule)]}.{_BESIDES.get(rule, '')}"


def ticket_preview(policy: Policy) -> str:
    """What is asked of the ticket, in a sentence."""
    if not policy.ticket_pattern:
        return "El ticket es opcional y puede ser cualquier texto."
    return f"El ticket es obligatorio y tiene que ser como {policy.ticket_example or '…'}."


def problem(field: str, found: PolicyProblem) -> str:
    """What is wrong with a field and how it has to be."""
    least, most = RANGES.get(field, (0, 0))
    if found is not PolicyProblem.OUT_OF_RANGE:
        return _PROBLEMS[found]
    return _PROBLEMS[found].format(least=least, most=most)


def named(field: str) -> str:
    """A field's name on screen; `mode.quota` is a rule's."""
    if field.startswith("mode."):
        return stops.RULE_NAMES[Rule(field.removeprefix("mode."))]
    return FIELD_NAMES.get(field, field)


def said(field: str, value: Any) -> str:
    """A field's value, as `Policy.plain` has it, in words."""
    if field.startswith("mode."):
        return stops.MODE_NAMES[Mode(value)]
    if field == "cooldown_s" and value is None:
        return "la de la configuración"
    if field == "days":
        return stops.days(value)
    if field == "reasons":
        return ", ".join(mail_words.motive(code) for code in value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) or "—"


_OFF: Mapping[Rule, str] = {
    Rule.OVERDUE: "Apagada: no se revisa, pero el agente ve la fecha en rojo.",
    Rule.EMAIL_CHANGED: "Apagada: no se revisa, pero el agente ve el cambio por unos días.",
}

_WHEN: Mapping[Rule, Callable[[Policy, int], str]] = {
    Rule.COOLDOWN: lambda _, pause: (
        f"el CDA de una serie se envió hace menos de {stops.span(pause)}"
    ),
    Rule.QUOTA: lambda p, _: f"un agente pide más de {p.quota_per_hour:,} CDA en una hora",
    Rule.OFFICE_HOURS: lambda p, _: (
        f"la oficina está cerrada (abre {stops.days(list(p.days))}, "
        f"de {p.opens:%H:%M} a {p.closes:%H:%M}, hora de la Ciudad de México)"
        if p.days
        else "la oficina está cerrada"
    ),
    Rule.EMAIL_CHANGED: lambda p, _: (
        f"el correo de la cuenta cambió en la mesa hace menos de {p.email_hold_h:,} h"
    ),
    Rule.OVERDUE: lambda *_: "la fecha del próximo pago ya pasó",
    Rule.SHARED_ADDRESS: lambda p, _: (
        f"con este envío son {p.shared_accounts:,} cuentas o más cuyo CDA fue al mismo correo en "
        f"{SHARED_DAYS} días"
    ),
    Rule.RECENT_UNLOCK: lambda p, _: f"la serie se desbloqueó hace menos de {p.unlock_h:,} h",
    Rule.FAILING_ADDRESS: lambda *_: "los correos a la dirección de la cuenta se devuelven",
}
