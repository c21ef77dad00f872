"""The Tablero's words: periods, outcomes, how much more than before, how long."""

import datetime as dt

from lib.model.action import Action
from lib.model.period import Period, Preset
from lib.model.system import Kind
from lib.services.log.board import DUE_DAYS, Count
from lib.ui import written

OTHER = "otro"  # a range of one's own, beside the presets
PERIOD_NAMES = {
    Preset.TODAY: "Hoy",
    Preset.WEEK: "7 días",
    Preset.MONTH: "30 días",
    Preset.THIS_MONTH: "Este mes",
    OTHER: "Otro",
}
OUTCOME_NAMES = {
    Action.MAIL_ACCEPTED.value: "Aceptado por el servidor",
    Action.MAIL_BOUNCED.value: "Rebotado",
    Action.MAIL_FAILED.value: "Fallido",
    Action.MAIL_UNCERTAIN.value: "Incierto",
    Action.APPROVAL_ASKED.value: "Detenido para aprobación",
    Action.APPROVAL_DENIED.value: "No aprobado",
    Action.APPROVAL_EXPIRED.value: "Caducó sin respuesta",
    Action.RESEND_REQUESTED.value: "Rechazado al pedirlo",
}
KIND_NAMES = {Kind.SUBSCRIPTION: "Suscripciones", Kind.LICENCE: "Licencias"}
NO_PRODUCT = "Ya no está en los datos"
_MONTHS = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]


def span(period: Period) -> str:
    """From its first day to its last; one day alone by itself."""
    if period.first == period.last:
        return written.day(period.first)
    return f"{written.day(period.first)} a {written.day(period.last)}"


def change(count: Count) -> str:
    """How much more or less than before, signed; "" when there was nothing before.

    >>> change(Count(3, 2)), change(Count(1, 2)), change(Count(2, 2)), change(Count(2, 0))
    ('+50 %', '-50 %', '0 %', '')
    """
    if count.change is None:
        return ""
    percent = round(count.change * 100)
    return f"{percent:+,} %" if percent else "0 %"


def duration(seconds: float | None) -> str:
    """With its two greatest units; a dash for none.

    >>> [duration(s) for s in (None, 0.4, 4, 200, 7500, 180_000)]
    ['—', '0.4 s', '4 s', '3 min 20 s', '2 h 5 min', '2 d 2 h']
    """
    if seconds is None:
        return "—"
    if seconds < 1:
        return f"{seconds:.1f} s"
    minutes, s = divmod(round(seconds), 60)
    hours, m = divmod(minutes, 60)
    days, h = divmod(hours, 24)
    if days:
        return f"{days} d {h} h"
    if hours:
        return f"{hours} h {m} min"
    return f"{minutes} min {s} s" if minutes else f"{s} s"


def short_day(day: dt.date) -> str:
    """16 nov"""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def month(first: dt.date) -> str:
    """nov 2026"""
    return f"{_MONTHS[first.month - 1]} {first.year}"


def due(place: int) -> str:
    """A stretch of coming payments; 0 is what is overdue."""
    if not place:
        return "Vencidas"
    first, last = (0, *DUE_DAYS)[place - 1], DUE_DAYS[place - 1] - 1
    return f"En {first} a {last} días" if first else f"En {last} días o menos"
