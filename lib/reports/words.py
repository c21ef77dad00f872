"""The words of figures, on screen and off it: outcomes, days, how much more, how long."""

import datetime as dt

from lib.model.action import Action
from lib.model.outbox import Motive
from lib.model.report import Figure, Report, Unit
from lib.model.system import Kind

MOTIVE_NAMES: dict[Motive, str] = {
    Motive.NOT_RECEIVED: "No recibió el correo",
    Motive.NEW_ADDRESS: "Cambió de correo",
    Motive.NEW_COMPUTER: "Cambió de equipo",
    Motive.REINSTALLED: "Reinstalación",
    Motive.UNLOCKED: "Después de un desbloqueo",
    Motive.OTHER: "Otro",
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
NONE = "—"
_MONTHS = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
_WEEK = ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"]


def motive(code: str) -> str:
    """Why a CDA is sent again: the desk's own words, or an administrator's as they were written."""
    return {known.value: name for known, name in MOTIVE_NAMES.items()}.get(code, code)


def change(now: float, before: float) -> str:
    """How much more or less than before, signed; "" when there was nothing before.

    >>> change(3, 2), change(1, 2), change(2, 2), change(2, 0)
    ('+50 %', '-50 %', '0 %', '')
    """
    if not before:
        return ""
    percent = round((now - before) / before * 100)
    return f"{percent:+,} %" if percent else "0 %"


def duration(seconds: float | None) -> str:
    """With its two greatest units; a dash for none.

    >>> [duration(s) for s in (None, 0.4, 4, 200, 7500, 180_000)]
    ['—', '0.4 s', '4 s', '3 min 20 s', '2 h 5 min', '2 d 2 h']
    """
    if seconds is None:
        return NONE
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


def value(figure: Figure, number: float | None) -> str:
    """A figure's number, of now or of before."""
    if figure.unit is Unit.SECONDS:
        return duration(number)
    return NONE if number is None else f"{number:,.0f}"


def change_of(figure: Figure) -> str:
    """How much more than before; a dash when that can't be said."""
    if figure.now is None or figure.before is None:
        return NONE
    return change(figure.now, figure.before) or NONE


def day(date: dt.date) -> str:
    """dd/mm/aaaa"""
    return f"{date:%d/%m/%Y}"


def short_day(date: dt.date) -> str:
    """16 nov"""
    return f"{date.day} {_MONTHS[date.month - 1]}"


def week_day(date: dt.date) -> str:
    """
    >>> week_day(dt.date(2026, 11, 16))
    'lun 16 nov'
    """
    return f"{_WEEK[date.weekday()]} {short_day(date)}"


def month(first: dt.date) -> str:
    """nov 2026"""
    return f"{_MONTHS[first.month - 1]} {first.year}"


def span(first: dt.date, last: dt.date) -> str:
    """From the first day to the last; one day alone by itself."""
    return day(first) if first == last else f"{day(first)} a {day(last)}"


def compared(report: Report) -> str:
    """Which days it is about, and which it compares them with."""
    return f"{span(*report.days)}, comparado con {span(*report.days_before)}"


def due(place: int, ends: tuple[int, ...]) -> str:
    """A stretch of coming payments, of those that `ends` ends; 0 is what is overdue.

    >>> [due(place, (8, 31)) for place in range(3)]
    ['Vencidas', 'En 7 días o menos', 'En 8 a 30 días']
    """
    if not place:
        return "Vencidas"
    first, last = (0, *ends)[place - 1], ends[place - 1] - 1
    return f"En {first} a {last} días" if first else f"En {last} días o menos"
