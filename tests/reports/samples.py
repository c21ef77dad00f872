"""A report with a little of everything, and names that try to be something else."""

from lib.model.report import Failing, Figure, Report, Row, Shape, Table, Unit

FORMULA = '=HYPERLINK("http://example.net";"x")'
MARKUP = "<script>alert(1)</script>"
BOTH = ("Periodo", "Anterior")

DAYS = tuple(
    Row(f"{name} {day} nov", (day, 30 - day), f"2026-11-{day}")
    for name, day in zip(
        ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"), range(16, 23), strict=True
    )
)
REPORT = Report(
    title="Resumen semanal",
    first="2026-11-16",
    last="2026-11-22",
    before_first="2026-11-09",
    before_last="2026-11-15",
    made_at="23/11/2026 a las 07:00",
    figures=(
        Figure("Reenvíos", 1133, 777),
        Figure("Rebotados", 3, 0, bad=True),
        Figure("Espera (mediana)", 90.0, None, Unit.SECONDS),
    ),
    tables=(
        Table("day", "Reenvíos por día", "Día", BOTH, DAYS, Shape.STANDING),
        Table(
            "product", "Por sistema", "Sistema", BOTH,
            (Row(FORMULA, (5, 4)), Row(MARKUP, (3, 0)), Row("$x^2$ Ñandú 漢字", (1, 2))),
        ),
        Table("agent", "Por agente", "Agente", BOTH,
              tuple(Row(f"agente{n}", (n, 1)) for n in range(40, 0, -1))),
        Table("activations", "Activaciones por mes", "Mes", ("Suscripciones", "Licencias"),
              (Row("oct 2026", (5, 1)), Row("nov 2026", (0, 0))), Shape.SERIES, False),
        Table("due", "Suscripciones por vencer", "Próximo pago", ("Suscripciones",),
              (Row("Vencidas", (12,)),), compared=False),
    ),
    failing_total=2,
    failing=(Failing("h****z@example.com", "00000001", "20/11/2026"),),
)  # fmt: skip
