"""Times of one act, and the table they are printed in."""

from dataclasses import dataclass, field

# What the desk aims at, event to painted rows (issue 2): p50 and p95 in ms.
AIMS = {"sort": (150, 300), "page": (150, 300), "drag to group": (150, 300)}


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


def table(browser: dict[str, Figures], engine: dict[str, Figures]) -> str:
    """An act a line: event to painted rows, the engine's own part, the aim where there is one."""
    lines = [f"{'ms':22}{'n':>4}{'p50':>8}{'p95':>8}{'max':>8}   engine p50/p95   aim"]
    for name, figures in browser.items():
        own = engine.get(name)
        part = f"{own.at(0.5):6.0f} /{own.at(0.95):5.0f}" if own else ""
        aim = AIMS.get(name)
        met = aim and figures.at(0.5) <= aim[0] and figures.at(0.95) <= aim[1]
        verdict = f"{aim[0]}/{aim[1]} {'met' if met else 'MISSED'}" if aim else ""
        times = "".join(f"{ms:8.0f}" for ms in (figures.at(0.5), figures.at(0.95), max(figures.ms)))
        lines.append(f"{name:22}{len(figures.ms):4}{times}   {part:16} {verdict}")
    return "\n".join(lines)
