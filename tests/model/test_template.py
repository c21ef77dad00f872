"""How a template is named, and what its kinds must hold."""

import pytest

from lib.model.errors import AppError, Reason
from lib.model.outbox import OWN_WORDS, MailKind
from lib.model.template import SPECS, Draft, Language, Part, Template, read_ref


def test_a_name_reads_back() -> None:
    template = Template(MailKind.RESEND_MANY, Language.EN, 12, Draft("", "", ""))
    assert template.ref == "resend_many/en@12"
    assert read_ref(template.ref) == (MailKind.RESEND_MANY, Language.EN, 12)


@pytest.mark.parametrize("ref", ["", "resend", "resend/es", "resend/es@", "x/es@1", "resend/fr@1"])
def test_what_names_no_template_is_refused(ref: str) -> None:
    with pytest.raises(AppError) as refused:
        read_ref(ref)
    assert refused.value.reason is Reason.UNKNOWN_TEMPLATE


def test_the_parts_of_a_draft() -> None:
    draft = Draft("a", "b", "c")
    assert [draft[part] for part in Part] == ["a", "b", "c"]


@pytest.mark.parametrize("kind", SPECS)
def test_what_is_required_or_secret_has_a_name(kind: MailKind) -> None:
    spec = SPECS[kind]
    known = spec.names | set(spec.lists) | {f"{n}.{f}" for n in spec.lists for f in spec.lists[n]}
    assert spec.required | spec.secret <= known


def test_every_mail_but_the_test_of_one_has_a_template() -> None:
    assert set(SPECS) == set(MailKind) - OWN_WORDS - {MailKind.TEMPLATE_TEST}
