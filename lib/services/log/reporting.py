"""The Tablero's figures as a report: counted once, then said in words (lib/model/report.py)."""

import datetime as dt
from collections.abc import Callable, Mapping

from lib.model import clock
from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.period import Period
from lib.model.report import Failing, Figure, Report, Row, Shape, Table, Unit
from lib.reports import words
from lib.services.desk import Desk
from lib.services.log import board, people
from lib.services.log.board import DUE_DAYS, Board, Count, Counts, Outlook

WEEKLY = "Resumen semanal"
OF_PERIOD = "Resumen de reenvíos"
_BOTH = ("Periodo", "Anterior")


def made(desk: Desk, actor: Actor, period: Period, title: str = OF_PERIOD) -> Report:
    """What Tablero shows of a period at this moment. Raises AppError(FORBIDDEN |
    STORAGE_FAILED)."""
    found, seen = board.figures(desk, actor, period), board.outlook(desk, actor)
    names = people.names(desk, actor)
    tables = (*_of_period(found, names), *_whatever_the_period(seen))
    return Report(
        title=title,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        before_first=period.before.first.isoformat(),
        before_last=period.before.last.isoformat(),
        made_at=f"{clock.at_office(clock.now()):%d/%m/%Y a las %H:%M}",
        figures=_figures(found),
        tables=tuple(each for each in tables if each.rows),
        failing_total=seen.failing.total,
        failing=tuple(
            Failing(each.masked, each.account_no, words.day(clock.at_office(each.since).date()))
            for each in seen.failing.newest
        ),
    )


def week_before(day: dt.date) -> Period:
    """The last whole week, Monday to Sunday, before the one that a day lies in.

    >>> week_before(dt.date(2026, 11, 23)) == Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    True
    """
    monday = day - dt.timedelta(days=day.weekday())
    return Period(monday - dt.timedelta(days=7), monday - dt.timedelta(days=1))


def _figures(found: Board) -> tuple[Figure, ...]:
    now, before = found.waits, found.waits_before
    return (
        _figure("Reenvíos", found.resends),
        _figure("Aceptados", found.outcome(Action.MAIL_ACCEPTED)),
        _figure("Rebotados", found.outcome(Action.MAIL_BOUNCED), bad=True),
        _figure("Repetidos", found.repeated, bad=True),
        Figure("Espera (mediana)", now.median_s, before.median_s, Unit.SECONDS, bad=True),
        Figure("Espera (95 %)", now.p95_s, before.p95_s, Unit.SECONDS, bad=True),
    )


def _figure(name: str, count: Count, *, bad: bool = False) -> Figure:
    return Figure(name, count.now, count.before, bad=bad)


def _of_period(found: Board, names: Mapping[str, str]) -> list[Table]:
    outcomes = {act: found.outcomes[act] for act in words.OUTCOME_NAMES if act in found.outcomes}
    return [
        _by_day(found),
        _by("product", "Por sistema", "Sistema", found.by_product, _product),
        _by("reason", "Por motivo", "Motivo", found.by_reason, words.motive),
        _by("agent", "Por agente", "Agente", found.by_agent, lambda who: names.get(who, who)),
        _by("outcome", "Qué pasó con ellos", "Resultado", outcomes, _outcome),
        _by("repeat", "Por qué se repiten", "Motivo del segundo", found.repeats, words.motive),
    ]


def _by_day(found: Board) -> Table:
    some = any(count != Count() for _, count in found.by_day)
    rows = tuple(
        Row(words.week_day(day), (count.now, count.before), day.isoformat())
        for day, count in found.by_day
        if some
    )
    return Table("day", "Reenvíos por día", "Día", _BOTH, rows, Shape.STANDING)


def _by(key: str, title: str, heading: str, counts: Counts, named: Callable[[str], str]) -> Table:
    rows = tuple(Row(named(value), (c.now, c.before)) for value, c in counts.items())
    return Table(key, title, heading, _BOTH, rows)


def _product(code: str) -> str:
    return code or words.NO_PRODUCT


def _outcome(action: str) -> str:
    return words.OUTCOME_NAMES[action]


def _whatever_the_period(seen: Outlook) -> list[Table]:
    due = tuple(Row(words.due(at, DUE_DAYS), (count,)) for at, count in enumerate(seen.due))
    activated = tuple(
        Row(words.month(first), tuple(kinds.get(kind, 0) for kind in words.KIND_NAMES))
        for first, kinds in seen.activations
    )
    names = tuple(words.KIND_NAMES.values())
    return [
        Table("activations", "Activaciones por mes", "Mes", names,
              activated if any(sum(row.counts) for row in activated) else (), Shape.SERIES, False),
        Table("due", "Suscripciones por vencer", "Próximo pago", ("Suscripciones",),
              due if any(seen.due) else (), Shape.LYING, False),
    ]  # fmt: skip
