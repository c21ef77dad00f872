"""Why a resend waits, or what an alert is of, in the mails that tell the managers: a few words for
each rule.

The pages have whole sentences with their facts (lib/ui/mail/stops.py, lib/ui/log/alert_words.py); a
mail that lies in a mailbox says no more than which rule.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lib.model import alert
from lib.model.policy import Rule

WHY: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.COOLDOWN: "El CDA de esa serie se envió hace poco",
        Rule.QUOTA: "Quien lo pide lleva muchos reenvíos en una hora",
        Rule.OFFICE_HOURS: "Se pidió fuera del horario de oficina",
        Rule.EMAIL_CHANGED: "El correo de la cuenta cambió hace poco",
        Rule.OVERDUE: "Tiene un pago vencido",
        Rule.SHARED_ADDRESS: "Ese correo recibe los CDA de muchas cuentas",
        Rule.RECENT_UNLOCK: "Tuvo un desbloqueo hace poco",
        Rule.FAILING_ADDRESS: "Los correos a esa dirección han regresado",
    }
)

ALERTS: Mapping[alert.Rule, str] = MappingProxyType(
    {
        alert.Rule.RESENDS: "Muchos más reenvíos de lo usual",
        alert.Rule.EMAIL_CHANGED: "Reenvío tras un cambio de correo",
        alert.Rule.SHARED_ADDRESS: "Muchas cuentas a un mismo correo",
        alert.Rule.REVEALS: "Muchos CDA vistos",
        alert.Rule.REVEAL_LIMIT: "Quiso ver más CDA de los que se permiten",
        alert.Rule.OUT_OF_HOURS: "Actividad fuera de horario",
        alert.Rule.SIGN_INS: "Inicios de sesión fallidos con un usuario",
        alert.Rule.SIGN_INS_FROM: "Inicios de sesión fallidos desde una dirección",
        alert.Rule.VERIFICATION: "La bitácora no está como se escribió",
    }
)
