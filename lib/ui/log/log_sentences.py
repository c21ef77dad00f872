"""Each act of the log as a sentence: who did what, to which account or serial, why, how it ended.

Told from the entry's own facts, and from its detail where there is one: who may not read the detail
gets an entry without it (lib/services/log/entries.py), and the sentence says less. Plain text on
one line; where Markdown is read, it goes through lib/ui/plain.py.
"""

from collections.abc import Callable, Mapping

from lib.model.action import Action, Outcome
from lib.model.errors import Reason
from lib.services.log.entries import LogEntry
from lib.ui.log import log_words, sentence_facts
from lib.ui.log import sentences_of_certificates as certificates
from lib.ui.log import sentences_of_desk as desk
from lib.ui.log import sentences_of_mails as mails
from lib.ui.log import sentences_of_people as people
from lib.ui.log.sentence_facts import Facts, uncapped

_LONGEST = 400  # characters: a note or a list of changes; the entry itself has it whole

# How each act ends when all goes as it should, if not well: any other outcome is said.
ENDS: Mapping[Action, Outcome] = {
    Action.SIGN_IN_FAILED: Outcome.REFUSED,
    Action.FACTOR_FAILED: Outcome.REFUSED,
    Action.APPROVAL_DENIED: Outcome.REFUSED,
    Action.APPROVAL_EXPIRED: Outcome.REFUSED,
    Action.REVEAL_LIMIT_REACHED: Outcome.REFUSED,
    Action.PACK_REFUSED: Outcome.REFUSED,
    Action.MAIL_DEFERRED: Outcome.FAILED,
    Action.MAIL_FAILED: Outcome.FAILED,
    Action.MAIL_BOUNCED: Outcome.FAILED,
    Action.MAIL_PAUSED: Outcome.FAILED,
    Action.MAIL_UNCERTAIN: Outcome.UNCERTAIN,
    Action.MAIL_DELAYED: Outcome.UNCERTAIN,
}
# A manager's no ends as an attempt that was refused does; only the reason tells them apart.
_REFUSALS = frozenset(
    {Reason.FORBIDDEN, Reason.OWN_REQUEST, Reason.OWN_CHANGE, Reason.ADDRESS_CHANGED_SINCE}
)
_GOOD = frozenset({Action.MAIL_ACCEPTED, Action.APPROVAL_GIVEN, Action.MAIL_RESUMED})
_WAITS = frozenset({Action.APPROVAL_ASKED, Action.MAIL_SENT_AGAIN, Action.REVEAL_LIMIT_REACHED})


def sentence(entry: LogEntry) -> str:
    """What happened. Never a CDA: the log holds none."""
    facts = Facts(entry)
    told = TOLD[entry.action]
    said = told.done(facts) if _as_expected(entry) else _otherwise(entry, facts, told)
    said = " ".join(said.split())
    said = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
    return f"{said[:1].upper()}{said[1:]}" + ("" if said.endswith(("…", ".")) else ".")


def tone(entry: LogEntry) -> str:
    """What it was, as a Status has it (lib/ui/grid/payload.py): ok, warn, bad, or ""."""
    if entry.outcome is Outcome.FAILED:
        return "warn" if entry.action is Action.MAIL_DEFERRED else "bad"
    if entry.outcome in (Outcome.REFUSED, Outcome.UNCERTAIN) or entry.action in _WAITS:
        return "warn"
    return "ok" if entry.action in _GOOD else ""


def _as_expected(entry: LogEntry) -> bool:
    if entry.action is Action.APPROVAL_DENIED and entry.reason in _REFUSALS:
        return False
    if entry.action is Action.LOG_VERIFIED and entry.outcome is Outcome.FAILED:
        return True  # it was verified, and something was found
    return entry.outcome is ENDS.get(entry.action, Outcome.OK)


def _otherwise(entry: LogEntry, facts: Facts, told: "_Told") -> str:
    why = log_words.resend_reason(entry.reason)
    why = f": {uncapped(why)}" if why else ""
    ends = {
        Outcome.OK: "y lo logró",
        Outcome.REFUSED: "y no se le permitió",
        Outcome.FAILED: "y no lo logró",
        Outcome.UNCERTAIN: "y no se sabe si lo logró",
    }
    return f"{facts.who} intentó {told.tried(facts)} {ends[entry.outcome]}{why}"


class _Told:
    """An act in words: `done` when it ended as it should, `tried` after «intentó»."""

    def __init__(self, done: Callable[[Facts], str], tried: Callable[[Facts], str] | str) -> None:
        self.done = done
        self._tried = tried

    def tried(self, facts: Facts) -> str:
        return self._tried if isinstance(self._tried, str) else self._tried(facts)


# ---- asking for one ------------------------------------------------------------------------


def _asked(f: Facts) -> str:
    read = f", tras leer el aviso «{f.detail('accepted')}»" if f.detail("accepted") else ""
    return f"{f.who} pidió reenviar {f.cda()}{f.to()}{f.motive()}{read}"


def _retried(f: Facts) -> str:
    return f"{f.who} pidió otra vez el reenvío {f.of_cda()}{f.to()}{f.motive()}"


def _held(f: Facts) -> str:
    rules = f.detail("rules")
    return f"el reenvío {f.of_cda()} quedó detenido hasta que un gerente lo apruebe" + (
        f": {uncapped(rules)}" if rules else ""
    )


def _given(f: Facts) -> str:
    return f"{f.who} aprobó el reenvío {f.of_cda()}{f.to()}{f.note()}"


def _denied(f: Facts) -> str:
    return f"{f.who} no aprobó el reenvío {f.of_cda()}{f.note()}"


def _expired(f: Facts) -> str:
    return f"nadie aprobó a tiempo el reenvío {f.of_cda()}: la solicitud caducó y no se envió"


def _announced(f: Facts) -> str:
    waiting = f.counted("requests", "solicitud que espera", "solicitudes que esperan")
    to = f.detail("recipients")
    return f"se avisó por correo a los gerentes{f' ({to})' if to else ''}" + (
        f" de {waiting}" if waiting else ""
    )


def _bulk_started(f: Facts) -> str:
    many = f.counted("systems", "sistema", "sistemas") or "varios sistemas"
    manner = f.detail("manner")
    how = f", {uncapped(manner)}" if manner else ""
    return f"{f.who} pidió reenviar los CDA de {many}{how}{f.motive()}"


def _bulk_ended(f: Facts) -> str:
    counts = sentence_facts.tally(f)
    return f"terminó el reenvío a varios{f': {counts}' if counts else ''}"


def _whose(f: Facts) -> str:
    return f.account() if f.account_no else f.subject or "alguien"


TOLD: Mapping[Action, _Told] = {
    Action.APP_STARTED: _Told(lambda _: "la mesa se abrió", "abrir la mesa"),
    Action.APP_STOPPED: _Told(lambda _: "la mesa se cerró", "cerrar la mesa"),
    Action.SIGNED_IN: _Told(desk.signed_in, "iniciar sesión"),
    Action.SIGN_IN_FAILED: _Told(desk.signing_in_failed, "iniciar sesión"),
    Action.FACTOR_ASKED: _Told(people.factor_asked, "pedir el segundo factor"),
    Action.FACTOR_FAILED: _Told(people.factor_failed, "pasar el segundo factor"),
    Action.FACTOR_ENROLLED: _Told(people.factor_enrolled, "activar el segundo factor"),
    Action.FACTOR_REMOVED: _Told(people.factor_removed, "quitar el segundo factor"),
    Action.RECOVERY_CODES_MADE: _Told(people.codes_made, "hacer códigos de recuperación"),
    Action.SIGNED_OUT: _Told(desk.simply("cerró su sesión"), "cerrar su sesión"),
    Action.CONFIRMED: _Told(
        desk.simply("confirmó que era quien decía"), "confirmar que era quien decía"
    ),
    Action.ACCOUNT_LINKED: _Told(people.account_linked, "ligar una cuenta de la empresa"),
    Action.ACCOUNT_UNLINKED: _Told(people.account_unlinked, "desligar una cuenta de la empresa"),
    Action.EMERGENCY_USED: _Told(people.emergency_used, "entrar con la contraseña de emergencia"),
    Action.EMERGENCY_GIVEN: _Told(people.emergency_given, "dar la entrada de emergencia"),
    Action.EMERGENCY_TAKEN: _Told(people.emergency_taken, "quitar la entrada de emergencia"),
    Action.PASSWORD_CHANGED: _Told(desk.simply("cambió su contraseña"), "cambiar su contraseña"),
    Action.STAFF_ADDED: _Told(desk.staff_added, "dar de alta a un usuario"),
    Action.PASSWORD_LINK_SENT: _Told(people.link_sent, "enviar un enlace para contraseña"),
    Action.PASSWORD_LINK_MADE: _Told(people.link_made, "hacer un enlace para contraseña"),
    Action.ROLE_CHANGED: _Told(people.role_changed, "cambiar el perfil de un usuario"),
    Action.STAFF_EMAIL_CHANGED: _Told(people.email_changed, "cambiar el correo de un usuario"),
    Action.STAFF_DISABLED: _Told(people.disabled, "dar de baja a un usuario"),
    Action.STAFF_ENABLED: _Told(people.enabled, "reactivar a un usuario"),
    Action.SESSIONS_ENDED: _Told(people.sessions_ended, "cerrar sesiones"),
    Action.RESEND_REQUESTED: _Told(_asked, lambda f: f"reenviar {f.cda()}"),
    Action.RESEND_RETRIED: _Told(_retried, lambda f: f"reenviar otra vez {f.cda()}"),
    Action.BULK_STARTED: _Told(_bulk_started, "reenviar los CDA de varios sistemas"),
    Action.BULK_CANCELLED: _Told(
        desk.simply("canceló el reenvío a varios: lo que no había salido ya no sale"),
        "seguir con un reenvío a varios, o cancelarlo,",
    ),
    Action.BULK_ENDED: _Told(_bulk_ended, "terminar un reenvío a varios"),
    Action.APPROVAL_ASKED: _Told(_held, lambda f: f"pedir aprobación para {f.cda()}"),
    Action.APPROVAL_GIVEN: _Told(_given, lambda f: f"aprobar el reenvío {f.of_cda()}"),
    Action.APPROVAL_DENIED: _Told(_denied, lambda f: f"rechazar el reenvío {f.of_cda()}"),
    Action.APPROVAL_EXPIRED: _Told(_expired, lambda f: f"dar por caducado el reenvío {f.of_cda()}"),
    Action.APPROVAL_ANNOUNCED: _Told(_announced, "avisar a los gerentes"),
    Action.MAIL_ACCEPTED: _Told(mails.accepted, lambda f: f"enviar {f.mail()}"),
    Action.MAIL_DEFERRED: _Told(mails.deferred, lambda f: f"aplazar {f.mail()}"),
    Action.MAIL_FAILED: _Told(mails.failed, lambda f: f"enviar {f.mail()}"),
    Action.MAIL_UNCERTAIN: _Told(mails.uncertain, lambda f: f"enviar {f.mail()}"),
    Action.MAIL_SENT_AGAIN: _Told(mails.sent_again, lambda f: f"enviar otra vez {f.mail()}"),
    Action.MAIL_BOUNCED: _Told(mails.bounced, lambda f: f"entregar {f.mail()}"),
    Action.MAIL_DELAYED: _Told(mails.delayed, lambda f: f"entregar {f.mail()}"),
    Action.MAIL_PAUSED: _Told(mails.paused, "poner los envíos en pausa"),
    Action.MAIL_RESUMED: _Told(lambda _: "los envíos se reanudaron", "reanudar los envíos"),
    Action.MAIL_PROBED: _Told(
        desk.simply("pidió intentar ahora los envíos que estaban en pausa"), "intentar los envíos"
    ),
    Action.DATA_SEEN: _Told(
        lambda f: f"{f.who} vio completos los datos de {f.account()}",
        lambda f: f"ver completos los datos de {f.account()}",
    ),
    Action.CONTACT_CHANGED: _Told(
        desk.corrected("generales"), lambda f: f"cambiar los datos generales de {f.account()}"
    ),
    Action.BILLING_CHANGED: _Told(
        desk.corrected("de facturación"),
        lambda f: f"cambiar los datos de facturación de {f.account()}",
    ),
    Action.SHIPPING_CHANGED: _Told(
        desk.corrected("de envío"), lambda f: f"cambiar los datos de envío de {f.account()}"
    ),
    Action.POLICY_CHANGED: _Told(
        lambda f: f"{f.who} cambió la política de reenvíos{f.version()}{f.changes()}",
        "cambiar la política de reenvíos",
    ),
    Action.LANGUAGE_CHANGED: _Told(
        lambda f: f"{f.who} cambió el idioma de los correos de {f.account()}{f.change()}",
        lambda f: f"cambiar el idioma de los correos de {f.account()}",
    ),
    Action.TEMPLATE_SAVED: _Told(desk.templated, "cambiar una plantilla"),
    Action.TEMPLATE_RESTORED: _Told(desk.restored, "restaurar una plantilla"),
    Action.TEMPLATE_TESTED: _Told(desk.tested, "probar una plantilla"),
    Action.CDA_REVEALED: _Told(desk.revealed, lambda f: f"ver en pantalla {f.cda()}"),
    Action.REVEAL_LIMIT_REACHED: _Told(desk.reveals_over, lambda f: f"ver en pantalla {f.cda()}"),
    Action.ALERT_RAISED: _Told(desk.alert_raised, "levantar una alerta"),
    Action.ALERT_TAKEN: _Told(desk.alert_taken, "tomar una alerta"),
    Action.ALERT_CLOSED: _Told(desk.alert_closed, "cerrar una alerta"),
    Action.ALERT_MAILED: _Told(desk.alert_mailed, "avisar de una alerta por correo"),
    Action.ALERT_MAIL_WANTED: _Told(
        desk.simply("pidió recibir las alertas por correo"), "recibir las alertas por correo"
    ),
    Action.ALERT_MAIL_STOPPED: _Told(
        desk.simply("dejó de recibir las alertas por correo"),
        "dejar de recibir las alertas por correo",
    ),
    Action.REPORT_MAILED: _Told(desk.report_mailed, "enviar un resumen por correo"),
    Action.HEAD_MAILED: _Told(desk.head_mailed, "enviar la cabeza de la bitácora por correo"),
    Action.PACK_LOADED: _Told(desk.loaded, "cargar los datos del proveedor"),
    Action.PACK_REFUSED: _Told(desk.pack_refused, "cargar una entrega"),
    Action.LOAD_MAILED: _Told(desk.load_mailed, "enviar el reporte de una carga por correo"),
    Action.LOAD_MAIL_WANTED: _Told(
        desk.simply("pidió recibir los reportes de carga por correo"),
        "recibir los reportes de carga por correo",
    ),
    Action.LOAD_MAIL_STOPPED: _Told(
        desk.simply("dejó de recibir los reportes de carga por correo"),
        "dejar de recibir los reportes de carga por correo",
    ),
    Action.KEY_ROTATED: _Told(desk.rotated, "cambiar la llave de los CDA"),
    Action.CERTIFICATES_IMPORTED: _Told(desk.imported, "importar certificados"),
    Action.BATCH_UNDONE: _Told(desk.undone, "deshacer una importación o carga"),
    Action.CERTIFICATE_CORRECTED: _Told(certificates.corrected, certificates.correcting),
    Action.CERTIFICATE_LINKED: _Told(certificates.linked, certificates.linking),
    Action.CERTIFICATE_UNLINKED: _Told(certificates.unlinked, certificates.unlinking),
    Action.ROWS_EXPORTED: _Told(desk.exported, "exportar registros"),
    Action.AUDIT_EXPORTED: _Told(desk.handed_over, "sacar la bitácora para un auditor"),
    Action.VIEW_SAVED: _Told(desk.view("guardó"), "guardar una vista"),
    Action.VIEW_CHANGED: _Told(desk.view("cambió"), "cambiar una vista"),
    Action.VIEW_DELETED: _Told(desk.view("borró"), "borrar una vista"),
    Action.LOG_KEY_MADE: _Told(
        lambda _: "la bitácora tiene una llave nueva para sus puntos de control",
        "hacer una llave para la bitácora",
    ),
    Action.CHECKPOINT_SIGNED: _Told(
        lambda _: "la mesa firmó un punto de control de la bitácora", "firmar la bitácora"
    ),
    Action.LOG_VERIFIED: _Told(desk.verified, "comprobar la bitácora"),
    Action.DETAILS_ERASED: _Told(
        desk.erased, lambda f: f"borrar de la bitácora los datos personales de {f.account()}"
    ),
    Action.DATA_ENCRYPTED: _Told(
        desk.simply("cifró los datos de la mesa en su disco"), "cifrar los datos de la mesa"
    ),
    Action.PERSON_EXPORTED: _Told(
        lambda f: f"{f.who} reunió todo lo que la mesa guarda de {_whose(f)}, para entregarlo",
        lambda f: f"reunir los datos personales de {_whose(f)}",
    ),
    Action.STAFF_ERASED: _Told(
        lambda f: f"{f.who} borró los datos personales de {f.subject}, que ya no trabaja aquí",
        lambda f: f"borrar los datos personales de {f.subject}",
    ),
    Action.SEGMENT_OPENED: _Told(desk.segment_opened, "abrir un tramo nuevo de la bitácora"),
    Action.SEGMENT_ARCHIVED: _Told(desk.segment_archived, "archivar un tramo de la bitácora"),
    Action.SEGMENT_DROPPED: _Told(desk.segment_dropped, "dar de baja un tramo de la bitácora"),
}
