"""Which view a grid opens with: the address, a link just pressed, what was left, one's own list."""

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.view import Layout, View
from lib.ui.grid import opening

OWN = View(layout=Layout(("serial",)), limit=25)
SAVED = View(group=("product",))


def page() -> None:
    import streamlit as st

    from lib.ui.grid import opening
    from tests.ui.test_opening import OWN, known

    opening.arrive("t", lambda: OWN, known, visit=st.session_state.get("visit", 0), url=True)
    st.session_state["press"] = opening.press()


def known(view: View) -> tuple[str, str]:
    return ("id", "Por sistema") if view.group == SAVED.group else ("", "")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(page)


def opened(app: AppTest) -> opening.Opening:
    found = app.session_state["grid.t.opening"]
    assert isinstance(found, opening.Opening)
    return found


def at(app: AppTest, view: View, *, pressed: bool = False) -> opening.Opening:
    """Run the page with this address; `pressed`: by a link of the desk's own."""
    app.query_params[opening.URL] = view.to_query()
    if pressed:
        app.query_params[opening.PRESSED] = app.session_state["press"]
    app.run()
    assert not app.exception
    return opened(app)


def test_a_page_opens_as_its_person_left_its_columns(app: AppTest) -> None:
    app.run()
    assert (opened(app).view, opened(app).own) == (OWN, True)


def test_an_address_opens_as_it_says(app: AppTest) -> None:
    found = at(app, View(q="x"))
    assert (found.view, found.own, found.saved) == (View(q="x"), False, "")


def test_an_address_with_one_s_own_columns_is_one_s_own_list(app: AppTest) -> None:
    assert at(app, View(q="x", layout=OWN.layout, limit=OWN.limit)).own


def test_an_address_that_is_a_saved_view_has_its_name(app: AppTest) -> None:
    found = at(app, SAVED)
    assert (found.saved, found.name, found.own) == ("id", "Por sistema", False)


def test_a_damaged_address_opens_the_whole_list_and_says_so(app: AppTest) -> None:
    app.query_params[opening.URL] = "no-es-una-vista"
    app.run()
    assert (opened(app).view, opened(app).damaged) == (OWN, True)


def test_while_one_stays_an_old_address_opens_nothing(app: AppTest) -> None:
    app.run()
    first = opened(app)
    assert at(app, View(q="x")) is first


def test_a_link_pressed_while_its_grid_is_there_opens_once(app: AppTest) -> None:
    app.run()
    before = opened(app)
    found = at(app, View(q="x"), pressed=True)
    assert found.token != before.token
    assert found.pushes
    assert at(app, View(q="x")) is found  # the same address, again and again


def test_a_link_of_the_desk_s_own_leaves_columns_alone(app: AppTest) -> None:
    app.run()
    found = at(app, View(q="x"), pressed=True)
    assert (found.view, found.own) == (View(q="x", layout=OWN.layout, limit=25), True)
    found = at(app, View(layout=Layout(("product",))), pressed=True)
    assert (found.view.layout, found.own) == (Layout(("product",)), False)


def test_a_pinned_view_has_its_own_columns_and_one_s_own_page_size(app: AppTest) -> None:
    app.run()
    found = at(app, SAVED, pressed=True)
    assert (found.view.layout, found.view.limit, found.own) == (Layout(), 25, False)


def test_a_page_come_back_to_is_as_it_was_left(app: AppTest) -> None:
    app.run()
    first = at(app, SAVED, pressed=True)
    app.query_params.clear()
    app.session_state["visit"] = 1
    app.run()
    assert opened(app).token != first.token
    assert (opened(app).view.group, opened(app).name) == (SAVED.group, "Por sistema")
