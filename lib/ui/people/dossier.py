"""One person's data as files that anybody can open: a page to read, tables for spreadsheets, JSON
for another program.
"""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from lib.model import clock
from lib.model.sheet import Column, Sheet, Value
from lib.sheets import csv_file
from lib.store.people.privacy import Rows
from lib.ui import field_words, written
from lib.ui.grid.names import HEADINGS

TITLES = {
    "shown": "Sus datos, como se ven en la mesa",
    "vendor": "Sus datos, como los entregó el proveedor",
    "corrections": "Lo que se corrigió en la mesa",
    "language": "El idioma de sus correos",
    "systems": "Sus sistemas",
    "certificates": "Sus certificados",
    "mails": "Correos que se le enviaron",
    "staff": "Sus datos",
    "session": "Sus sesiones",
    "device": "Equipos desde los que entró",
    "passkey": "Sus llaves de acceso",
    "sso_identity": "Su cuenta de la empresa",
    "saved_view": "Vistas que guardó",
    "alert_mail": "Si quiere las alertas por correo",
    "load_mail": "Si quiere los reportes de carga por correo",
    "log": "Lo que se hizo, y quién lo hizo",
}
_HEADINGS = {
    "corrected_at": "Corregido", "corrected_by": "Corrigió", "language": "Idioma",
    "changed_at": "Cambió", "id": "Id", "kind": "Tipo", "recipient": "Enviado a",
    "recipient_name": "Nombre", "requested_at": "Pedido", "requested_by": "Pidió",
    "finished_at": "Terminó", "problem": "Problema", "smtp_text": "Respuesta del servidor",
    "detail": "Lo que se anotó", "address": "Desde", "subject": "De qué", "username": "Usuario",
    "active": "Puede entrar", "created_at": "Desde cuándo", "last_seen_at": "Entró por última vez",
    "opened_at": "Empezó", "seen_at": "Último acto", "ended_at": "Terminó", "list": "Lista",
    "shared": "Para todos", "view": "Qué muestra", "saved_at": "Guardada",
    "browser": "Navegador", "first_at": "La primera vez", "last_at": "La última vez",
    "added_at": "Agregada", "used_at": "Usada", "removed_at": "Quitada",
    "issuer": "Proveedor", "linked_at": "Ligada",
    "deleted_at": "Borrada", "wanted": "La quiere", "chosen_at": "Lo eligió",
}  # fmt: skip
_WHY = (
    "Son todos los datos personales que la mesa de ayuda guarda de esta persona. Los tiene para "
    "encontrar su sistema, reenviarle su código de activación y poder demostrar quién hizo qué. "
    "Los códigos no van aquí: se piden por reenvío. Si algo está mal, o quiere que se borre o se "
    "deje de usar, puede pedirlo (derechos ARCO) a quien le entregó este archivo."
)
_PAGE = """<!doctype html>
<html lang="es-MX"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Datos personales de {{ who }}</title>
<style>
 body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
 h2 { margin-top: 2rem; font-size: 1.1rem } table { border-collapse: collapse; width: 100% }
 th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; overflow-wrap: anywhere;
 border-bottom: 1px solid #8888 } th { font-weight: 600 } .wide { overflow-x: auto }
 @media (prefers-color-scheme: dark) { body { background: #12191a; color: #e8eeec } }
</style>
<h1>Datos personales de {{ who }}</h1>
<p>{{ why }}</p><p>Reunidos el {{ at }}.</p>
{% for table in tables %}<h2>{{ table.title }} ({{ table.rows | length }})</h2>
{% if not table.rows %}<p>Nada.</p>{% elif table.rows | length == 1 %}<table>
{% for heading, value in table.rows[0] %}<tr><th scope="row">{{ heading }}</th>
<td>{{ value }}</td></tr>{% endfor %}</table>{% else %}<div class="wide" tabindex="0"><table><tr>
{% for heading, _ in table.rows[0] %}<th scope="col">{{ heading }}</th>{% endfor %}</tr>
{% for row in table.rows %}<tr>{% for _, value in row %}<td>{{ value }}</td>{% endfor %}</tr>
{% endfor %}</table></div>{% endif %}
{% endfor %}</html>
"""


def zipped(who: str, found: Mapping[str, Rows]) -> bytes:
    """LEEME.html, datos.json and a CSV for each table that has rows."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("LEEME.html", page(who, found))
        made.writestr("datos.json", json.dumps(found, ensure_ascii=False, indent=1, default=_plain))
        for name, rows in found.items():
            if rows:
                made.writestr(f"{name}.csv", _table(name, rows))
    return whole.getvalue()


def page(who: str, found: Mapping[str, Rows]) -> str:
    """What is there, to be read; every value is text."""
    tables = [
        {
            "title": TITLES[name],
            "rows": [[(heading(n), _said(v)) for n, v in row.items()] for row in rows],
        }
        for name, rows in found.items()
    ]
    at = written.instant(clock.now())
    return (
        Environment(autoescape=True)
        .from_string(_PAGE)
        .render(who=who, why=_WHY, at=at, tables=tables)
    )


def heading(name: str) -> str:
    known = _HEADINGS.get(name) or field_words.FIELD_NAMES.get(name, "").rstrip("*")
    return known or HEADINGS[name].label


def _table(name: str, rows: Rows) -> bytes:
    out = io.BytesIO()
    sheet = Sheet(TITLES[name], tuple(Column(heading(column)) for column in rows[0]))
    csv_file.write(sheet, [[tuple(map(_value, row.values())) for row in rows]], out)
    return out.getvalue()


def _value(value: Any) -> Value:
    return _said(value) if isinstance(value, bool) else value


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, dt.datetime):
        return written.instant(value)
    if isinstance(value, dt.date):
        return written.day(value)
    return "" if value is None else str(value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
