"""Exportar: the words a file carries."""

import pytest

from lib.store.grid import sources
from lib.store.grid.sources import Source
from lib.store.pack import files
from lib.ui import export


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
