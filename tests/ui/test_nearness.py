"""What a person reads when a search took one word for another."""

from lib.ui.grid.nearness import said


def test_nothing_mistyped_says_nothing() -> None:
    assert said((), only=True) == []


def test_each_word_with_what_was_taken_for_it() -> None:
    near = [("gracia", "garcia"), ("gracia", "gracian"), ("lopes", "lopez")]
    (notice,) = said(near, only=False)
    assert notice == "Al final, parecidos: «garcia», «gracian» por «gracia»; «lopez» por «lopes»."


def test_many_words_are_cut() -> None:
    (notice,) = said([("marta", word) for word in "abcdef"], only=True)
    assert notice.startswith("No hay coincidencias exactas; se muestran parecidos: «a», «b»")
    assert notice.endswith("«d», … por «marta».")
