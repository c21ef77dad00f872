"""What every page has around it in the browser: Streamlit's English said in Spanish, what it draws
that a screen reader can't use mended, and the focus kept when a run draws anew what had it.

Streamlit has settings for none of this, so scripts without a place on screen do it as it appears,
on every page and at the door.
"""

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_frame",
    js="\n".join((_HERE / f"{name}.js").read_text("utf-8") for name in ("spanish", "focus")),
)


def draw() -> None:
    """Draw it where it moves nothing."""
    _component(key="shell.frame")
