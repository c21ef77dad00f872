"""Names and values, one under another: values are data, never Markdown."""

from collections.abc import Mapping

import streamlit as st


def draw(facts: Mapping[str, str]) -> None:
    with st.container(gap="xxsmall"):
        for name, value in facts.items():
            left, right = st.columns([1, 2], gap="small", vertical_alignment="center")
            left.caption(name)
            right.text(value)
