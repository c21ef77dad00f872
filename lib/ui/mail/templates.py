"""Plantillas: what each mail says, edited beside what its reader will see."""

import uuid
from collections.abc import Mapping, Sequence
from typing import cast

import streamlit as st

from lib.mail.words import Words
from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.outbox import MailKind
from lib.model.template import SPECS, Draft, Fault, Language, Part, Template
from lib.services.outgoing import templates
from lib.ui import messages, process, shell, written
from lib.ui.mail import mail_preview, template_draft, template_history, template_words
from lib.ui.plain import escaped, plain

_EDITOR = "templates_editor"
_NOTICE = "templates.notice"
_SEEN = "templates.seen"  # the last draft that could be shown, and of what
_TEST_KEY = "templates.test_key"
_HEIGHT = 400  # pixels
_FAULTS = 3  # shown at once
_LINE = 60  # characters of a line at fault


@st.fragment
def draw() -> None:
    """One template: its fields, its preview, its versions. Runs alone while somebody types."""
    with shell.guarded():
        actor = shell.actor()
        kind, language = _chosen()
        base = template_draft.begun(templates.in_force(process.desk(), actor, kind, language))
        keys = template_draft.fields(base)
        draft = template_draft.typed(base)
        _acts(base, draft)
        left, right = st.columns(2, gap="medium")
        with left:
            _fields(keys)
        with right:
            _preview(actor, base, draft)
        _variables(kind)
        template_history.draw(actor, base)


def _chosen() -> tuple[MailKind, Language]:
    left, right = st.columns(2, gap="medium")
    kind = left.selectbox(
        "Correo",
        list(SPECS),
        format_func=template_words.KIND_NAMES.__getitem__,
        key="templates.kind",
    )
    st.caption(template_words.READERS[kind])
    languages = SPECS[kind].languages
    if len(languages) == 1:
        return kind, languages[0]
    language = right.segmented_control(
        "Idioma",
        languages,
        format_func=template_words.LANGUAGE_NAMES.__getitem__,
        default=languages[0],
        required=True,
        key="templates.language",
    )
    return kind, language or languages[0]


# ---- what it says ------------------------------------------------------------------------------


def _fields(keys: Mapping[Part, str]) -> None:
    with st.container(key=_EDITOR):
        st.text_input("Asunto", key=keys[Part.SUBJECT], autocomplete="off")
        html, text = st.tabs(["HTML", "Solo texto"])
        for tab, label, part in (
            (html, "HTML del correo", Part.HTML),
            (text, "Texto del correo", Part.TEXT),
        ):
            tab.text_area(label, key=keys[part], height=_HEIGHT, label_visibility="collapsed")


def _acts(base: Template, draft: Draft) -> None:
    changed = templates.normal(draft) != base.draft
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Guardar", type="primary", on_click=_save, args=(base,), key="templates.save")
        st.button(
            "Enviarme una prueba",
            icon=":material/outgoing_mail:",
            on_click=_test,
            args=(base,),
            key="templates.test",
        )
        if changed:
            st.button(
                "Descartar cambios",
                type="tertiary",
                on_click=template_draft.forget,
                args=(base,),
                key="templates.discard",
            )
        name = template_words.named(base.ref)
        st.caption(f"{name}, con cambios sin guardar." if changed else f"{name}, en uso.")
    if notice := st.session_state.pop(_NOTICE, None):
        kind, said = notice
        (st.success if kind == "ok" else st.error)(escaped(said))


def _save(base: Template) -> None:
    """The button's callback: the fields hold more than when it was drawn."""
    draft = template_draft.typed(base)
    try:
        saved = templates.save(
            process.desk(), shell.actor(), base.kind, base.language, draft, base.version
        )
    except AppError as error:
        _explain(error, base, draft)
        return
    template_draft.forget(base)
    _tell("ok", f"Guardado como {template_words.named(saved.ref).lower()}; ya está en uso.")


def _explain(error: AppError, base: Template, draft: Draft) -> None:
    if error.reason is Reason.TEMPLATE_CHANGED_MEANWHILE:
        # Theirs is in the history; what was typed here stands over it, to look at and save.
        template_draft.forget(base)
        now = templates.in_force(process.desk(), shell.actor(), base.kind, base.language)
        template_draft.put(now, draft)
    _tell("error", messages.sentence(error))


def _test(base: Template) -> None:
    key = st.session_state.setdefault(_TEST_KEY, uuid.uuid4().hex)
    draft = template_draft.typed(base)
    try:
        sent = templates.send_test(
            process.desk(), shell.actor(), base.kind, base.language, draft, key
        )
    except AppError as error:
        _tell("error", messages.sentence(error))
        return
    st.session_state.pop(_TEST_KEY)
    _tell("ok", f"En camino a {sent.recipient}, con un CDA inventado.")


def _tell(kind: str, said: str) -> None:
    st.session_state[_NOTICE] = (kind, said)


# ---- what its reader sees -----------------------------------------------------------------------


def _preview(actor: Actor, base: Template, draft: Draft) -> None:
    name, faults = (base.kind, base.language), _looked_at(actor, base, draft)
    seen: tuple[object, Words] | None = st.session_state.get(_SEEN)
    words = seen[1] if seen and seen[0] == name else Words("", "", "")
    _say(faults, draft)
    with st.container(border=True):
        st.markdown(f"**{plain(words.subject) or '…'}**")
        html, text = st.tabs(["Como lo ve quien lo recibe", "Solo texto"])
        with html:
            mail_preview.draw(words.html, f"st-key-{_EDITOR}", old=bool(faults))
        with text:
            st.text(words.text)


def _say(faults: Sequence[Fault], draft: Draft) -> None:
    """The first ones, each with its line: below is what could be seen last."""
    for fault in faults[:_FAULTS]:
        said = escaped(template_words.sentence(fault))
        if fault.line:
            lines = templates.normal(draft)[fault.part].split("\n")
            line = lines[fault.line - 1].strip() if fault.line <= len(lines) else ""
            said += f"  \n`{line[:_LINE]}`" if line and "`" not in line else ""
        st.error(said, icon=":material/error:")
    if len(faults) > _FAULTS:
        st.caption(f"Y {written.count(len(faults) - _FAULTS, 'error más', 'errores más')}.")


def _looked_at(actor: Actor, base: Template, draft: Draft) -> list[Fault]:
    """What is wrong with a draft; what it says is kept while nothing is."""
    try:
        shown = templates.preview(process.desk(), actor, base.kind, base.language, draft)
    except AppError as error:
        if error.reason is not Reason.BAD_TEMPLATE:
            raise
        return cast(list[Fault], error.facts["faults"])
    st.session_state[_SEEN] = ((base.kind, base.language), shown)
    return []


def _variables(kind: MailKind) -> None:
    with st.expander("Variables de este correo", icon=":material/data_object:"):
        for name, about in template_words.variables(kind):
            left, right = st.columns([2, 3], gap="small", vertical_alignment="center")
            left.markdown(f"`{name}`")
            right.caption(about)
        st.caption(
            "También hay condiciones ({% if nombre == '…' %} … {% endif %}) y filtros "
            "(upper, lower, title, capitalize). Los datos llegan siempre como texto."
        )
