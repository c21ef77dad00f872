"""What the grid says around its rows: every list, column and thing left out has its words."""

import pytest

from lib.model.filter import Kind
from lib.model.left_out import LeftOut, What
from lib.model.view import Layout, View
from lib.store.grid import sources
from lib.store.grid.facet import Facet
from lib.store.grid.sources import SUBSCRIPTIONS, Source
from lib.ui.grid import headings, names

EVERY = [
    *(sources.SUBSCRIPTIONS, sources.LICENCES, sources.SYSTEMS),
    *(sources.CERTIFICATES, sources.ACCOUNTS, sources.AUDIT),
]


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.id)
def test_every_list_and_column_has_its_words(source: Source) -> None:
    assert source.id in names.TITLES
    assert source.id in names.SEARCHES
    assert all(column.id in names.HEADINGS for column in source.columns)
    grains = {grain.value for column in source.columns for grain in column.grains}
    assert grains <= set(names.GRAINS)


@pytest.mark.parametrize("source", EVERY, ids=lambda source: source.id)
def test_a_list_opens_with_all_but_what_waits_to_be_asked_for(source: Source) -> None:
    shown = {column.id for column in headings.shown_columns(source, Layout())}
    assert {c.id for c in source.columns} - shown == names.HIDDEN.get(source.id, frozenset())


def test_a_layout_says_which_columns_and_in_which_order() -> None:
    layout = Layout(columns=("serial", "nothing", "account_no"))
    shown = [column.id for column in headings.shown_columns(SUBSCRIPTIONS, layout)]
    assert shown == ["serial", "account_no"]


def test_every_preset_is_understood() -> None:
    every = [*names.DATE_PRESETS, *(p for some in names.PRESETS.values() for p in some)]
    view = View(filters={"activated_on": "x"})
    for text, _ in every:
        asked = View(filters={"activated_on": text})
        assert not headings.filters(SUBSCRIPTIONS, asked)[0]["bad"], text
    assert headings.filters(SUBSCRIPTIONS, view)[0]["bad"]


def test_everything_left_out_has_a_sentence_that_names_it() -> None:
    assert set(names.LEFT_OUT) == set(What) - {What.FILTER}
    said = headings.notices(
        SUBSCRIPTIONS,
        [
            LeftOut(What.COLUMN, "x" * 500),
            LeftOut(What.DEPTH, "activated_on:month"),
            *(LeftOut(What.COLUMN, f"c{n}") for n in range(6)),
            LeftOut(What.FILTER, "seats"),
            LeftOut(What.PAGE),
        ],
    )
    assert said == [
        f"Se abrió sin lo que esta tabla no tiene: «{'x' * 60}», «c0», «c1», «c2», «c3» y 2 más.",
        "Se agrupa hasta por cinco columnas; quedó fuera: Fecha Activación (mes).",
        "Esa página ya no existe: se muestra la última.",
    ]


def test_a_facet_s_values_stand_by_name_and_nothing_last() -> None:
    version = SUBSCRIPTIONS.column("version")
    assert version is not None
    assert version.kind is Kind.TEXT
    few = Facet((("10.0", 9), ("", 3), ("9.0", 5), (None, 2)))
    assert headings.facet(version, few)["values"] == [
        ["9.0", "9.0", 5],
        ["10.0", "10.0", 9],
        ["=", "(vacío)", 5],
    ]
    many = Facet((("10.0", 9), ("9.0", 5)), more=True)
    assert [value[0] for value in headings.facet(version, many)["values"]] == ["10.0", "9.0"]
