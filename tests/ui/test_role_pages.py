"""Each page as each role; and all that is on it pressed at once by somebody who may no more."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role, may
from lib.services.desk import Desk
from lib.services.doors import access, people
from lib.store.database import Transaction
from lib.store.people import staff
from lib.ui import pages
from lib.ui.plain import refusal
from tests.examples import spread
from tests.ui.one_page import PASSWORD, PEOPLE

HOME = str(pages.ROOT / "Home.py")
EXISTING = [page for page in pages.PAGES if page.exists]
BOSS = Actor("jefa", "Jefa", Role.ADMIN)


def signed_in(username: str) -> AppTest:
    app = AppTest.from_file(HOME, default_timeout=30).run()
    name, secret = app.text_input
    name.input(username)
    secret.input(PASSWORD)
    app.button[0].click().run()
    assert not app.exception
    return app


def come_to(app: AppTest, page: pages.Page) -> AppTest:
    app.switch_page(page.file).run()
    assert not app.exception
    return app


def at_the_form(app: AppTest) -> bool:
    return [field.label for field in app.text_input] == ["Usuario", "Contraseña"]


@pytest.mark.slow
@pytest.mark.parametrize("username", PEOPLE)
def test_each_page_as_each_role(served: Desk, username: str) -> None:
    app = signed_in(username)
    forbidden = refusal(AppError(Reason.FORBIDDEN))
    for page in EXISTING[1:]:
        come_to(app, page)
        may_see = may(PEOPLE[username], page.permission)
        refused = [error.value for error in app.error] == [forbidden]
        assert refused is not may_see, page.title
        if refused:
            assert [title.value for title in app.title] == [page.title]
            assert {each.type for each in app.main} <= THE_REFUSAL, page.title


THE_REFUSAL = {"main", "flex_container", "html", "bidi_component", "title", "heading", "error"}


# ---- in the middle -------------------------------------------------------------------------------


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The tables that each transaction stored anything in."""
    found: list[set[str]] = []
    commit = Transaction.commit

    def noted(transaction: Transaction) -> None:
        commit(transaction)
        if transaction.written:
            found.append(set(transaction.written))

    monkeypatch.setattr(Transaction, "commit", noted)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("page", spread(EXISTING, 4), ids=lambda page: page.title)
def test_all_that_is_pressed_by_who_may_no_more_does_nothing(
    served: Desk, stored: list[set[str]], page: pages.Page
) -> None:
    """Buttons' and fields' callbacks run before the page's guard, and before each other's. On every
    other page they were lowered, else disabled."""
    access.add_staff(served, BOSS, "jefa", "Jefa", "", Role.ADMIN, PASSWORD)
    app = signed_in("admin")
    if page is not EXISTING[0]:
        come_to(app, page)
    person = staff.find(served.store, "admin")
    assert person
    if EXISTING.index(page) % 2:
        people.change_role(served, BOSS, person, Role.AGENT)
    else:
        people.set_active(served, BOSS, person, active=False)
    stored.clear()
    press_all(app)
    app.run()
    assert not app.exception
    assert at_the_form(app)
    assert stored == []


def press_all(app: AppTest) -> None:
    """Every button, and another value for every field, of those that can be."""
    for button in app.button:
        if not button.disabled:
            button.click()
    for field in (*app.text_input, *app.text_area):
        if not field.disabled:
            field.input("otro texto")
    for box in (*app.checkbox, *app.toggle):
        if not box.disabled:
            box.set_value(not box.value)
    for choice in (*app.selectbox, *app.radio):
        if not choice.disabled and len(choice.options) > 1:
            choice.select_index(1)
