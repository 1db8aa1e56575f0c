"""R3 and R4: power that fails anywhere in a commit leaves the last one or the next; a disk that fails is told of.

The names that a folder has, and the bytes of its files, are on disk when they were synced; before that some may be
and some not. All such states of an update and of a rebuild are made, and the index of each is opened.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import storage
from index.merging import MOST_SEGMENTS
from index.snapshot import Snapshot, open_snapshot
from kilde.errors import DamagedError, KildeError, MissingError
from tests.index.builders import built, document, writer

OLD = [document(f"d{number}", ["en gammel pulje"]) for number in range(3)]
NEW = [*OLD[:2], document("d2", ["en ny ordning"], version="v2"), document("d3", ["en ordning til"])]


def update(folder: Path) -> None:
    writer(folder).update(NEW[2:], (), 2)


def rebuild(folder: Path) -> None:
    writer(folder).rebuild(NEW, 2)


def merge(folder: Path) -> None:
    """The update that makes one segment too many, so that some are merged in a commit of its own."""
    number = open_snapshot(folder).manifest.generation
    writer(folder).update(NEW[3:], (), 2)
    assert open_snapshot(folder).manifest.generation == number + 2


WORK = {"update": update, "rebuild": rebuild, "merge": merge}


def before(work: Callable[[Path], None], folder: Path) -> Path:
    """The index that is there before some work: of one segment, or of as many as there may be."""
    if work is not merge:
        return built(folder, OLD)
    for number in range(MOST_SEGMENTS):
        writer(folder).update(OLD[number : number + 1] or [document(f"m{number}", ["mere"])], (), 1)
    assert len(open_snapshot(folder).segments) == MOST_SEGMENTS
    return folder


class Disk:
    """What is on disk of a folder while it is written to: bytes after the last sync of a file, names of a folder's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes: dict[int, bytes] = {}
        self.names: dict[Path, int] = {}
        self.states: list[dict[Path, bytes | None]] = []
        for path in folder.rglob("*"):
            if path.is_file():
                self.bytes[path.stat().st_ino] = path.read_bytes()
        self.names = self.now()

    def now(self) -> dict[Path, int]:
        """The names that there are, as a running machine sees them."""
        return {path: path.stat().st_ino for path in self.folder.rglob("*") if path.is_file()}

    def synced(self, number: int) -> None:
        """Take note of a file, or of a folder's names, being on disk."""
        self.keep_states()
        path = Path(f"/proc/self/fd/{number}").readlink()
        if path.is_dir():
            here = {name: inode for name, inode in self.now().items() if name.parent == path}
            kept = {name: inode for name, inode in self.names.items() if name.parent != path}
            self.names = kept | here
        else:
            self.bytes[path.stat().st_ino] = path.read_bytes()
        self.keep_states()

    def keep_states(self) -> None:
        """What could be found after a power failure now: all names or those synced, bytes whole, half, none."""
        now = self.now()
        for names in (now, self.names, self.names | now, {**now, **self.names}):
            for part in (1.0, 0.5, 0.0):
                self.states.append({path: self._content(path, inode, now, part) for path, inode in names.items()})

    def _content(self, path: Path, inode: int, now: dict[Path, int], part: float) -> bytes | None:
        if inode in self.bytes:
            return self.bytes[inode]
        if now.get(path) != inode:
            return None
        whole = path.read_bytes()
        return whole[: int(len(whole) * part)]

    @contextmanager
    def watched(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        real = os.fsync

        def fsync(number: int) -> None:
            real(number)
            self.synced(number)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", fsync)
            yield
        self.keep_states()


def found(snapshot: Snapshot) -> tuple[int, int, int]:
    """The records, and how many have the old words and the new."""
    old, new = (
        sum(int(live[segment.postings("body", key).documents].sum()) for segment, live in _pairs(snapshot))
        for key in ("pulje", "ordning")
    )
    return snapshot.manifest.records, old, new


def _pairs(snapshot: Snapshot) -> Iterator[tuple]:  # type: ignore[type-arg]
    return zip(snapshot.segments, snapshot.live, strict=True)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up the names of open files where Linux has them")
@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_power_that_fails_leaves_the_last_commit_or_the_next(
    work: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = before(work, tmp_path / "index")
    allowed = {found(open_snapshot(folder))}
    disk = Disk(folder)
    with disk.watched(monkeypatch):
        work(folder)
    allowed.add(found(open_snapshot(folder)))
    states = {
        tuple(sorted((str(path), data) for path, data in state.items() if data is not None)) for state in disk.states
    }
    assert len(states) > 10
    for number, state in enumerate(sorted(states)):
        _restore(state, folder, copy := tmp_path / f"state{number}")
        try:
            assert found(open_snapshot(copy)) in allowed
            assert storage.verify(copy) == ()
        except (DamagedError, MissingError) as error:
            assert "kilde index --rebuild" in str(error)
            assert storage.verify(copy)
        if number % 10 == 0:
            writer(copy).rebuild(NEW, 3)
            assert found(open_snapshot(copy)) == (4, 2, 2)
        shutil.rmtree(copy)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up the names of open files where Linux has them")
@pytest.mark.parametrize("work", [update, rebuild])
def test_what_a_commit_promised_is_on_disk(
    work: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it returned, nothing that was not synced is needed."""
    folder = built(tmp_path / "index", OLD)
    disk = Disk(folder)
    with disk.watched(monkeypatch):
        work(folder)
    synced = {str(path): disk.bytes.get(inode, b"") for path, inode in disk.names.items()}
    _restore(tuple(synced.items()), folder, tmp_path / "after")
    assert found(open_snapshot(tmp_path / "after")) == found(open_snapshot(folder)) == (4, 2, 2)
    assert storage.verify(tmp_path / "after") == ()


def _restore(state: tuple[tuple[str, bytes], ...], folder: Path, copy: Path) -> None:
    copy.mkdir()
    for name, data in state:
        path = copy / Path(name).relative_to(folder)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)


@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
@pytest.mark.parametrize("call", ["fsync", "replace", "rename"])
def test_a_disk_that_fails_anywhere_leaves_the_last_commit(
    call: str, work: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each sync and each rename fails in turn: the error comes out, nothing half is seen, the next run goes well."""
    base = before(work, tmp_path / "base")
    allowed = {found(open_snapshot(base))}
    work(shutil.copytree(base, tmp_path / "whole"))
    allowed.add(found(open_snapshot(tmp_path / "whole")))
    real = getattr(os, call)
    for number in range(200):
        copy = tmp_path / f"{number}"
        shutil.copytree(base, copy)
        calls = iter(range(1000))

        def fails(*args: object, calls: Iterator[int] = calls, number: int = number) -> object:
            if next(calls) == number:
                raise OSError(errno.EIO, "the disk failed")
            return real(*args)

        with monkeypatch.context() as patch:
            patch.setattr(os, call, fails)
            try:
                work(copy)
            except OSError as error:
                assert error.errno == errno.EIO
            else:
                assert next(calls) <= number
                return
        assert found(open_snapshot(copy)) in allowed
        update(copy)
        assert storage.verify(copy) == ()
        shutil.rmtree(copy)
    raise AssertionError("the work never ended")


def test_a_full_disk_is_told_of_and_leaves_the_last_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any file may be the one that does not fit."""
    folder = built(tmp_path / "index", OLD)
    real = Path.open
    for number in range(8):
        opened = iter(range(1000))

        def full(path: Path, mode: str = "r", *args: object, **kwargs: object) -> object:
            if ("w" in mode or "+" in mode) and path.name != "lock" and next(opened) == number:  # noqa: B023
                raise OSError(errno.ENOSPC, "no space left on device")
            return real(path, mode, *args, **kwargs)  # type: ignore[call-overload]

        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", full)
            try:
                update(folder)
            except (OSError, KildeError) as error:
                assert "no space" in str(error)
            else:
                assert number > 2
                break
        assert found(open_snapshot(folder)) == (3, 3, 0)
        assert storage.verify(folder) == ()
    assert found(open_snapshot(folder)) == (4, 2, 2)
