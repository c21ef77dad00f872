"""`python -m docs.licences`: write docs/licences.md from what pinned packages say of themselves.

Raises LicenceError, which names every package whose licence isn't in ALLOWED.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from license_expression import LicenseExpression, get_spdx_licensing
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LIST = ROOT / "docs" / "licences.md"
LOCKS = {"At run time": "requirements.lock", "For development": "requirements-dev.lock"}

_SPDX = get_spdx_licensing()
# Use them, change them, hand them on with whatever we write: only the notice stays.
_PERMISSIVE = (
    *("MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "Apache-2.0"),
    *("PSF-2.0", "Zlib", "Unlicense", "CC0-1.0"),
)
# Their own files stay under their licence, ours don't come under it: they are imported as they
# come, never changed nor copied in.
_THEIR_FILES = ("MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later")
ALLOWED = frozenset(_PERMISSIVE + _THEIR_FILES)

# Packages that name no SPDX expression, by their own words.
_SAID = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
# What is said of them is too little; read in the text that each comes with, or at its home.
_READ = {
    "axe-playwright-python": "MIT AND MPL-2.0",  # MPL is the axe-core inside
    "imapclient": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",  # comes in on Windows alone
}
# "BSD License" says a family: three clauses is the narrower.
_FAMILY = {"BSD License": "BSD-3-Clause"}

_HEAD = """\
# Licences

Made by `make licences` from the packages' own metadata; a test holds it to what is pinned. Allowed
are permissive licences, and those that cover only their own files (MPL, LGPL), whose packages are
imported as they come and never changed. GPL and AGPL, and a package that doesn't say its licence,
fail `make audit` and the test: the desk could then not be handed on without handing on all of it.
"""


class LicenceError(Exception):
    """Names what may not come in."""


@dataclass(frozen=True)
class Pinned:
    name: str
    version: str


def pinned(lock: Path) -> list[Pinned]:
    """One for each package, by name; of several versions the one for this Python."""
    named = [Requirement(line) for line in _lines(lock)]
    here = {r.name: r for r in named if not r.marker or r.marker.evaluate()}
    every = {r.name: here.get(r.name, r) for r in named}
    return [Pinned(r.name, next(iter(r.specifier)).version) for _, r in sorted(every.items())]


def _lines(lock: Path) -> Iterator[str]:
    for line in lock.read_text("utf-8").splitlines():
        if re.match(r"[a-z0-9]", line):
            yield line.removesuffix("\\").strip()


def licence(name: str) -> LicenseExpression | None:
    """As an SPDX expression; None when nothing usable is said."""
    said = _READ.get(name) or _expression(name)
    return _SPDX.parse(said, validate=True) if said else None


def _expression(name: str) -> str | None:
    try:
        found: Distribution = distribution(name)
    except PackageNotFoundError:
        return None
    about = found.metadata
    if expression := about.get("License-Expression"):
        return str(expression)
    classifiers = about.get_all("Classifier") or []
    words = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")]
    words.append(str(about.get("License", "")).strip())
    known = _SAID | _FAMILY | {one: one for one in ALLOWED}
    return next((known[word] for word in words if word in known), None)


def refused(names: list[str]) -> list[str]:
    """Which of them may not come in, with what they say."""
    said = {name: licence(name) for name in names}
    return [
        f"{name}: {'says nothing' if one is None else one}"
        for name, one in said.items()
        if not _fits(one)
    ]


def _fits(one: LicenseExpression | None) -> bool:
    """An OR is ours to choose, an AND isn't."""
    if one is None:
        return False
    if getattr(one, "args", ()):
        of = any if one.operator.strip() == "OR" else all
        return of(_fits(each) for each in one.args)
    return str(one) in ALLOWED


def text() -> str:
    """docs/licences.md. Raises LicenceError."""
    parts = [_HEAD]
    for title, file in LOCKS.items():
        packages = pinned(ROOT / file)
        if bad := refused([one.name for one in packages]):
            raise LicenceError("\n".join(bad))
        rows = [f"| {one.name} | {one.version} | {licence(one.name)} |" for one in packages]
        parts.append(f"## {title}\n\n| package | version | licence |\n|---|---|---|")
        parts[-1] += "\n" + "\n".join(rows) + "\n"
    return "\n".join(parts)


if __name__ == "__main__":
    try:
        LIST.write_text(text(), "utf-8")
    except LicenceError as error:
        sys.exit(f"Not allowed:\n{error}")
