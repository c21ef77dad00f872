"""Ver CDA under AppTest: what the server keeps of a window that showed a code."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lib.model.action import Action
from lib.model.actor import SYSTEM
from lib.model.reveal import RevealMotive
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.doors import access
from lib.ui import process
from tests.services.log_rows import logged
from tests.ui.test_shell import PASSWORD, enter, opened, script

PAGE = """
import streamlit as st
from lib.model.roles import Permission
from lib.ui import shell
from lib.ui.mail import reveal
shell.enter("Prueba", ":material/key:", Permission.FIND)
if st.button("Ver CDA", key="page.open"):
    reveal.open_for("S0000000001")
else:
    reveal.show()
"""


@pytest.fixture
def page(desk: Desk, tmp_path: Path, cheap_passwords: None) -> Iterator[AppTest]:
    access.add_staff(desk, SYSTEM, "gerente", "Gerardo", "", Role.MANAGER, PASSWORD)
    process.adopt(desk)
    yield enter(opened(script(tmp_path, PAGE)), "gerente")
    process.adopt(None)


def kept(page: AppTest) -> str:
    return repr(page.session_state)


def test_the_session_never_holds_the_code(page: AppTest, desk: Desk) -> None:
    page.button(key="page.open").click().run()
    assert not page.exception
    page.selectbox[0].select(RevealMotive.COMPARE)
    page.text_input[0].input("T-1")
    next(b for b in page.button if b.label == "Ver 30 segundos").click().run()
    assert not page.exception
    assert "LIVE1" in str(page.get("bidi_component")[-1].proto)  # it is on screen
    assert "window.open" in kept(page)
    assert "LIVE1" not in kept(page)
    assert len(logged(desk, Action.CDA_REVEALED)) == 1
    page.run()  # drawn again within its time: the same reveal
    assert len(logged(desk, Action.CDA_REVEALED)) == 1
    page.button(key="reveal.hide").click().run()
    assert "window.open" not in kept(page)
    assert "LIVE1" not in str([each.proto for each in page.get("bidi_component")])
