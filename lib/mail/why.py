"""Why a resend waits, in the mail that tells the managers: a few words for each rule.

The page has whole sentences with their facts (lib/ui/mail/stops.py); a mail that lies in a mailbox
says no more than which rule.
"""

from collections.abc import Mapping
from types import MappingProxyType

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
