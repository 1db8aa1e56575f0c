"""A data folder for the tests of the pages, made by the commands that users have."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import httpx
import uvicorn
from click.testing import CliRunner

from kilde.cli import cli
from kilde.serve import LARGEST_REQUEST, LOOPBACK, read_original
from search.web.app import new_app
from search.web.desk import Desk
from search.web.login import Door
from search.web.originals import ReadOriginal
from search.web.pages import Site
from search.web.protocol import PatientProtocol
from tests.conftest import SAMPLES
from tests.web.hostile import write_pages

CPR = ("010190-1234", "241287 0405", "3112991237")
"""Made up; each a day there was, and four digits."""
MASKED = "••••••-••••"
HOSTILE = "farlig <img src=x onerror=alert(1)>"
"""A folder; a source is called as its folder is."""
SLOW_MACHINE = 20.0
"""Seconds that a task may take here: what is tested is not how fast a busy machine is."""


def kilde(data: Path, *arguments: str) -> str:
    """Run a command over a data folder; what it prints."""
    result = CliRunner().invoke(cli, ["--data", str(data), *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def write_secrets(folder: Path) -> None:
    """Documents with CPR numbers, in the text and where only the original has them."""
    folder.mkdir()
    lines = "\n".join(f"Borgeren med cpr-nr. {number} fik svar fra Vejle Kommune." for number in CPR)
    (folder / "borgere.txt").write_text(f"Afgørelser maj 2022\n\nOm borgerne\n{lines}\n", encoding="utf-8")
    hidden = f"<html><head><title>Skjult</title><!-- cpr {CPR[0]} --></head><body><h1>Skjult</h1><p>Ren tekst.</p>"
    (folder / "skjult.html").write_text(hidden, encoding="utf-8")


def build(folder: Path) -> Path:
    """The data folder: the samples, documents with strings that must not run, and documents with CPR numbers."""
    data, hostile = folder / "data", folder / HOSTILE
    write_pages(hostile)
    write_secrets(folder / "hemmelige")
    kilde(data, "ingest", str(SAMPLES), str(folder / "hemmelige"), str(hostile), "--jobs", "1")
    return data


def build_small(folder: Path) -> Path:
    """A data folder of a few documents, for tests that change it or make it anew."""
    write_secrets(folder / "hemmelige")
    for number, (month, town) in enumerate((("marts", "Aarhus"), ("april", "Odense"), ("maj", "Vejle")), start=3):
        text = (
            f"Nyt om tilskud {month} 2021\n\nTilskud til {town}\n{town} Kommune får et tilskud på {number} mio. kr.\n"
        )
        (folder / "hemmelige" / f"nyt-{number}.txt").write_text(text, encoding="utf-8")
    kilde(folder / "data", "ingest", str(folder / "hemmelige"), "--jobs", "1")
    return folder / "data"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    data: Path,
    door: Door,
    *,
    seconds: float = SLOW_MACHINE,
    question_seconds: float = SLOW_MACHINE,
    read_original: ReadOriginal = read_original,
) -> Iterator[httpx.Client]:
    """A real server on loopback over a data folder, and a client of it that follows no redirects.

    A worker is killed after `seconds` of computing; a question gives up by itself after `question_seconds`.
    """
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    desk = Desk(data, Site(base, door.protected), read_original, question_seconds)
    app = new_app(desk, LOOPBACK, door, workers=1, seconds=seconds)
    server = uvicorn.Server(uvicorn.Config(app, port=port, http=PatientProtocol, ws="none", log_level="error",
                                           h11_max_incomplete_event_size=LARGEST_REQUEST))  # fmt: skip
    thread = Thread(target=server.run)
    thread.start()
    try:
        with httpx.Client(base_url=base, timeout=60) as client:
            wait_for(lambda: server.started or not thread.is_alive())
            assert client.get("/ready").status_code == 200
            yield client
    finally:
        server.should_exit = True
        thread.join()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something holds, for a minute at most."""
    end = monotonic() + 60
    while not condition():
        assert monotonic() < end
        sleep(0.02)


def desk(data: Path, seconds: float = SLOW_MACHINE) -> Desk:
    """A worker's desk over a data folder."""
    return Desk(data, Site("http://127.0.0.1:8000", protected=False), read_original, seconds)
