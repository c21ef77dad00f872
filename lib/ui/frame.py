"""What every page has around it in the browser: Streamlit's English said in Spanish, what it draws
that a screen reader can't use mended, the focus kept when a run draws anew what had it, and nothing
left on a screen that the desk has lost.

Streamlit has settings for none of this, so scripts without a place on screen do it as it appears,
on every page and at the door.
"""

from pathlib import Path

import streamlit as st

from lib.services.doors.access import IDLE

_HERE = Path(__file__).parent
_component = st.components.v2.component(
    "mesa_frame",
    js="\n".join(
        (_HERE / f"{name}.js").read_text("utf-8") for name in ("spanish", "away", "focus")
    ),
)


def draw() -> None:
    """Draw it where it moves nothing."""
    _component(key="shell.frame", data={"idle": IDLE.total_seconds() * 1000})
