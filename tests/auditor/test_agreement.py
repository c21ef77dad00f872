"""Whatever is done to a log, the auditor's verifier names the row that the desk does, and how.

The tests of the desk's verification, run again: each verdict is compared (conftest.py).
"""

import pytest

from tests.store.test_proving import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("agreement")]
