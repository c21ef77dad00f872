"""The log's acts, outcomes and reasons in words."""

from lib.model.action import Action, Outcome
from lib.model.audit_export import BARE, DETAILED
from lib.model.errors import Reason
from lib.model.outbox import (
    FOUND_ARCHIVED,
)
from lib.model.segment import MONTH
from lib.ui.log import alert_words, proof_words, sign_on_words
from lib.ui.mail import mail_words, stops

ACTION_NAMES: dict[Action, str] = {
    Action.APP_STARTED: "Inicio de la mesa",
    Action.APP_STOPPED: "Cierre de la mesa",
    Action.SIGNED_IN: "Inicio de sesión",
    Action.SIGN_IN_FAILED: "Inicio de sesión fallido",
    Action.FACTOR_ASKED: "Segundo factor pedido",
    Action.FACTOR_FAILED: "Segundo factor equivocado",
    Action.FACTOR_ENROLLED: "Alta de segundo factor",
    Action.FACTOR_REMOVED: "Baja de segundo factor",
    Action.RECOVERY_CODES_MADE: "Códigos de recuperación nuevos",
    Action.SIGNED_OUT: "Cierre de sesión",
    Action.CONFIRMED: "Identidad confirmada",
    Action.ACCOUNT_LINKED: "Cuenta de la empresa ligada",
    Action.ACCOUNT_UNLINKED: "Cuenta de la empresa desligada",
    Action.EMERGENCY_USED: "Entrada de emergencia",
    Action.EMERGENCY_GIVEN: "Alta para entrar en emergencias",
    Action.EMERGENCY_TAKEN: "Baja para entrar en emergencias",
    Action.PASSWORD_CHANGED: "Cambio de contraseña",
    Action.STAFF_ADDED: "Alta de usuario",
    Action.PASSWORD_LINK_SENT: "Enlace para contraseña enviado",
    Action.PASSWORD_LINK_MADE: "Enlace para contraseña hecho en el servidor",
    Action.ROLE_CHANGED: "Cambio de perfil de un usuario",
    Action.STAFF_EMAIL_CHANGED: "Cambio de correo de un usuario",
    Action.STAFF_DISABLED: "Baja de usuario",
    Action.STAFF_ENABLED: "Reactivación de usuario",
    Action.SESSIONS_ENDED: "Sesiones cerradas",
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
    Action.DATA_SEEN: "Vista de datos completos",
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
    Action.ALERT_RAISED: "Alerta",
    Action.ALERT_TAKEN: "Alerta tomada",
    Action.ALERT_CLOSED: "Alerta cerrada",
    Action.ALERT_MAILED: "Alerta avisada por correo",
    Action.ALERT_MAIL_WANTED: "Pide alertas por correo",
    Action.ALERT_MAIL_STOPPED: "Ya no pide alertas por correo",
    Action.REPORT_MAILED: "Resumen enviado por correo",
    Action.HEAD_MAILED: "Cabeza de la bitácora enviada",
    Action.PACK_LOADED: "Carga de datos",
    Action.PACK_REFUSED: "Entrega no cargada",
    Action.LOAD_MAILED: "Reporte de carga enviado por correo",
    Action.LOAD_MAIL_WANTED: "Pide los reportes de carga por correo",
    Action.LOAD_MAIL_STOPPED: "Ya no pide los reportes de carga por correo",
    Action.DATA_ENCRYPTED: "Datos cifrados en disco",
    Action.KEY_ROTATED: "Cambio de la llave de los CDA",
    Action.CERTIFICATES_IMPORTED: "Importación de certificados",
    Action.BATCH_UNDONE: "Importación o carga deshecha",
    Action.CERTIFICATE_CORRECTED: "Certificado corregido",
    Action.CERTIFICATE_LINKED: "Certificado vinculado",
    Action.CERTIFICATE_UNLINKED: "Certificado desvinculado",
    Action.ROWS_EXPORTED: "Exportación",
    Action.AUDIT_EXPORTED: "Entrega de la bitácora",
    Action.VIEW_SAVED: "Vista guardada",
    Action.VIEW_CHANGED: "Cambio de una vista",
    Action.VIEW_DELETED: "Vista borrada",
    Action.LOG_KEY_MADE: "Llave nueva de la bitácora",
    Action.CHECKPOINT_SIGNED: "Punto de control firmado",
    Action.LOG_VERIFIED: "Comprobación de la bitácora",
    Action.DETAILS_ERASED: "Datos de una cuenta borrados de la bitácora",
    Action.PERSON_EXPORTED: "Entrega de datos personales",
    Action.STAFF_ERASED: "Borrado de datos de un usuario",
    Action.SEGMENT_OPENED: "Tramo nuevo de la bitácora",
    Action.SEGMENT_ARCHIVED: "Tramo de la bitácora archivado",
    Action.SEGMENT_DROPPED: "Tramo de la bitácora dado de baja",
}

OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.OK: "Correcto",
    Outcome.REFUSED: "Rechazado",
    Outcome.FAILED: "Fallido",
    Outcome.UNCERTAIN: "Incierto",
}

# What an undoing says that it undid (ops.batch's kind).
BATCH_KINDS = {"pack": "Carga", "certificates": "Importación"}

# What the log says of an act refused to somebody else: sentences speak to who was refused.
# What stands under Motivo in the log: of a resend, of a refusal, of a mail's outcome.
LOG_REASONS: dict[str, str] = {
    **{code.value: name for code, name in mail_words.MOTIVE_NAMES.items()},
    **{rule.value: name for rule, name in stops.RULE_NAMES.items()},
    **{code.value: words for code, words in mail_words.MAIL_PROBLEMS.items()},
    Reason.WRONG_PASSWORD.value: "La contraseña actual no era esa, o ya eran muchas equivocadas",
    Reason.NOT_CONFIRMED.value: "La contraseña o el código no eran, o ya eran muchos intentos",
    Reason.WRONG_CODE.value: "El código no era, ya se había usado o ya eran muchos intentos",
    Reason.PASSKEY_REFUSED.value: "La llave de acceso no era suya o no respondió a lo que se pidió",
    Reason.PASSKEY_COPIED.value: "El contador de su llave de acceso iba atrás: puede ser una copia",
    Reason.FORBIDDEN.value: "Su perfil no lo permite",
    Reason.OWN_REQUEST.value: "Era su propia solicitud",
    Reason.OWN_CHANGE.value: "Había cambiado el correo de la cuenta",
    Reason.ADDRESS_CHANGED_SINCE.value: "El correo cambió después de la solicitud",
    Reason.OWN_ALERT.value: "Era sobre sus propios actos",
    Reason.EXPORT_FAILED.value: "La descarga se interrumpió",
    **sign_on_words.UNFIT,
    **{rule.value: name for rule, name in alert_words.RULE_NAMES.items()},
    **{problem.value: name for problem, name in proof_words.PROBLEM_NAMES.items()},
    MONTH: "Empezó el mes",
    FOUND_ARCHIVED: "Encontrado en el archivo",
    DETAILED: "Con datos personales",
    BARE: "Sin datos personales",
    **{kind: f"Era una {name.lower()}" for kind, name in BATCH_KINDS.items()},  # of older undoings
    **{code.value: name for code, name in mail_words.REVEAL_MOTIVE_NAMES.items()},
}


def resend_reason(code: str) -> str:
    """The log's reason of a resend, a refusal or an outcome, in words; other texts as they are."""
    return LOG_REASONS.get(code, code)
