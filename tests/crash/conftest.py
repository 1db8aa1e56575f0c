"""What the tests of crash safety share. KILDE_CRASH=long tries every point, as `make test-crash` does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.cases import World
from tests.crash.nursery import Nursery
from tests.crash.tracing import strace
from tests.ingest.site import Site

LONG = os.environ.get("KILDE_CRASH") == "long"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """The process that has everything loaded."""
    strace()
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def world(nursery: Nursery, tmp_path: Path) -> Iterator[World]:
    """An empty world."""
    with Site() as site, nursery.room() as room:
        yield World(tmp_path, site, room)
