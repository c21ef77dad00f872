"""The peers' own virtual environment: nothing of theirs comes near the desk's."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def python(folder: Path, requirements: Path = REQUIREMENTS) -> Path:
    """The interpreter of an environment in `folder` that has `requirements`; made when it isn't
    there or they changed."""
    interpreter, stamp = folder / "bin" / "python", folder / "requirements.txt"
    wanted = requirements.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        print("Installing the peers…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [interpreter, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", requirements], check=True)
        stamp.write_text(wanted, "utf-8")
    return interpreter
