"""A report's tables as images, in the Tablero's forms and colours (lib/ui/board/board_charts.py): a
period is a full bar within the outline of the one before, so that no colour has to be told apart;
two series are Okabe and Ito's blue and vermilion.

On white, with a margin: a mail read in the dark shows them as a plate.
"""

import io
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lib.model.report import Row, Shape, Table

GREEN, GREY = "#14906A", "#808987"
BLUE, VERMILION = "#0072B2", "#D55E00"
INK, FAINT = "#26302D", "#E3E7E5"
MOST_BARS = 8  # that lie; the table has them all
_FULL, _OUTLINE = 0.5, 0.82  # how much of a bar's place each takes
_LONGEST = 28  # characters of a name
_FONT = 9  # points


def png(table: Table, width: float, dpi: int, height: float = 2.2, bar: float = 0.28) -> bytes:
    """`width` inches wide; what stands is `height` inches tall, what lies `bar` for each."""
    lying = table.shape is Shape.LYING
    rows = table.rows[:MOST_BARS] if lying else table.rows
    tall = 0.38 + bar * len(rows) if lying else height
    figure = Figure(figsize=(width, tall), dpi=dpi, facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    {Shape.LYING: _lying, Shape.STANDING: _standing, Shape.SERIES: _series}[table.shape](
        axes, table, rows
    )
    _plain(axes)
    out = io.BytesIO()
    # No trace of when or by what: the same figures are the same bytes.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _lying(axes: Axes, table: Table, rows: Sequence[Row]) -> None:
    places = range(len(rows))
    now = [row.counts[0] for row in rows]
    axes.barh(places, now, _FULL, color=GREEN, zorder=2)
    ends = list(now)
    if table.compared:
        before = [row.counts[1] for row in rows]
        axes.barh(places, before, _OUTLINE, fill=False, edgecolor=GREY, linewidth=1.2, zorder=3)
        ends = [max(pair) for pair in zip(now, before, strict=True)]
    axes.set_yticks(places, [_short(row.label) for row in rows], parse_math=False)
    axes.invert_yaxis()
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_xlim(0, max(*ends, 1) * 1.14)
    for place, end, count in zip(places, ends, now, strict=True):
        axes.annotate(
            f"{count:,}", (end, place), (4, 0), textcoords="offset points", va="center",
            fontsize=_FONT, color=INK,
        )  # fmt: skip
    _counted(axes.xaxis, 4)
    axes.grid(axis="x", color=FAINT, linewidth=0.8, zorder=0)


def _standing(axes: Axes, table: Table, rows: Sequence[Row]) -> None:
    places = range(len(rows))
    axes.bar(places, [row.counts[0] for row in rows], _FULL, color=GREEN, zorder=2)
    if table.compared:
        before = [row.counts[1] for row in rows]
        axes.bar(places, before, _OUTLINE, fill=False, edgecolor=GREY, linewidth=1.2, zorder=3)
    _labels(axes, rows)
    _upwards(axes)


def _series(axes: Axes, table: Table, rows: Sequence[Row]) -> None:
    width = 0.8 / len(table.series)
    for at, (name, colour) in enumerate(zip(table.series, (BLUE, VERMILION), strict=False)):
        places = [place + (at - (len(table.series) - 1) / 2) * width for place in range(len(rows))]
        counts = [row.counts[at] for row in rows]
        axes.bar(places, counts, width * 0.9, color=colour, label=name, zorder=2)
    axes.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=len(table.series), frameon=False,
        fontsize=_FONT, labelcolor=INK, handlelength=1, borderaxespad=0.2,
    )  # fmt: skip
    _labels(axes, rows)
    _upwards(axes)


def _labels(axes: Axes, rows: Sequence[Row]) -> None:
    """Every one, or as many as there is room for."""
    step = -(-len(rows) // 12)
    shown = range(0, len(rows), step)
    # "lun 16 nov" in two lines: seven of them stand side by side on a telephone.
    texts = [rows[at].label.replace(" ", "\n", 1) for at in shown]
    if len(texts) > 7:
        texts = _once_below(texts)
    axes.set_xticks(list(shown), texts, parse_math=False)
    axes.set_xlim(-0.6, len(rows) - 0.4)


def _once_below(texts: Sequence[str]) -> list[str]:
    """What stands below, a year or a month, only where it begins.

    >>> _once_below(["oct\\n2026", "nov\\n2026", "dic\\n2026", "ene\\n2027"])
    ['oct\\n2026', 'nov\\n', 'dic\\n', 'ene\\n2027']
    """
    below = [text.partition("\n")[2] for text in texts]
    begins = [at for at in range(len(texts)) if not at or below[at] != below[at - 1]]
    if len(begins) > 1 and begins[1] < 3:
        begins = begins[1:]  # two so close would run into each other
    return [
        text if at in begins else text.partition("\n")[0] + "\n" for at, text in enumerate(texts)
    ]


def _upwards(axes: Axes) -> None:
    axes.set_ylim(0, max(axes.get_ylim()[1], 1))
    _counted(axes.yaxis, 5)
    axes.grid(axis="y", color=FAINT, linewidth=0.8, zorder=0)


def _counted(axis: object, most: int) -> None:
    axis.set_major_locator(MaxNLocator(most, integer=True))  # type: ignore[attr-defined]
    axis.set_major_formatter(FuncFormatter(lambda n, _: f"{n:,.0f}"))  # type: ignore[attr-defined]


def _plain(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(length=0, labelsize=_FONT, labelcolor=INK)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
