"""How many examples a property is tried with."""

from hypothesis import settings

QUICK = 20  # of those that say nothing, in `make test-fast`; Hypothesis's own 100 in `make test`


def rounds(examples: int) -> int:
    """`examples` in `make test`, a quarter of them in `make test-fast`."""
    quick = settings.get_current_profile_name() == "quick"
    return max(examples // 4, 3) if quick else examples
