"""Is this certificate real, and whose is it? Asked with what a scanner or a customer reads."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.model.actor import Actor
from lib.model.errors import AppError, Reason
from lib.model.roles import Role
from lib.services.desk import Desk
from lib.services.imports import committing
from lib.services.records import finding, linking, peeking, verifying
from lib.services.records.verifying import Paper, Verdict
from tests import desks
from tests.services.test_importing import preview

MANAGER = Actor("gerente", "Gerardo Gerente", Role.MANAGER, session="s-gerente")
PAPERS = (
    "F0000101;0KFAQ05EFJ4;SAE;9.0;2;16/05/2018;Maquiladora Peña;;00000001",
    "F-00-202;0K-FAQ-99;COI;9.0;1;01/01/2020;Ángel Núñez;;",
    "F0000303;0TWICE0001;NOI;9.0;1;01/01/2020;Ana;;00000002",
    "F0000404;0TWICE0001;NOI;9.0;1;01/01/2020;Ana;;77777777",
)


@pytest.fixture(scope="module")
def papers_data(tmp_path_factory: pytest.TempPathFactory, small_data: Path) -> Path:
    def work(desk: Desk) -> None:
        committing.commit(desk, MANAGER, preview(desk, MANAGER, *PAPERS))

    return desks.template(tmp_path_factory.mktemp("papers"), small_data, work)


@pytest.fixture
def papers(shelf: desks.Shelf, papers_data: Path) -> Iterator[Desk]:
    """A desk that holds them."""
    with shelf.lent(papers_data) as store:
        yield desks.desk_over(store)


def judged(desk: Desk, agent: Actor, typed: str) -> Verdict | None:
    everything = finding.everything(desk, agent, typed)
    return verifying.verdict(desk, typed, everything, actor=agent)


def found(desk: Desk, agent: Actor, typed: str) -> tuple[Paper, ...]:
    verdict = judged(desk, agent, typed)
    return verdict.papers if verdict else ()


@pytest.mark.slow
@pytest.mark.parametrize(
    "typed", ["F0000101", "f0000101 ", "0KFAQ05EFJ4", "0kfaq-05e-fj4", "0KFAQ 05EFJ4"]
)
def test_by_folio_or_serial_however_it_is_typed(papers: Desk, agent: Actor, typed: str) -> None:
    [paper] = found(papers, agent, typed)
    assert paper.certificate.folio == "F0000101"
    assert paper.account is not None
    assert paper.account.name == "Héctor Villaseñor Muñoz"
    assert paper.origin is not None
    assert (paper.origin.source, paper.origin.actor) == ("certificados marzo.csv", "gerente")


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["F00202", "F-00-202", "0kfaq99", "0K-FAQ-99"])
def test_what_a_file_wrote_with_hyphens(papers: Desk, agent: Actor, typed: str) -> None:
    assert [p.certificate.folio for p in found(papers, agent, typed)] == ["F-00-202"]


@pytest.mark.slow
def test_a_serial_on_two_boxes_is_told(papers: Desk, agent: Actor) -> None:
    first, second = found(papers, agent, "0TWICE0001")
    assert (first.namesakes, second.namesakes) == (("F0000404",), ("F0000303",))
    assert first.account is not None
    assert second.account is None


@pytest.mark.parametrize("typed", ["F0000102", "F000101", "F00000101", "F0000110", "G0000101"])
def test_one_slip_away_is_offered(papers: Desk, agent: Actor, typed: str) -> None:
    verdict = judged(papers, agent, typed)
    assert verdict is not None
    assert verdict.papers == ()
    assert verdict.near == (("F0000101", "F0000101"),)


def test_a_serial_s_slip_leads_to_its_folio(papers: Desk, agent: Actor) -> None:
    verdict = judged(papers, agent, "0KFAQ05EFJ5")
    assert verdict is not None
    assert verdict.near == (("F0000101", "0KFAQ05EFJ4"),)


def test_what_is_not_registered_and_what_is_no_code(papers: Desk, agent: Actor) -> None:
    unknown = judged(papers, agent, "X9988776655")
    assert unknown is not None
    assert (unknown.papers, unknown.near) == ((), ())
    for typed in ("maquiladora", "GODE561231GR8", "ana nuñez", "a@b.mx", ""):
        assert judged(papers, agent, typed) is None


@pytest.mark.parametrize("typed", ["S0000000001", "s-0000-000001", "00000001", "F00001"])
def test_what_is_something_else_s_is_no_unknown_certificate(
    papers: Desk, agent: Actor, typed: str
) -> None:
    assert judged(papers, agent, typed) is None


def test_it_is_as_it_was_linked_since(papers: Desk, agent: Actor) -> None:
    assert found(papers, agent, "F00202")[0].account is None
    linking.link(papers, "F-00-202", "00000002", "", actor=agent)
    [paper] = found(papers, agent, "F00202")
    assert paper.account is not None
    assert paper.by_hand is not None
    assert peeking.certificate(papers, "F-00-202", actor=agent).paper == paper


def test_only_who_may_find_is_told(
    papers: Desk, agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = finding.everything(papers, agent, "F0000101")
    monkeypatch.setattr(Actor, "may", lambda *_: False)
    with pytest.raises(AppError) as refusal:
        verifying.verdict(papers, "F0000101", everything, actor=agent)
    assert refusal.value.reason is Reason.FORBIDDEN
