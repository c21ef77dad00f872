"""Names and values, one under another: values are data, never Markdown."""

from collections.abc import Mapping

import streamlit as st

_LONGEST = 120  # characters: a 500-character name would push the buttons off the window


def draw(facts: Mapping[str, str]) -> None:
    with st.container(gap="xxsmall"):
        for name, value in facts.items():
            left, right = st.columns([1, 2], gap="small", vertical_alignment="center")
            left.caption(name)
            right.text(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…")
