"""A disk that is really full: a small file system in memory with less and less room on it.

Where this machine lets nobody mount one, `test_errors` stands alone: there the calls are refused one by one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.cases import CASES, World
from tests.crash.conftest import LONG
from tests.crash.nursery import Nursery
from tests.crash.sweep import DONE, cut_short, mended, prepare, said, same
from tests.crash.test_errors import in_one_line

SIZE = 4 << 20
PAGE = 4096
ROOMS = range(0, 320 * 1024, 8 * 1024) if LONG else (16 * 1024, 120 * 1024)
"""Bytes that are left on the disk when the command begins."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "kilde", where], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk; test_errors refuses the calls one by one instead")
    yield where
    subprocess.run(["umount", "-l", where], check=True)


def fill(disk: Path, room: int) -> Path:
    """Fill a disk until so many bytes are left."""
    filler = disk / "filler"
    state = os.statvfs(disk)
    with filler.open("wb") as stream:
        stream.write(b"\0" * max(0, state.f_bavail * state.f_frsize - room - PAGE))
    return filler


@pytest.mark.parametrize("name", ["ingest", "nightly again", "reread", "forget erase"])
def test_a_full_disk_is_told_and_made_good(
    name: str, nursery: Nursery, world: World, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However much room there is: one line and exit code 1, or all is done; and all is done once there is room."""
    prepared = prepare(next(it for it in CASES if it.name == name), world)
    wrong, full = [], 0
    for room in ROOMS:
        home = small_disk / "home"
        shutil.copytree(world.home, home)
        filler = fill(small_disk, room)
        ended = world.room.run(prepared.case.args(world, home))
        filler.unlink()
        look = world.room.look(home / "data")
        if ended.status in DONE:
            wrong += [f"{room} bytes: {it}" for it in same(prepared, look)]
        else:
            full += 1
            wrong += [] if in_one_line(ended) else [f"{room} bytes: not told in one line: {said(ended)}"]
            wrong += [f"{room} bytes: {it}" for it in cut_short(prepared, look)]
            wrong += [f"{room} bytes: {it}" for it in mended(prepared, world.room, home)]
        shutil.rmtree(home)
    with capsys.disabled():
        print(f"\n{name}: {len(ROOMS)} disks, {full} of them too small, {len(wrong)} wrong")
    assert full, "no disk was too small"
    assert not wrong, "\n".join(wrong[:20])
