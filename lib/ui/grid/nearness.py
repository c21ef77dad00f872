"""What a search took for mistyped, said in Spanish."""

from collections.abc import Sequence

Near = Sequence[tuple[str, str]]

_MOST = 4  # words named of those taken for one


def said(near: Near, *, only: bool) -> list[str]:
    """A notice for the words taken for others; none when nothing was. `only`: no row has just what
    was typed.

    >>> said([("gracia", "garcia")], only=True)
    ['No hay coincidencias exactas; se muestran parecidos: «garcia» por «gracia».']
    """
    if not near:
        return []
    how = "No hay coincidencias exactas; se muestran parecidos" if only else "Al final, parecidos"
    typed = dict.fromkeys(word for word, _ in near)
    return [f"{how}: {'; '.join(_taken(near, word) for word in typed)}."]


def _taken(near: Near, typed: str) -> str:
    words = [f"«{taken}»" for word, taken in near if word == typed]
    more = ", …" if len(words) > _MOST else ""
    return f"{', '.join(words[:_MOST])}{more} por «{typed}»"
