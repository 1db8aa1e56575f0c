"""A disk that is full or fails: a clear line and exit code 1, nothing half visible, and all is well when it is again.

That the kernel could not sync (EIO of fsync) is never taken for success: what was to be acknowledged is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.cases import CASES, Case, World
from tests.crash.conftest import LONG
from tests.crash.nursery import Ended, Nursery, Room
from tests.crash.sweep import DONE, Prepared, Result, copy_of, cut_short, each, mended, prepare, said, same
from tests.crash.tracing import SYNCS, Point, struck

STRUCK = {"ingest", "ingest again", "nightly again", "from archive", "forget", "backup", "restore"}
"""The commands over which disks fail."""
SHORT = 2
SWALLOWED = {
    # SQLite syncs the folder after it has made a log or deleted one, and tells nobody whether that worked
    # (os_unix.c, unixSync and unixDelete). Its files' names are made to last by our own sync of the folder.
    "fsync": ("</data>", "</backup>"),
    # A checkpoint copies pages out of a log that is synced: where it fails, the log stays, and the next one does it.
    "fdatasync": ("kilde.sqlite", "state.sqlite"),
    "pwrite64": ("kilde.sqlite", "state.sqlite"),
    "ftruncate": ("kilde.sqlite", "state.sqlite"),
    # What is removed is no longer needed; the next run removes it.
    "unlink": ("",),
    "unlinkat": ("",),
    "rmdir": ("",),
}
"""Calls whose failure a command may survive with success, with the reason; it must then have done all of its work."""


def errors_of(point: Point) -> tuple[str, ...]:
    """The errors that a call may meet."""
    if point.name in SYNCS or point.name.startswith(("unlink", "rmdir")):
        return ("EIO",)
    return ("EIO", "ENOSPC") if point.name.startswith(("write", "pwrite", "sendfile")) else ("ENOSPC",)


def chosen(points: list[Point]) -> list[tuple[Point, str]]:
    """All in the long form, every eighth of the calls that are no syncs; a few in the short one."""
    syncs = [it for it in points if it.name in SYNCS]
    others = [it for it in points if it.name not in SYNCS]
    found = [(it, error) for it in [*syncs, *others[::8]] for error in errors_of(it)]
    return found if LONG else found[:: max(1, len(found) // SHORT)][:SHORT]


def in_one_line(ended: Ended) -> bool:
    """Whether a command failed as it should: its last line says so, and there is no traceback."""
    return (
        ended.status == 1 and "Traceback" not in ended.err and ended.err.strip().splitlines()[-1].startswith("kilde:")
    )


def survivable(point: Point) -> bool:
    """Whether a command may succeed though this call failed."""
    return any(name in point.args for name in SWALLOWED.get(point.name, ()))


def check_error(prepared: Prepared, room: Room, point: Point, error: str) -> Iterator[str]:
    """One call fails once."""
    with copy_of(prepared.world) as home:
        args = prepared.case.args(prepared.world, home)
        ended = struck(room, args, f"{point.name}:error={error}:when={point.number}")
        if ended.status in DONE:
            if not survivable(point):
                yield f"{error} was taken for success"
            yield from same(prepared, room.look(home / "data"))
            return
        if not in_one_line(ended):
            yield f"{error} is not told in one line: {said(ended)}"
        yield from cut_short(prepared, room.look(home / "data"))
        yield from mended(prepared, room, home)


@pytest.mark.parametrize("case", [it for it in CASES if it.name in STRUCK], ids=lambda it: it.name.replace(" ", "_"))
def test_a_disk_that_fails_is_told_and_made_good(
    case: Case, nursery: Nursery, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """At any write, sync, rename or opening."""
    prepared = prepare(case, world)
    work = chosen(prepared.points)
    errors = dict(work)
    result = Result(f"{case.name}: {', '.join(sorted(set(errors.values())))}")
    for error in sorted(set(errors.values())):
        struck_here = [point for point, it in work if it == error]
        each(
            nursery, struck_here,
            lambda room, point, error=error: check_error(prepared, room, point, error),  # type: ignore[misc]
            result,
        )  # fmt: skip
    with capsys.disabled():
        print(f"\n{result}")
    assert not result.wrong, "\n".join(result.wrong[:20])
