"""Every hostile file of the corpus: `make test-hostile`. The short form of it is test_hostile.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingest.sandbox import SandboxExecutor
from tests.hostile.all_corpus import corpus
from tests.hostile.corpus import DEATHS
from tests.hostile.reading import Listener, Readings, faults, start_listener, told

FILES = corpus()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """Where nobody calls."""
    listener = start_listener()
    yield listener
    listener.socket.close()


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory, listener: Listener) -> Iterator[Readings]:
    """The files read, two at once."""
    with SandboxExecutor(2) as pool:
        yield Readings(pool, tmp_path_factory.mktemp("hostile"), corpus(listener.port))


@pytest.mark.parametrize("place", range(len(FILES)), ids=[file.title for file in FILES])
def test_a_hostile_file_has_an_outcome(place: int, readings: Readings, listener: Listener) -> None:
    """A document or a reason, within the limits; no text lost in silence, no file read, nobody called."""
    file = FILES[place]
    assert faults(file, readings.of(file.title), DEATHS) == []
    assert listener.calls == 0


def test_every_file_was_read(readings: Readings, capsys: pytest.CaptureFixture[str]) -> None:
    """What they came to and cost is told at the end."""
    with capsys.disabled():
        print(f"\n{told(readings.done)}")
    assert len(readings.done) == len(FILES)
