"""A process that has all of Kilde loaded and has each command done by a child of its own.

Starting Python and loading Kilde takes most of a second, and none of it touches a data folder. So a `Nursery` does it
once, and its process forks: a process for each `Room`, and in that one a child for each command. The child calls what
`kilde` on the command line calls. One that is to be watched stops before that, so that strace sees the command's own
calls only and counts them from one. The processes that read documents are started from the same warmed-up fork server,
and end with the command as they always do.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import index.cli  # noqa: F401 (loaded here once, for all children, as are those below)
import kilde.backup_cli
import kilde.documents_cli
import kilde.ingest_cli
import kilde.nightly_cli
import kilde.quarantine_cli  # noqa: F401 (loaded here once, for all children)
from ingest.sandbox import PRELOADED
from kilde.cli import main as kilde_main
from tests.crash import contents
from tests.crash.warm import warm_writers

CALLS: dict[str, Callable[[], Any]] = {"kilde": kilde_main, "look": contents.main}
"""What a child may be asked to call; each reads its arguments from sys.argv."""
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, or minus the number of the signal that killed it, and what it said."""

    status: int
    out: str
    err: str


class Nursery:
    """The process, from outside: it takes a second or some to start, then any number of rooms may be opened."""

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="kilde-nursery-")
        self.address = str(Path(self.folder.name) / "socket")
        # Not with -m: each process that reads documents would load this module once more, as the main one.
        start = f"from tests.crash.nursery import serve; serve({self.address!r})"
        self.process = subprocess.Popen(
            [sys.executable, "-c", start], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline(), (
            "the process that makes the commands did not start; see what stands above"
        )

    def room(self) -> Room:
        """A way to have one command done after the other, for one thread."""
        return Room(self.address)

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()
        self.folder.cleanup()


class Room:
    """A process that forks commands, from outside. Not for two threads at once."""

    def __init__(self, address: str) -> None:
        self.folder = TemporaryDirectory(prefix="kilde-room-")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(address)
        self.stream = self.socket.makefile("rwb")

    def ask(self, request: dict[str, Any] | None) -> dict[str, int]:
        """Send a request, if there is one, and wait for the next answer."""
        if request is not None:
            self.stream.write(json.dumps(request).encode() + b"\n")
            self.stream.flush()
        line = self.stream.readline()
        assert line, "the process that makes the commands is gone; its last words stand above"
        answer: dict[str, int] = json.loads(line)
        return answer

    def run(
        self, args: Sequence[str | Path], call: str = "kilde", *, watch: Callable[[int], None] | None = None
    ) -> Ended:
        """Have a command done; `watch` is called with the process id while the command stands still before its work."""
        files = {name: str(Path(self.folder.name) / name) for name in ("out", "err")}
        answer = self.ask({"call": call, "args": [str(it) for it in args], "stop": watch is not None, **files})
        if watch is not None:
            watch(answer["stopped"])
            os.kill(answer["stopped"], signal.SIGCONT)
            answer = self.ask(None)
        out, err = (Path(files[name]).read_text("utf-8", "replace") for name in ("out", "err"))
        return Ended(answer["status"], out, err)

    def look(self, data: Path) -> contents.Look:
        """What a data folder holds."""
        ended = self.run([data], "look")
        assert ended.status == 0, ended.err
        return contents.Look(**json.loads(ended.out))

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()
        self.socket.close()
        self.folder.cleanup()


def serve(address: str) -> None:
    """Open a room for everybody who connects, until this process is ended."""
    forkserver.set_forkserver_preload([*PRELOADED, "tests.crash.warm"])
    forkserver.ensure_running()
    warm_writers()
    # A fork of this process is not the fork server's parent and could not ask after it in the usual way; it is there.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[attr-defined]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # rooms are not waited for
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print("ready", flush=True)
        while True:
            connection, _ = door.accept()
            if os.fork() == 0:
                door.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                with connection.makefile("rwb") as stream:
                    answer(stream)
                os._exit(0)
            connection.close()


def answer(stream: BinaryIO) -> None:
    """Answer the requests of a room until it is left."""
    for line in stream:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            do(request)
        if request["stop"]:
            os.waitpid(child, os.WUNTRACED)
            say(stream, {"stopped": child})
        _, status = os.waitpid(child, 0)
        say(stream, {"status": os.waitstatus_to_exitcode(status)})


def say(stream: BinaryIO, values: dict[str, int]) -> None:
    """Send an answer."""
    stream.write(json.dumps(values).encode() + b"\n")
    stream.flush()


def do(request: dict[str, Any]) -> None:
    """Do a request, in a child; never returns."""
    for number, name, flags in ((0, os.devnull, os.O_RDONLY), (1, request["out"], None), (2, request["err"], None)):
        opened = os.open(name, flags if flags is not None else os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = [request["call"], *request["args"]]
    if request["stop"]:
        os.kill(os.getpid(), signal.SIGSTOP)
    code: object = 1
    try:
        code = CALLS[request["call"]]()
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))
