"""How figures stand in the tables of docs/benchmarks.md."""


def pair(figures: dict[str, float] | None) -> str:
    return f"{figures['p50']:,.0f} / {figures['p95']:,.0f}" if figures else "–"


def row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def rule(columns: int) -> str:
    return f"|---|{'---:|' * columns}"
