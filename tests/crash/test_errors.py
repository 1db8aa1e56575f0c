"""A disk that is full or fails: a clear line and exit code 1, nothing half visible, and all is well when it is again.

That the kernel could not sync (EIO of fsync) is never taken for success: what was to be acknowledged is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from tests.crash.cases import CASES, Case, World
from tests.crash.conftest import LONG
from tests.crash.nursery import Ended, Nursery, Room
from tests.crash.sweep import DONE, Prepared, Result, copy_of, cut_short, each, mended, not_erased, prepare, said, same
from tests.crash.tracing import SYNCS, Point, struck, was_hit

SHORT = 2
STRUCK_IN_SHORT = {"ingest", "ingest again", "nightly again", "from archive", "forget erase", "backup", "restore"}


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A call whose failure some commands may survive with success; they must then have done all of their work."""

    call: str
    file: str
    """A regular expression for all of its path."""
    commands: frozenset[str]
    why: str
    idle: bool = False
    """Only a sync of a file to which nothing was written since it was synced last."""

    def covers(self, prepared: Prepared, point: Point) -> bool:
        """Whether a call of a command is one of these."""
        return (
            point.name == self.call
            and re.fullmatch(self.file, point.file) is not None
            and prepared.case.name in self.commands
            and (not self.idle or is_idle(prepared.points, point))
        )


ALL = frozenset(it.name for it in CASES)
STORE_WRITERS = ALL - {"index rebuild", "migration", "forget", "quarantine drop", "backup"}
STATE_WRITERS = ALL - {"index rebuild", "backup"}
WITH_OLD_INDEX = frozenset({"reread", "forget", "forget erase", "quarantine retry"})
NIGHTS = frozenset({"nightly", "nightly again"})
STORE, STATE = "/data/kilde[.]sqlite", "/data/state[.]sqlite"
BESIDE = "([.]part)?-(wal|shm)"
CHECKPOINT = (
    "a checkpoint copies pages out of a log that is synced: where it fails the log stays, and the next one does it"
)
SYNCED = f"the log was synced with the last commit, this is for a checkpoint; {CHECKPOINT}"
COPIED = "its pages are in the database when the log is removed; what stays is read again, to the same end"
READ = "who only reads opens the log to write first, and then to read"
ONLY_READ = "SQLite opens it to read where it cannot to write, and nothing is to be written; a write would be refused"
OWN_SYNC = "SQLite does not tell, so Kilde syncs the folder itself: when it opens a file to write, and behind a copy"
OWN_REMOVAL = "Kilde removes what SQLite leaves beside a copy"
OLD_INDEX = "an index that is no longer the current one; the next that is written removes it"
SWALLOWED = (
    *(Swallowed(call, STORE, STORE_WRITERS, CHECKPOINT) for call in ("pwrite64", "fdatasync", "ftruncate")),
    *(Swallowed(call, STATE, STATE_WRITERS, CHECKPOINT) for call in ("pwrite64", "fdatasync", "ftruncate")),
    Swallowed("fdatasync", f"{STORE}-wal", STORE_WRITERS, SYNCED, idle=True),
    Swallowed("fdatasync", f"{STATE}-wal", STATE_WRITERS, SYNCED, idle=True),
    Swallowed("unlink", f"{STORE}-wal", STORE_WRITERS | {"forget", "migration"}, COPIED),
    Swallowed("unlink", f"{STATE}-wal", STATE_WRITERS, COPIED),
    Swallowed("openat", f"{STORE}-wal", ALL, READ),
    Swallowed("openat", f"{STATE}-wal", NIGHTS | {"backup", "quarantine drop", "quarantine retry", "restore"}, READ),
    Swallowed("openat", STORE, frozenset({"migration", "forget", "forget erase", "restore"}), ONLY_READ),
    Swallowed("openat", STATE, frozenset({"quarantine retry", "quarantine drop"}), ONLY_READ),
    Swallowed("fdatasync", "/data", STATE_WRITERS, OWN_SYNC),
    Swallowed("fdatasync", "/backup", frozenset({"backup"}), OWN_SYNC),
    Swallowed("unlink", f"/backup/(kilde|state)[.]sqlite{BESIDE}", frozenset({"backup"}), OWN_REMOVAL),
    Swallowed("unlink", f"/data/state[.]before-restore[.]sqlite{BESIDE}", frozenset({"restore"}), OWN_REMOVAL),
    Swallowed("sendfile", "/data/(raw/)?[.].*[.]part", frozenset({"restore"}), "Python copies in another way then"),
    Swallowed("unlinkat", "/data/index/g[0-9]+/.*", WITH_OLD_INDEX, OLD_INDEX),
    Swallowed("rmdir", "/data/index/g[0-9]+", WITH_OLD_INDEX, OLD_INDEX),
)  # fmt: skip


def is_idle(points: Sequence[Point], point: Point) -> bool:
    """Whether nothing was written to a call's file since the call of its name before it."""
    before = [it for it in points[: points.index(point)] if it.file == point.file and it.name != "openat"]
    return bool(before) and before[-1].name == point.name


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


def survivable(prepared: Prepared, point: Point) -> bool:
    """Whether a command may succeed though this call failed."""
    return any(it.covers(prepared, point) for it in SWALLOWED)


def check_error(prepared: Prepared, room: Room, point: Point, error: str, result: Result) -> Iterator[str]:
    """One call fails once; where another than the one meant did, only the end is looked at."""
    with copy_of(prepared.world) as home:
        args = prepared.case.args(prepared.world, home)
        log = home.parent / "struck.log"
        ended = struck(room, args, f"{point.name}:error={error}:when={point.number}", log)
        if ended.status in DONE:
            if not was_hit(log, point, home):
                result.missed += 1
            elif not survivable(prepared, point):
                yield f"{error} was taken for success"
            yield from same(prepared, room.look(home / "data"))
            yield from not_erased(prepared, home)
            return
        if not in_one_line(ended):
            yield f"{error} is not told in one line: {said(ended)}"
        yield from cut_short(prepared, room.look(home / "data"))
        yield from mended(prepared, room, home)


@pytest.mark.parametrize(
    "case", [it for it in CASES if LONG or it.name in STRUCK_IN_SHORT], ids=lambda it: it.name.replace(" ", "_")
)
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
            lambda room, point, error=error: check_error(prepared, room, point, error, result),  # type: ignore[misc]
            result,
        )  # fmt: skip
    with capsys.disabled():
        print(f"\n{result}")
    assert not result.wrong, "\n".join(result.wrong[:20])
