"""Mailboxes: every mail once, under its own name, with the bytes that it had before it was put into the box."""

from __future__ import annotations

import io
import mailbox
import os
import sys
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.sources import mbox
from ingest.sources.mailbox import collect, split_mbox
from ingest.sources.mbox import read_lines, split_lines
from ingest.sources.seen import Seen, Unseen
from kilde.model import DocumentKind
from kilde.sources import Mailbox

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FROM = b"From anne@broer.example Mon May  3 10:00:00 2021\n"


def letter(name: str = "a@b", text: str = "Goddag.") -> bytes:
    """A mail with a Message-ID."""
    return f"Message-ID: <{name}>\nFrom: Anne <anne@broer.example>\nSubject: En bro\n\n{text}\n".encode()


def seen(path: Path) -> list[Seen | Unseen]:
    """What a source has."""
    return [it for it in collect(Mailbox(kind="mailbox", path=path), "post", NOW) if isinstance(it, Seen | Unseen)]


def locators(path: Path) -> list[str]:
    """The locators in order; of what is not there, the reason."""
    return [it.observation.locator if isinstance(it, Seen) else f"{it.locator}: {it.code}" for it in seen(path)]


def split(body: bytes) -> list[bytes]:
    """The mails of an mbox."""
    return list(split_lines(read_lines(io.BytesIO(body))))


BOXES: list[tuple[str, bytes, list[bytes]]] = [
    ("nothing", b"", []),
    ("blank lines", b"\n\n", []),
    ("two mails", FROM + letter("a") + b"\n" + FROM + letter("b") + b"\n", [letter("a"), letter("b")]),
    ("no blank line between", FROM + letter("a") + FROM + letter("b"), [letter("a"), letter("b")]),
    ("a mail that ends without a line end", FROM + letter("a").strip(), [letter("a").strip()]),
    ("quoted lines", FROM + letter(text=">From Anne\n>>From Bo\n> From C"),
     [letter(text="From Anne\n>From Bo\n> From C")]),
    ("a sentence that begins with From", FROM + letter(text="x\n\nFrom Monday on, we are open.\n"),
     [letter(text="x\n\nFrom Monday on, we are open.\n").removesuffix(b"\n")]),
    ("a line like a separator in a text", FROM + letter(text="\n" + FROM.decode() + "er en linje."),
     [letter(text="\n" + FROM.decode() + "er en linje.")]),
    ("Thunderbird", b"From - Mon May 03 10:00:00 2021\n" + letter(), [letter()]),
    ("Gmail", b"From 1698765@xxx Mon May 03 10:00:00 +0000 2021\n" + letter(), [letter()]),
    ("a date of RFC 5322", b"From ???@??? Mon, 3 May 2021 10:00:00\n" + letter(), [letter()]),
    ("CRLF", (FROM + letter("a") + b"\n" + FROM + letter("b")).replace(b"\n", b"\r\n"),
     [letter("a").replace(b"\n", b"\r\n"), letter("b").replace(b"\n", b"\r\n")]),
    ("encodings of all kinds", FROM + letter("a") + "Søen\n\n".encode("cp1252") + FROM + letter("b") + b"\xff\x00\n",
     [letter("a") + "Søen\n".encode("cp1252"), letter("b") + b"\xff\x00\n"]),
    ("what stands before the first", letter("a") + FROM + letter("b"), [letter("a"), letter("b")]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [it[1:] for it in BOXES], ids=[it[0] for it in BOXES])
def test_mboxes(tmp_path: Path, body: bytes, expected: list[bytes]) -> None:
    """Cut where a mail begins, and nowhere else."""
    (tmp_path / "a.mbox").write_bytes(body)
    assert list(split_mbox(tmp_path / "a.mbox")) == expected


@given(
    st.lists(
        st.lists(st.sampled_from([b"From x", b">From x", b"", b"a", FROM.strip()]), max_size=6), min_size=1, max_size=4
    )
)
@settings(max_examples=80, deadline=None)
def test_what_python_writes_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, texts: Sequence[list[bytes]]
) -> None:
    """An mbox by the standard library, whose lines that begin with "From " are quoted, gives the mails back."""
    path = tmp_path_factory.mktemp("box") / "a.mbox"
    box = mailbox.mbox(path)
    mails = [
        b"Subject: x\n\n" + b"".join(line + b"\n" for line in lines if not line.startswith(b">")) + b".\n"
        for lines in texts
    ]
    for body in mails:
        message = mailbox.mboxMessage(body)
        message.set_from("anne@broer.example", NOW.timetuple())
        box.add(message)
    box.close()
    assert list(split_mbox(path)) == mails


def test_a_large_mbox_is_read_mail_by_mail(tmp_path: Path) -> None:
    """Memory follows the largest mail, not the file."""
    path = tmp_path / "a.mbox"
    with path.open("wb") as stream:
        for number in range(200):
            stream.write(FROM + letter(f"{number}@b", "x" * 200_000) + b"\n")
    tracemalloc.start()
    assert sum(1 for _ in split_mbox(path)) == 200
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000 < path.stat().st_size / 8


def test_a_mail_that_is_too_large_is_told_and_the_next_ones_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more than the limit of it is held."""
    monkeypatch.setattr(mbox, "LARGEST", 10_000)
    monkeypatch.setattr(sys.modules[collect.__module__], "LARGEST", 10_000)
    monkeypatch.setattr(mbox, "LONGEST_LINE", 1_000)
    (tmp_path / "a.mbox").write_bytes(FROM + letter("a@b", "x" * 1_000_000) + b"\n" + FROM + letter("c@d"))
    assert max(map(len, split_mbox(tmp_path / "a.mbox"))) <= 11_000
    assert locators(tmp_path) == ["a@b: too_large_to_archive", "c@d"]


def test_facts_of_a_mail(tmp_path: Path) -> None:
    """What the source says goes with each mail."""
    (tmp_path / "a.eml").write_bytes(letter())
    source = Mailbox(kind="mailbox", path=tmp_path, publisher="KL", document_kind=DocumentKind.NEWSLETTER)
    (one,) = collect(source, "post", NOW)
    assert isinstance(one, Seen)
    it = one.observation
    assert (it.source, it.locator, it.media_type, it.observed) == (
        "post",
        "a@b",
        "message/rfc822",
        "2026-01-02T03:04:05Z",
    )
    assert (it.publisher, it.hints.kind, it.size, one.body) == ("KL", "newsletter", len(letter()), letter())


def test_one_message_id_for_several_mails(tmp_path: Path) -> None:
    """The same bytes come once; other bytes have a name of their own, the same each time; none is lost."""
    for name, body in (("1", letter()), ("2", letter(text="Andet.")), ("3", letter()), ("4", letter(text="Andet."))):
        (tmp_path / f"{name}.eml").write_bytes(body)
    first, second = locators(tmp_path)
    assert (first, second[:4], len(second)) == ("a@b", "a@b~", 16)
    assert locators(tmp_path) == [first, second]


def test_a_mail_without_a_message_id_goes_by_its_bytes(tmp_path: Path) -> None:
    """So that the same mail has the same name wherever it lies."""
    (tmp_path / "x.eml").write_bytes(b"Subject: x\n\ny\n")
    (name,) = locators(tmp_path)
    (tmp_path / "x.eml").rename(tmp_path / "y.eml")
    assert locators(tmp_path) == [name]
    assert name.startswith("sha256:")


def make_maildir(path: Path) -> mailbox.Maildir:
    """A Maildir with two mails and a folder with one more."""
    box = mailbox.Maildir(path)
    for name in ("a@b", "c@d"):
        box.add(letter(name))
    box.add_folder("Arkiv").add(letter("e@f"))
    return box


def test_maildirs(tmp_path: Path) -> None:
    """New and read mails and those of folders; reading one changes nothing."""
    box = make_maildir(tmp_path / "post")
    (tmp_path / "post" / "tmp" / "halv").write_bytes(letter("halv"))
    before = locators(tmp_path / "post")
    assert sorted(before) == ["a@b", "c@d", "e@f"]
    key = next(iter(box.keys()))
    message = box[key]
    message.set_subdir("cur")
    message.set_flags("RS")
    box[key] = message
    assert any("," in path.name for path in (tmp_path / "post" / "cur").iterdir())
    assert locators(tmp_path / "post") == before


def test_a_folder_of_mails(tmp_path: Path) -> None:
    """By ending, or by what the files are; what is no mail is told, what programs leave is not."""
    (tmp_path / "2021").mkdir()
    (tmp_path / "2021" / "a.eml").write_bytes(letter("a@b"))
    (tmp_path / "2021" / "b.EML").write_bytes(letter("b@b"))
    (tmp_path / "Indbakke").write_bytes(FROM + letter("c@d") + b"\n" + FROM + letter("e@f"))
    (tmp_path / "Indbakke.msf").write_bytes(b"x")
    (tmp_path / "gemt").write_bytes(b"Received: x\n" + letter("g@h"))
    (tmp_path / "notat.txt").write_bytes(b"Ikke et brev.")
    (tmp_path / ".skjult").write_bytes(b"x")
    assert locators(tmp_path) == ["c@d", "e@f", "g@h", "notat.txt: no_mail", "a@b", "b@b"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A pipe does not hold the run up, and the other mails are read."""
    os.mkfifo(tmp_path / "a.eml")
    os.mkfifo(tmp_path / "b.mbox")
    (tmp_path / "c.eml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d.eml").write_bytes(letter())
    assert locators(tmp_path) == ["a.eml: not_a_file", "b.mbox: not_a_file", "c.eml: symbolic_link", "a@b"]


def test_a_mailbox_that_is_not_there(tmp_path: Path) -> None:
    """The source as a whole has failed."""
    (one,) = seen(tmp_path / "nowhere")
    assert isinstance(one, Unseen)
    assert one.fatal
    assert one.code == "missing"


def test_mails_of_the_library(tmp_path: Path) -> None:
    """An mbox with a mail that the standard library has made of parts."""
    message = Message()
    message["Message-ID"] = "<x@y>"
    message.set_payload("Goddag.\n\nFrom nu af er det slut.\n")
    box = mailbox.mbox(tmp_path / "a.mbox")
    box.add(message)
    box.close()
    (one,) = seen(tmp_path)
    assert isinstance(one, Seen)
    assert one.body == message.as_bytes()
