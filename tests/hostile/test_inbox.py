"""Folders with more in them than files: pipes, links, devices, files that may not be read or that change (I7, I10)."""

from __future__ import annotations

import os
import socket
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.sources.folder import Target, find_targets, see
from ingest.sources.seen import Seen, Unseen

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def outcome(path: Path) -> str:
    """What comes of a file."""
    sight = see(Target(path, "test", path.name), now=NOW)
    return sight.code if isinstance(sight, Unseen) else f"{sight.observation.size} bytes"


def make_socket(path: Path) -> None:
    """A socket of this machine in a folder."""
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(path.parent)
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def make_device(path: Path) -> None:
    """The device that has no end; a link to it where no device can be made."""
    try:
        os.mknod(path, 0o20666, os.makedev(1, 5))
    except PermissionError:
        path.symlink_to("/dev/zero")


ODD = [("a pipe", os.mkfifo), ("a socket", make_socket), ("a device", make_device), ("a folder", os.mkdir)]


@pytest.mark.parametrize(("name", "make"), ODD, ids=[it[0] for it in ODD])
def test_what_is_no_file_is_told_and_holds_nothing_up(tmp_path: Path, name: str, make: object) -> None:
    """Opening a pipe would wait for ever."""
    make(tmp_path / "a.txt")  # type: ignore[operator]
    assert outcome(tmp_path / "a.txt") in {"not_a_file", "unreadable_file"}


def test_links_that_lead_nowhere_or_in_circles_are_told(tmp_path: Path) -> None:
    """And a link to a folder is not walked."""
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "c").symlink_to(tmp_path)
    assert [it.locator for it in find_targets([tmp_path], None)] == ["a.txt", "b.txt"]
    assert {outcome(tmp_path / name) for name in ("a.txt", "b.txt")} <= {"symbolic_link", "unreadable_file"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """With what to do about it."""
    (tmp_path / "a.txt").write_bytes(b"x")
    (tmp_path / "a.txt").chmod(0)
    assert outcome(tmp_path / "a.txt") == "unreadable_file"


def test_a_file_that_goes_between_listing_and_reading_is_told(tmp_path: Path) -> None:
    """Folders change while they are read."""
    (tmp_path / "a.txt").write_bytes(b"x")
    (target,) = find_targets([tmp_path], None)
    (tmp_path / "a.txt").unlink()
    assert isinstance(see(target, now=NOW), Unseen)


NAMES = ["a b.txt", "å.txt", unicodedata.normalize("NFD", "ø" + "å.txt"), "a\nb.txt", "\u202etxt.exe",
    "a" * 250 + ".txt", "-rf.txt",
    "$(reboot).txt", "%2e%2e.txt", "a#b.txt", "CON.txt"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    """A file is read under whatever name it has."""
    (tmp_path / name).write_bytes(b"Goddag.")
    (target,) = find_targets([tmp_path], None)
    sight = see(target, now=NOW)
    assert isinstance(sight, Seen)
    assert (sight.body, sight.observation.locator) == (b"Goddag.", name)
