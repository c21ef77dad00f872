"""Where the keyboard goes on after an act: Streamlit leaves the focus on what is gone."""

import re
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "mesa_focusing", js=Path(__file__).with_name("focusing.js").read_text("utf-8")
)


def take(turn: str, inside: str) -> None:
    """Once for each `turn`: the focus goes to the first button or field in the containers whose key
    begins with `inside`. Call it last, where it moves nothing."""
    with st.container(key="focusing_frame"):
        _component(key=f"focusing.{_class(inside)}", data={"turn": turn, "inside": _class(inside)})


def _class(key: str) -> str:
    """As Streamlit writes a key into a class."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key)
