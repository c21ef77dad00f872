"""What the pages' tests share."""

from collections.abc import Iterator
from functools import cache
from unittest.mock import patch

import pytest
from streamlit.components.v2 import manifest_scanner


@pytest.fixture(scope="session", autouse=True)
def installed_once() -> Iterator[None]:
    """Each AppTest asks every installed package whether it is a component, and reads its metadata
    for it: a quarter of a second that no page needs. The answer doesn't change."""
    once = cache(manifest_scanner.scan_component_manifests)
    with patch.object(manifest_scanner, "scan_component_manifests", once):
        yield
