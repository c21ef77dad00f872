"""The Tablero's words: periods, outcomes, how much more than before, how long."""

from lib.model.period import Period, Preset
from lib.reports import words
from lib.services.log.board import DUE_DAYS, Count

duration, short_day, month = words.duration, words.short_day, words.month
OUTCOME_NAMES, KIND_NAMES, NO_PRODUCT = words.OUTCOME_NAMES, words.KIND_NAMES, words.NO_PRODUCT

OTHER = "otro"  # a range of one's own, beside the presets
PERIOD_NAMES = {
    Preset.TODAY: "Hoy",
    Preset.WEEK: "7 días",
    Preset.MONTH: "30 días",
    Preset.THIS_MONTH: "Este mes",
    OTHER: "Otro",
}


def span(period: Period) -> str:
    """From its first day to its last; one day alone by itself."""
    return words.span(period.first, period.last)


def change(count: Count) -> str:
    """How much more or less than before, signed; "" when there was nothing before."""
    return words.change(count.now, count.before)


def due(place: int) -> str:
    """A stretch of coming payments; 0 is what is overdue."""
    return words.due(place, DUE_DAYS)
