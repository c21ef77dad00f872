"""The language each account is written in."""

import pytest

from lib.model.action import Action
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.template import Language
from lib.services.desk import Desk
from lib.services.outgoing import languages
from tests import small_ref
from tests.services.log_rows import logged

NUMBER = "00000001"


def test_spanish_until_somebody_chooses(desk: Desk, agent: Actor) -> None:
    assert languages.of(desk, agent, NUMBER) is Language.ES
    languages.choose(desk, agent, NUMBER, Language.EN)
    assert languages.of(desk, agent, NUMBER) is Language.EN
    assert languages.of(desk, agent, "00000002") is Language.ES
    [row] = logged(desk, Action.LANGUAGE_CHANGED)
    assert (row["actor"], row["account_no"]) == ("agente", NUMBER)
    assert row["detail"] == {"old": {"language": "es"}, "new": {"language": "en"}}


@pytest.mark.slow
def test_it_can_be_changed_back_and_survives_a_load(desk: Desk, agent: Actor) -> None:
    languages.choose(desk, agent, NUMBER, Language.EN)
    small_ref.publish(desk.store, desk.vault())
    assert languages.of(desk, agent, NUMBER) is Language.EN
    languages.choose(desk, agent, NUMBER, Language.ES)
    assert languages.of(desk, agent, NUMBER) is Language.ES
    assert len(logged(desk, Action.LANGUAGE_CHANGED)) == 2


@pytest.mark.parametrize(
    ("number", "language", "reason"),
    [
        (NUMBER, Language.ES, Reason.NOTHING_CHANGED),
        ("99999999", Language.EN, Reason.UNKNOWN_ACCOUNT),
    ],
)
def test_what_changes_nothing_is_refused(
    desk: Desk, agent: Actor, number: str, language: Language, reason: Reason
) -> None:
    with pytest.raises(AppError) as refused:
        languages.choose(desk, agent, number, language)
    assert refused.value.reason is reason
    assert logged(desk, Action.LANGUAGE_CHANGED) == []


def test_who_may_correct_an_account_may_choose(desk: Desk, manager: Actor) -> None:
    languages.choose(desk, manager, NUMBER, Language.EN)
    assert logged(desk, Action.LANGUAGE_CHANGED)[0]["actor"] == "gerente"
