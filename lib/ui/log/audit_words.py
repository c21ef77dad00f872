"""The log in a spreadsheet for an auditor: what its columns and codes are called."""

from lib.services.log.packing import Words
from lib.ui import messages
from lib.ui.log import log_words

WORDS = Words(
    "Bitácora para auditor",
    {
        "seq": "Renglón",
        "logged_at": "Fecha y hora (UTC)",
        "actor": "Usuario",
        "role": "Perfil",
        "action": "Acto",
        "outcome": "Resultado",
        "account_no": "No. Cuenta",
        "serial": "No. Serie",
        "reason": "Motivo",
        "ticket": "Ticket",
        "subject": "Sobre qué",
        "versions": "Versiones",
        "address": "Desde",
        "session": "Sesión",
        "detail": "Datos personales",
        "hash": "Hash",
    },
    {
        "action": {act.value: name for act, name in log_words.ACTION_NAMES.items()},
        "outcome": {outcome.value: name for outcome, name in log_words.OUTCOME_NAMES.items()},
        "role": {role.value: name for role, name in messages.ROLE_NAMES.items()},
        "reason": log_words.LOG_REASONS,
    },
)
