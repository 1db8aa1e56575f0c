"""Reads a hostile file as a run does, in a worker of the sandbox, and tells what came of it."""

from __future__ import annotations

import resource
import socket
import time
from collections import Counter
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from ingest.archiving.archive import Archived, Place
from ingest.formats import media_type_of
from ingest.limits import start_document
from ingest.readings import Container, Failure, Outcome, read_parts
from ingest.sandbox import SandboxExecutor, WorkerDied
from kilde.model import Document
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
    body, nowhere = path.read_bytes(), Place("", 0)
    seen = observation(body, path.name[-200:], media_type=media_type_of(path.name))
    start_document()
    found = [reading.outcome for reading in read_parts(Archived(seen, nowhere, nowhere), body, 0)]
    texts = [outcome.text for outcome in found if isinstance(outcome, Document)]
    return Reading(
        Counter(map(code_of, found)),
        any(words in text for text in texts),
        any(CANARY_TEXT in text for text in texts),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        time.monotonic() - started,
    )


def code_of(outcome: Outcome) -> str:
    """An outcome in a word: DOCUMENT, CONTAINER or the code of a failure."""
    if isinstance(outcome, Failure):
        return outcome.code
    return CONTAINER if isinstance(outcome, Container) else DOCUMENT


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
    done: dict[str, Reading] = field(default_factory=dict)
    """What came of each file by its title."""
    _futures: dict[str, Future[Reading]] = field(default_factory=dict)

    def of(self, title: str) -> Reading:
        """What came of a file; a worker that died is an outcome too."""
        place = next(number for number, file in enumerate(self.files) if file.title == title)
        for file in self.files[place : place + 2]:
            self._begin(file)
        path = self.folder / f"{place}"
        try:
            reading = self._futures.pop(title).result()
        except WorkerDied as died:
            reading = Reading(Counter([died.code]))
        finally:
            next(path.iterdir()).unlink()
        self.done[title] = reading
        return reading

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


def told(done: dict[str, Reading]) -> str:
    """What reading files came to and cost, in two lines."""
    outcomes: Counter[str] = sum((it.outcomes for it in done.values()), Counter())
    peak = max(done, key=lambda title: done[title].peak)
    longest = max(done, key=lambda title: done[title].seconds)
    return (
        f"{len(done)} files: {', '.join(f'{count} {code}' for code, count in outcomes.most_common())}\n"
        f"most memory {done[peak].peak / 1e6:,.0f} MB ({peak}), longest {done[longest].seconds:.1f} s ({longest})"
    )
