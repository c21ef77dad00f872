"""Exportar: the words a file carries."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.model.sheet import Format
from lib.model.view import Layout, View
from lib.services.records import exporting
from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.store.pack import files
from lib.ui.listing import export


def test_an_export_of_certificates_has_the_headings_that_importar_reads() -> None:
    theirs = {column.name: column.heading for column in files.CERTIFICATES.columns}
    ours = export.words(sources.CERTIFICATES).headings
    assert {name: ours[name] for name in theirs} == theirs


LISTS = (sources.SUBSCRIPTIONS, sources.LICENCES, sources.CERTIFICATES, sources.ACCOUNTS)


@pytest.mark.parametrize("source", [*LISTS, sources.AUDIT], ids=lambda s: s.id)
def test_each_list_s_file_has_a_name_and_headings(source: Source) -> None:
    words = export.words(source)
    assert words.title == words.title[:25]
    assert len(set(words.headings.values())) == len(source.columns)


def test_what_would_leave_is_said_as_it_leaves() -> None:
    """Suscripciones hides a column at first; its file doesn't."""
    usual, chosen = View(q="zuniga"), View(layout=Layout(("serial", "product")))
    said = export.said(sources.SUBSCRIPTIONS, usual, 3_214, None)
    assert said == "**3,214 registros** · lo que dejó la búsqueda · todas las columnas"
    said = export.said(sources.SUBSCRIPTIONS, chosen, 1, None)
    assert said == "**1 registro** · toda la lista, sin filtros · 2 columnas a la vista"


@given(st.text())
def test_no_title_leaves_its_place_in_a_header_or_a_folder(title: str) -> None:
    """What stands in Content-Disposition, and on somebody's disk."""
    assert re.fullmatch(r"[a-z0-9_-][a-z0-9._-]*", exporting.plain_name(title))
    assert re.fullmatch(r"[a-z0-9._-]+\.csv", exporting.file_name(title, Format.CSV))
