"""Every reason, act and state has its Spanish words."""

import pytest

from lib.model.action import Action, Outcome
from lib.model.contact import Problem
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, MailState, Motive
from lib.model.roles import Role
from lib.ui import messages


@pytest.mark.parametrize("reason", Reason)
def test_each_refusal_is_one_sentence(reason: Reason) -> None:
    text = messages.sentence(AppError(reason))
    assert text.endswith((".", "—")) or "—" in text
    assert reason.value not in text


def test_a_refusal_fills_in_its_facts() -> None:
    error = AppError(Reason.UNKNOWN_ACCOUNT, account_no="00000009")
    assert "00000009" in messages.sentence(error)


def test_a_refusal_s_own_text_holds_no_fact() -> None:
    assert "00000009" not in str(AppError(Reason.UNKNOWN_ACCOUNT, account_no="00000009"))


def test_everything_people_read_has_words() -> None:
    assert set(messages.ACTION_NAMES) == set(Action)
    assert set(messages.OUTCOME_NAMES) == set(Outcome)
    assert set(messages.MAIL_STATE_NAMES) == set(MailState)
    assert set(messages.ROLE_NAMES) == set(Role)
    assert set(messages.PROBLEMS) == set(Problem)
    assert set(messages.MOTIVE_NAMES) == set(Motive)
    assert set(messages.MAIL_PROBLEMS) == set(MailProblem)
