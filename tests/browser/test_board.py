"""Tablero in a browser: a manager changes the period and follows figures to their rows."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from lib import settings
from lib.model import clock
from lib.services.desk import open_desk
from tests.browser import desk_server
from tests.browser.axe import problems, settled
from tests.browser.conftest import SignIn
from tests.browser.desk_server import DeskServer
from tests.services.board_rows import ANA, BETO, COI, LICENCE, SAE, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk with resends of today and of twenty days ago."""
    folder = tmp_path_factory.mktemp("board")
    desk_server.seed(folder / "data")
    desk = open_desk(settings.read({"MESA_DATA": str(folder / "data")}))
    now = clock.begins(clock.today()) + dt.timedelta(seconds=1)
    for when in (now - dt.timedelta(days=20), now):
        for serial, agent in ((SAE, ANA), (COI, ANA), (LICENCE, BETO)):
            ask(desk, when, serial, agent)
    ask(desk, now, SAE, ANA)
    desk.close()
    with desk_server.running(folder) as running:
        yield running


def metric(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text=name).get_by_test_id("stMetricValue")


def test_a_figure_is_followed_to_its_rows(page: Page, sign_in: SignIn) -> None:
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    sign_in(page, "gerente", "/Tablero")
    resends = metric(page, "Reenvíos")
    expect(resends).to_have_text("4")
    page.get_by_role("radio", name="30 días").click()
    expect(resends).to_have_text("7")
    expect(page).to_have_url(re.compile("periodo=30d"))
    page.get_by_role("link", name="Ver renglones").first.click()
    expect(page).to_have_title("Bitácora · Mesa CDA")
    expect(page.locator("tr[data-id]")).to_have_count(7)

    page.go_back()
    expect(resends).to_have_text("7")
    settled(page)
    chart = page.locator(".st-key-board-chart-agent svg.marks")
    box = chart.bounding_box()
    assert box is not None
    chart.click(position={"x": box["width"] / 2, "y": 15})  # ana's bar, the longest
    expect(page).to_have_title("Bitácora · Mesa CDA")
    expect(page.locator("tr[data-id]")).to_have_count(5)
    page.go_back()
    expect(resends).to_have_text("7")  # and stays: the bar isn't pressed any more


def test_tables_own_lists_and_a_range_are_for_everybody(page: Page, sign_in: SignIn) -> None:
    """The screen itself is looked at with all others (test_accessible.py)."""
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    sign_in(page, "gerente", "/Tablero")
    page.get_by_role("radio", name="Otro").click()
    page.get_by_label("Desde").wait_for()
    page.get_by_text("Ver como tabla").first.click()
    page.get_by_role("table", name="Reenvíos por día").wait_for()
    found = {"a table": problems(page)}
    page.set_viewport_size({"width": 390, "height": 720})
    found["narrow"] = problems(page, dark=False)
    main = page.locator("#stMain")
    assert not main.evaluate("node => node.scrollWidth > node.clientWidth")
    page.goto("/Tablero?periodo=30d&ver=repetidos")
    page.get_by_role("heading", name="Reenvíos repetidos").wait_for()
    page.get_by_role("link", name=SAE).wait_for()
    found["rows"] = problems(page, dark=False)
    assert {name: what for name, what in found.items() if what} == {}
