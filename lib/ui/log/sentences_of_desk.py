"""What the log says of data, doors and the desk itself, in sentences (the other acts':
log_sentences.py)."""

from collections.abc import Callable

from lib.model.action import Outcome
from lib.model.audit_export import BARE, DETAILED
from lib.ui.log import log_words, sentence_facts, sign_on_words
from lib.ui.log.sentence_facts import Facts, uncapped


def corrected(what: str) -> Callable[[Facts], str]:
    def told(f: Facts) -> str:
        notice = " y se avisó al correo anterior" if f.subject and what == "generales" else ""
        reference = f.detail("reference")
        notice += f" (referencia {reference})" if notice and reference else ""
        return f"{f.who} cambió los datos {what} de {f.account()}{notice}{f.changes()}"

    return told


def signing_in_failed(f: Facts) -> str:
    typed = f.detail("typed")
    whose = f"con el usuario «{typed}»" if typed else "con un usuario"
    if f.reason in sign_on_words.UNFIT:
        account = "la cuenta de la empresa"
        whose = f"con {account} «{typed}»" if typed else f"con {account}"
    return f"alguien intentó entrar {whose}{f' desde {f.address}' if f.address else ''} y no pudo"


def signed_in(f: Facts) -> str:
    at = f" desde {f.address}" if f.address else ""
    return f"{f.who} inició sesión{sign_on_words.how(f.detail('entrance'))}{at}"


def staff_added(f: Facts) -> str:
    role = f.detail("role")
    return f"{f.who} dio de alta al usuario «{f.subject}»{f' con el perfil {role}' if role else ''}"


def revealed(f: Facts) -> str:
    return f"{f.who} vio en pantalla {f.cda()}{f.motive()}"


def reveals_over(f: Facts) -> str:
    most = f.detail("most")
    return (
        f"{f.who} quiso ver {f.cda()} y no pudo: llegó al límite{f' de {most}' if most else ''}"
        " por hora"
    )


def loaded(f: Facts) -> str:
    source = f.detail("source")
    return f"{f.who} cargó los datos del proveedor{f' ({source})' if source else ''}{f.rows()}"


def pack_refused(f: Facts) -> str:
    source, why = f.detail("source"), f.detail("why")
    what = f" ({source})" if source else ""
    return f"{f.who} no cargó una entrega del proveedor{what}{f': {uncapped(why)}' if why else ''}"


def load_mailed(f: Facts) -> str:
    source = f.detail("source")
    of = f" ({source})" if source else ""
    return f"la mesa envió por correo el reporte de una carga{of}{_recipients(f)}"


def imported(f: Facts) -> str:
    file = f.detail("file")
    mended = f.counted("mended", "corregida a mano", "corregidas a mano")
    said = f"{f.who} importó certificados{f' de {file}' if file else ''}{f.rows()}"
    return f"{said}{f', {mended}' if mended else ''}"


def undone(f: Facts) -> str:
    # Once the kind stood as the reason, and what was typed in a note.
    kind = f.detail("batch")
    before = not kind and f.reason in log_words.BATCH_KINDS
    named = kind or log_words.BATCH_KINDS.get(f.reason, "")
    what = f"la {uncapped(named)}" if named else "una importación o carga"
    source = f.detail("source")
    parts = (
        f.counted("gone", "certificado salió", "certificados salieron"),
        f.counted("returned", "volvió a lo que era", "volvieron a lo que eran"),
        f.counted("stays", "se quedó como está", "se quedaron como están"),
    )
    counts = ", ".join(filter(None, parts))
    said = f"{f.who} deshizo {what}{f' de {source}' if source else ''}"
    return f"{said}{f': {counts}' if counts else ''}{f.note() if before else f.motive()}"


def rotated(f: Facts) -> str:
    codes = f.counted("codes", "CDA", "CDA")
    return f"{f.who} cambió la llave de los CDA" + (f": {codes} sellados de nuevo" if codes else "")


def exported(f: Facts) -> str:
    search, filters = f.detail("search"), f.detail("filters")
    by = "; ".join(filter(None, (f"búsqueda «{search}»" if search else "", filters)))
    return f"{f.who} exportó {log_words.resend_reason(f.reason)}{f' ({by})' if by else ''}"


def handed_over(f: Facts) -> str:
    first, _, last = f.subject.partition("-")
    rows = f" (renglones {first} a {last})" if last else ""
    how = log_words.resend_reason(f.reason) if f.reason in (BARE, DETAILED) else ""
    return f"{f.who} sacó la bitácora para un auditor{rows}{f', {uncapped(how)}' if how else ''}"


def view(verb: str) -> Callable[[Facts], str]:
    def told(f: Facts) -> str:
        name = f.detail("view_name")
        return f"{f.who} {verb} {f'la vista «{name}»' if name else 'una vista'}{f.changes()}"

    return told


def templated(f: Facts) -> str:
    return f"{f.who} cambió la plantilla{sentence_facts.template(f.subject)}"


def restored(f: Facts) -> str:
    copied = f.detail("restored")
    return f"{f.who} restauró una plantilla{sentence_facts.template(f.subject)}" + (
        f", es copia de {copied}" if copied else ""
    )


def tested(f: Facts) -> str:
    template = f.detail("template")
    return f"{f.who} se envió una prueba de la plantilla{f': {template}' if template else ''}"


def simply(verb: str) -> Callable[[Facts], str]:
    return lambda f: f"{f.who} {verb}"


def alert_raised(f: Facts) -> str:
    of = f" sobre {f.account()}" if f.account_no else ""
    return f"la mesa levantó una alerta{of}{f.because()}"


def alert_taken(f: Facts) -> str:
    before = f.person("from")
    return f"{f.who} tomó una alerta{f.because()}{f', que tenía {before}' if before else ''}"


def alert_closed(f: Facts) -> str:
    return f"{f.who} cerró una alerta{f.because()}{f.note()}"


def alert_mailed(f: Facts) -> str:
    alerts = f.counted("alerts", "alerta", "alertas")
    return f"se avisó por correo{f' de {alerts}' if alerts else ''}{_recipients(f)}"


def report_mailed(f: Facts) -> str:
    period = f.detail("period")
    return f"{f.who} envió por correo el resumen{f' de {period}' if period else ''}{_recipients(f)}"


def head_mailed(f: Facts) -> str:
    return f"la mesa envió por correo la cabeza de la bitácora{_recipients(f)}"


def _recipients(f: Facts) -> str:
    to = f.detail("recipients")
    return f" a {to}" if to else ""


def verified(f: Facts) -> str:
    if f.outcome is Outcome.OK:
        return f"{f.who} comprobó la bitácora y está completa"
    row = f", en el renglón {f.subject}" if f.subject else ""
    return f"{f.who} comprobó la bitácora y halló un problema{row}{f.because()}"


def erased(f: Facts) -> str:
    rows = f.counted("details", "renglón", "renglones")
    many = f" ({rows})" if rows else ""
    return f"{f.who} borró de la bitácora los datos personales de {f.account()}{many}"


def segment_opened(f: Facts) -> str:
    return f"empezó un tramo nuevo de la bitácora{f.because()}{f.note()}"


def segment_archived(f: Facts) -> str:
    return f"{f.who} archivó {_stretch(f)} de la bitácora: siguen a la vista y se comprueban igual"


def segment_dropped(f: Facts) -> str:
    return f"{f.who} dio de baja {_stretch(f)} de la bitácora{f.note()}"


def _stretch(f: Facts) -> str:
    first, _, last = f.subject.partition("-")
    return f"los renglones {first} a {last}" if last else "un tramo"
