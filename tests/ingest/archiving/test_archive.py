"""The raw archive: what is acknowledged is there, as it came, and damage is seen."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from ingest.archiving.archive import Archived, ArchivedDeparture, ArchiveWriter, Departed, Place, archive_files
from ingest.archiving.gzip_members import cut_torn_tail
from ingest.archiving.reading import read_archive, read_body
from ingest.sources.seen import Exchange
from kilde.errors import DamagedError
from kilde.model import Observation
from tests.conftest import observation

BODIES = {"a.txt": b"f\xc3\xb8rste", "b/c d.txt": b"anden\x00\xff", "ny\nlinje.txt": "tredje æøå".encode()}


def write(folder: Path, **kwargs: int) -> list[Place]:
    """An archive of BODIES, and the first body once more under another locator."""
    with ArchiveWriter(folder, **kwargs) as archive:
        done = [archive.append(observation(body, locator), body, None) for locator, body in BODIES.items()]
        done.append(archive.append(observation(BODIES["a.txt"], "again.txt"), BODIES["a.txt"], done[0].body))
        archive.sync()
    return [it.place for it in done]


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    """All observations in order with their facts, and each body byte for byte."""
    write(tmp_path)
    found = list(read_archive(tmp_path))
    assert [it.observation.locator for it in found] == [*BODIES, "again.txt"]
    assert found[1].observation == observation(BODIES["b/c d.txt"], "b/c d.txt")
    assert [read_body(tmp_path, it.body, it.observation.digest) for it in found] == [*BODIES.values(), BODIES["a.txt"]]


def test_a_known_body_is_stored_once(tmp_path: Path) -> None:
    """The second observation of the same bytes is a revisit that points at the first."""
    places = write(tmp_path)
    found = list(read_archive(tmp_path))
    assert found[3].body == places[0] != found[3].place


def test_reading_goes_on_behind_a_place(tmp_path: Path) -> None:
    """A store that knows the first two observations is given the others, with the bodies that it knows."""
    places = write(tmp_path)
    digest = observation(BODIES["a.txt"]).digest
    found = list(read_archive(tmp_path, {digest: places[0]}.get, places[1]))
    assert [it.observation.locator for it in found] == ["ny\nlinje.txt", "again.txt"]
    assert found[1].body == places[0]


def test_a_full_file_is_followed_by_another(tmp_path: Path) -> None:
    """Files are cut between observations."""
    write(tmp_path, largest_file=700)
    assert len(archive_files(tmp_path)) > 1
    assert [it.observation.locator for it in read_archive(tmp_path)] == [*BODIES, "again.txt"]


@pytest.mark.parametrize("command", ["check", "index"])
def test_other_tools_read_it(tmp_path: Path, command: str) -> None:
    """warcio's own program finds every digest right and every record."""
    write(tmp_path)
    file = str(archive_files(tmp_path)[0])
    run = subprocess.run(
        [sys.executable, "-m", "warcio.cli", command, file], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
    if command == "index":
        kinds = [json.loads(line)["warc-type"] for line in run.stdout.splitlines()]
        assert kinds == ["warcinfo", *["resource", "metadata"] * 3, "revisit", "metadata"]


def test_a_torn_tail_is_cut_at_every_byte(tmp_path: Path) -> None:
    """Whatever an interrupted write leaves, the whole observations before it stay, and writing goes on."""
    places = write(tmp_path)
    file = archive_files(tmp_path)[0]
    whole = file.read_bytes()
    ends = [place.offset for place in places[1:]] + [len(whole)]
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        cut_torn_tail(file, None)
        left = [it.observation.locator for it in read_archive(tmp_path)] if file.stat().st_size else []
        assert len(left) == sum(end <= length for end in ends)
    with ArchiveWriter(tmp_path) as archive:
        archive.append(observation(b"ny"), b"ny", None)
        archive.sync()
    assert [it.observation.digest for it in read_archive(tmp_path)][-1] == observation(b"ny").digest


def test_damage_is_never_cut_off(tmp_path: Path) -> None:
    """A flipped bit in the middle, whether or not anybody knows how far the archive was acknowledged."""
    places = write(tmp_path)
    file = archive_files(tmp_path)[0]
    whole = file.read_bytes()
    middle = places[1].offset + 40
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 4]) + whole[middle + 1 :])
    damaged = file.read_bytes()
    for acknowledged in (None, places[1], Place("kilde-00009.warc.gz", 0)):
        with pytest.raises(DamagedError, match="backup"):
            ArchiveWriter(tmp_path, acknowledged=acknowledged)
        assert file.read_bytes() == damaged


def test_damage_is_seen(tmp_path: Path) -> None:
    """A flipped bit in a body, a missing file, a wrong place: each is a DamagedError that says what to do."""
    places = write(tmp_path)
    file = archive_files(tmp_path)[0]
    whole = file.read_bytes()
    digest = observation(BODIES["a.txt"]).digest
    for position in range(places[0].offset, places[1].offset - 400, 11):
        file.write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
        try:
            assert read_body(tmp_path, places[0], digest) == BODIES["a.txt"]
        except DamagedError as error:
            assert "backup" in str(error)
    with pytest.raises(DamagedError, match="backup"):
        read_body(tmp_path, Place("kilde-00009.warc.gz", 0), digest)
    file.write_bytes(whole)
    with pytest.raises(DamagedError, match="sha-256"):
        read_body(tmp_path, places[1], digest)


EXCHANGE = Exchange(
    b"GET /nyt HTTP/1.1\r\nHost: www.example.dk\r\nUser-Agent: Kilde/1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-type:  text/html; charset=iso-8859-1\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"<p>f\xf8rste</p>",
)


def fetched(payload: bytes, encoding: str = "") -> tuple[Observation, Exchange]:
    """An observation of a page and the exchange that brought it."""
    head = EXCHANGE.response_head.replace(b"\r\n\r\n", f"\r\n{encoding}\r\n\r\n".encode()) if encoding else None
    seen = replace(observation(EXCHANGE.payload, "https://www.example.dk/nyt"), url="https://www.example.dk/nyt")
    return seen, replace(EXCHANGE, payload=payload, response_head=head or EXCHANGE.response_head)


@pytest.mark.parametrize("encoded", [False, True])
def test_what_was_fetched_is_kept_with_both_heads(tmp_path: Path, encoded: bool) -> None:
    """Request and response as they came; the body is the payload without its content encoding; warcio agrees."""
    payload = gzip.compress(EXCHANGE.payload) if encoded else EXCHANGE.payload
    seen, exchange = fetched(payload, "Content-Encoding: gzip" if encoded else "")
    with ArchiveWriter(tmp_path) as archive:
        done = archive.append(seen, EXCHANGE.payload, None, exchange)
        archive.append(replace(seen, observed="2026-02-01T00:00:00Z"), EXCHANGE.payload, done.place, exchange)
        archive.append_departure(Departed("s", "https://www.example.dk/nyt", "2026-02-02T00:00:00Z", "410"))
        archive.sync()
    found = list(read_archive(tmp_path))
    assert found[0] == done
    assert isinstance(found[1], Archived)
    assert found[1].body == done.place
    assert isinstance(found[2], ArchivedDeparture)
    assert found[2].departed.detail == "410"
    assert read_body(tmp_path, done.body, seen.digest) == EXCHANGE.payload
    with archive_files(tmp_path)[0].open("rb") as stream:
        blocks = [(it.rec_type, it.raw_stream.read()) for it in ArchiveIterator(stream, no_record_parse=True)]
    kinds = [kind for kind, _ in blocks]
    assert kinds == ["warcinfo", "response", "request", "metadata", "revisit", "request", "metadata", "metadata"]
    assert blocks[1][1] == exchange.response_head.replace(b"Transfer", b"X-Archive-Orig-Transfer") + payload
    assert blocks[2][1] == exchange.request_head
    run = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", str(archive_files(tmp_path)[0])],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "digest pass" in run.stdout


def test_a_body_may_stand_behind_the_observation_that_names_it(tmp_path: Path) -> None:
    """Where a document was erased, its bytes are written anew for the others that have them."""
    body = observation(b"fra to")
    with ArchiveWriter(tmp_path) as archive:
        archive.append(replace(body, locator="a"), b"fra to", Place("kilde-00001.warc.gz", 999))
        late = archive.append(replace(body, locator="b"), b"fra to", None)
        archive.sync()
    assert [it.body for it in read_archive(tmp_path) if isinstance(it, Archived)] == [late.place, late.place]


def test_bytes_that_no_file_holds_are_told(tmp_path: Path) -> None:
    """A revisit without its body is damage, not an empty document."""
    with ArchiveWriter(tmp_path) as archive:
        archive.append(observation(b"x"), b"x", Place("kilde-00009.warc.gz", 0))
        archive.sync()
    with pytest.raises(DamagedError, match="no file of the archive holds"):
        list(read_archive(tmp_path))
