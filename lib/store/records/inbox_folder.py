"""The watched folder as it lies on the disk: the packs in it, taking one, putting it aside.

A pack is the files that lie in the folder itself, or a sub-folder. It is taken into `.en-curso` by
renaming, where nobody who delivers files reaches it, and from there to `cargados` or `rechazados`:
at each instant it is whole in one place.

WinSCP writes `cuentas.csv.filepart`, rsync `.cuentas.csv.AbC`, others under the last name and may
stop for minutes; many end a delivery with a file that says so (Apache Camel's doneFileName).
"""

import errno
import fcntl
import hashlib
import os
import re
import signal
import stat
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from lib.model.inbox import Waiting
from lib.store.pack.files import FILES

LOADED, REFUSED, IN_HAND = "cargados", "rechazados", ".en-curso"
_OURS = frozenset({LOADED, REFUSED})
_TEMPORARY = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".swp")
_MARKERS, _MARKED = frozenset({"listo", "listo.txt"}), ".done"
_FILES_HALF, _FOLDER_HALF = ".archivos", ".carpeta"  # a pack that is being taken
_ID = re.compile(r"[0-9a-f]{32}")  # a batch's
_MOST = 1_000  # entries of one folder that are kept, of each sort: a pack has five files
MOST = 100_000  # that are run through, a tenth of a second: in a folder of more, a pack may hide
_SORTS = _OF_PACK, _FOLDER, _MARKER, _ARRIVING, _STRANGER = range(5)
_NAMES = tuple(file.name for file in FILES)
_STEMS = tuple(Path(name).stem for name in _NAMES)

# What changes when a file does: its name, inode, size, instants of content and of anything (ns).
Signature = tuple[tuple[str, int, int, int, int], ...]


@dataclass(frozen=True)
class Drop:
    """One pack in the folder. `bad` says in Spanish why it can't be one at all; `strangers` is what
    else lies beside its files. `full`: more lies there than is looked at."""

    waiting: Waiting
    place: Path
    signature: Signature
    strangers: tuple[str, ...] = ()
    bad: str = ""
    full: bool = False

    @property
    def newest(self) -> int:
        """When its newest file was written (ns): packs go in the order they were made."""
        return max((mtime for _, _, _, mtime, _ in self.signature), default=0)


def prove(inbox: Path) -> None:
    """Raise OSError unless it can be read and written now."""
    _entries(inbox)
    test = _own(inbox / IN_HAND) / "prueba"
    test.touch()
    test.unlink()


# ---- looking -------------------------------------------------------------------------------


def look(inbox: Path) -> list[Drop]:
    """The packs in the folder, its own first. Raises OSError when it can't be read."""
    entries, full = _listed(inbox)
    subs = [e for e in entries if e.is_dir() and not e.name.startswith(".") and e.name not in _OURS]
    own = _drop("", inbox, [e for e in entries if e not in subs and e.name not in _OURS])
    return [replace(own, full=full), *(drop for e in subs if (drop := _sub(e)))]


def _sub(entry: os.DirEntry[str]) -> Drop | None:
    """None when it is gone meanwhile. A link isn't followed, not even to look."""
    place, bad = Path(entry.path), "es un enlace, y solo se cargan carpetas de verdad."
    if not entry.is_symlink():
        try:
            entries, full = _listed(place)
            return replace(_drop(entry.name, place, entries), full=full)
        except FileNotFoundError:
            return None
        except OSError:
            bad = "la mesa no puede abrir la carpeta; revisa sus permisos."
    return Drop(Waiting(entry.name, (), _NAMES), place, (), bad=bad)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    return _listed(folder)[0]


def _listed(folder: Path) -> tuple[list[os.DirEntry[str]], bool]:
    """What lies in it, by name: a pack's files whatever lies beside them, and the first of the
    rest; whether more does than is looked at."""
    kept: dict[int, list[os.DirEntry[str]]] = {sort: [] for sort in _SORTS}
    with os.scandir(folder) as entries:
        for entry in islice(entries, MOST):
            of_sort = kept[_sort(entry)]
            if len(of_sort) < _MOST:
                of_sort.append(entry)
        full = next(entries, None) is not None or len(kept[_FOLDER]) == _MOST
    return sorted(chain(*kept.values()), key=lambda e: e.name), full


def _sort(entry: os.DirEntry[str]) -> int:
    if entry.name.lower() in _NAMES:
        return _OF_PACK
    if entry.is_dir():
        return _FOLDER
    if _is_marker(entry):
        return _MARKER
    return _ARRIVING if _is_temporary(entry.name) else _STRANGER


def _drop(name: str, place: Path, entries: list[os.DirEntry[str]]) -> Drop:
    named = [e for e in entries if e.name.lower() in _NAMES]
    markers = [e for e in entries if _is_marker(e)]
    arriving = [e.name for e in entries if _is_temporary(e.name)]
    missing = [n for n in _NAMES if n not in {e.name.lower() for e in named}]
    known = {*(e.name for e in (*named, *markers)), *arriving}
    waiting = Waiting(
        name, tuple(e.name for e in named), tuple(missing), tuple(arriving), bool(markers)
    )
    strangers = [e.name for e in entries if e.name not in known and not e.name.startswith(".")]
    return Drop(waiting, place, _signature([*named, *markers]), tuple(strangers))


def _is_marker(entry: os.DirEntry[str]) -> bool:
    name = entry.name.lower()
    return (name in _MARKERS or name.endswith(_MARKED)) and entry.is_file(follow_symlinks=False)


def _is_temporary(name: str) -> bool:
    """An SFTP user's home holds other hidden files: only those called after one of ours count."""
    name = name.lower()
    after_ours = any(stem in name for stem in _STEMS)
    return name.endswith(_TEMPORARY) or (name.startswith((".", "~")) and after_ours)


def _signature(entries: list[os.DirEntry[str]]) -> Signature:
    found = []
    for entry in entries:
        try:
            seen = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        found.append((entry.name, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns))
    return tuple(found)


def signature(pack: Path) -> Signature:
    """That of a pack in hand. Raises OSError."""
    return _drop("", pack, _entries(pack)).signature


def odd(pack: Path) -> str:
    """The first of a pack's files that is no plain file (a link, a pipe), or the pack itself; "" of
    a good one. Raises OSError."""
    if pack.is_symlink():
        return pack.name
    odd = (e for e in _entries(pack) if e.name.lower() in _NAMES)
    return next((e.name for e in odd if not e.is_file(follow_symlinks=False)), "")


def written_to(place: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Which of these files somebody has open to write, where the system tells: of files that are
    ours, or to root, on this machine. Raises PermissionError for one that can't be read."""
    return tuple(name for name in names if _open_elsewhere(place / name))


def _open_elsewhere(path: Path) -> bool:
    """Linux grants a read lease only while nobody has the file open to write (fcntl(2))."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except PermissionError:
        raise
    except OSError:
        return False  # a link, or gone: seen at the next look
    try:
        # Whoever opens it in between is told nothing, and neither are we: SIGIO would end us.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False  # another user's, or a file system without leases: what settles must do
    finally:
        os.close(descriptor)
    return False


# ---- taking --------------------------------------------------------------------------------


def take(inbox: Path, drop: Drop, pack_id: str) -> None:
    """Move the pack into `.en-curso`. Raises OSError, and then it lies where it lay."""
    lone = not drop.waiting.name
    half = _own(inbox / IN_HAND) / (pack_id + (_FILES_HALF if lone else _FOLDER_HALF))
    half.mkdir(mode=0o700)
    try:
        if lone:
            (half / inbox.name).mkdir(mode=0o700)
            for name, *_ in drop.signature:
                (inbox / name).rename(half / inbox.name / name)
        else:
            drop.place.rename(half / drop.place.name)
        half.rename(half.with_suffix(""))
    except OSError:
        recover(inbox)
        raise


def recover(inbox: Path) -> None:
    """Undo what a process that died had begun to take: files lie again where they lay, or where
    others of that name came since, in `rechazados`. Raises OSError."""
    for half in _folders(inbox / IN_HAND):
        if half.suffix == _FOLDER_HALF:
            _finish_folder(half)
        elif half.suffix == _FILES_HALF:
            _give_back(inbox, half)


def _finish_folder(half: Path) -> None:
    """A sub-folder is taken in one step, which was done or wasn't."""
    if _inner(half):
        half.rename(half.with_suffix(""))
    else:
        half.rmdir()


def _give_back(inbox: Path, half: Path) -> None:
    for pack in _folders(half):
        for file in list(pack.iterdir()):
            if not os.path.lexists(inbox / file.name):
                file.rename(inbox / file.name)
        if not any(pack.iterdir()):
            pack.rmdir()
    if any(half.iterdir()):
        half.rename(_own(inbox / REFUSED) / f"incompleta-{half.stem}")
    else:
        half.rmdir()


def in_hand(inbox: Path) -> list[tuple[str, Path]]:
    """Packs that were taken and not yet put aside: their ids and where their files lie."""
    taken = [f for f in _folders(inbox / IN_HAND) if _ID.fullmatch(f.name)]
    return [(folder.name, pack) for folder in taken for pack in _inner(folder)]


def _inner(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.is_symlink() or p.is_dir()][:1]


def put_aside(inbox: Path, pack_id: str, place: str, day: str, said: str) -> Path:
    """Move a pack in hand to `place` (LOADED or REFUSED), with a text that says why; its new
    folder. Raises OSError, and then it stays in hand."""
    folder = inbox / IN_HAND / pack_id
    name = "resultado.txt" if place == LOADED else "motivo.txt"
    if (folder / name).is_dir():  # that is what the pack itself is called
        name = f"_{name}"
    how = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(folder / name, how, 0o600), "w", encoding="utf-8") as stream:
        stream.write(said)
    return folder.rename(_own(inbox / place) / f"{day}-{pack_id}")


def digest(pack: Path) -> str:
    """SHA-256 over the names and the contents of its files. Raises OSError."""
    whole = hashlib.sha256()
    for entry in _entries(pack):
        if entry.name.lower() in _NAMES and entry.is_file(follow_symlinks=False):
            with open(entry.path, "rb") as stream:
                said = hashlib.file_digest(stream, "sha256").hexdigest()
            whole.update(f"{entry.name.lower()} {said}\n".encode())
    return whole.hexdigest()


def _folders(place: Path) -> list[Path]:
    try:
        return sorted(p for p in place.iterdir() if p.is_dir() and not p.is_symlink())
    except FileNotFoundError:
        return []


def _own(folder: Path) -> Path:
    """A folder of ours within the watched one, made when it is missing: never a link, and none that
    whoever delivers files made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if found.st_uid != os.geteuid():
        raise OSError(errno.EPERM, f"{folder.name} es de otro usuario", str(folder))
    return folder
