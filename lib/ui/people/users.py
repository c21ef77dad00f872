"""Usuarios: who works at the desk, what they may do, whether they are in."""

from collections.abc import Callable

import streamlit as st

from lib.model.actor import Actor
from lib.model.roles import Role
from lib.model.text import fold
from lib.services.desk import Desk
from lib.services.doors import factors, invitations, people
from lib.services.doors.people import Person
from lib.store.people.staff import Staff
from lib.ui import messages, process, shell, written
from lib.ui.mail import mail_state
from lib.ui.people import by_company, confirming, inviting, session_words, user_words
from lib.ui.plain import escaped, plain

_SEARCH = "users.search"
_TURN = "users.turn"
_DONE = "users.done"
_SHOWN = 30  # cards drawn at once: more are found by name
_COLOURS = {Role.AGENT: "gray", Role.MANAGER: "blue", Role.ADMIN: "violet"}


def draw() -> None:
    st.title("Usuarios", anchor=False)
    confirming.draw()
    with shell.guarded():
        everybody = people.everybody(process.desk(), shell.actor())
        st.caption(_how_many(everybody))
        if done := st.session_state.pop(_DONE, ""):
            st.success(done, icon=":material/check_circle:")
        inviting.button(_DONE)
        found = _sought(everybody)
        for person in found[:_SHOWN]:
            _card(person)
        if not found:
            st.info("Nadie se llama así.", icon=":material/person_search:")
        if len(found) > _SHOWN:
            more = written.count(len(found) - _SHOWN, "persona más", "personas más")
            st.caption(f"Hay {more}; búscalas por nombre.")


def _how_many(everybody: list[Person]) -> str:
    active = sum(one.listed.person.active for one in everybody)
    inside = sum(bool(one.sessions) for one in everybody)
    total = written.count(len(everybody), "persona", "personas")
    gone = written.count(len(everybody) - active, "de baja", "de baja")
    return f"{total}, {gone} · dentro ahora: {inside:,}"


def _sought(everybody: list[Person]) -> list[Person]:
    """Those whose name or username has what is typed; those who left come last."""
    typed = st.text_input(
        "Buscar", key=_SEARCH, placeholder="Nombre o usuario", label_visibility="collapsed"
    )
    wanted = fold(typed)
    found = [one for one in everybody if wanted in _words(one.listed.person)]
    return sorted(found, key=lambda one: not one.listed.person.active)


def _words(person: Staff) -> str:
    return fold(f"{person.name} {person.username} {person.email}")


# ---- one person ------------------------------------------------------------------------------


def _card(one: Person) -> None:
    person = one.listed.person
    with (
        st.container(border=True, key=f"user_{person.username}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap="xxsmall"):
            st.markdown(f"**{plain(person.name)}** {_badges(one)}")
            st.caption(escaped(_facts(one)))
        if person.username != shell.actor().username:
            _acts(one)


def _badges(one: Person) -> str:
    person = one.listed.person
    badges = [f":{_COLOURS[person.role]}-badge[{messages.ROLE_NAMES[person.role]}]"]
    if not person.active:
        badges.append(":red-badge[De baja]")
    for name in user_words.factors(one):
        badges.append(f":green-badge[:material/verified_user: {name}]")
    badges += by_company.badges(one)
    if one.sessions:
        inside = written.count(len(one.sessions), "sesión abierta", "sesiones abiertas")
        badges.append(f":green-badge[{inside}]")
    return " ".join(badges)


def _facts(one: Person) -> str:
    person, seen = one.listed.person, one.listed.last_seen_at
    last = f"entró por última vez: {mail_state.moment(seen)}" if seen else "no ha entrado nunca"
    return " · ".join(filter(None, (person.username, person.email, last)))


def _acts(one: Person) -> None:
    person = one.listed.person
    # Another one after each act: it would stay open over the window that asks who is there.
    key = f"users.change.{person.username}.{st.session_state.get(_TURN, 0)}"
    with st.popover("Cambiar", icon=":material/manage_accounts:", type="tertiary", key=key):
        _role(person)
        _email(person)
        if one.sessions:
            _button("Cerrar sus sesiones", "logout", person, _end_sessions)
        if one.factors:
            _button("Quitar su segundo factor", "phonelink_erase", person, _reset_factor)
        for label, icon, act in by_company.acts(one):
            _button(label, icon, person, act)
        if person.active and person.email and by_company.takes_link(one):
            _button("Enviar enlace de contraseña", "lock_reset", person, _send_link)
        if person.active:
            _button("Dar de baja", "person_off", person, _disable)
        else:
            _button("Reactivar", "person_add", person, _enable)
        _inside(one)


def _inside(one: Person) -> None:
    """After the acts: a long list must not push them out of the popover's sight."""
    if one.sessions:
        st.caption("Dentro ahora:")
        for session in one.sessions:
            st.markdown(
                f"{session_words.browser(session)}  \n"
                f":small[{session_words.where_and_when(session)}]"
            )


def _role(person: Staff) -> None:
    roles = [person.role, *(role for role in Role if role is not person.role)]
    role: Role = st.selectbox(
        "Perfil",
        roles,
        format_func=messages.ROLE_NAMES.__getitem__,
        key=f"users.role.{person.username}.{person.credential_version}",
    )
    if role is not person.role:
        label = f"Hacer {messages.ROLE_NAMES[role].lower()}"
        _button(label, "badge", person, lambda desk, me, seen: _change_role(desk, me, seen, role))


def _email(person: Staff) -> None:
    key = f"users.email.{person.username}.{person.email}"
    typed = st.text_input("Correo", person.email, key=key)
    if typed.strip() != person.email:
        act: Act = lambda desk, me, seen: _change_email(desk, me, seen, typed)  # noqa: E731
        _button("Cambiar el correo", "alternate_email", person, act)


Act = Callable[..., str]


def _button(label: str, icon: str, person: Staff, act: Act) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"users.{icon}.{person.username}",
        on_click=_do,
        args=(act, person),
        width="stretch",
    )


@shell.guarded()
def _do(act: Act, person: Staff) -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    confirming.first(lambda: _done(act, person))


def _done(act: Act, person: Staff) -> None:
    me: Actor = shell.actor()
    st.session_state[_DONE] = f"{plain(person.name)}: {act(process.desk(), me, person)}"


def _change_role(desk: Desk, me: Actor, seen: Staff, role: Role) -> str:
    people.change_role(desk, me, seen, role)
    return f"ahora es {messages.ROLE_NAMES[role].lower()}; sus sesiones se cerraron."


def _change_email(desk: Desk, me: Actor, seen: Staff, email: str) -> str:
    people.change_email(desk, me, seen, email)
    return "su correo cambió; un aviso va al de antes y al de ahora."


def _disable(desk: Desk, me: Actor, seen: Staff) -> str:
    people.set_active(desk, me, seen, active=False)
    return "de baja; sus sesiones se cerraron y ya no puede entrar."


def _enable(desk: Desk, me: Actor, seen: Staff) -> str:
    people.set_active(desk, me, seen, active=True)
    return "puede entrar otra vez."


def _send_link(desk: Desk, me: Actor, seen: Staff) -> str:
    invitations.send_link(desk, me, seen.username)
    return "le llegará un enlace para elegir otra contraseña."


def _end_sessions(desk: Desk, me: Actor, seen: Staff) -> str:
    ended = people.end_all_of(desk, me, seen.username)
    return f"{written.count(ended, 'sesión cerrada', 'sesiones cerradas')}."


def _reset_factor(desk: Desk, me: Actor, seen: Staff) -> str:
    factors.reset(desk, me, seen.username)
    return "sin segundo factor; si su perfil lo pide, activará otro al entrar."
