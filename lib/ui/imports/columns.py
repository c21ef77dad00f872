"""Which column of the file is which of ours: as found, with what stands under it, to be changed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from lib.model.reading import Choice, Columns, Found, Look
from lib.services.imports import mapping
from lib.store.pack.files import CERTIFICATES, Column
from lib.store.pack.synonyms import is_secret
from lib.ui import written
from lib.ui.imports import reading_words as words
from lib.ui.mail import mail_state
from lib.ui.plain import escaped, plain

_SAID = "importing.columns"  # by source: the reading it was said of, and where the columns stand
_IN_A_ROW = 3
_OFFERED = 1000  # columns that can be chosen: a browser takes long over more
_LONGEST = 60  # characters of a heading or a sample
_DOUBTFUL = (Found.CONTENT, Found.DOUBLED)
_NONE = "No viene en el archivo"
_NOWHERE = -1  # as an option


def chosen(source: str, choice: Choice) -> Choice:
    """The choice with what the person said of the columns, while the file is read as then."""
    said = st.session_state.get(_SAID, {}).get(source)
    return replace(choice, columns=said[1]) if said and said[0] == choice else choice


def draw(source: str, choice: Choice, look: Look) -> None:
    """`choice` is how the file is read but for its columns."""
    unmatched = mapping.unmatched(look)
    if unmatched:
        st.error(
            f"Falta saber en qué columna viene: {escaped(', '.join(unmatched))}. Elígela aquí.",
            icon=":material/view_column:",
        )
    _whose(source, choice, look)
    by_hand = Found.PERSON in look.found
    doubtful = any(how in _DOUBTFUL for how in look.found)
    with st.expander(
        _summary(look, unmatched),
        expanded=bool(unmatched) or by_hand or doubtful,
        icon=":material/view_column:",
    ):
        _grid(source, choice, look)
    if not unmatched:
        _absent(look)


def _summary(look: Look, unmatched: Sequence[str]) -> str:
    there = sum(1 for _, at in look.reading.columns if at is not None)
    guessed = sum(1 for how in look.found if how is Found.CONTENT)
    said = f"Columnas: {there} de {len(CERTIFICATES.columns)}"
    if unmatched:
        return f"{said}, {written.count(len(unmatched), 'por elegir', 'por elegir')}"
    return f"{said}, {guessed} por revisar" if guessed else said


def _whose(source: str, choice: Choice, look: Look) -> None:
    """Whose word is followed, and the way back to what is found without it."""
    if look.mapped:
        at = mail_state.moment(look.mapped.at)
        said = f"Columnas como las eligió {plain(look.mapped.by)}, {at}."
    elif Found.PERSON in look.found:
        said = "Columnas elegidas a mano: al importar se recuerdan para estos encabezados."
    else:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/history: {said}")
        st.button(
            "Volver a lo automático",
            type="tertiary",
            icon=":material/undo:",
            key=f"importing.automatic.{source}",
            on_click=_say,
            args=(source, choice, look.automatic),
        )


def _grid(source: str, choice: Choice, look: Look) -> None:
    st.caption("Las que llevan \\* hacen falta. Debajo de cada una, cómo se encontró y qué trae.")
    ours, titles = CERTIFICATES.columns, _titles(look)
    for start in range(0, len(ours), _IN_A_ROW):
        for column, place in zip(ours[start:], st.columns(_IN_A_ROW), strict=False):
            with place:
                _choice(source, choice, look, column, titles)


def _choice(
    source: str, choice: Choice, look: Look, column: Column, titles: Mapping[int, str]
) -> None:
    at = dict(look.reading.columns)[column.name]
    key = f"importing.column.{column.name}.{source}"
    st.session_state[key] = _NOWHERE if at is None and column.optional else at
    with st.container(gap="xxsmall"):
        st.selectbox(
            column.heading if column.optional else f"{column.heading} \\*",
            [_NOWHERE, *titles] if column.optional else [*titles],
            format_func=lambda place: _NONE if place == _NOWHERE else titles[place],
            key=key,
            placeholder="Elige la columna",
            on_change=_take,
            args=(source, choice, look, column.name, key),
        )
        st.caption(_about(look, column, at))


def _about(look: Look, column: Column, at: int | None) -> str:
    """How it was found, and what stands there."""
    how = look.how[column.name]
    if how is Found.DOUBLED or (at is None and not column.optional):
        return f":red[{words.FOUND[how] if how is Found.DOUBLED else 'Hace falta'}]"
    if at is None:
        return "Se queda como está en la mesa"
    said = words.FOUND[how]
    if how is Found.CONTENT:
        said = f":orange[{said}: revísala]"
    return f"{said}  \n{_samples(look, at)}"


def _titles(look: Look) -> dict[int, str]:
    """The columns that can be chosen, each by a name that tells it from the others."""
    taken = (at for _, at in look.reading.columns if at is not None and at >= _OFFERED)
    places = [*range(min(len(look.headings), _OFFERED)), *sorted(taken)]
    alike = Counter(look.headings)
    return {
        at: _title(look.headings[at], at, alone=alike[look.headings[at]] == 1)
        for at in places
        if not is_secret(look.headings[at])
    }


def _title(heading: str, at: int, *, alone: bool) -> str:
    title = heading.strip()
    short = title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"
    if not title:
        return f"Columna {at + 1}, sin encabezado"
    return short if alone else f"{short} (columna {at + 1})"


def _samples(look: Look, at: int) -> str:
    filled = [cell.strip()[:_LONGEST] for cell in look.samples[at] if cell.strip()]
    return " · ".join(plain(cell) for cell in filled) or "Sin nada en sus primeras celdas"


def _absent(look: Look) -> None:
    """What becomes of what the file doesn't bring."""
    names = {c.name: c.heading for c in CERTIFICATES.columns}
    absent = [names[name] for name, at in look.reading.columns if at is None]
    if not absent:
        return
    listed = ", ".join(absent[:-1]) + f" y {absent[-1]}" if len(absent) > 1 else absent[0]
    come = "no vienen" if len(absent) > 1 else "no viene"
    st.info(
        f"{listed} {come} en el archivo: los certificados que ya están en la mesa conservan lo "
        "que tienen ahí; los nuevos lo tendrán vacío.",
        icon=":material/info:",
    )


def _take(source: str, choice: Choice, look: Look, name: str, key: str) -> None:
    at: int = st.session_state[key]
    here = None if at == _NOWHERE else at
    _say(source, choice, mapping.by_hand(look.reading.columns, name, here))


def _say(source: str, choice: Choice, columns: Columns) -> None:
    st.session_state.setdefault(_SAID, {})[source] = (choice, columns)
