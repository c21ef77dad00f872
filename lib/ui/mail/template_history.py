"""The versions of a template: who saved each and when, and how to have one back."""

import streamlit as st

from lib.model.actor import Actor
from lib.model.errors import AppError
from lib.model.template import Template
from lib.services.outgoing import templates
from lib.ui import messages, process, shell, written
from lib.ui.mail import template_draft, template_words
from lib.ui.plain import escaped

_NOTICE = "templates.history.notice"
_SHOWN = 20  # the newest; the program's own always


def draw(actor: Actor, base: Template) -> None:
    """`base`: the version that the editor began from."""
    versions = templates.history(process.desk(), actor, base.kind, base.language)
    st.header("Versiones", anchor=False)
    if notice := st.session_state.pop(_NOTICE, None):
        kind, said = notice
        (st.success if kind == "ok" else st.error)(escaped(said))
    *saved, own = versions
    for version in [*saved[:_SHOWN], own]:
        _row(version, versions[0], base)
    if len(saved) > _SHOWN:
        st.caption(f"Se muestran las {_SHOWN} más recientes y la original.")


def _row(version: Template, newest: Template, base: Template) -> None:
    name, who, when, acts = st.columns([2, 2, 2, 3], vertical_alignment="center")
    in_use = " :green-badge[en uso]" if version.version == newest.version else ""
    name.markdown(f"**{template_words.named(version.ref)}**{in_use}")
    copied = "" if version.restored is None else _copied(version)
    who.text((version.saved_by or "La mesa") + copied)
    when.text(written.instant(version.saved_at) if version.saved_at else "")
    with acts.container(horizontal=True, horizontal_alignment="right"):
        st.button(
            "Ver",
            icon=":material/visibility:",
            key=f"templates.see.{version.ref}",
            help="La pone en el editor, sin guardarla",
            on_click=template_draft.put,
            args=(base, version.draft),
        )
        st.button(
            "Restaurar",
            icon=":material/restore:",
            key=f"templates.restore.{version.ref}",
            disabled=version.version == newest.version,
            on_click=_restore,
            args=(version, newest, base),
        )


def _copied(version: Template) -> str:
    number = f"@{version.restored}"
    return f" (copia de {template_words.named(number).lower()})"


def _restore(version: Template, newest: Template, base: Template) -> None:
    try:
        saved = templates.restore(
            process.desk(),
            shell.actor(),
            version.kind,
            version.language,
            version.version,
            newest.version,
        )
    except AppError as error:
        st.session_state[_NOTICE] = ("error", messages.sentence(error))
        return
    template_draft.forget(base)
    was, now = (template_words.named(t.ref).lower() for t in (version, saved))
    st.session_state[_NOTICE] = ("ok", f"La {was} vuelve a estar en uso, como {now}.")
