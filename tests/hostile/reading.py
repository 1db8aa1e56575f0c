"""Reads a hostile file as a run does, in a worker of the sandbox, and tells what came of it."""

from __future__ import annotations

import resource
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from ingest.formats import media_type_of
from ingest.limits import start_document
from ingest.parts import DEEPEST, BadPart, is_container, parts_of, reads_as_document
from ingest.reading import read_document
from ingest.sandbox import SandboxExecutor, WorkerDied
from kilde.errors import UnreadableError
from tests.conftest import observation
from tests.hostile.corpus import DOCUMENT, Hostile
from tests.hostile.office import CANARY_TEXT

CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file: DOCUMENT, CONTAINER and codes of failures, each with how often."""

    outcomes: Counter[str]
    has_words: bool = False
    """The words that must not be lost stand in a document."""
    leaks: bool = False
    """A document holds what stands in a file of this machine."""
    peak: int = 0
    """Bytes that the worker held at most."""
    seconds: float = 0.0


def read_file(path: Path, words: str) -> Reading:
    """Read a file and all that is in it."""
    started = time.monotonic()
    found = list(read_all(path.read_bytes(), media_type_of(path.name), path.name[-200:], 0))
    texts = [text for _, text in found]
    return Reading(
        Counter(code for code, _ in found),
        any(words in text for text in texts),
        any(CANARY_TEXT in text for text in texts),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        time.monotonic() - started,
    )


def read_all(body: bytes, media_type: str, locator: str, depth: int) -> Iterator[tuple[str, str]]:
    """An outcome, and the text of a document, for an original and for each of its parts."""
    start_document()
    container = is_container(body, media_type)
    if container:
        yield CONTAINER, ""
        yield from read_parts(body, media_type, locator, depth)
    if not reads_as_document(body, media_type):
        return
    try:
        yield DOCUMENT, read_document(body, observation(body, locator, media_type=media_type)).text
    except UnreadableError as error:
        yield error.code, ""
    except RecursionError:
        yield "too_deep", ""


def read_parts(body: bytes, media_type: str, locator: str, depth: int) -> Iterator[tuple[str, str]]:
    """The outcomes of a container's parts."""
    if depth == DEEPEST:
        yield "too_deep", ""
        return
    try:
        for part in parts_of(body, media_type):
            if isinstance(part, BadPart):
                yield part.code, ""
            else:
                yield from read_all(part.body, part.media_type, f"{locator}#{part.name}", depth + 1)
    except UnreadableError as error:
        yield error.code, ""


@dataclass(slots=True)
class Listener:
    """A server that nobody should call; it owns its socket."""

    socket: socket.socket
    calls: int = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])

    def listen(self) -> None:
        """Count calls until the socket is closed."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


def start_listener() -> Listener:
    """A listener on a free port of this machine."""
    listener = Listener(socket.create_server(("127.0.0.1", 0)))
    Thread(target=listener.listen, daemon=True).start()
    return listener


@dataclass(slots=True)
class Readings:
    """Reads files in their order, one ahead of who asks."""

    pool: SandboxExecutor
    folder: Path
    files: list[Hostile]
    _futures: dict[str, Future[Reading]] = field(default_factory=dict)

    def of(self, title: str) -> Reading:
        """What came of a file; a worker that died is an outcome too."""
        place = next(number for number, file in enumerate(self.files) if file.title == title)
        for file in self.files[place : place + 2]:
            self._begin(file)
        path = self.folder / f"{place}"
        try:
            return self._futures.pop(title).result()
        except WorkerDied as died:
            return Reading(Counter([died.code]))
        finally:
            next(path.iterdir()).unlink()

    def _begin(self, file: Hostile) -> None:
        if file.title not in self._futures:
            path = self.folder / f"{self.files.index(file)}" / file.name
            path.parent.mkdir()
            path.write_bytes(file.make())
            self._futures[file.title] = self.pool.submit(read_file, path, file.words)


def faults(file: Hostile, reading: Reading, deaths: frozenset[str]) -> list[str]:
    """What is wrong with the way a file was read; `deaths` are outcomes that none may have unless it says so."""
    codes = set(reading.outcomes) - {CONTAINER}
    failed = bool(codes - {DOCUMENT})
    wrong = codes - file.outcomes if file.outcomes is not None else codes & deaths
    return [
        *(["no outcome"] if not reading.outcomes else []),
        *([f"came to {sorted(wrong)}"] if wrong else []),
        *(["text is lost"] if file.words and not failed and not reading.has_words else []),
        *(["a file of this machine was read"] if reading.leaks else []),
        *([f"held {reading.peak:,} bytes"] if reading.peak > 1024**3 else []),
        *([f"took {reading.seconds:.0f} seconds"] if reading.seconds > 60 else []),
    ]
