"""Refusals of loads and imports; lib/ui/messages.py says them with the others."""

from lib.model.errors import Reason

SENTENCES: dict[Reason, str] = {
    Reason.NO_PACK: (
        "No encontré ningún archivo del paquete en {folder}; se esperan cuentas.csv, "
        "suscripciones.csv, licencias.csv, cda.csv y certificados.csv."
    ),
    Reason.UNREADABLE_FILE: "No pude leer {file}: {why}",
    Reason.UNWRITABLE_FILE: "No pude escribir {file}: {why}",
    Reason.MISSING_COLUMNS: "A {file} le faltan columnas: {columns}. Revisa los encabezados.",
    Reason.UNMATCHED_COLUMNS: (
        "No encontré en {file}: {columns}. Los encabezados que trae: {headings}. Di cuál es cuál "
        "en Importar certificados o con --column DATO=ENCABEZADO."
    ),
    Reason.BAD_COLUMN: "No puedo leer {column} de la columna «{heading}»: {why}; elige otra.",
    Reason.BAD_CERTIFICATE: "No se guardó: corrige los campos marcados y guarda de nuevo.",
    Reason.FOLIO_REGISTERED: (
        "El folio {folio} ya está registrado y no se cambió nada; si el certificado dice otra "
        "cosa, escríbela y guarda la corrección."
    ),
    Reason.NOTHING_TO_IMPORT: "El archivo no tiene ninguna fila válida que importar.",
    Reason.IMPORT_RUNNING: (
        "Todavía está en curso tu importación de {source}; espera a que termine o cancélala en "
        "Importar certificados."
    ),
    Reason.IMPORT_OVER: "Ya había terminado; mira abajo cómo quedó.",
    Reason.IMPORT_FAILED: (
        "La importación se interrumpió ({why}) y no entró nada; inténtalo de nuevo y, si se "
        "repite, avisa al administrador."
    ),
    Reason.LOAD_IN_PROGRESS: "Ya hay una carga en curso; espera a que termine.",
    Reason.LOAD_FAILED: (
        "La carga se interrumpió ({why}) y no cambió nada; revisa el espacio en disco y repítela."
    ),
    Reason.STALE_LOAD: "Otra carga terminó mientras se preparaba esta; ejecútala de nuevo.",
    Reason.STALE_PREVIEW: (
        "Los certificados cambiaron desde la revisión y no entró nada; mira cómo queda ahora y "
        "confirma de nuevo."
    ),
    Reason.JUST_TYPED: (
        "Se revisó lo que acababas de escribir; mira cómo quedó y confirma de nuevo."
    ),
    Reason.UNKNOWN_BATCH: "Esa carga o importación no existe; elígela en la lista.",
    Reason.FILE_NOT_KEPT: (
        "El archivo original no se conserva en la mesa; pídeselo a quien lo importó."
    ),
    Reason.UNDO_REASON_MISSING: "Escribe por qué se deshace; queda en la bitácora.",
    Reason.ALREADY_UNDONE: "Ya la deshizo {by}, el {at}; no hay nada más que hacer.",
    Reason.NOTHING_TO_UNDO: (
        "No hay nada que deshacer: no cambió nada, o todo lo suyo se editó después y se conserva."
    ),
    Reason.UNDO_CHANGED_MEANWHILE: (
        "Los certificados cambiaron mientras lo confirmabas; revisa los números y repite."
    ),
    Reason.UNDO_OF_UNDO: (
        "Esto ya deshizo una carga y no se deshace; para tenerla de nuevo, vuelve a cargarla."
    ),
    Reason.UNDO_OF_KEY: (
        "Un cambio de llave no se deshace: la llave anterior dejó de usarse. Haz otro cambio."
    ),
    Reason.NOT_NEWEST_LOAD: (
        "Después se cargaron otros datos o cambió la llave: solo se deshace lo más reciente."
    ),
    Reason.FIRST_LOAD: "Es la primera carga: no hay datos anteriores a los cuales volver.",
    Reason.REF_NOT_KEPT: (
        "Los datos anteriores a esta carga ya no se conservan (solo los de las últimas tres); "
        "carga de nuevo el paquete anterior."
    ),
    Reason.REF_OTHER_KEY: (
        "Los datos anteriores se sellaron con otra llave; carga de nuevo el paquete anterior."
    ),
    Reason.HANDOVER_UNANSWERED: (
        "La mesa está abierta pero no respondió a la carga; sigue pendiente en {folder} y se "
        "publicará sola. Si no ocurre en un minuto, reinicia la mesa."
    ),
    Reason.INBOX_GONE: (
        "La carpeta vigilada {folder} no se puede abrir ({why}); revisa que exista, que esté "
        "montada y sus permisos: la mesa la vuelve a mirar sola."
    ),
    Reason.INBOX_STUCK: (
        "La mesa no puede mover {what} dentro de {folder} ({why}); revisa los permisos y el "
        "espacio en disco: lo vuelve a intentar sola."
    ),
    Reason.INBOX_FULL: (
        "En la carpeta vigilada {folder} hay demasiado para buscar ahí una entrega (más de {most} "
        "archivos o de 1,000 carpetas); saca lo que no sea de ninguna y la mesa vuelve a mirar."
    ),
    Reason.PACK_ARRIVING: (
        "La entrega {name} cambió mientras se cargaba y no se cargó nada; la mesa la carga sola "
        "cuando termine de llegar."
    ),
}
