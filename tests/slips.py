"""Words as people mistype them."""

import random

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def mistyped(some: random.Random, word: str) -> str:
    """One slip anywhere, the first letter too: a letter missing, doubled, wrong, or two swapped."""
    at, letter = some.randrange(len(word)), some.choice(_LETTERS)
    return some.choice([
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ])  # fmt: skip
