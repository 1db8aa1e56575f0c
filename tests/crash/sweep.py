"""A command struck at many points, each time over a fresh copy of its folder, and what must be true afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.crash.cases import SECRET, Case, World
from tests.crash.contents import Look, holds_bytes
from tests.crash.nursery import Ended, Nursery, Room
from tests.crash.tracing import Point, points, struck

WORKERS = 2
DONE = (0, 3)


@dataclass(slots=True)
class Result:
    """What came of striking: how often, and in words what was not as it must be."""

    name: str
    tried: int = 0
    missed: int = 0
    """Runs that ended before the blow."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.name}: {self.tried} points, {self.missed} missed, {len(self.wrong)} wrong"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case that is ready: its folder before, what an undisturbed run makes of it, and the calls of that run."""

    case: Case
    world: World
    before: Look
    after: Look
    points: list[Point]


def prepare(case: Case, world: World) -> Prepared:
    """Make a case's folder and let the command run undisturbed over a copy of it."""
    case.prepare(world)
    before = world.room.look(world.home / "data")
    with copy_of(world) as home:
        ended, found = points(world.room, case.args(world, home), home, world.path / "trace.log")
        assert ended.status in DONE, ended.err
        after = world.room.look(home / "data")
        assert not after.findings, after.findings
        assert case.holds_secret or not holds_bytes(home / "data", SECRET.encode())
    return Prepared(case, world, before, after, found)


class copy_of:  # noqa: N801 (it is used like a function)
    """A copy of a world's home that goes away."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __enter__(self) -> Path:
        self.folder = TemporaryDirectory(prefix="kilde-crash-")
        home = Path(self.folder.name) / "home"
        shutil.copytree(self.world.home, home)
        return home

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()


def each(
    nursery: Nursery, work: Iterable[Point], check: Callable[[Room, Point], Iterator[str]], result: Result
) -> None:
    """Check points, as many at once as there are workers; what is wrong goes into the result."""
    rooms: SimpleQueue[Room] = SimpleQueue()
    for _ in range(WORKERS):
        rooms.put(nursery.room())

    def one(point: Point) -> list[str]:
        room = rooms.get()
        try:
            return [f"{result.name}: {point}: {it}" for it in check(room, point)]
        finally:
            rooms.put(room)

    with ThreadPoolExecutor(WORKERS) as pool:
        wrong = list(pool.map(one, work))
    for _ in range(WORKERS):
        rooms.get().__exit__()
    result.tried += len(wrong)
    result.wrong += chain.from_iterable(wrong)


def kill_everywhere(nursery: Nursery, prepared: Prepared, chosen: Sequence[Point]) -> Result:
    """kill -9 at each of these calls, before it is done; then the same command again."""
    result = Result(f"{prepared.case.name}: kill -9")

    def check(room: Room, point: Point) -> Iterator[str]:
        with copy_of(prepared.world) as home:
            args = prepared.case.args(prepared.world, home)
            ended = struck(room, args, f"{point.name}:signal=KILL:when={point.number}")
            if ended.status != -9:
                result.missed += 1
            yield from cut_short(prepared, room.look(home / "data"))
            yield from mended(prepared, room, home)

    each(nursery, chosen, check, result)
    return result


def cut_short(prepared: Prepared, found: Look) -> Iterator[str]:
    """What must be true of a folder as a run that was cut short leaves it: nothing is lost, searches answer."""
    for finding in found.findings:
        if "backup" in finding["mend"] and prepared.case.name != "restore":
            yield f"damaged when cut short: {finding}"
    if isinstance(prepared.before.hits, list) and found.hits not in (prepared.before.hits, prepared.after.hits):
        yield f"searches see neither the old nor the new state when cut short: {shown(found.hits)}"
    yield from (f"the archive has lost {it}" for it in lost_observations(prepared, found))


def lost_observations(prepared: Prepared, found: Look) -> list[str]:
    """What was archived before the command, and is not, and is not what the command is there to take out."""
    kept = {it for it in prepared.before.things if it.startswith("archive ")} & set(prepared.after.things)
    return sorted(kept - set(found.things))


def mended(prepared: Prepared, room: Room, home: Path) -> Iterator[str]:
    """What must be true after the same command was given again."""
    case = prepared.case
    for args in case.again or (case.args,):
        ended = room.run(args(prepared.world, home))
        if ended.status not in case.codes:
            yield f"the next run fails with {said(ended)}"
            return
    yield from same(prepared, room.look(home / "data"))
    yield from not_erased(prepared, home)


def not_erased(prepared: Prepared, home: Path) -> Iterator[str]:
    """Where bytes of a document still stand that the command is there to erase."""
    if not prepared.case.holds_secret and (found := holds_bytes(home / "data", SECRET.encode())):
        yield f"what was to be erased still stands in {found}"


def same(prepared: Prepared, found: Look) -> Iterator[str]:
    """That a folder is what an undisturbed run makes."""
    yield from (f"found at the end: {it}" for it in found.findings)
    lost, extra = difference(prepared.after.things, found.things)
    yield from (f"missing at the end: {it[:300]}" for it in lost)
    yield from (f"too much at the end: {it[:300]}" for it in extra)
    if found.hits != prepared.after.hits:
        yield f"searches find otherwise at the end: {shown(found.hits)}"
    yield from (f"left over at the end: {it}" for it in found.leftovers if it not in prepared.after.leftovers)


def difference(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """The lines that stand only in the one, and only in the other, as often as they do."""
    first, second = list(one), list(two)
    for line in one:
        if line in second:
            second.remove(line)
            first.remove(line)
    return first, second


def shown(hits: list[str] | str) -> str:
    """Hits in a line."""
    return hits if isinstance(hits, str) else f"{len(hits)} lines"


def said(ended: Ended) -> str:
    """What a command said, in one line for a message."""
    return f"{ended.status}: {ended.err.strip()[-300:]}"
