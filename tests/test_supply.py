"""What comes in from outside: pinned with hashes, for a reason, under a licence that lets us."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path
from threading import Thread

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs import licences, sbom

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
WRITTEN = ("requirements.txt", "requirements-dev.txt")
A_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)


def lines(name: str) -> list[str]:
    """One a requirement, its continuations joined."""
    joined = (ROOT / name).read_text("utf-8").replace("\\\n", " ").splitlines()
    return [line for line in joined if line and not line.lstrip().startswith("#")]


def requirements(name: str) -> list[Requirement]:
    """Those of a lock that this machine takes."""
    bare = [line.partition(" --hash")[0] for line in lines(name) if not line.startswith("--")]
    every = [Requirement(line.strip()) for line in bare]
    return [each for each in every if each.marker is None or each.marker.evaluate()]


HERE = {name: {canonicalize_name(r.name): r for r in requirements(name)} for name in LOCKS}
EVERY = HERE["requirements.lock"] | HERE["requirements-dev.lock"]


@pytest.mark.parametrize("name", WRITTEN)
def test_each_package_that_we_ask_for_is_pinned_with_its_reason(name: str) -> None:
    asked = [line for line in lines(name) if not line.startswith("-r ")]
    assert asked
    assert [line for line in asked if not re.fullmatch(r"\S+==\S+ +# .{5,}", line)] == []
    names = [line.partition("==")[0].lower() for line in asked]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", LOCKS)
def test_each_package_that_comes_in_has_a_hash(name: str) -> None:
    first, *pins = lines(name)
    assert first == "--only-binary :all:"  # a package that is built runs its code first
    assert [line for line in pins if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", line)] == []


def test_the_lock_is_read_before_the_names() -> None:
    # pip checks the hashes of what it read first; the other way round it installs nothing.
    assert next(line.split()[:2] for line in lines("requirements.txt")) == ["-r", LOCKS[0]]
    dev = [line.split()[:2] for line in lines("requirements-dev.txt")]
    assert dev[:2] == [["-r", LOCKS[1]], ["-r", "requirements.txt"]]


def pins(*names: str) -> dict[str, str]:
    """Versions by name, whatever the machine."""
    found = [pin for name in names for pin in A_PIN.findall((ROOT / name).read_text("utf-8"))]
    return {canonicalize_name(name): version for name, version in found}


def test_the_locks_have_what_we_ask_for() -> None:
    assert pins("requirements.txt").items() <= pins("requirements.lock").items()
    assert pins("requirements-dev.txt").items() <= pins(*LOCKS).items()


@pytest.mark.parametrize("name", sorted(EVERY))
def test_what_is_installed_is_what_is_pinned(name: str) -> None:
    assert distribution(name).version in EVERY[name].specifier


def needed_by(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """What a package asks for on this machine."""
    for text in distribution(name).requires or ():
        needed = Requirement(text)
        environments = [{"extra": extra} for extra in extras or {""}]
        if needed.marker is None or any(needed.marker.evaluate(e) for e in environments):
            yield needed


@pytest.mark.parametrize("lock", LOCKS)
def test_what_the_packages_need_is_pinned_too(lock: str) -> None:
    pinned = HERE[LOCKS[0]] if lock == LOCKS[0] else EVERY
    loose = {
        f"{name} needs {needed}"
        for name, requirement in HERE[lock].items()
        for needed in needed_by(name, frozenset(requirement.extras))
        if canonicalize_name(needed.name) not in pinned
    }
    assert loose == set()


def test_pip_refuses_a_package_that_isn_t_the_one_pinned(tmp_path: Path) -> None:
    """By our own files, less one character of each hash; nothing is fetched."""
    made = tmp_path / "segno-1.6.6-py3-none-any.whl"
    made.write_bytes(b"somebody else's")
    pin = next(line for line in lines("requirements.lock") if line.startswith("segno=="))
    (tmp_path / "requirements.lock").write_text(f"--only-binary :all:\n{pin}\n")
    asked = tmp_path / "requirements.txt"
    asked.write_text("-r requirements.lock\nsegno==1.6.6  # QR codes\n")
    pip = [sys.executable, "-m", "pip", "--isolated", "download", "--no-deps", "--no-index"]
    done = subprocess.run(
        [*pip, "--find-links", str(tmp_path), "-r", str(asked), "-d", str(tmp_path / "to")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr


# ---- licences ------------------------------------------------------------------------------------


def test_the_list_of_licences_is_what_is_installed() -> None:
    assert licences.LIST.read_text("utf-8") == licences.text()


def test_the_list_of_parts_is_what_is_installed() -> None:
    assert sbom.FILE.read_text("utf-8") == sbom.text()


@pytest.mark.parametrize("said", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", ""])
def test_a_licence_that_takes_the_rest_with_it_is_refused(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licences, "_expression", lambda _: said or None)
    assert licences.refused(["something"]) != []


def test_one_of_two_licences_is_ours_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "_expression", lambda _: "MIT OR GPL-2.0-only")
    assert licences.refused(["something"]) == []


# ---- vulnerabilities -----------------------------------------------------------------------------


class Advisories(BaseHTTPRequestHandler):
    """osv.dev's question, answered here: segno has one."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = asked["package"]["name"]
        event = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}
        affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": [event]}
        found = {"id": "PYSEC-0", "details": "", "modified": "2026-01-01T00:00:00Z"}
        answer = {"vulns": [found | {"affected": [affected]}]} if name == "segno" else {}
        text = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.mark.slow
def test_an_audit_names_what_is_vulnerable_and_fails_when_nobody_answers() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1/query"
        audit = [ROOT / ".ci" / "audit", "--osv-url", url]
        found = subprocess.run(audit, capture_output=True, text=True, check=False)
        server.shutdown()
    assert found.returncode == 1
    assert "PYSEC-0" in found.stdout
    assert "1 known vulnerability in 1 package" in found.stdout
    silent = subprocess.run(audit, capture_output=True, text=True, check=False)
    assert silent.returncode == 1
    assert silent.stdout.endswith("so nothing is known.\n")
    assert "Traceback" not in silent.stdout + silent.stderr
