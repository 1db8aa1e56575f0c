"""The power is cut after any call of a run: nothing that was acknowledged is lost, and the next run makes all good.

The index and the store may need the command that `kilde check` names; archive and state never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kilde.findings import REBUILD_INDEX, REBUILD_STORE
from tests.crash.cases import CASES, Case, World
from tests.crash.conftest import LONG
from tests.crash.nursery import Nursery, Room
from tests.crash.power import Disk, Loss, replay
from tests.crash.sweep import DONE, Prepared, Result, copy_of, each, lost_observations, mended, prepare, said
from tests.crash.tracing import CHANGING, Point, traced

CUT = {"ingest", "ingest again", "nightly again", "forget erase", "restore", "backup", "reread"}
"""The commands during which the power is cut."""
STEP = 6
"""In the long form, calls between two cuts: each with all losses."""
MENDS = {REBUILD_STORE: ("ingest", "--from-archive", "--jobs", "1"), REBUILD_INDEX: ("index", "--rebuild")}


def trace(prepared: Prepared, home: Path, log: Path) -> None:
    """Run the command with a log of all that it writes."""
    options = ["-y", "-xx", "-s", "100000000", "-o", str(log), "-e", f"trace=lseek,{CHANGING}"]
    ended = traced(prepared.world.room, prepared.case.args(prepared.world, home), options)
    assert ended.status in DONE, ended.err


def states(home: Path, before: Path, log: Path) -> Iterator[tuple[str, Disk]]:
    """The disk before, and after every call that changed something."""
    disk = Disk.of(before)
    disk.names = {str(home) + name.removeprefix(str(before)): it for name, it in disk.names.items()}
    disk.sure = dict(disk.names)
    with log.open(encoding="utf-8", errors="replace") as lines:
        for number, call in enumerate(replay(disk, lines, str(home))):
            yield f"{number} {call}", disk


def found_after(prepared: Prepared, room: Room, home: Path) -> Iterator[str]:
    """What must be true when the power is back: only what is derived may need a command, the one that check names."""
    found = room.look(home / "data")
    for finding in found.findings:
        if finding["layer"] in {"archive", "state"} and "backup" in finding["mend"]:
            yield f"damaged: {finding}"
    yield from (f"the archive has lost {it}" for it in lost_observations(prepared, found))
    for mend, command in MENDS.items():
        if prepared.case.name not in {"restore", "forget erase"} and any(mend in it["mend"] for it in found.findings):
            ended = room.run(prepared.world.kilde(home, *command))
            if ended.status not in DONE and (home / "data" / "raw").is_dir() and mend != REBUILD_INDEX:
                yield f"`kilde check` names {mend}, and it fails: {said(ended)}"


@pytest.mark.parametrize("case", [it for it in CASES if it.name in CUT], ids=lambda it: it.name.replace(" ", "_"))
def test_a_power_cut_loses_nothing(
    case: Case, nursery: Nursery, world: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """After any call, with all that was not synced lost, or parts of it."""
    prepared = prepare(case, world)
    homes: dict[int, Path] = {}
    with copy_of(world) as home:
        trace(prepared, home, tmp_path / "writes.log")
        total = sum(1 for _ in states(home, world.home, tmp_path / "writes.log"))
        step = STEP if LONG else max(1, total // 2)
        work = []
        for number, (call, disk) in enumerate(states(home, world.home, tmp_path / "writes.log")):
            if number % step == 0 or number == total - 1:
                for loss in Loss if LONG else [list(Loss)[len(work) % 3]]:
                    place = len(work)
                    homes[place] = tmp_path / "states" / str(place)
                    disk.write_out(loss, str(home), homes[place])
                    work.append(Point(f"{loss.name} {call}", place, ""))
    result = Result(f"{case.name}: power cut")

    def check(room: Room, point: Point) -> Iterator[str]:
        yield from found_after(prepared, room, homes[point.number])
        yield from mended(prepared, room, homes[point.number])

    each(nursery, work, check, result)
    with capsys.disabled():
        print(f"\n{result} ({total} calls)")
    assert not result.wrong, "\n".join(result.wrong[:20])
