"""Refusals and acts in Spanish: one clear sentence that says what to do next."""

from lib.model import clock
from lib.model.action import Action, Outcome
from lib.model.approval import Answer
from lib.model.contact import Problem
from lib.model.errors import AppError, Reason
from lib.model.load import Stage
from lib.model.outbox import (
    CONFIGURATION,
    FOUND_ARCHIVED,
    Delivery,
    MailProblem,
    MailState,
    Motive,
)
from lib.model.reveal import RevealMotive
from lib.model.roles import Role
from lib.model.saved_view import MOST_NAME
from lib.ui import stops

_SENTENCES: dict[Reason, str] = {
    Reason.SIGNED_OUT: "Tu sesión terminó; vuelve a iniciar sesión para continuar.",
    Reason.FORBIDDEN: "Tu perfil no permite esta acción; pide ayuda a tu gerente.",
    Reason.BAD_CREDENTIALS: (
        "Usuario o contraseña incorrectos; revísalos y, si fallas varias veces, espera un minuto."
    ),
    Reason.WRONG_PASSWORD: "La contraseña actual no es correcta; escríbela de nuevo.",
    Reason.WEAK_PASSWORD: "Usa una contraseña de 12 a 128 caracteres que no sea de las comunes.",
    Reason.SAME_PASSWORD: "La contraseña nueva es igual a la actual; elige otra.",
    Reason.PASSWORDS_DIFFER: "Las dos contraseñas nuevas no coinciden; escríbelas otra vez.",
    Reason.BAD_USERNAME: (
        "El usuario lleva de 2 a 40 letras sin acento, números, punto o guion; elige otro."
    ),
    Reason.BAD_STAFF_EMAIL: "Ese correo no es válido; por ejemplo: ana@empresa.com.mx.",
    Reason.USERNAME_TAKEN: "Ya existe un usuario con ese nombre; elige otro.",
    Reason.DEMO_ONLY: "Esta página solo existe en la demostración; sigue desde el menú.",
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
    # With the rule that stopped it, lib/ui/stops.py says which and what to do.
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
    Reason.UNKNOWN_TEMPLATE: "Esa plantilla ya no existe; actualiza la página y elige otra.",
    Reason.BAD_TEMPLATE: "La plantilla tiene errores; corrige lo que se señala y repite.",
    Reason.TEMPLATE_CHANGED_MEANWHILE: (
        "Otra persona guardó esta plantilla mientras la editabas; mira la suya en Versiones y, si "
        "la tuya debe quedar, guarda de nuevo."
    ),
    Reason.NO_OWN_ADDRESS: (
        "Tu usuario no tiene correo; pide al administrador que lo capture y repite la prueba."
    ),
    Reason.NO_PACK: (
        "No encontré ningún archivo del paquete en {folder}; se esperan cuentas.csv, "
        "suscripciones.csv, licencias.csv, cda.csv y certificados.csv."
    ),
    Reason.UNREADABLE_FILE: "No pude leer {file}: {why}",
    Reason.MISSING_COLUMNS: "A {file} le faltan columnas: {columns}. Revisa los encabezados.",
    Reason.NOTHING_TO_IMPORT: "El archivo no tiene ninguna fila válida que importar.",
    Reason.LOAD_IN_PROGRESS: "Ya hay una carga en curso; espera a que termine.",
    Reason.LOAD_FAILED: (
        "La carga se interrumpió ({why}) y no cambió nada; revisa el espacio en disco y repítela."
    ),
    Reason.STALE_LOAD: "Otra carga terminó mientras se preparaba esta; ejecútala de nuevo.",
    Reason.STALE_PREVIEW: (
        "Los certificados cambiaron desde la revisión; revisa el archivo otra vez."
    ),
    Reason.HANDOVER_UNANSWERED: (
        "La mesa está abierta pero no respondió a la carga; sigue pendiente en {folder} y se "
        "publicará sola. Si no ocurre en un minuto, reinicia la mesa."
    ),
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
    Reason.BAD_SETTING: "El ajuste {setting} no es válido; se espera {takes}.",
    Reason.PORT_TAKEN: (
        "El puerto {port} está ocupado; cierra lo que lo usa o elige otro: PORT=8502 make run."
    ),
    Reason.DESK_SILENT: "La mesa no respondió en {url}; revisa los mensajes anteriores.",
    Reason.DESK_IN_USE: (
        "Otra mesa ya tiene abierta {file}; ciérrala (Ctrl-C) o usa otra carpeta en MESA_DATA."
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
        "(renglón {seq}, según {file}); no se abrió. Restaura el respaldo más reciente."
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

ACTION_NAMES: dict[Action, str] = {
    Action.APP_STARTED: "Inicio de la mesa",
    Action.APP_STOPPED: "Cierre de la mesa",
    Action.SIGNED_IN: "Inicio de sesión",
    Action.SIGN_IN_FAILED: "Inicio de sesión fallido",
    Action.SIGNED_OUT: "Cierre de sesión",
    Action.PASSWORD_CHANGED: "Cambio de contraseña",
    Action.STAFF_ADDED: "Alta de usuario",
    Action.RESEND_REQUESTED: "Reenvío de CDA",
    Action.RESEND_RETRIED: "Reintento de reenvío",
    Action.BULK_STARTED: "Reenvío a varios",
    Action.BULK_CANCELLED: "Cancelación de un reenvío a varios",
    Action.BULK_ENDED: "Fin de un reenvío a varios",
    Action.APPROVAL_ASKED: "Aprobación solicitada",
    Action.APPROVAL_GIVEN: "Reenvío aprobado",
    Action.APPROVAL_DENIED: "Reenvío no aprobado",
    Action.APPROVAL_EXPIRED: "Solicitud caducada",
    Action.APPROVAL_ANNOUNCED: "Aviso a gerentes",
    Action.MAIL_ACCEPTED: "Correo aceptado",
    Action.MAIL_DEFERRED: "Correo aplazado",
    Action.MAIL_FAILED: "Correo fallido",
    Action.MAIL_UNCERTAIN: "Correo incierto",
    Action.MAIL_SENT_AGAIN: "Correo enviado otra vez",
    Action.MAIL_BOUNCED: "Correo rebotado",
    Action.MAIL_DELAYED: "Correo demorado",
    Action.MAIL_PAUSED: "Envíos en pausa",
    Action.MAIL_RESUMED: "Envíos reanudados",
    Action.MAIL_PROBED: "Reintento de la pausa",
    Action.CONTACT_CHANGED: "Cambio de datos generales",
    Action.BILLING_CHANGED: "Cambio de datos de facturación",
    Action.SHIPPING_CHANGED: "Cambio de datos de envío",
    Action.POLICY_CHANGED: "Cambio de la política de reenvíos",
    Action.LANGUAGE_CHANGED: "Cambio del idioma de los correos",
    Action.TEMPLATE_SAVED: "Cambio de una plantilla",
    Action.TEMPLATE_RESTORED: "Plantilla restaurada",
    Action.TEMPLATE_TESTED: "Prueba de una plantilla",
    Action.CDA_REVEALED: "CDA visto",
    Action.REVEAL_LIMIT_REACHED: "Límite de CDA vistos alcanzado",
    Action.PACK_LOADED: "Carga de datos",
    Action.KEY_ROTATED: "Cambio de la llave de los CDA",
    Action.CERTIFICATES_IMPORTED: "Importación de certificados",
    Action.ROWS_EXPORTED: "Exportación",
    Action.VIEW_SAVED: "Vista guardada",
    Action.VIEW_CHANGED: "Cambio de una vista",
    Action.VIEW_DELETED: "Vista borrada",
}

OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.OK: "Correcto",
    Outcome.REFUSED: "Rechazado",
    Outcome.FAILED: "Fallido",
    Outcome.UNCERTAIN: "Incierto",
}

STAGE_NAMES: dict[Stage, str] = {
    Stage.READING: "Leyendo los archivos",
    Stage.CHECKING: "Revisando las filas",
    Stage.COMPARING: "Comparando con lo que había",
    Stage.WRITING: "Escribiendo los datos nuevos",
    Stage.PUBLISHING: "Poniéndolos en uso",
}

MAIL_STATE_NAMES: dict[MailState, str] = {
    MailState.HELD: "Detenido",
    MailState.QUEUED: "En cola",
    MailState.SENDING: "Enviando",
    MailState.ACCEPTED: "Aceptado por el servidor",
    MailState.FAILED: "Fallido",
    MailState.UNCERTAIN: "Incierto",
    MailState.BOUNCED: "Rebotado",
}

ANSWER_NAMES: dict[Answer, str] = {
    Answer.WAITING: "Espera a un gerente",
    Answer.APPROVED: "Aprobado",
    Answer.REJECTED: "No aprobado",
    Answer.EXPIRED: "Caducó sin respuesta",
}

MOTIVE_NAMES: dict[Motive, str] = {
    Motive.NOT_RECEIVED: "No recibió el correo",
    Motive.NEW_ADDRESS: "Cambió de correo",
    Motive.NEW_COMPUTER: "Cambió de equipo",
    Motive.REINSTALLED: "Reinstalación",
    Motive.UNLOCKED: "Después de un desbloqueo",
    Motive.OTHER: "Otro",
}

REVEAL_MOTIVE_NAMES: dict[RevealMotive, str] = {
    RevealMotive.NO_MAILBOX: "El cliente no puede abrir ningún correo",
    RevealMotive.MAIL_GIVES_BACK: "Los correos no le llegan",
    RevealMotive.COMPARE: "Compararlo con el que tiene el cliente",
    RevealMotive.OTHER_REVEAL: "Otro, según el ticket",
}

MAIL_PROBLEMS: dict[MailProblem, str] = {
    MailProblem.UNREACHABLE: "El servidor de correo no respondió",
    MailProblem.TIMED_OUT: "El servidor de correo tardó demasiado",
    MailProblem.CONNECTION_LOST: "Se cortó la conexión con el servidor de correo",
    MailProblem.SERVER_BUSY: "El servidor de correo pidió esperar",
    MailProblem.ADDRESS_REFUSED: "El servidor rechazó el correo de la cuenta",
    MailProblem.MESSAGE_REFUSED: "El servidor rechazó el mensaje",
    MailProblem.ADDRESS_NOT_ASCII: "El servidor no acepta acentos en el correo de la cuenta",
    MailProblem.NO_CODE: "Ya no hay ningún CDA registrado para esta serie",
    MailProblem.INTERNAL: "Algo falló en la mesa al enviarlo",
    MailProblem.REJECTED: "Un gerente no lo aprobó",
    MailProblem.EXPIRED: "Ningún gerente lo aprobó a tiempo",
    MailProblem.CANCELLED: "Se canceló antes de salir",
    MailProblem.GIVEN_BACK: "El servidor del cliente devolvió el correo",
    MailProblem.ANSWER_LOST: "El servidor no confirmó si recibió el correo",
    MailProblem.PROCESS_DIED: "La mesa se cerró a la mitad del envío",
    MailProblem.BAD_CERTIFICATE: "El certificado del servidor de correo no es de confianza",
    MailProblem.TLS_FAILED: "No se logró una conexión segura con el servidor de correo",
    MailProblem.NO_TLS: "El servidor de correo no ofrece conexión segura",
    MailProblem.BAD_LOGIN: "El servidor de correo no aceptó el usuario o la contraseña de la mesa",
    MailProblem.SENDER_REFUSED: "El servidor de correo no aceptó al remitente de la mesa",
    MailProblem.BAD_SERVER_SETTING: "La configuración del servidor de correo no es correcta",
    MailProblem.NO_CDA_KEY: "Falta la llave de los CDA, o no es la correcta",
    MailProblem.CLOCK_BACK: "El reloj de la mesa está atrasado: hay renglones de horas posteriores",
}

# Of the account with the archive and the bounces, within a sentence.
IMAP_PROBLEMS: dict[MailProblem, str] = {
    MailProblem.UNREACHABLE: "no responde",
    MailProblem.TIMED_OUT: "tarda demasiado",
    MailProblem.CONNECTION_LOST: "corta la conexión",
    MailProblem.BAD_CERTIFICATE: "tiene un certificado que no es de confianza",
    MailProblem.TLS_FAILED: "no logra una conexión segura",
    MailProblem.NO_TLS: "no ofrece conexión segura",
    MailProblem.BAD_LOGIN: "no acepta el usuario o la contraseña de la mesa",
    MailProblem.BAD_SERVER_SETTING: "no tiene la carpeta configurada",
}

# What the log says of an act refused to somebody else: sentences speak to who was refused.
# What stands under Motivo in the log: of a resend, of a refusal, of a mail's outcome.
LOG_REASONS: dict[str, str] = {
    **{code.value: name for code, name in MOTIVE_NAMES.items()},
    **{rule.value: name for rule, name in stops.RULE_NAMES.items()},
    **{code.value: words for code, words in MAIL_PROBLEMS.items()},
    Reason.FORBIDDEN.value: "Su perfil no lo permite",
    Reason.OWN_REQUEST.value: "Era su propia solicitud",
    Reason.ADDRESS_CHANGED_SINCE.value: "El correo cambió después de la solicitud",
    Reason.EXPORT_FAILED.value: "La descarga se interrumpió",
    FOUND_ARCHIVED: "Encontrado en el archivo",
    **{code.value: name for code, name in REVEAL_MOTIVE_NAMES.items()},
}

# What to do about a mail that failed for good; the rest ran out of attempts.
_AFTER_FAILURE: dict[MailProblem, str] = {
    MailProblem.ADDRESS_REFUSED: "corrígelo en Cuenta y reintenta.",
    MailProblem.ADDRESS_NOT_ASCII: "corrígelo en Cuenta y reintenta.",
    MailProblem.MESSAGE_REFUSED: "avisa al administrador antes de reintentar.",
    MailProblem.NO_CODE: "avisa al administrador.",
    MailProblem.INTERNAL: "reintenta y, si sigue, avisa al administrador.",
    MailProblem.REJECTED: "quien lo pidió puede leer por qué en Inicio.",
    MailProblem.EXPIRED: "pídelo de nuevo si el cliente aún lo necesita.",
    MailProblem.CANCELLED: "pídelo de nuevo si hace falta.",
}

# The portal's labels; * marks what it requires.
FIELD_NAMES: dict[str, str] = {
    "name": "Nombre y Apellidos*",
    "email": "Correo de Contacto*",
    "phone": "Teléfono de Contacto*",
    "rfc": "RFC",
    "legal_name": "Razón social",
    "tax_regime": "Régimen fiscal",
    "cfdi_use": "Uso CFDI",
    "postal_code": "Código postal",
    "street": "Calle y número",
    "neighborhood": "Colonia",
    "municipality": "Municipio",
    "state": "Estado",
}

PROBLEMS: dict[Problem, str] = {
    Problem.REQUIRED: "Este dato es obligatorio.",
    Problem.TOO_LONG: "Es demasiado largo: usa 500 caracteres o menos.",
    Problem.BAD_EMAIL: "No es un correo válido; revisa que lleve @ y un dominio completo.",
    Problem.BAD_PHONE: "No es un teléfono válido; escribe 10 dígitos, o + y la clave del país.",
    Problem.BAD_RFC: "No es un RFC: 12 caracteres (empresa) o 13 (persona), con una fecha real.",
    Problem.RFC_CHECK_DIGIT: "El dígito verificador no coincide; confirma el RFC con el cliente.",
    Problem.BAD_POSTAL_CODE: "El código postal son 5 dígitos.",
    Problem.UNKNOWN_CODE: "Esa clave no está en el catálogo del SAT; elige una de la lista.",
    Problem.USE_NOT_WITH_REGIME: "Ese uso de CFDI no va con el régimen fiscal; elige otro.",
}


# Their facts are a stop's.
_BY_RULE = frozenset({Reason.SENT_A_MOMENT_AGO, Reason.STOPPED_BY_POLICY, Reason.UNSEEN_WARNING})


def sentence(error: AppError) -> str:
    """The refusal in Spanish, with its facts filled in."""
    if error.reason in _BY_RULE and "rule" in error.facts:
        return stops.sentence(stops.raised(error.facts))
    return _SENTENCES[error.reason].format_map(_Facts(error.facts))


def problem_sentence(delivery: Delivery) -> str:
    """What went wrong with a mail and what to do; "" while all is well."""
    if not delivery.problem:
        return ""
    problem = MailProblem(delivery.problem)
    return f"{MAIL_PROBLEMS[problem]}; {_what_to_do(delivery, problem)}"


def _what_to_do(delivery: Delivery, problem: MailProblem) -> str:
    if delivery.state is MailState.UNCERTAIN and delivery.archived:
        return (
            "la mesa lo busca en su archivo y, si no salió, lo envía otra vez; si en una hora "
            "sigue así, pregunta al cliente si le llegó."
        )
    if delivery.state is MailState.UNCERTAIN:
        return "pregunta al cliente si le llegó: si reintentas, puede recibirlo dos veces."
    if delivery.state is MailState.BOUNCED:
        return "pide al cliente otro correo, corrígelo en Cuenta y reenvía."
    if delivery.state is MailState.FAILED:
        exhausted = "se agotaron los intentos. Reintenta o avisa al administrador."
        return _AFTER_FAILURE.get(problem, exhausted)
    if delivery.state is MailState.SENDING or delivery.next_attempt_at is None:
        return "se está intentando de nuevo."
    again = f"se intentará de nuevo a las {clock.at_office(delivery.next_attempt_at):%H:%M}."
    return (
        f"avisa al administrador; nada se pierde y {again}" if problem in CONFIGURATION else again
    )


def problem_words(code: str) -> str:
    """A mail's problem within a sentence, without its capital; "" for none."""
    words = MAIL_PROBLEMS[MailProblem(code)] if code else ""
    return words[:1].lower() + words[1:]


def motive(code: str) -> str:
    """Why a CDA is sent again: the desk's own words, or an administrator's as they were written."""
    return next((words for each, words in MOTIVE_NAMES.items() if each.value == code), code)


def resend_reason(code: str) -> str:
    """The log's reason of a resend, a refusal or an outcome, in words; other texts as they are."""
    return LOG_REASONS.get(code, code)


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "—"
