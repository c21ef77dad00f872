"""Para el auditor… on screen: what is asked for, and where the browser is sent to fetch it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lib.model import clock
from lib.model.actor import Actor
from lib.model.audit_export import Asked
from lib.model.period import Period
from lib.services.desk import Desk
from lib.services.log import auditing
from lib.services.log.packing import Words
from lib.ui import process, shell
from lib.ui.listing import download, export
from tests.tampering import proved_log


@pytest.fixture
def window(desk: Desk, manager: Actor, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """What the window holds, alone: AppTest closes one at each press."""
    proved_log(desk, 3)
    process.adopt(desk)
    monkeypatch.setattr(shell, "actor", lambda: manager)

    def page() -> None:
        from lib.ui.log import auditor

        auditor._offer()

    yield AppTest.from_function(page, default_timeout=30).run()
    process.adopt(None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """What was asked for; where there is no browser nobody fetches it."""
    found: list[Asked] = []
    start = auditing.start

    def noted(desk: Desk, actor: Actor, asked: Asked, words: Words) -> str:
        found.append(asked)
        return start(desk, actor, asked, words)

    monkeypatch.setattr(auditing, "start", noted)
    return found


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []
    monkeypatch.setattr(export, "follow", lambda path, _: paths.append(path))
    return paths


def press(app: AppTest) -> None:
    (button,) = [each for each in app.button if each.label.startswith("Descargar ")]
    button.click().run()
    assert not app.exception


def test_all_of_it_without_details_unless_somebody_says_so(
    window: AppTest, asked: list[Asked], followed: list[str]
) -> None:
    press(window)
    window.radio(key="auditor.how").set_value("Con datos personales").run()
    press(window)
    assert asked == [Asked(detailed=False), Asked(detailed=True)]
    assert all(path.startswith(download.AUDIT_PATH) for path in followed)
    assert len(set(followed)) == 2


def test_some_days_as_they_are_typed(
    window: AppTest, asked: list[Asked], followed: list[str]
) -> None:
    window.radio(key="auditor.which").set_value("De un día a otro").run()
    window.text_input(key="auditor.Desde").set_value("el martes").run()
    assert [each.value for each in window.error] == [
        "«el martes» no es un día: escríbelo como 15/11/2026."
    ]
    window.text_input(key="auditor.Desde").set_value("15/01/2024").run()
    press(window)
    assert asked == [Asked(detailed=False, days=Period(dt.date(2024, 1, 15), clock.today()))]
    window.text_input(key="auditor.Hasta").set_value("16/01/2024").run()
    assert [each.value for each in window.info] == ["De esos días no hay ningún renglón."]
