"""Times of one act, and the table they are printed in."""

from dataclasses import dataclass, field

# What the desk aims at, event to painted rows (issue 3): p50 and p95 in ms, by systems. A p50 of
# None isn't aimed at.
MILLION, FIVE = 1_000_000, 5_000_000
_ACTS = (
    "sort", "page", "page, first", "page, middle", "page, last", "drag to group", "drag a second",
    "expand", "filter by a choice",
)  # fmt: skip
Aim = tuple[int | None, int]
_AIMS: dict[int, dict[str, Aim]] = {
    MILLION: {**dict.fromkeys(_ACTS, (150, 300)), "all acts, twenty at once": (None, 600)},
    FIVE: {**dict.fromkeys(_ACTS, (250, 500)), "search": (250, 600)},
}


@dataclass
class Figures:
    ms: list[float] = field(default_factory=list)

    def add(self, ms: float) -> None:
        self.ms.append(ms)

    def at(self, share: float) -> float:
        """The percentile, between the two nearest measurements."""
        ordered = sorted(self.ms)
        place = (len(ordered) - 1) * share
        low = int(place)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

    def to_json(self) -> dict[str, float]:
        figures = {"p50": self.at(0.5), "p95": self.at(0.95), "max": max(self.ms)}
        return {"n": len(self.ms), **{name: round(ms, 1) for name, ms in figures.items()}}


def table(systems: int, browser: dict[str, Figures], engine: dict[str, Figures]) -> str:
    """An act a line: event to painted rows, the engine's own part, the aim where there is one."""
    aims = _AIMS[MILLION if systems < FIVE / 2 else FIVE]
    lines = [f"{'ms':29}{'n':>5}{'p50':>8}{'p95':>8}{'max':>8}   engine p50/p95   aim"]
    for name in [*browser, *(name for name in engine if name not in browser)]:
        lines.append(_line(name, browser.get(name), engine.get(name), aims.get(name)))
    return "\n".join(lines)


def _line(name: str, painted: Figures | None, own: Figures | None, aim: Aim | None) -> str:
    times = f"{len(painted.ms):5}{_three(painted)}" if painted else " " * 29
    part = f"{own.at(0.5):6.0f} /{own.at(0.95):5.0f}" if own else ""
    return f"{name:29}{times}   {part:16} {_verdict(painted, aim) if painted and aim else ''}"


def _three(figures: Figures) -> str:
    return "".join(f"{ms:8.0f}" for ms in (figures.at(0.5), figures.at(0.95), max(figures.ms)))


def _verdict(figures: Figures, aim: Aim) -> str:
    half, most = aim
    met = figures.at(0.95) <= most and (half is None or figures.at(0.5) <= half)
    return f"{half or '–'}/{most} {'met' if met else 'MISSED'}"
