"""As test_agreement.py, of a log whose older segments lie in archives."""

import pytest

from tests.store.test_archives import *  # noqa: F403

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("agreement")]

# An export has the archive's row alone: what lies hidden beside it in the database isn't the log's.
del test_a_row_put_back_where_its_segment_left  # noqa: F821
del test_what_it_says_of_them_is_on_the_record  # noqa: F821 — it verifies nothing
