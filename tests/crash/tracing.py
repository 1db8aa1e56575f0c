"""strace around one command: which calls touch the data folder in which order, and a blow at any one of them.

Only the thread that writes is traced: archive, store, state, index and reports are all written by the main one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.crash.nursery import Ended, Room

CHANGING = (
    "open,openat,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync_file_range,msync,rename,renameat,"
    "renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,ftruncate,truncate,fallocate,sendfile,"
    "copy_file_range,splice"
)
"""The calls that may change what stands on a disk, or make it stand there."""
SYNCS = frozenset({"fsync", "fdatasync", "sync_file_range", "msync"})
SHARED = re.compile(r"\.sqlite-shm\b")
"""What processes share about SQLite's log: it is made anew from the log, and never synced."""
MAKES = re.compile(r"O_CREAT|O_TRUNC")
QUOTED = re.compile(r'"([^"]+)"')
OPENED = re.compile(r"<([^>]*)>")
LINE = re.compile(r"(?P<name>\w+)\((?P<args>.*)\) += (?P<result>-?\d+|\?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Point:
    """A call that touches the folder: its name, which of the calls of that name it is in the command, counted from
    one, and its arguments as strace writes them."""

    name: str
    number: int
    args: str

    @property
    def file(self) -> str:
        """The file or folder that the call changes, from the folder on: "/data/kilde.sqlite-wal"."""
        named = QUOTED.search(self.args)
        opened = OPENED.search(self.args)
        if named is None:
            return opened[1] if opened else self.args
        return named[1] if named[1].startswith("/") or opened is None else f"{opened[1]}/{named[1]}"

    def __str__(self) -> str:
        return f"{self.name} #{self.number} ({self.args[:150]})"


def strace() -> str:
    """The program; without it nothing here can be tested, and a test that is left out would say nothing."""
    found = shutil.which("strace")
    assert found, "strace is not installed, and the tests of crash safety need it (Debian: apt-get install strace)"
    return found


@contextmanager
def tracing(process: int, options: Sequence[str]) -> Iterator[None]:
    """Trace a process that stands still, from its next call on."""
    tracer = subprocess.Popen(
        [strace(), "-p", str(process), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert tracer.stderr is not None
    told = tracer.stderr.readline()
    assert "attached" in told, f"strace cannot trace here: {told}{tracer.stderr.read() if tracer.wait(5) else ''}"
    yield
    tracer.communicate(timeout=120)


def traced(room: Room, args: Sequence[str | Path], options: Sequence[str]) -> Ended:
    """Have a command done under strace."""
    open_traces = []

    def watch(process: int) -> None:
        trace = tracing(process, options)
        trace.__enter__()
        open_traces.append(trace)

    ended = room.run(args, watch=watch)
    for trace in open_traces:
        trace.__exit__(None, None, None)
    return ended


def struck(room: Room, args: Sequence[str | Path], blow: str, log: Path | None = None) -> Ended:
    """Have a command done that is struck: `blow` is what strace's option `inject` takes; the calls go to a log."""
    names = blow.partition(":")[0]
    output = str(log or "/dev/null")
    return traced(room, args, ["-y", "-o", output, "-s", "0", "-e", f"trace={names}", "-e", f"inject={blow}"])


def was_hit(log: Path, point: Point, folder: Path) -> bool:
    """Whether the call that was struck is the one that was meant: two runs may differ by a call."""
    lines = (LINE.match(line) for line in log.read_text("utf-8", "replace").splitlines() if "INJECTED" in line)
    return any(
        Point(match["name"], point.number, match["args"].replace(str(folder), "")).file == point.file
        for match in lines
        if match is not None
    )


def points(room: Room, args: Sequence[str | Path], folder: Path, log: Path) -> tuple[Ended, list[Point]]:
    """Have a command done; the calls with which it changed something below a folder, in their order."""
    ended = traced(room, args, ["-y", "-s", "0", "-o", str(log), "-e", f"trace={CHANGING}"])
    return ended, list(points_in(log, folder))


def points_in(log: Path, folder: Path) -> Iterator[Point]:
    """The calls of a log that change something below a folder; one that was refused did not."""
    counts: Counter[str] = Counter()
    for line in log.read_text("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        name, args = match["name"], match["args"]
        counts[name] += 1
        opens = name in {"open", "openat"}
        if match["result"].startswith("-") or SHARED.search(args) or (opens and not MAKES.search(args)):
            continue
        if str(folder) in args:
            yield Point(name, counts[name], args.replace(str(folder), ""))
