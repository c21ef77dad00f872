"""The words of alerts: what each rule is called and why it fired."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from lib.mail import why as why_mailed
from lib.model import alert
from lib.model.alert import Alert, Rule, State
from lib.model.filter import SEPARATOR
from lib.model.view import View
from lib.ui import written
from lib.ui.log import proof_words

RULE_NAMES = why_mailed.ALERTS

STATE_NAMES: dict[State, str] = {
    State.OPEN: "Nadie la ha tomado",
    State.TAKEN: "En revisión",
    State.CLOSED: "Cerrada",
}


# Whose `about` is a person who did it; of a failed sign-in it is whose name was tried.
_OF_SOMEBODY = frozenset({Rule.RESENDS, Rule.REVEALS, Rule.REVEAL_LIMIT, Rule.OUT_OF_HOURS})
_PEOPLE = ("changed_by", "asked_by")  # facts that are usernames


def why(of: Alert, names: Mapping[str, str]) -> str:
    """Why it fired, in one or two sentences; `names` are people's, by username. Plain text: names
    out of the log are in it."""
    who = {name: names.get(of.facts[name], of.facts[name]) for name in _PEOPLE if name in of.facts}
    about = names.get(of.about, of.about) if of.rule in _OF_SOMEBODY else of.about
    return _WHY[of.rule](about, {**of.facts, **who})


def view(of: Alert) -> View:
    """The very rows behind it in Bitácora, by their numbers."""
    return View(filters={"seq": SEPARATOR.join(map(str, of.entries))})


# ---- why ---------------------------------------------------------------------------------------


def _resends(who: str, facts: Mapping[str, Any]) -> str:
    count = written.count(facts["count"], "reenvío", "reenvíos")
    done = f"{who} llevaba {count} el {_day(facts)}"
    if not facts["days"]:
        presumed = f"{alert.RESENDS_TIMES} veces o más los {facts['usual']} de un día normal"
        return f"{done}: {presumed}; aún no tiene días suficientes para comparar con los suyos."
    times = f"{facts['count'] / facts['usual']:.1f} veces lo suyo"
    return (
        f"{done}: {times}. En los {alert.USUAL_DAYS} días de antes trabajó {facts['days']} y un "
        f"día normal fueron {facts['usual']:g}."
    )


def _email_changed(account_no: str, facts: Mapping[str, Any]) -> str:
    changed, asked = (dt.datetime.fromisoformat(facts[f"{act}_at"]) for act in ("changed", "asked"))
    same = facts["changed_by"] == facts["asked_by"]
    who = "la misma persona" if same else facts["asked_by"]
    held = (
        "La política lo detuvo para que un gerente lo aprobara."
        if facts["held"]
        else "La política lo dejó salir."
    )
    return (
        f"{facts['changed_by']} cambió el correo de la cuenta {account_no} "
        f"({written.instant(changed)}) y {_gap(asked - changed)} después {who} pidió reenviar su "
        f"CDA. {held}"
    )


def _gap(gap: dt.timedelta) -> str:
    """
    >>> _gap(dt.timedelta(seconds=20)), _gap(dt.timedelta(minutes=5)), _gap(dt.timedelta(hours=30))
    ('menos de un minuto', '5 min', '30 h')
    """
    minutes = int(gap.total_seconds() // 60)
    if minutes < 1:
        return "menos de un minuto"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _shared_address(address: str, facts: Mapping[str, Any]) -> str:
    return (
        f"En {facts['days']} días se pidieron para {address} los CDA de {facts['accounts']} "
        f"cuentas distintas; se avisa desde {alert.SHARED_ACCOUNTS}."
    )


def _reveals(who: str, facts: Mapping[str, Any]) -> str:
    return f"{who} vio {facts['count']} CDA el {_day(facts)}; se avisa desde {alert.REVEALS_A_DAY}."


def _reveal_limit(who: str, facts: Mapping[str, Any]) -> str:
    times = written.count(facts["count"], "vez", "veces")
    return f"{who} llegó al límite de CDA vistos por hora y quiso ver más ({times}, {_day(facts)})."


def _out_of_hours(who: str, facts: Mapping[str, Any]) -> str:
    count = written.count(facts["count"], "acto", "actos")
    hours = (
        f"El horario de la política es de {facts['opens']} a {facts['closes']} y se da una hora de "
        "margen."
        if facts["is_office_day"]
        else "Según la política, ese día no se trabaja."
    )
    return f"{who} hizo {count} con la oficina cerrada el {_day(facts)}. {hours}"


def _sign_ins(who: str, facts: Mapping[str, Any]) -> str:
    return (
        f"Con el usuario {who} fallaron {facts['count']} inicios de sesión el {_day(facts)}; se "
        f"avisa desde {alert.SIGN_INS_A_DAY}."
    )


def _sign_ins_from(address: str, facts: Mapping[str, Any]) -> str:
    return (
        f"Desde la dirección {address} fallaron {facts['count']} inicios de sesión el "
        f"{_day(facts)}; se avisa desde {alert.SIGN_INS_FROM_A_DAY}."
    )


def _verification(row: str, facts: Mapping[str, Any]) -> str:
    name = proof_words.PROBLEM_NAMES.get(facts["problem"], facts["problem"])
    return f"La comprobación de la bitácora falla desde el renglón {row}: {name}."


def _day(facts: Mapping[str, Any]) -> str:
    return written.day(dt.date.fromisoformat(facts["day"]))


_WHY: Mapping[Rule, Callable[[str, Mapping[str, Any]], str]] = {
    Rule.RESENDS: _resends,
    Rule.EMAIL_CHANGED: _email_changed,
    Rule.SHARED_ADDRESS: _shared_address,
    Rule.REVEALS: _reveals,
    Rule.REVEAL_LIMIT: _reveal_limit,
    Rule.OUT_OF_HOURS: _out_of_hours,
    Rule.SIGN_INS: _sign_ins,
    Rule.SIGN_INS_FROM: _sign_ins_from,
    Rule.VERIFICATION: _verification,
}
