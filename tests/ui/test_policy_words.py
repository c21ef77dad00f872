"""What people read of the policy: each stop, each rule, each value."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from lib.model.action import Action
from lib.model.errors import AppError, Reason
from lib.model.policy import PLAIN, Mode, PolicyProblem, Rule, Stop
from lib.services.log.entries import LogEntry
from lib.ui import messages
from lib.ui.log import log_entry
from lib.ui.mail import policy_words, stops

FACTS: dict[Rule, dict[str, Any]] = {
    Rule.COOLDOWN: {"wait_s": 45},
    Rule.QUOTA: {"asked": 60, "quota": 60},
    Rule.OFFICE_HOURS: {"days": [0, 1, 2, 3, 4], "opens": "09:00", "closes": "18:00"},
    Rule.EMAIL_CHANGED: {"changed_at": "2026-11-20T20:05:00", "changed_by": "ana", "hours": 72},
    Rule.OVERDUE: {"due": "2025-05-02"},
    Rule.SHARED_ADDRESS: {"accounts": 5, "days": 30},
    Rule.RECENT_UNLOCK: {"unlocked_on": "2026-11-21", "hours": 24},
    Rule.FAILING_ADDRESS: {"since": "2026-11-20T20:05:00"},
}
STOPPING = (Mode.WARN, Mode.ASK, Mode.REFUSE)


@pytest.mark.parametrize("mode", STOPPING)
@pytest.mark.parametrize("rule", Rule)
def test_a_stop_is_one_sentence_that_says_what_to_do(rule: Rule, mode: Mode) -> None:
    text = stops.sentence(Stop(rule, mode, FACTS[rule]))
    assert text.endswith(".")
    assert "; " in text
    assert "—" not in text
    assert text.startswith(stops.why(Stop(rule, mode, FACTS[rule])))
    assert ("hasta que un gerente lo apruebe" in text) is (mode is Mode.ASK)


@pytest.mark.parametrize("mode", STOPPING)
@pytest.mark.parametrize("rule", Rule)
def test_a_stop_without_its_facts_is_still_told(rule: Rule, mode: Mode) -> None:
    assert stops.sentence(Stop(rule, mode, {})).endswith(".")
    assert stops.sentence(Stop(rule, mode, dict.fromkeys(FACTS[rule], "x"))).endswith(".")


def test_instants_are_on_the_office_s_clock() -> None:
    text = stops.sentence(Stop(Rule.EMAIL_CHANGED, Mode.REFUSE, FACTS[Rule.EMAIL_CHANGED]))
    assert "cambió el 20/11/2026 a las 14:05 (lo cambió ana)" in text
    assert "desde el 23/11/2026 a las 14:05" in text


def test_a_refusal_of_the_policy_says_its_rule() -> None:
    facts = {"rule": "overdue", "mode": "refuse", **FACTS[Rule.OVERDUE]}
    text = messages.sentence(AppError(Reason.STOPPED_BY_POLICY, **facts))
    assert text.startswith("Próximo pago vencido: 02/05/2025; ")
    resting = AppError(Reason.SENT_A_MOMENT_AGO, rule="cooldown", mode="refuse", wait_s=90)
    assert messages.sentence(resting).endswith("podrás reenviarlo en 2 min.")


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("rule", Rule)
def test_what_a_rule_does_is_one_sentence(rule: Rule, mode: Mode) -> None:
    policy = dataclasses.replace(PLAIN, modes={**PLAIN.modes, rule: mode})
    text = policy_words.preview(policy, rule, 60)
    assert text.endswith(".")
    assert text.startswith("Apagada" if mode is Mode.OFF else "Si ")
    without_days = dataclasses.replace(policy, days=())
    assert policy_words.preview(without_days, rule, 0).endswith(".")


@pytest.mark.parametrize("problem", PolicyProblem)
def test_each_problem_has_its_words(problem: PolicyProblem) -> None:
    text = policy_words.problem("quota_per_hour", problem)
    assert text.endswith(".")
    assert "{least" not in text


def test_each_field_has_a_name_and_each_value_words() -> None:
    for field, value in PLAIN.plain().items():
        assert policy_words.named(field) != field
        assert policy_words.said(field, value)
    assert policy_words.said("days", [5, 6]) == "sábado y domingo"
    assert policy_words.said("cooldown_s", 86_400) == "86,400"
    assert policy_words.said("cooldown_s", 0) == "0"
    assert policy_words.said("reasons", ["other", "Feria"]) == "Otro, Feria"


def test_the_log_tells_a_change_in_words() -> None:
    detail = {
        "old": {"mode.quota": "warn", "ticket_pattern": ""},
        "new": {"mode.quota": "refuse", "ticket_pattern": "T-1"},
    }
    nothing = dict.fromkeys(LogEntry.__annotations__, "")
    facts = nothing | {
        "seq": 1,
        "logged_at": dt.datetime.fromisoformat("2026-01-01"),
        "detail": detail,
    }
    entry = LogEntry(**facts | {"action": Action.POLICY_CHANGED})  # type: ignore[arg-type]
    assert log_entry.changed(entry) == [
        ("Límite por agente y hora", "Avisar", "Impedir"),
        ("Patrón del ticket", "—", "T-1"),
    ]
    assert log_entry.others({"accepted": "overdue, quota"}) == {
        "Avisos que leyó quien lo pidió": "Suscripción vencida, Límite por agente y hora"
    }
