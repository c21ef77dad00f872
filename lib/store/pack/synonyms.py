"""What offices call our columns: headings of real spreadsheets, Spanish and English, by our names.

They are compared by their words (lib/model/heading.py).
"""

from collections.abc import Mapping
from functools import cache

from lib.model.heading import plain, words
from lib.store.pack.files import Column, PackFile

# Whatever stands under these, they mean our column. By how sure: the first found is taken.
_SURE: Mapping[str, tuple[str, ...]] = {
    "folio": (
        "folio", "no folio", "certificado", "folio certificado", "folio certificado autenticidad",
        "no certificado", "clave certificado", "id certificado", "certificado autenticidad",
        "certificate no", "certificate",
    ),
    "serial": (
        "serie", "no serie", "s/n", "n/s", "no s", "serial", "serial no", "no serial",
        "serie sistema", "no serie sistema", "serie producto", "no serie producto",
        "serie aspel", "no serie aspel", "clave serie", "product serial",
    ),
    "product": (
        "sistema", "producto", "sistema aspel", "producto aspel", "nombre sistema",
        "nombre producto", "clave producto", "clave sistema", "programa", "programa aspel",
        "software", "aplicacion", "product", "product name", "system", "aspel",
    ),
    "version": (
        "version", "version sistema", "version producto", "release", "product version",
    ),
    "seats": (
        "usuarios", "no usuarios", "cantidad usuarios", "total usuarios", "usuarios licencia",
        "usuarios sistema", "seats", "no seats", "no puestos", "puestos",
    ),
    "purchased_on": (
        "fecha compra", "fecha adquisicion", "fecha venta", "fecha factura", "fecha facturacion",
        "purchase date", "purchased", "purchased on", "date purchase", "sale date",
    ),
    "holder": (
        "titular", "nombre titular", "titular certificado", "razon social", "nombre razon social",
        "nombre o razon social", "denominacion", "denominacion razon social", "nombre apellidos",
        "nombre cliente", "cliente final", "usuario final", "propietario", "dueno", "a nombre",
        "comprador", "registrado a", "holder", "owner", "customer name", "company", "company name",
    ),
    "rfc": (
        "rfc", "rfc titular", "rfc cliente", "rfc receptor", "registro federal contribuyentes",
        "tax id",
    ),
    "account_no": (
        "cuenta", "no cuenta", "cuenta aspel", "cuenta cliente", "no cuenta cliente", "no cliente",
        "clave cliente", "id cliente", "codigo cliente", "id cuenta", "clave cuenta", "account",
        "account no", "account id", "customer no", "customer id",
    ),
}  # fmt: skip
# These mean our column when what stands under them does too.
_PERHAPS: Mapping[str, tuple[str, ...]] = {
    "serial": ("licencia", "no licencia"),
    "product": ("descripcion", "articulo", "concepto", "item", "nombre"),
    "seats": ("usuario", "licencias", "no licencias", "cantidad licencias", "cantidad", "equipos"),
    "purchased_on": ("fecha", "compra", "adquisicion", "venta", "factura", "date"),
    "holder": ("cliente", "empresa", "nombre", "name", "customer", "contacto", "nombre completo"),
    "account_no": ("cliente", "customer"),
}
# A heading with one of these words is something else, whatever stands under it.
_OTHERS = frozenset((
    "telefono", "tel", "celular", "phone", "correo", "mail", "email", "cp", "postal", "calle",
    "colonia", "municipio", "estado", "ciudad", "direccion", "domicilio", "pedido", "orden",
    "remision", "importe", "precio", "costo", "monto", "total", "saldo", "iva", "notas",
    "observaciones", "comentarios", "vendedor", "distribuidor", "activacion", "vencimiento",
    "vence", "pago", "alta", "baja", "consecutivo", "renglon", "fila", "cda", "codigo", "password",
    "contrasena", "curp", "clabe", "referencia", "motivo", "celdas", "factura", "invoice", "lote",
    "sucursal", "ticket", "poliza", "empleado", "asociado", "guia",
))  # fmt: skip
_KEYS = frozenset(("codigo", "clave", "key", "code"))
_BARE_KEYS = (("clave",), ("key",), ("code",), ("contrasena",), ("password",))
_LOOKED_AT = 1000  # titles of one line: reading words takes 10 µs each


def rank(title: str, column: str, heading: str) -> float | None:
    """How well a title names our `column`, whose own heading is given: 0 as it is written, 1 by
    the same words, from 2 on by a synonym; None when it doesn't, for all that is sure."""
    if plain(title) == plain(heading):
        return 0
    said = words(title)
    if said == words(heading):
        return 1
    return 2 + _SURE_WORDS[column, said] / 100 if (column, said) in _SURE_WORDS else None


def perhaps(title: str, column: str) -> float | None:
    """The same of what is sure only together with what the column holds."""
    place = _PERHAPS_WORDS.get((column, words(title)))
    return None if place is None else 3 + place / 100


def spellings(pack_file: PackFile) -> list[list[str]]:
    """For each of our columns, what a title may be that names it: its words with a space between
    them, or itself without signs."""
    return [
        [plain(column.heading), *(" ".join(said) for said in sorted(_known(column)))]
        for column in pack_file.columns
    ]


def is_other(title: str) -> bool:
    """Whether a heading says that its column is none of ours."""
    return not _OTHERS.isdisjoint(words(title))


def is_secret(title: str) -> bool:
    """Whether CDAs stand under a heading: such a column is never taken for one of ours."""
    said = set(words(title))
    return "cda" in plain(title) or ("activacion" in said and not said.isdisjoint(_KEYS))


def is_key(title: str) -> bool:
    """The same, or a bare word that offices use for them: what isn't ours isn't kept unsealed."""
    return is_secret(title) or words(title) in _BARE_KEYS


def is_covered(title: str) -> bool:
    """Whether CDAs may stand under a heading: its cells aren't shown."""
    return is_key(title) or "codigo" in plain(title)


def named(titles: list[str], pack_file: PackFile) -> int:
    """How many of our columns these titles name for sure."""
    plains, said = {plain(t) for t in titles}, {words(t) for t in titles[:_LOOKED_AT]}
    return sum(1 for c in pack_file.columns if plain(c.heading) in plains or said & _known(c))


@cache
def _known(column: Column) -> set[tuple[str, ...]]:
    return {words(column.heading)} | {said for of, said in _SURE_WORDS if of == column.name}


def _by_words(table: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, tuple[str, ...]], int]:
    found: dict[tuple[str, tuple[str, ...]], int] = {}
    for column, headings in table.items():
        for at, heading in enumerate(headings):
            found.setdefault((column, words(heading)), at)
    return found


_SURE_WORDS = _by_words(_SURE)
_PERHAPS_WORDS = _by_words(_PERHAPS)
