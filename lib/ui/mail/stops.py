"""The words of what stands between an agent and a resend: what is so, and what to do."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from lib.model import clock
from lib.model.policy import Mode, Rule, Stop

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_HELD = "el reenvío quedará detenido hasta que un gerente lo apruebe"
_ASK_MANAGER = "o pide ayuda a tu gerente"

RULE_NAMES: dict[Rule, str] = {
    Rule.COOLDOWN: "Pausa entre envíos de una serie",
    Rule.QUOTA: "Límite por agente y hora",
    Rule.OFFICE_HOURS: "Horario de oficina",
    Rule.EMAIL_CHANGED: "Correo cambiado hace poco",
    Rule.OVERDUE: "Suscripción vencida",
    Rule.SHARED_ADDRESS: "Muchas cuentas con un mismo correo",
    Rule.RECENT_UNLOCK: "Desbloqueo reciente",
    Rule.FAILING_ADDRESS: "Correo que rebota",
}

MODE_NAMES: dict[Mode, str] = {
    Mode.OFF: "Apagada",
    Mode.WARN: "Avisar",
    Mode.ASK: "Pedir aprobación",
    Mode.REFUSE: "Impedir",
}


def sentence(stop: Stop) -> str:
    """What stands against a resend and what its agent does next. Plain text: values out of a file
    may be in it."""
    return f"{why(stop)}; {_what_to_do(stop)}."


def why(stop: Stop) -> str:
    """What stands against it, for who asks and for who decides; without its full stop."""
    return _WHY[stop.rule](_Facts(stop.facts))


def raised(facts: Mapping[str, Any]) -> Stop:
    """The stop behind a refusal, from its facts (lib/services/resends/policies.py)."""
    own = {name: value for name, value in facts.items() if name not in ("rule", "mode")}
    mode = Mode(facts.get("mode", Mode.REFUSE))
    return Stop(Rule(facts["rule"]), mode, own)


def days(numbers: list[int]) -> str:
    """Days of the week in words.

    >>> days([0, 1, 2, 3, 4]), days([5, 6]), days([0, 2, 4])
    ('de lunes a viernes', 'sábado y domingo', 'lunes, miércoles y viernes')
    """
    names = [_DAYS[number] for number in sorted(numbers)]
    if len(names) > 2 and max(numbers) - min(numbers) == len(names) - 1:
        return f"de {names[0]} a {names[-1]}"
    return " y ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def span(seconds: int) -> str:
    """A time to wait, rounded up.

    >>> span(45), span(90), span(7300)
    ('45 s', '2 min', '3 h')
    """
    if seconds < 60:
        return f"{seconds} s"
    if seconds <= 3600:
        return f"{-(-seconds // 60)} min"
    return f"{-(-seconds // 3600)} h"


def _what_to_do(stop: Stop) -> str:
    if stop.mode is Mode.ASK:
        return _HELD
    words = _TO_GO_ON if stop.mode is Mode.WARN else _TO_GET_PAST
    return words[stop.rule](_Facts(stop.facts))


class _Facts:
    """A stop's facts in words; one that is missing is a dash, never an error."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def __getitem__(self, name: str) -> str:
        return str(self._facts.get(name, "—"))

    def day(self, name: str) -> str:
        try:
            return f"{dt.date.fromisoformat(self[name]):%d/%m/%Y}"
        except ValueError:
            return "—"

    def instant(self, name: str, later: dt.timedelta = dt.timedelta()) -> str:
        """On the office's clock, to the minute."""
        try:
            at = clock.at_office(dt.datetime.fromisoformat(self[name]) + later)
        except ValueError:
            return "—"
        return f"{at:%d/%m/%Y a las %H:%M}"

    def wait(self, name: str) -> str:
        value = self._facts.get(name)
        return span(value) if isinstance(value, int) else "—"

    def hours(self, name: str) -> dt.timedelta:
        value = self._facts.get(name)
        return dt.timedelta(hours=value) if isinstance(value, int) else dt.timedelta()

    def opening(self) -> str:
        numbers = self._facts.get("days")
        on = days(numbers) if isinstance(numbers, list) and numbers else "—"
        return f"{on}, de {self['opens']} a {self['closes']}"


_Words = Callable[[_Facts], str]

_WHY: Mapping[Rule, _Words] = {
    Rule.COOLDOWN: lambda f: "El CDA de esta serie se envió hace un momento",
    Rule.QUOTA: lambda f: (
        f"Esta persona ha pedido {f['asked']} CDA en la última hora y el límite es {f['quota']}"
    ),
    Rule.OFFICE_HOURS: lambda f: f"La oficina está cerrada (abre {f.opening()})",
    Rule.EMAIL_CHANGED: lambda f: (
        f"El correo de esta cuenta cambió el {f.instant('changed_at')} "
        f"(lo cambió {f['changed_by']})"
    ),
    Rule.OVERDUE: lambda f: f"Próximo pago vencido: {f.day('due')}",
    Rule.SHARED_ADDRESS: lambda f: (
        f"A este correo se le han enviado CDA de {f['accounts']} cuentas en {f['days']} días"
    ),
    Rule.RECENT_UNLOCK: lambda f: (
        f"Hubo un desbloqueo el {f.day('unlocked_on')} y el CDA de antes ya no sirve"
    ),
    Rule.FAILING_ADDRESS: lambda f: (
        f"Los correos a esta dirección se devuelven desde el {f.instant('since')}"
    ),
}

# What an agent who was warned looks at before going on.
_TO_GO_ON: Mapping[Rule, _Words] = {
    Rule.COOLDOWN: lambda f: "pregunta al cliente si ya lo recibió antes de reenviarlo",
    Rule.QUOTA: lambda f: "confirma que este también hace falta",
    Rule.OFFICE_HOURS: lambda f: "confirma con quién hablas antes de reenviar",
    Rule.EMAIL_CHANGED: lambda f: "confirma con quién hablas antes de reenviar",
    Rule.OVERDUE: lambda f: "recuérdale al cliente su pago",
    Rule.SHARED_ADDRESS: lambda f: "confirma que es el correo del cliente antes de reenviar",
    Rule.RECENT_UNLOCK: lambda f: "confirma que el cliente pidió el desbloqueo",
    Rule.FAILING_ADDRESS: lambda f: "confírmala con el cliente antes de reenviar",
}

# What an agent who was refused does.
_TO_GET_PAST: Mapping[Rule, _Words] = {
    Rule.COOLDOWN: lambda f: f"podrás reenviarlo en {f.wait('wait_s')}",
    Rule.QUOTA: lambda f: f"espera unos minutos {_ASK_MANAGER}",
    Rule.OFFICE_HOURS: lambda f: f"reenvíalo cuando abra {_ASK_MANAGER}",
    Rule.EMAIL_CHANGED: lambda f: (
        f"podrás reenviarlo desde el {f.instant('changed_at', f.hours('hours'))}, {_ASK_MANAGER}"
    ),
    Rule.OVERDUE: lambda f: "reenvíalo cuando el cliente haya pagado y su fecha se actualice",
    Rule.SHARED_ADDRESS: lambda f: f"corrige el correo en Cuenta {_ASK_MANAGER}",
    Rule.RECENT_UNLOCK: lambda f: f"espera {f['hours']} h desde el desbloqueo {_ASK_MANAGER}",
    Rule.FAILING_ADDRESS: lambda f: "pide al cliente otra, corrígela en Cuenta y reintenta",
}
