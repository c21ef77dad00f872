"""What an administrator is changing of the policy, before it is saved: it lives in the fields.

Their keys carry the version they began from: another version, saved here or by somebody else, is
drawn with fields of its own.
"""

import dataclasses
import datetime as dt
from typing import Any

import streamlit as st

from lib.model.outbox import Motive
from lib.model.policy import RANGES, Mode, Policy, Rule
from lib.ui.mail import mail_words

_FIELDS = "policy.draft"
_BEGUN = "policy.begun"  # how often a draft was thrown away in this session
_STEP_MIN = 30
_NO_NUMBER = -1  # an emptied field: out of every range


def key(base: Policy, name: str) -> str:
    """The key of the widget that holds a field."""
    return f"{_FIELDS}.{base.version}.{st.session_state.get(_BEGUN, 0)}.{name}"


def forget() -> None:
    """Throw away what was typed."""
    st.session_state[_BEGUN] = st.session_state.get(_BEGUN, 0) + 1


def typed(base: Policy, setting_s: int) -> Policy:
    """The policy as the fields say now. `setting_s`: the pause of the desk's configuration, which
    stays the configuration's until another is written."""
    numbers: dict[str, Any] = {name: _number(base, name, setting_s) for name in RANGES}
    if base.cooldown_s is None and numbers["cooldown_s"] == setting_s:
        numbers["cooldown_s"] = None
    opens, closes = (_read(base, name, getattr(base, name)) for name in ("opens", "closes"))
    return dataclasses.replace(
        base,
        modes={rule: _read(base, f"mode.{rule}", base.mode(rule)) or Mode.OFF for rule in Rule},
        **numbers,
        days=tuple(sorted(_read(base, "days", base.days))),
        opens=opens,
        closes=closes,
        reasons=reasons(_read(base, "reasons", lines(base))),
        ticket_pattern=_read(base, "ticket_pattern", base.ticket_pattern).strip(),
        ticket_example=_read(base, "ticket_example", base.ticket_example).strip(),
    )


def lines(policy: Policy) -> str:
    """Its reasons in words, one in a line."""
    return "\n".join(mail_words.motive(code) for code in policy.reasons)


def reasons(text: str) -> tuple[str, ...]:
    """The reasons of as many lines: the desk's own by their code, which the log is read by."""
    codes = {mail_words.motive(motive): motive.value for motive in Motive}
    stripped = (line.strip() for line in text.splitlines())
    return tuple(codes.get(line, line) for line in stripped if line)


def hours(policy: Policy) -> list[dt.time]:
    """The times of a day that an office may open or close at; its own among them."""
    steps = [dt.time(m // 60, m % 60) for m in range(0, 24 * 60, _STEP_MIN)]
    return sorted({*steps, policy.opens, policy.closes, dt.time(23, 59)})


def _number(base: Policy, name: str, setting_s: int) -> int | None:
    stored = getattr(base, name)
    value = _read(base, name, setting_s if stored is None else stored)
    return value if isinstance(value, int) else _NO_NUMBER


def _read(base: Policy, name: str, default: Any) -> Any:
    value = st.session_state.get(key(base, name), default)
    return default if value is None and name not in RANGES else value
