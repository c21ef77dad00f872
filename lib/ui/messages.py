"""Refusals in Spanish: one clear sentence that says what to do next."""

from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.model.roles import Role
from lib.model.saved_view import MOST_NAME
from lib.ui.imports import refusals
from lib.ui.mail import stops
from lib.ui.people import door_refusals

_SENTENCES: dict[Reason, str] = {
    **door_refusals.SENTENCES,
    Reason.UNKNOWN_SERIAL: "El número de serie {serial} ya no existe; actualiza la página.",
    Reason.UNKNOWN_FOLIO: "El certificado {folio} ya no existe; actualiza la página.",
    Reason.UNKNOWN_ACCOUNT: "La cuenta {account_no} no existe; búscala por nombre o serie.",
    Reason.NO_ADDRESS: "La cuenta no tiene correo; captúralo en Cuenta y vuelve a intentar.",
    Reason.BAD_ADDRESS: "El correo de la cuenta no es válido; corrígelo en Cuenta y reintenta.",
    Reason.NO_CODE: "No hay ningún CDA registrado para esta serie; avisa al administrador.",
    Reason.PRINTED_ON_CERTIFICATE: (
        "El CDA está impreso en el Certificado de Autenticidad; no se envía por correo."
    ),
    Reason.MISSING_REASON: "Elige el motivo del reenvío.",
    Reason.BAD_TICKET: "El ticket es un solo renglón de 40 caracteres o menos; acórtalo.",
    Reason.ON_ITS_WAY: (
        "Ya va en camino un correo con el CDA de esta serie; espera a ver qué pasa con él."
    ),
    Reason.WAITS_FOR_APPROVAL: (
        "Ya hay una solicitud para esta serie que espera a un gerente; verás su respuesta en "
        "Inicio."
    ),
    # With the rule that stopped it, lib/ui/mail/stops.py says which and what to do.
    Reason.SENT_A_MOMENT_AGO: (
        "El CDA de esta serie se envió hace un momento; espera un poco y vuelve a intentar."
    ),
    Reason.STOPPED_BY_POLICY: (
        "La política de reenvíos no permite este envío; pide ayuda a tu gerente."
    ),
    Reason.UNSEEN_WARNING: "Hay un aviso nuevo sobre este reenvío; léelo antes de confirmar.",
    Reason.TICKET_NOT_LIKE: "Escribe el ticket completo, como {example}.",
    Reason.BAD_POLICY: "Revisa los valores marcados; no se guardó nada.",
    Reason.POLICY_CHANGED_MEANWHILE: (
        "Otra persona cambió la política mientras la editabas; actualiza la página y repite tu "
        "cambio."
    ),
    Reason.NOT_RETRYABLE: "Ese envío ya no está fallido; actualiza la página para ver su estado.",
    Reason.UNKNOWN_DELIVERY: "No encontré ese envío; cierra la ventana y actualiza la página.",
    Reason.STALE_DIALOG: (
        "Esta ventana ya se usó para otro envío; ciérrala y vuelve a abrir Reenviar CDA."
    ),
    Reason.UNKNOWN_APPROVAL: "Esa solicitud ya no existe; actualiza la página.",
    Reason.OWN_REQUEST: "Esta solicitud es tuya: pide a otro gerente que la responda.",
    Reason.OWN_CHANGE: (
        "Tú cambiaste el correo de esta cuenta: pide a otro gerente que la apruebe, o recházala."
    ),
    Reason.ALREADY_ANSWERED: (
        "Esta solicitud ya no espera respuesta: otra persona la atendió o caducó; actualiza la "
        "página para ver cómo quedó."
    ),
    Reason.ADDRESS_CHANGED_SINCE: (
        "El correo de la cuenta cambió después de la solicitud; recházala y pide que la hagan de "
        "nuevo con el correo de ahora."
    ),
    Reason.MISSING_NOTE: "Escribe por qué la rechazas; quien la pidió verá tu nota.",
    Reason.LONG_NOTE: "La nota lleva {most} caracteres o menos; acórtala.",
    Reason.UNKNOWN_ALERT: "Esa alerta ya no existe; actualiza la página.",
    Reason.OWN_ALERT: "Esta alerta es sobre lo que tú hiciste: pide a otro gerente que la tome.",
    Reason.ALERT_TAKEN: "Esta alerta ya la tomó {by}; actualiza la página para ver cómo va.",
    Reason.ALERT_NOT_YOURS: "Esta alerta no está a tu cargo; tómala antes de escribir qué fue.",
    Reason.ALERT_CLOSED: "Esta alerta ya se cerró; mira en Alertas qué fue.",
    Reason.MISSING_FINDING: "Escribe qué fue; queda en la bitácora con tu nombre.",
    Reason.TOO_MANY_SYSTEMS: (
        "Seleccionaste {total} sistemas y se reenvían {most} a la vez como máximo, para que "
        "un error no llegue a toda la lista; selecciona menos."
    ),
    Reason.NOTHING_TO_RESEND: (
        "No quedó ningún sistema al que enviarle su CDA; revisa por qué y selecciona otros."
    ),
    Reason.UNKNOWN_BULK: "No encontré ese envío; elige otro en Envíos.",
    Reason.OTHER_ACCOUNT_NOW: (
        "La serie {serial} cambió de cuenta después de la revisión; reenvíala por separado."
    ),
    Reason.BULK_OVER: "Ese envío ya terminó; no queda nada que cancelar.",
    Reason.MISSING_MOTIVE: "Elige por qué necesitas ver este CDA.",
    Reason.MISSING_TICKET: (
        "Escribe el ticket o la llamada por la que lo ves; queda en la bitácora con tu nombre."
    ),
    Reason.TOO_MANY_REVEALS: (
        "Ya viste {most} CDA en una hora, que es el límite; espera {wait_min} min o reenvíalo al "
        "correo del cliente."
    ),
    Reason.REVEAL_OVER: "Este CDA ya se ocultó; si aún lo necesitas, vuelve a abrir Ver CDA.",
    Reason.INVALID_FIELD: "Revisa los campos marcados y guarda de nuevo.",
    Reason.NOTHING_CHANGED: "No cambiaste ningún dato; no hay nada que guardar.",
    Reason.CHANGED_MEANWHILE: (
        "Otra persona cambió esta cuenta mientras la editabas; revisa los datos y guarda de nuevo."
    ),
    Reason.SAME_LINK: "El certificado ya está así; no hay nada que guardar.",
    Reason.LINK_CHANGED_MEANWHILE: (
        "Otra persona cambió la cuenta de este certificado mientras lo veías (ahora: "
        "{account_no}); mira cómo quedó y, si hace falta, vincúlalo de nuevo."
    ),
    Reason.UNKNOWN_TEMPLATE: "Esa plantilla ya no existe; actualiza la página y elige otra.",
    Reason.BAD_TEMPLATE: "La plantilla tiene errores; corrige lo que se señala y repite.",
    Reason.TEMPLATE_CHANGED_MEANWHILE: (
        "Otra persona guardó esta plantilla mientras la editabas; mira la suya en Versiones y, si "
        "la tuya debe quedar, guarda de nuevo."
    ),
    Reason.NO_OWN_ADDRESS: (
        "Tu usuario no tiene correo; pide al administrador que lo capture e inténtalo de nuevo."
    ),
    **refusals.SENTENCES,
    Reason.NOTHING_TO_EXPORT: (
        "No hay ningún registro que exportar; quita algún filtro y vuelve a intentar."
    ),
    Reason.EXPORT_RUNNING: (
        "Todavía se está descargando otra exportación tuya; espera a que termine o cancélala en "
        "tu navegador."
    ),
    Reason.EXPORTS_BUSY: "Hay varias exportaciones en curso; intenta de nuevo en un minuto.",
    Reason.EXPORT_GONE: (
        "Este enlace ya se usó, caducó o es de otra sesión; vuelve a exportar desde la tabla."
    ),
    Reason.EXPORT_FAILED: "El archivo no se pudo preparar; intenta exportar de nuevo.",
    Reason.UNKNOWN_VIEW: "Esa vista ya no existe; elige otra en Vistas.",
    Reason.BAD_VIEW_NAME: (
        f"El nombre de una vista lleva de 1 a {MOST_NAME} caracteres que se vean; escribe otro."
    ),
    Reason.VIEW_NAME_TAKEN: "Ya tienes una vista llamada «{name}» en esta lista; usa otro nombre.",
    Reason.VIEW_CHANGED_MEANWHILE: (
        "Otra persona cambió esta vista mientras la veías; ábrela de nuevo y repite tu cambio."
    ),
    Reason.TOO_MANY_VIEWS: "Ya tienes {most} vistas guardadas; borra alguna antes de guardar otra.",
    Reason.TOO_MANY_PINS: "Tu menú ya tiene {most} vistas fijadas; quita alguna antes.",
    Reason.UNKNOWN_ENTRY: "Ese renglón no está en la bitácora; actualiza la página.",
    Reason.UNREADABLE_ENTRY: (
        "El renglón {seq} de la bitácora fue alterado y no se puede leer; avisa a un gerente para "
        "que compruebe la bitácora."
    ),
    Reason.VERIFICATION_RUNNING: (
        "La bitácora ya se está comprobando; espera a que termine y mira el resultado."
    ),
    Reason.NOTHING_HELD: "La mesa no guarda nada de {who}; revisa el número o el usuario.",
    Reason.STILL_ACTIVE: (
        "{username} todavía puede entrar; dale de baja primero en Usuarios o con python -m lib "
        "user disable."
    ),
    Reason.NOTHING_TO_ERASE: (
        "La bitácora no guarda datos personales de esa cuenta; revisa el número de cuenta."
    ),
    Reason.ARCHIVE_LOST: (
        "No se hizo nada: el archivo del tramo que empieza en el renglón {first} se perdió o fue "
        "alterado, y puede hablar de esa cuenta. Recupéralo de un respaldo de data/log, o da de "
        "baja el tramo con python -m lib log drop, y repite."
    ),
    Reason.ARCHIVE_FAILED: (
        "Los renglones {first} a {last} no se archivaron: lo escrito no salió igual, así que "
        "siguen en la base. Revisa el disco y repite python -m lib log archive."
    ),
    Reason.UNKNOWN_SEGMENT: (
        "La bitácora no tiene un tramo {number}; python -m lib log list dice cuáles hay."
    ),
    Reason.SEGMENT_NOT_ARCHIVED: (
        "El tramo {number} no está archivado, y solo se da de baja lo archivado; archívalo primero "
        "con python -m lib log archive."
    ),
    Reason.SEGMENT_NOT_OLDEST: (
        "Hay tramos anteriores al {number}: da de baja primero el más antiguo, que python -m lib "
        "log list muestra arriba."
    ),
    Reason.DROP_REASON_MISSING: (
        "Escribe por qué se da de baja, con --reason; queda en la bitácora."
    ),
    Reason.BAD_SETTING: "El ajuste {setting} no es válido; se espera {takes}.",
    Reason.PORT_TAKEN: (
        "El puerto {port} está ocupado; cierra lo que lo usa o elige otro: PORT=8502 make run."
    ),
    Reason.DESK_SILENT: "La mesa no respondió en {url}; revisa los mensajes anteriores.",
    Reason.DEMO_FOLDER: (
        "{folder} es de una demostración, cuyas contraseñas conoce cualquiera; indica en MESA_DATA "
        "la carpeta de tu mesa, o abre la demostración con python -m lib demo."
    ),
    Reason.NOT_A_DEMO_FOLDER: (
        "{folder} no es de una demostración, y la demostración no toca los datos de una mesa; "
        "indica en MESA_DATA una carpeta vacía, o abre la mesa con python -m lib serve."
    ),
    Reason.DEMO_ADDRESS: (
        "La demostración solo atiende a esta misma máquina, porque sus contraseñas las conoce "
        "cualquiera, y se le pidió escuchar en {address}; ábrela con python -m lib demo."
    ),
    Reason.DEMO_SETTING: (
        "La demostración no corre con {setting}, que es de una mesa de verdad; quítalo (también de "
        ".streamlit/secrets.toml), o abre la mesa con python -m lib serve."
    ),
    Reason.DEMO_MAIL: (
        "La demostración solo manda correos a su propio buzón, y en {host}:{port} responde otro "
        "servidor o ninguno; ábrela con python -m lib demo, que trae el suyo."
    ),
    Reason.NO_TLS: (
        "En {address} las contraseñas pasarían sin cifrar; deja la mesa en localhost con un proxy "
        "con TLS delante (deploy/nginx), o, si el proxy está en otra máquina, indica su dirección "
        "en MESA_PROXY y la de la mesa, con https, en MESA_URL."
    ),
    Reason.DESK_IN_USE: (
        "Otra mesa ya tiene abierta {file}; ciérrala (Ctrl-C) o usa otra carpeta en MESA_DATA."
    ),
    Reason.NOT_PRIVATE: (
        "Otros usuarios de la máquina pueden abrir {file} y la mesa no puede impedirlo: hazlo de "
        "su usuario y de nadie más (chown y chmod go=), o usa otra carpeta en MESA_DATA."
    ),
    Reason.DATA_KEY_WRONG: (
        "MESA_DATA_KEY no es la llave con la que se cifró {file}; pon la suya, de donde la guardes."
    ),
    Reason.DATA_KEY_MISSING: (
        "{file} está cifrado: define MESA_DATA_KEY con su llave, de donde la guardes."
    ),
    Reason.NOT_ENCRYPTED: (
        "MESA_DATA_KEY está definida y {file} no está cifrado: con la mesa cerrada, cífralo con "
        "python -m lib key encrypt."
    ),
    Reason.NO_CIPHER: (
        "Para cifrar la base hace falta {package}: instálalo con pip, de la misma versión que "
        "duckdb."
    ),
    Reason.DATABASE_CORRUPT: (
        "El archivo {file} está dañado o no es de la mesa; no se tocó. Restaura un respaldo o "
        "usa otra carpeta en MESA_DATA."
    ),
    Reason.DATABASE_NEWER: (
        "La base de datos es de una versión más nueva de la mesa; no se tocó. Actualiza el "
        "programa o restaura un respaldo anterior."
    ),
    Reason.REF_OLDER: (
        "Los datos cargados ({file}) son de una versión anterior de la mesa; no se tocaron. Carga "
        "de nuevo la entrega del proveedor en una carpeta de datos nueva (MESA_DATA), o sigue con "
        "el programa anterior."
    ),
    Reason.DATABASE_BEHIND: (
        "A la base de datos le faltan renglones de la bitácora que ya estaban confirmados "
        "(renglón {seq}, según {file}); no se tocó. Restaura el respaldo más reciente o abre la "
        "mesa, que sigue en un tramo nuevo y lo anota; python -m lib verify dice desde dónde."
    ),
    Reason.STORAGE_FAILED: (
        "La base de datos no respondió y no se guardó nada; intenta de nuevo y, si sigue, avisa "
        "al administrador."
    ),
    Reason.DISK_FULL: (
        "El disco de la mesa está lleno y no se guardó nada; avisa al administrador para que "
        "libere espacio y vuelve a intentar."
    ),
    Reason.CDA_KEY_MISSING: (
        "Falta la llave de los CDA: define MESA_CDA_KEY o recupera {file} de tu respaldo."
    ),
    Reason.CDA_KEY_WRONG: "La llave de los CDA no corresponde a estos datos; revisa MESA_CDA_KEY.",
    Reason.NOTHING_SEALED: (
        "Todavía no hay ningún CDA que sellar de nuevo; carga primero la entrega del proveedor."
    ),
    Reason.ROTATION_FAILED: (
        "El cambio de llave se interrumpió ({why}) y no cambió nada; revisa el espacio en disco y "
        "repítelo."
    ),
}

ROLE_NAMES: dict[Role, str] = {
    Role.AGENT: "Agente",
    Role.MANAGER: "Gerente",
    Role.ADMIN: "Administrador",
}

STAGE_NAMES: dict[Stage, str] = {
    Stage.UNPACKING: "Abriendo el libro",
    Stage.READING: "Leyendo los archivos",
    Stage.CHECKING: "Revisando las filas",
    Stage.COMPARING: "Comparando con lo que había",
    Stage.WRITING: "Escribiendo los datos nuevos",
    Stage.PUBLISHING: "Poniéndolos en uso",
}

# Their facts are a stop's.
_BY_RULE = frozenset({Reason.SENT_A_MOMENT_AGO, Reason.STOPPED_BY_POLICY, Reason.UNSEEN_WARNING})


def sentence(error: AppError) -> str:
    """The refusal in Spanish, with its facts filled in."""
    if error.reason in _BY_RULE and "rule" in error.facts:
        return stops.sentence(stops.raised(error.facts))
    return _SENTENCES[error.reason].format_map(_Facts(error.facts))


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "—"
