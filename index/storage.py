"""The folder of the index: which generation is current, what its files should be, and who may write.

`current` names the sub-folder that is read; a rebuild makes another and swaps the name. Within a sub-folder Whoosh
commits by renaming its table of contents; the manifest with the sizes and digests of all files of that commit is
written and synced just before, so that either both count or neither. Anything that does not fit is a DamagedError
that names the command that mends it; the index is derived, and can always be made anew.
"""

# Whoosh is typed in part only.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import file_digest
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from index.fields import fingerprint
from kilde.errors import DamagedError, LockedError, MissingError

REBUILD = "`kilde index --rebuild` makes it anew"
_POINTER = "current"
_GENERATION = re.compile("g[0-9]{6}")
_TOC = re.compile(r"_MAIN_([0-9]{1,9})\.toc")
_LARGEST_POINTER = 64


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a commit left: a number that grows with every commit, the store's change it covers, records and files.

    `toc` is Whoosh's own number of the commit; `files` has the size and sha-256 of each file.
    """

    generation: int
    toc: int
    change: int
    records: int
    fingerprint: str
    files: dict[str, tuple[int, str]]


class IndexStorage(FileStorage):
    """Whoosh's storage, with a manifest for every commit and everything synced before it counts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._folder = folder
        self._prepared: dict[str, Any] | None = None

    def prepare(self, toc: int, names: Iterable[str], note: dict[str, Any]) -> None:
        """Before a commit: its files, synced and digested, and what else the manifest says."""
        known = _newest_manifest(self._folder)
        files = {}
        for name in sorted(names):
            old = known.files.get(name) if known else None
            size = (self._folder / name).stat().st_size
            files[name] = old if old and old[0] == size else (size, _synced_digest(self._folder / name))
        self._prepared = note | {"toc": toc, "fingerprint": fingerprint(), "files": files}

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """As Whoosh's; when a table of contents gets its name, the commit's manifest is written first."""
        if _TOC.fullmatch(newname):
            self._write_manifest(oldname, newname)
        super().rename_file(oldname, newname, safe)
        _sync_folder(self._folder)

    def _write_manifest(self, oldname: str, newname: str) -> None:
        path = self._folder / oldname
        toc = int(newname.split("_")[2].split(".")[0])
        content = self._prepared or {
            "generation": 0,
            "change": 0,
            "records": 0,
            "fingerprint": fingerprint(),
            "files": {},
        }
        content = content | {"toc": toc}
        content["files"] = content["files"] | {newname: (path.stat().st_size, _synced_digest(path))}
        _write(self._folder / _manifest_name(toc), json.dumps(content, sort_keys=True))
        self._prepared = None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index's lock. LockedError when another writer has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"another run is writing the index in {folder}") from None
        yield


def current(folder: Path) -> Path:
    """The sub-folder that is read. MissingError when there is no index, DamagedError when the pointer leads nowhere."""
    name = _pointed(folder)
    if name is None:
        raise MissingError(f"no index in {folder}: {REBUILD}")
    if not _GENERATION.fullmatch(name) or not (folder / name).is_dir():
        raise DamagedError(f"{folder / _POINTER} names no generation of the index: {REBUILD}")
    return folder / name


def new_generation(folder: Path) -> Path:
    """An empty sub-folder for a rebuild."""
    numbers = [int(name[1:]) for name in _generations(folder)]
    path = folder / f"g{max(numbers, default=0) + 1:06}"
    path.mkdir(parents=True)
    return path


def swap(folder: Path, generation: Path) -> None:
    """Make a finished generation the one that is read, at once and for good."""
    _sync_folder(generation)
    _write(folder / _POINTER, generation.name + "\n")
    _sync_folder(folder)


def tidy(folder: Path) -> None:
    """Remove other generations than the current one, and what broken writes left. Readers keep what they have open."""
    keep = _pointed(folder) or ""
    for name in _generations(folder):
        if name != keep:
            shutil.rmtree(folder / name, ignore_errors=True)
    if _GENERATION.fullmatch(keep) and (folder / keep).is_dir():
        _tidy_generation(folder / keep)


def manifest(generation: Path) -> Manifest:
    """The manifest of the newest commit in a sub-folder, its files checked for size.

    DamagedError: no commit, no manifest or an unreadable one, files missing or of another size, another fingerprint.
    """
    toc = newest_toc(generation)
    if toc < 0:
        raise DamagedError(f"the index in {generation} has no table of contents: {REBUILD}")
    found = _read_manifest(generation / _manifest_name(toc))
    if found is None:
        raise DamagedError(f"the index in {generation} has no readable manifest: {REBUILD}")
    if found.fingerprint != fingerprint():
        raise DamagedError(f"the index in {generation} was made by another version of Kilde: {REBUILD}")
    for name, (size, _) in found.files.items():
        path = generation / name
        actual = path.stat().st_size if path.exists() else None
        if actual != size:
            state = "is missing" if actual is None else f"has {actual} bytes where {size} were written"
            raise DamagedError(f"{path} {state}: {REBUILD}")
    return found


def verify(folder: Path) -> tuple[str, ...]:
    """What is wrong with the current index, file by file and byte by byte; nothing when it is as it was written."""
    try:
        generation = current(folder)
        files = manifest(generation).files
    except (MissingError, DamagedError) as error:
        return (str(error),)
    wrong = (name for name, (_, digest) in files.items() if _digest(generation / name) != digest)
    return tuple(f"{generation / name} is not as it was written: {REBUILD}" for name in wrong)


def newest_toc(generation: Path) -> int:
    """Whoosh's number of the newest commit; -1 where there is none."""
    found = (_TOC.fullmatch(name) for name in os.listdir(generation))  # noqa: PTH208 - names only, hot path
    return max((int(match[1]) for match in found if match), default=-1)


def _pointed(folder: Path) -> str | None:
    """What the pointer says, None where there is no pointer."""
    try:
        with (folder / _POINTER).open("rb") as file:
            return file.read(_LARGEST_POINTER).decode("utf-8", "replace").strip()
    except FileNotFoundError:
        return None


def _newest_manifest(generation: Path) -> Manifest | None:
    toc = newest_toc(generation)
    return _read_manifest(generation / _manifest_name(toc)) if toc >= 0 else None


def _manifest_name(toc: int) -> str:
    return f"manifest-{toc}.json"


def _read_manifest(path: Path) -> Manifest | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        files = {str(name): (int(size), str(digest)) for name, (size, digest) in content.pop("files").items()}
        return Manifest(files=files, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _generations(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if _GENERATION.fullmatch(path.name))


def _tidy_generation(generation: Path) -> None:
    toc = newest_toc(generation)
    for path in generation.iterdir():
        old_manifest = path.name.startswith("manifest-") and path.name != _manifest_name(toc)
        half_toc = ".toc." in path.name
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif old_manifest or half_toc:
            path.unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _synced_digest(path: Path) -> str:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return file_digest(file, "sha256").hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
