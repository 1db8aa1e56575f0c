"""Store and index made anew are the same each time, with any number of processes; and a download that is cut off."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.crash.cases import CASES, START, World, filled, nightly, pages
from tests.crash.nursery import Nursery
from tests.crash.sweep import mended, prepare
from tests.ingest.site import Request


@pytest.mark.parametrize("command", ["ingest --from-archive", "ingest --from-archive --jobs 2", "index --rebuild"])
def test_made_anew_is_the_same(command: str, world: World) -> None:
    """R9: to the last mention, the order of hits and the counts of facets."""
    filled(world)
    before = world.room.look(world.home / "data")
    for _ in range(2):
        world.do(*command.split())
        found = world.room.look(world.home / "data")
        assert (found.things, found.hits, found.findings) == (before.things, before.hits, [])


def test_a_download_that_is_cut_off_leaves_nothing(nursery: Nursery, world: World) -> None:
    """N11: kill -9 while half of a page has come; the next night has all of it, and no half."""
    prepared = prepare(next(it for it in CASES if it.name == "nightly"), world)
    reached, given_up = threading.Event(), threading.Event()

    def half(request: Request) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html><p>Varde Kommune"
        reached.set()
        given_up.wait(60)

    world.site.routes[f"{START}2"] = half
    args = [str(it) for it in nightly(world, world.home)]
    run = subprocess.Popen([sys.executable, "-c", "from kilde.cli import main; main()", *args])
    assert reached.wait(60)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    given_up.set()
    del world.site.routes[f"{START}2"]
    pages(world, (1, 2, 3))
    assert list(mended(prepared, world.room, world.home)) == []
