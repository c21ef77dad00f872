"""Every reason, act and state has its Spanish words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.mail.why import WHY
from lib.model.action import Action, Outcome
from lib.model.approval import Answer
from lib.model.contact import Problem
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailProblem, MailState, Motive
from lib.model.policy import Rule
from lib.model.reveal import RevealMotive
from lib.model.roles import Role
from lib.ui import field_words, messages
from lib.ui.log import log_entry, log_words
from lib.ui.mail import mail_words

SERVICES = Path(__file__).parent.parent / "lib" / "services"


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
    assert set(log_words.ACTION_NAMES) == set(Action)
    assert set(log_words.OUTCOME_NAMES) == set(Outcome)
    assert set(mail_words.MAIL_STATE_NAMES) == set(MailState)
    assert set(mail_words.ANSWER_NAMES) == set(Answer)
    assert set(messages.ROLE_NAMES) == set(Role)
    assert set(field_words.PROBLEMS) == set(Problem)
    assert set(mail_words.MOTIVE_NAMES) == set(Motive)
    assert set(mail_words.REVEAL_MOTIVE_NAMES) == set(RevealMotive)
    assert set(mail_words.MAIL_PROBLEMS) == set(MailProblem)
    assert set(WHY) == set(Rule)


def details(tree: ast.AST) -> Iterator[str]:
    """The names under which a service's acts keep their details in the log."""
    for node in ast.walk(tree):
        for part in ast.walk(said) if (said := holds_details(node)) else ():
            if isinstance(part, ast.Dict):
                yield from (k.value for k in part.keys if isinstance(k, ast.Constant))


def holds_details(node: ast.AST) -> ast.AST | None:
    if isinstance(node, ast.keyword):
        return node.value if node.arg == "detail" else None
    if isinstance(node, ast.Assign):
        return node.value if ast.unparse(node.targets[0]) in {"detail", "summary"} else None
    return None


def test_each_detail_of_the_log_has_its_words() -> None:
    names = {n for f in SERVICES.rglob("*.py") for n in details(ast.parse(f.read_text("utf-8")))}
    assert {"recipient", "typed", "attempt", "source"} <= names
    drawn_otherwise = {"old", "new", "files"}  # a table of their own; counts by file, not shown
    assert {n for n in names - drawn_otherwise if log_entry.detail_name(n) == n} == set()
