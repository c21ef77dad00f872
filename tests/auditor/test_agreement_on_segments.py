"""As test_agreement.py, of a log of several segments."""

import pytest

from tests.store.test_segments import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("agreement")]
