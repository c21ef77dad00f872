"""A page of the desk under AppTest, with somebody in it."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from streamlit.testing.v1 import AppTest

from lib.model.roles import Role
from lib.services.desk import Desk
from lib.ui import pages, process

PASSWORD = "frase probada"
PEOPLE = {"agente": Role.AGENT, "gerente": Role.MANAGER, "admin": Role.ADMIN}


@contextmanager
def entered(
    name: str, desk: Desk, folder: Path, username: str, query: Mapping[str, str] | None = None
) -> Iterator[AppTest]:
    """The page of that file's name, come to with `query`, in place of Inicio: AppTest knows one way
    in. `username` is of the desk's staff, with PASSWORD."""
    (folder / "pages").mkdir()
    for page in pages.PAGES[1:]:
        (folder / page.file).touch()
    shutil.copy(pages.ROOT / "pages" / name, folder / "Home.py")
    process.adopt(desk)
    app = AppTest.from_file(str(folder / "Home.py"), default_timeout=30)
    for key, value in (query or {}).items():
        app.query_params[key] = value
    app.run()
    user, secret = app.text_input
    user.input(username)
    secret.input(PASSWORD)
    app.button[0].click().run()
    assert not app.exception
    yield app
    process.adopt(None)


def confirm(app: AppTest, password: str = PASSWORD, code: str = "") -> None:
    """Answer the window that asks who is there, which stands open; what waited for it is done."""
    app.text_input(key="confirming.password").input(password)
    if code:
        app.text_input(key="confirming.code").input(code)
    next(button for button in app.button if button.label == "Confirmar").click().run()
    assert not app.exception
