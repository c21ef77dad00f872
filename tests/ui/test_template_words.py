"""Templates in words: each variable, each fault, one sentence that says the line."""

import pytest

from lib.model.outbox import MailKind
from lib.model.template import SPECS, Fault, Language, Part, Wrong
from lib.ui.mail import template_words


def test_each_kind_and_language_has_a_name() -> None:
    assert set(template_words.KIND_NAMES) == set(template_words.READERS) == set(SPECS)
    assert set(template_words.LANGUAGE_NAMES) == set(Language)


@pytest.mark.parametrize("wrong", Wrong)
@pytest.mark.parametrize("part", Part)
def test_each_fault_is_one_sentence_that_says_where(part: Part, wrong: Wrong) -> None:
    said = template_words.sentence(Fault(part, wrong, 7, "cda"))
    assert said.startswith("Renglón 7 de")
    assert said.endswith(".")
    assert not {"{what}", "{about}", "{limit}"} & set(said.split())
    assert wrong.value not in said
    assert template_words.sentence(Fault(part, wrong)).startswith("En el ")


def test_what_is_wrong_may_look_like_a_format() -> None:
    said = template_words.sentence(Fault(Part.TEXT, Wrong.UNKNOWN_NAME, 2, "{about}{0}"))
    assert said == (
        "Renglón 2 del texto: «{0}» no existe; elige una de las variables de este correo."
    )


@pytest.mark.parametrize("kind", SPECS)
def test_the_list_of_variables_is_what_templates_take(kind: MailKind) -> None:
    spec = SPECS[kind]
    rows = template_words.variables(kind)
    names = spec.names | set(spec.lists)
    entries = sum(len(fields) or 1 for fields in spec.lists.values())
    assert len(rows) == len(names) + entries
    assert all(written and about for written, about in rows)


def test_how_versions_are_called() -> None:
    assert template_words.named("resend/es@0") == "Original"
    assert template_words.named("resend/es@12") == "Versión 12"
