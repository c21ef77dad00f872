"""A banner over every page of administrators: the watched folder can't be looked at."""

import streamlit as st

from lib.model.actor import Actor
from lib.services.desk import Desk
from lib.services.loads import inbox
from lib.ui.plain import refusal


def draw(desk: Desk, actor: Actor) -> None:
    """Nothing while all is well. Raises AppError(FORBIDDEN)."""
    trouble = inbox.trouble(desk, actor)
    if trouble is not None:
        with st.container(key="shell_trouble_inbox"):
            st.warning(refusal(trouble), icon=":material/folder_off:")
