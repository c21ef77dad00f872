"""What templates, their variables and their faults are called on screen."""

from collections.abc import Mapping

from lib.model.outbox import MailKind
from lib.model.template import LONGEST, SPECS, Fault, Language, Part, Wrong

KIND_NAMES: Mapping[MailKind, str] = {
    MailKind.RESEND: "Reenvío de un CDA",
    MailKind.RESEND_MANY: "Reenvío de varios CDA",
    MailKind.ADDRESS_CHANGED: "Aviso de cambio de correo",
    MailKind.APPROVAL_WAITING: "Aviso de aprobación pendiente",
}
LANGUAGE_NAMES: Mapping[Language, str] = {Language.ES: "Español", Language.EN: "Inglés"}

READERS: Mapping[MailKind, str] = {
    MailKind.RESEND: "Lo recibe el cliente con el CDA de un sistema.",
    MailKind.RESEND_MANY: "Lo recibe el cliente con los CDA de varios de sus sistemas.",
    MailKind.ADDRESS_CHANGED: "Lo recibe el correo anterior de una cuenta cuando se cambia.",
    MailKind.APPROVAL_WAITING: "Lo reciben los gerentes cuando un reenvío se detiene.",
}

_VARIABLES: Mapping[str, str] = {
    "asunto": "El asunto; dentro del asunto, el que tiene configurado la mesa",
    "nombre": "Nombre de quien lo recibe",
    "sistema": "Sistema (SAE, COI…)",
    "version": "Versión del sistema",
    "serie": "No. Serie",
    "cda": "CDA en vigor",
    "sistemas": "Los sistemas, uno por uno",
    "sistemas.sistema": "Sistema (SAE, COI…)",
    "sistemas.version": "Versión del sistema",
    "sistemas.serie": "No. Serie de cada sistema",
    "sistemas.cda": "CDA en vigor de cada sistema",
    "correo_anterior": "Correo anterior, oculto en parte",
    "correo_nuevo": "Correo nuevo, oculto en parte",
    "referencia": "Referencia para llamar a Soporte",
    "cuenta": "Número de cuenta",
    "pidio": "Quién pidió el reenvío",
    "series": "Los números de serie, uno por uno",
    "motivos": "Por qué se detuvo, uno por uno",
}

PART_NAMES: Mapping[str, str] = {Part.SUBJECT: "Asunto", Part.TEXT: "Texto", Part.HTML: "HTML"}
_PARTS: Mapping[Part, tuple[str, str]] = {
    Part.SUBJECT: ("del asunto", "En el asunto"),
    Part.TEXT: ("del texto", "En el texto"),
    Part.HTML: ("del HTML", "En el HTML"),
}

_FAULTS: Mapping[Wrong, str] = {
    Wrong.EMPTY: "no hay nada escrito; escríbelo.",
    Wrong.TOO_LONG: "es demasiado largo; acórtalo a {limit} caracteres o menos.",
    Wrong.SYNTAX: (
        "no se entiende; revisa que cada {{ y cada {% se cierren y que if y for tengan su endif "
        "o endfor."
    ),
    Wrong.NOT_ALLOWED: (
        "«{what}» no se puede usar; deja solo variables, condiciones y un for sobre una lista."
    ),
    Wrong.UNKNOWN_NAME: "«{what}» no existe; elige una de las variables de este correo.",
    Wrong.IS_A_LIST: "«{what}» son varios datos; recórrelos con for y escribe uno de ellos.",
    Wrong.SECRET: "«{what}» se vería con el teléfono bloqueado; quítalo de aquí.",
    Wrong.MISSING: "falta «{what}» ({about}); agrégalo donde se lea.",
    Wrong.UNSAFE: "un dato del cliente podría volverse código; deja las variables entre etiquetas.",
    Wrong.TAG: "{what} no se permite en un correo; quítalo.",
    Wrong.ATTRIBUTE: "el atributo «{what}» no se permite en un correo; quítalo.",
    Wrong.ADDRESS: (
        "«{what}» no se permite; los enlaces empiezan con https://, mailto: o tel:, y las imágenes "
        "van dentro del correo (data:image/…)."
    ),
    Wrong.STYLE: "el estilo «{what}» trae algo de fuera; déjalo en medidas, colores y letras.",
    Wrong.NAME_IN_TAG: "hay una variable dentro de {what}; muévela al texto entre etiquetas.",
    Wrong.NOT_CLOSED: "{what} no se cierra; agrega su cierre.",
    Wrong.NOT_OPENED: "{what} cierra algo que no se abrió; quítalo.",
    Wrong.STRAY: "hay un «<» suelto; escribe &lt; en su lugar.",
    Wrong.COMMENT: "los comentarios de HTML llegan al cliente; escríbelo como {# … #}.",
}


def sentence(fault: Fault) -> str:
    """What is wrong, on which line, and what to do.

    >>> sentence(Fault(Part.HTML, Wrong.TAG, 3, "<script>"))
    'Renglón 3 del HTML: <script> no se permite en un correo; quítalo.'
    """
    of_part, in_part = _PARTS[fault.part]
    where = f"Renglón {fault.line} {of_part}" if fault.line else in_part
    facts = {
        "{what}": fault.what,
        "{about}": _VARIABLES.get(fault.what, ""),
        "{limit}": f"{LONGEST[fault.part]:,}",
    }
    why = _FAULTS[fault.wrong]
    for mark, fact in facts.items():  # not format(): the sentences speak of {{ and {%
        why = why.replace(mark, fact)
    return f"{where}: {why}"


def variables(kind: MailKind) -> list[tuple[str, str]]:
    """What a template of this kind may name, as it is written, and what it stands for."""
    spec = SPECS[kind]
    rows = [(f"{{{{ {name} }}}}", _VARIABLES[name]) for name in _VARIABLES if name in spec.names]
    for name, fields in spec.lists.items():
        one = name[0]
        rows.append((f"{{% for {one} in {name} %}} … {{% endfor %}}", _VARIABLES[name]))
        inside = [f"{name}.{field}" for field in fields]
        rows += [
            (f"{{{{ {one}.{full.partition('.')[2]} }}}}", _VARIABLES[full])
            for full in _VARIABLES
            if full in inside
        ]
        if not fields:
            rows.append((f"{{{{ {one} }}}}", "Cada uno, dentro de su for"))
    return rows


def named(ref: str) -> str:
    """A version as people call it.

    >>> named("resend/es@3"), named("resend/es@0")
    ('Versión 3', 'Original')
    """
    number = ref.rpartition("@")[2]
    return "Original" if number == "0" else f"Versión {number}"
