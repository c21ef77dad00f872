"""Política: what stands between an agent and a resend, changed by administrators."""

from collections.abc import Mapping

import streamlit as st

from lib.model.errors import AppError
from lib.model.policy import PLAIN, Mode, Policy, PolicyProblem, Rule, problems
from lib.services.resends import policies
from lib.store.mail.policies import Version
from lib.ui import facts, messages, process, shell, written
from lib.ui.mail import policy_draft, policy_words, stops
from lib.ui.plain import escaped, plain

_NOTICE = "policy.notice"
_SEEN = "policy.seen"  # the version last drawn here, and in which stay on the page
_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_HEIGHT = 190  # pixels
# The number that each rule counts by.
_NUMBERS: Mapping[Rule, str] = {
    Rule.COOLDOWN: "cooldown_s",
    Rule.QUOTA: "quota_per_hour",
    Rule.EMAIL_CHANGED: "email_hold_h",
    Rule.SHARED_ADDRESS: "shared_accounts",
    Rule.RECENT_UNLOCK: "unlock_h",
}
# In the order of how much harm each keeps away.
_ORDER = (
    Rule.EMAIL_CHANGED,
    Rule.FAILING_ADDRESS,
    Rule.SHARED_ADDRESS,
    Rule.RECENT_UNLOCK,
    Rule.OVERDUE,
    Rule.COOLDOWN,
    Rule.QUOTA,
    Rule.OFFICE_HOURS,
)


@st.fragment
def draw() -> None:
    """The rules, the words asked for, and every version. Runs alone while somebody changes it."""
    with shell.guarded():
        desk, actor = process.desk(), shell.actor()
        base, versions = policies.current(desk, actor), policies.history(desk, actor)
        setting_s = desk.settings.resend_cooldown_s
        _overtaken(base)
        st.caption(_about(versions))
        for rule in _ORDER:
            _rule(base, rule, setting_s)
        _words(base, setting_s)
        _acts(base, setting_s)
        _history(versions)


def _overtaken(base: Policy) -> None:
    """A newer version is drawn with fields of its own: what was typed over another is gone, and
    who typed it must know. Said wherever the page is scrolled to."""
    seen, now = st.session_state.get(_SEEN), (base.version, shell.visit())
    st.session_state[_SEEN] = now
    if seen and seen[1] == now[1] and seen[0] != now[0]:
        st.toast(
            f"La política ya es otra, la versión {base.version}: lo que aquí no se había guardado "
            "se descartó; revísala y repite tu cambio.",
            icon=":material/sync_problem:",
            duration="long",
        )


def _about(versions: list[Version]) -> str:
    if not versions:
        return "Es la política con que viene la mesa: nadie la ha cambiado todavía."
    now = versions[0]
    at, who = written.instant(now.changed_at), plain(now.changed_by)
    return f"Versión {now.policy.version}, en vigor desde el {at} ({who})."


# ---- one rule ------------------------------------------------------------------------------


def _rule(base: Policy, rule: Rule, setting_s: int) -> None:
    with st.container(border=True, key=f"policy_{rule}"):
        left, right = st.columns([2, 3], gap="medium")
        left.markdown(f"**{stops.RULE_NAMES[rule]}**")
        with right:
            _mode(base, rule)
        with left:
            _numbers(base, rule, setting_s)
        now = policy_draft.typed(base, setting_s)
        with right:
            _preview(now, rule, setting_s)


def _mode(base: Policy, rule: Rule) -> None:
    st.segmented_control(
        f"Qué hace: {stops.RULE_NAMES[rule]}",
        list(Mode),
        format_func=stops.MODE_NAMES.__getitem__,
        default=base.mode(rule),
        required=True,
        key=policy_draft.key(base, f"mode.{rule}"),
        label_visibility="collapsed",
        wrap=True,
    )


def _numbers(base: Policy, rule: Rule, setting_s: int) -> None:
    if rule is Rule.OFFICE_HOURS:
        _office(base)
    elif name := _NUMBERS.get(rule):
        stored = getattr(base, name)
        # No bounds here: what is out of them is said in words, under the rule and when saving.
        st.number_input(
            policy_words.FIELD_NAMES[name],
            value=setting_s if stored is None else stored,
            step=1,
            key=policy_draft.key(base, name),
        )


def _office(base: Policy) -> None:
    st.pills(
        "Días de oficina",
        range(7),
        selection_mode="multi",
        format_func=_DAYS.__getitem__,
        default=list(base.days),
        wrap=True,
        key=policy_draft.key(base, "days"),
    )
    times = policy_draft.hours(base)
    for side, name in zip(st.columns(2), ("opens", "closes"), strict=True):
        side.selectbox(
            policy_words.FIELD_NAMES[name],
            times,
            index=times.index(getattr(base, name)),
            format_func="{:%H:%M}".format,
            key=policy_draft.key(base, name),
        )


def _preview(now: Policy, rule: Rule, setting_s: int) -> None:
    fields = ("days", "closes") if rule is Rule.OFFICE_HOURS else (_NUMBERS.get(rule, ""),)
    wrong = _wrong(now, *fields)
    if not wrong:
        pause = setting_s if now.cooldown_s is None else now.cooldown_s
        st.caption(policy_words.preview(now, rule, pause))


def _wrong(now: Policy, *fields: str) -> bool:
    """Say what can't be saved of these fields, where they are."""
    found = {name: each for name, each in problems(now).items() if name in fields}
    for name, each in found.items():
        st.error(escaped(policy_words.problem(name, each)), icon=":material/error:")
    return bool(found)


# ---- the reason and the ticket -------------------------------------------------------------


def _words(base: Policy, setting_s: int) -> None:
    with st.container(border=True, key="policy_words"):
        left, right = st.columns([2, 3], gap="medium")
        with left:
            st.markdown("**Motivo y ticket**")
            st.text_area(
                "Motivos, uno por renglón",
                value=policy_draft.lines(base),
                height=_HEIGHT,
                key=policy_draft.key(base, "reasons"),
            )
        with right:
            st.text_input(
                "Patrón del ticket (vacío: opcional)",
                value=base.ticket_pattern,
                placeholder=r"MDA-\d{4,6}",
                autocomplete="off",
                key=policy_draft.key(base, "ticket_pattern"),
            )
            st.text_input(
                "Ejemplo que verá el agente",
                value=base.ticket_example,
                placeholder="MDA-12345",
                autocomplete="off",
                key=policy_draft.key(base, "ticket_example"),
            )
            now = policy_draft.typed(base, setting_s)
            if not _wrong(now, "reasons", "ticket_pattern", "ticket_example"):
                st.caption(escaped(policy_words.ticket_preview(now)))


# ---- saving --------------------------------------------------------------------------------


def _acts(base: Policy, setting_s: int) -> None:
    changed = policies.differences(base, policy_draft.typed(base, setting_s))
    if changed:
        st.markdown("**Cambios sin guardar**")
        facts.draw({policy_words.named(name): _step(name, *pair) for name, pair in changed.items()})
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Guardar cambios",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(base, setting_s),
            key="policy.save",
        )
        if changed:
            st.button(
                "Descartar cambios",
                type="tertiary",
                on_click=policy_draft.forget,
                key="policy.discard",
            )
    if notice := st.session_state.pop(_NOTICE, None):
        is_error, text = notice
        icon = ":material/block:" if is_error else ":material/check_circle:"
        (st.error if is_error else st.success)(escaped(text), icon=icon)


def _save(base: Policy, setting_s: int) -> None:
    """The button's callback: the fields may hold more than when it was drawn."""
    try:
        wanted = policy_draft.typed(base, setting_s)
        saved = policies.change(process.desk(), shell.actor(), wanted)
    except AppError as error:
        st.session_state[_NOTICE] = (True, _refusal(error))
        return
    st.session_state[_SEEN] = (saved.version, shell.visit())
    st.session_state[_NOTICE] = (
        False,
        f"Guardada como versión {saved.version}; ya está en vigor para todos los reenvíos.",
    )


def _refusal(error: AppError) -> str:
    """With the fields that are wrong by name: they may be far above the button."""
    errors = error.facts.get("errors")
    wrong: Mapping[str, PolicyProblem] = errors if isinstance(errors, Mapping) else {}
    names = ", ".join(policy_words.named(name) for name in wrong)
    return messages.sentence(error) + (f" ({names})" if names else "")


def _step(field: str, before: object, after: object) -> str:
    return f"{policy_words.said(field, before)} → {policy_words.said(field, after)}"


# ---- history -------------------------------------------------------------------------------


def _history(versions: list[Version]) -> None:
    st.header("Historia", anchor=False)
    if not versions:
        st.caption("Cada cambio quedará aquí y en la bitácora, con quién lo hizo y cuándo.")
    older = [each.policy for each in versions[1:]]
    if versions and versions[-1].policy.version == 1:
        older.append(PLAIN)
    # One that came before the oldest shown isn't known: what that changed isn't told.
    for version, before in zip(versions, older, strict=False):
        at = written.instant(version.changed_at)
        label = f"Versión {version.policy.version} · {at} · {plain(version.changed_by)}"
        with st.expander(label, key=f"policy_version_{version.policy.version}"):
            changed = policies.differences(before, version.policy)
            facts.draw({policy_words.named(n): _step(n, *pair) for n, pair in changed.items()})
