"""What somebody is writing in a template's fields, kept until it is saved or thrown away.

The fields of a version have keys of their own, so that another version is always drawn anew; a
copy of what they hold outlives them, as Streamlit forgets fields that aren't on screen.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.model.template import Draft, Part, Template

_DRAFTS = "templates.drafts"  # by ref of the version each one began from
_BASES = "templates.bases"  # the version being edited, by kind and language


@dataclass(frozen=True)
class Editing:
    """`base`: the version that `draft` began from; somebody may have saved another since."""

    base: Template
    draft: Draft

    @property
    def changed(self) -> bool:
        return self.draft != self.base.draft


def begun(current: Template) -> Template:
    """The version to edit: the one in force, or the one that unsaved changes began from."""
    bases: dict[tuple[str, str], Template] = st.session_state.setdefault(_BASES, {})
    name = (current.kind.value, current.language.value)
    base = bases.get(name, current)
    if base.version != current.version and base.ref not in _drafts():
        base = current
    bases[name] = base
    return base


def fields(base: Template) -> dict[Part, str]:
    """The keys of a version's fields, filled with what was being written."""
    keys = {part: f"templates.{base.ref}.{part.value}" for part in Part}
    draft = _drafts().get(base.ref, base.draft)
    for part, key in keys.items():
        if key not in st.session_state:
            st.session_state[key] = draft[part]
    return keys


def typed(base: Template) -> Draft:
    """What the fields hold now; kept while it differs from the version it began from."""
    said: dict[str, Any] = {
        part.value: st.session_state.get(f"templates.{base.ref}.{part.value}") or ""
        for part in Part
    }
    draft = Draft(**said)
    if draft == base.draft:
        _drafts().pop(base.ref, None)
    else:
        _drafts()[base.ref] = draft
    return draft


def put(base: Template, draft: Draft) -> None:
    """Have the editor show `draft`, unsaved, over this version."""
    st.session_state[_BASES][(base.kind.value, base.language.value)] = base
    _drafts()[base.ref] = draft
    for part in Part:
        st.session_state[f"templates.{base.ref}.{part.value}"] = draft[part]


def forget(base: Template) -> None:
    """Throw away what was written over this version."""
    st.session_state[_BASES].pop((base.kind.value, base.language.value), None)
    _drafts().pop(base.ref, None)
    for part in Part:
        st.session_state.pop(f"templates.{base.ref}.{part.value}", None)


def _drafts() -> dict[str, Draft]:
    drafts: dict[str, Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts
