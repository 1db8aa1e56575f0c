"""A run that is killed loses nothing that was acknowledged, and the next one ends where an undisturbed run ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.corpus import write_corpus

PATIENCE = 60
"""Seconds within which a run must come to the moment that is waited for."""


def archived(data: Path) -> bool:
    """The first batch is in the archive."""
    return any(path.stat().st_size > 1_000 for path in (data / "raw").glob("*.warc.gz"))


def stored(data: Path) -> bool:
    """The first batch is in the store."""
    return (data / "kilde.sqlite-wal").exists() and (data / "kilde.sqlite-wal").stat().st_size > 200_000


def indexing(data: Path) -> bool:
    """The index is being written."""
    return any((data / "index").glob("g*/*"))


def command(data: Path, *args: str) -> list[str]:
    """A call of kilde in a process of its own."""
    return [sys.executable, "-c", "from kilde.cli import main; main()", "--data", str(data), *args]


def answer(data: Path, *args: str) -> Any:
    """What a command prints as JSON."""
    run = subprocess.run(command(data, *args, "--format", "json"), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def contents(data: Path) -> tuple[Any, ...]:
    """What is there: counts, and all hits of a search."""
    status = answer(data, "status")
    counts = tuple(status[name] for name in ("documents", "records", "kommuner", "dates", "amounts", "quarantined"))
    page = answer(data, "search", "--limit", "1000", "--sort", "newest", "--facet", "kommune")
    return counts, page["total"], [hit["id"] for hit in page["hits"]], page["facets"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents enough for several batches."""
    folder = tmp_path_factory.mktemp("corpus") / "made"
    write_corpus(90, 7, folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    """What an undisturbed run gives."""
    data = tmp_path_factory.mktemp("whole") / "data"
    answer(data, "ingest", str(corpus))
    return contents(data)


@pytest.mark.parametrize("moment", [archived, stored, indexing], ids=lambda it: it.__name__)
def test_a_killed_run_is_made_good(
    corpus: Path, undisturbed: tuple[Any, ...], tmp_path: Path, moment: Callable[[Path], bool]
) -> None:
    """Killed without warning at a moment of its work, then run again."""
    data = tmp_path / "data"
    run = subprocess.Popen(command(data, "ingest", str(corpus)), stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    while not moment(data) and run.poll() is None:
        assert time.monotonic() < deadline, f"the run did not come to the moment {moment.__name__!r}"
        time.sleep(0.005)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL, "the run was over before it could be killed"
    answer(data, "ingest", str(corpus))
    assert contents(data) == undisturbed
