"""A template of the certificates' columns, to fill in: XLSX and CSV. It holds nobody's data."""

from functools import cache

from lib.model import formula
from lib.model.sheet import Format
from lib.model.system import MAX_SEATS, PRODUCTS
from lib.sheets import template
from lib.sheets.template import Field
from lib.store.pack.files import CERTIFICATES

NAME = "plantilla-certificados"
_TITLE, _GUIDE = "Certificados", "Instrucciones"
_NOTES = (
    "Cómo llenar la hoja Certificados",
    "Un certificado por renglón. Todas las celdas son texto: así Excel no quita ceros ni redondea.",
    "Si pegas de otra hoja, usa Pegado especial › Valores, para que las celdas sigan siendo texto.",
    "Si quitas una columna que no hace falta, se queda lo que tenga la mesa; una celda vacía no.",
    "El CDA no se captura: está solo en el Certificado de Autenticidad.",
)
# What to write, and an example: of nobody.
_TOLD = {
    "folio": ("El del Certificado de Autenticidad, uno por certificado", "CA-0012345"),
    "serial": ("Como está impresa, con sus ceros al principio", "00ABC12345"),
    "product": (", ".join(PRODUCTS), "SAE"),
    "version": ("Con su punto", "9.0"),
    "seats": (f"Un número de 1 a {MAX_SEATS}", "1"),
    "purchased_on": ("dd/mm/aaaa", "31/01/2024"),
    "holder": ("Nombre o razón social de quien compró", "Comercializadora Ejemplo"),
    "rfc": ("12 o 13 caracteres, sin espacios", "XAXX010101000"),
    "account_no": ("La cuenta de Aspel, si se conoce, con sus ceros", "00012345"),
}


@cache
def made(form: Format) -> bytes:
    """The template as a file."""
    if form is Format.CSV:
        heading = ",".join(formula.escape(c.heading) for c in CERTIFICATES.columns)
        return f"{heading}\r\n".encode("utf-8-sig")
    fields = [
        Field(c.heading, *_TOLD[c.name], not c.optional, PRODUCTS if c.name == "product" else ())
        for c in CERTIFICATES.columns
    ]
    return template.workbook(_TITLE, _GUIDE, _NOTES, fields)
