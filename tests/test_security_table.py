"""docs/security.md answers all of ASVS 5.0's levels 1 and 2, and names nothing that isn't there."""

import re
from collections import Counter
from pathlib import Path

from lib.services.doors import attempts, invitations, opening, password_rules
from lib.services.doors.access import IDLE

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
ASKED = (ROOT / "tests" / "asvs_5_0.txt").read_text("utf-8").split()
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| V\d", line)
]
VERDICTS = {"met", "n/a", "not met"}
NAME = re.compile(r"`([^`]+)`")


def test_every_requirement_is_answered_once() -> None:
    assert [row[0] for row in ROWS] == ASKED


def test_each_answer_says_how_and_where() -> None:
    assert {row[0] for row in ROWS if row[1] not in VERDICTS} == set()
    assert [row[0] for row in ROWS if not row[2]] == []
    assert [row[0] for row in ROWS if not row[3] and row[1] != "n/a"] == []


def test_each_file_and_test_named_is_there() -> None:
    missing = {
        (row[0], named) for row in ROWS for named in NAME.findall(row[3]) if not there(named)
    }
    missing |= {(row[0], named) for row in ROWS for named in NAME.findall(row[4]) if not run(named)}
    assert missing == set()


def there(file: str) -> bool:
    return (ROOT / file).exists()


def run(named: str) -> bool:
    """`file::test`, below tests/."""
    name, _, function = named.partition("::")
    file = ROOT / "tests" / f"{name}.py"
    return file.exists() and f"def {function}(" in file.read_text("utf-8")


def test_what_is_counted_is_so() -> None:
    found = Counter(row[1] for row in ROWS)
    said = "Of {} requirements {} are met, {} don't apply and {} aren't met.".format(
        len(ROWS), found["met"], found["n/a"], found["not met"]
    )
    assert said in " ".join(TEXT.split())


def test_what_is_named_in_passing_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    files = re.findall(r"`((?:lib|tests|docs|deploy)/[^`*]+)`", TEXT)
    assert links
    assert [path for path in links if not (ROOT / "docs" / path).exists()] == []
    assert [path for path in files if not there(path)] == []


def test_the_rules_say_what_the_code_does() -> None:
    rules = " ".join(TEXT.split())
    assert f"{password_rules.SHORTEST} to {password_rules.LONGEST} characters" in rules
    assert f"{IDLE.seconds // 60} idle minutes (a warning two before)" in rules
    assert f"and {opening.LONGEST_SESSION.seconds // 3600} hours in all" in rules
    assert f"links {invitations.LINK_LIFE.total_seconds() / 3600:.0f} hours" in rules
    assert f"{attempts.FREE_FOR_A_PERSON} free tries for a person" in rules
    assert f"strangers together get {attempts.FREE_FOR_STRANGERS} at one name" in rules
    assert f"an address {attempts.FREE_FOR_AN_ADDRESS} at whatever names" in rules
    assert f"codes {attempts.FREE_FOR_STRANGE_CODES} from strangers" in rules
    assert f"forgotten after {attempts.FORGOTTEN.seconds // 60} quiet minutes" in rules
    assert (attempts.CODES_FORGOTTEN.days, "at codes after a day" in rules) == (1, True)
