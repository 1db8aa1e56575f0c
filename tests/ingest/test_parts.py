"""Containers: what is in zips and mails comes out as documents of its own, or as a reason why not."""

from __future__ import annotations

import base64
import io
import stat
import zipfile
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mail.headers import CONTROL
from ingest.parts import BadPart, Part, is_container, part_body, parts_of, reads_as_document
from kilde.errors import MissingError, UnreadableError
from tests.conftest import SAMPLES
from tests.ingest.readers.test_mail import mail, multipart

ZIP, MAIL = "application/zip", "message/rfc822"


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return buffer.getvalue()


def entry(name: str, kind: int = 0) -> zipfile.ZipInfo:
    """An entry of a kind of file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = kind << 16
    return info


def encrypted(body: bytes) -> bytes:
    """A zip whose first entry says that it is encrypted."""
    local, central = body.index(b"PK\x03\x04"), body.index(b"PK\x01\x02")
    changed = bytearray(body)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def found(body: bytes, media_type: str) -> list[tuple[str, str]]:
    """Name and media type of each part, or the code of its reason."""
    return [(it.name, it.media_type if isinstance(it, Part) else it.code) for it in parts_of(body, media_type)]


LETTER = mail("\nGoddag.\n")
PDF = "Content-Type: application/octet-stream; name=bilag.pdf\nContent-Transfer-Encoding: base64\n\nJVBERg=="
ATTACHED = mail(multipart("mixed", "\nTekst", PDF, f"Content-Type: message/rfc822\n\n{LETTER.decode()}"))

LISTS: list[tuple[str, bytes, str, list[tuple[str, str]]]] = [
    ("files of a zip", zipped(("a.html", b"x"), ("2021/b.txt", b"y")), ZIP,
     [("a.html", "text/html"), ("2021/b.txt", "text/plain")]),
    ("a zip in a zip", zipped(("a.zip", zipped(("b.txt", b"x")))), ZIP, [("a.zip", ZIP)]),
    ("a mail in a zip", zipped(("a.eml", LETTER)), ZIP, [("a.eml", MAIL)]),
    ("names that lead out", zipped(("../../etc/passwd", b"x"), ("/etc/a.txt", b"y")), ZIP,
     [("../../etc/passwd", "application/octet-stream"), ("/etc/a.txt", "text/plain")]),
    ("a name with a sign that parts", zipped(("a#b.txt", b"x")), ZIP, [("a%23b.txt", "text/plain")]),
    ("names that become one", zipped(("a\x01.txt", b"x"), ("a\x02.txt", b"y")), ZIP,
     [("a�.txt", "text/plain"), ("a�.txt~2", "text/plain")]),
    ("what systems leave",
     zipped(("__MACOSX/._a.txt", b"x"), ("Thumbs.db", b"x"), (".DS_Store", b"x"), ("b.txt", b"y")), ZIP,
     [("b.txt", "text/plain")]),
    ("a link", zipped((entry("a.txt", stat.S_IFLNK), b"/etc/passwd")), ZIP, [("a.txt", "not_a_file")]),
    ("a device", zipped((entry("a.txt", stat.S_IFBLK), b"")), ZIP, [("a.txt", "not_a_file")]),
    ("an encrypted file beside another", encrypted(zipped(("a.txt", b"x"), ("b.txt", b"y"))), ZIP,
     [("a.txt", "encrypted_zip"), ("b.txt", "text/plain")]),
    ("a method that is not read", zipped(("a.txt", b"x"), method=zipfile.ZIP_BZIP2), ZIP, [("a.txt", "zip_method")]),
    ("an empty zip", zipped(), ZIP, []),
    ("attachments", ATTACHED, MAIL, [("2/bilag.pdf", "application/pdf"), ("3/unnamed.eml", MAIL)]),
    ("two of one name", mail(multipart("mixed", "\nTekst", PDF, PDF)), MAIL,
     [("2/bilag.pdf", "application/pdf"), ("3/bilag.pdf", "application/pdf")]),
    ("Outlook's own form",
     mail(multipart("mixed", "\nTekst", "Content-Type: application/ms-tnef; name=winmail.dat\n\nx")), MAIL,
     [("2/winmail.dat", "tnef")]),
    ("a type by its declaration", mail(multipart("mixed", "\nTekst", "Content-Type: image/png; name=a\n\nx")), MAIL,
     [("2/a", "image/png")]),
    ("no attachment", LETTER, MAIL, []),
]  # fmt: skip


@pytest.mark.parametrize(("body", "media_type", "expected"), [it[1:] for it in LISTS], ids=[it[0] for it in LISTS])
def test_parts(body: bytes, media_type: str, expected: list[tuple[str, str]]) -> None:
    """Every part once, in order, under its own name, and the same the next time."""
    assert found(body, media_type) == expected
    assert found(body, media_type) == expected
    for part in parts_of(body, media_type):
        if isinstance(part, Part):
            assert part_body(body, media_type, [part.name]) == part.body


def test_an_attached_mail_has_the_bytes_that_it_had() -> None:
    """So that its digest is that of the same mail in a mailbox."""
    part = list(parts_of(ATTACHED, MAIL))[1]
    assert isinstance(part, Part)
    assert part.body == LETTER.removesuffix(b"\n") + b"\n"


def test_a_part_of_a_part_is_found_by_its_path() -> None:
    """A document in a zip in a mail in a zip; a wrong path says so."""
    inner = zipped(("brev.txt", "Kære Bo".encode()))
    outer = mail(multipart("mixed", "\nTekst")).replace(
        b"--b--", b"--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n%b\n--b--"
        % base64.encodebytes(inner)
    )  # fmt: skip
    body = zipped(("post/a.eml", outer))
    assert part_body(body, ZIP, ["post/a.eml", "2/a.zip", "brev.txt"]) == "Kære Bo".encode()
    with pytest.raises(MissingError, match="andet"):
        part_body(body, ZIP, ["post/a.eml", "andet"])


CONTAINERS = [
    ("a zip", zipped(("a.txt", b"x")), ZIP, True),
    ("a zip under another name", zipped(("a.txt", b"x")), "text/plain", True),
    ("a document of an office program", zipped(("[Content_Types].xml", b"x"), ("word/document.xml", b"y")), ZIP, False),
    ("a damaged zip", b"PK\x03\x04", ZIP, True),
    ("no zip at all", b"Goddag", ZIP, True),
    ("a letter", LETTER, MAIL, False),
    ("a mail with attachments", ATTACHED, MAIL, True),
    ("a mail under another name", b"Received: x\n" + ATTACHED, "application/octet-stream", True),
    ("a page", b"<html>", "text/html", False),
]


@pytest.mark.parametrize(
    ("body", "media_type", "expected"), [it[1:] for it in CONTAINERS], ids=[it[0] for it in CONTAINERS]
)
def test_containers(body: bytes, media_type: str, expected: bool) -> None:
    """By what the bytes are, whatever they are called."""
    assert is_container(body, media_type) is expected


DOCX = zipped(("[Content_Types].xml", b"x"), ("word/document.xml", b"y"))
OWN_TEXTS = [
    ("a zip", zipped(("a.txt", b"x")), ZIP, False),
    ("a zip under another name", zipped(("a.txt", b"x")), "text/plain", False),
    ("an office document that is called a zip", DOCX, ZIP, True),
    ("a mail", ATTACHED, MAIL, True),
    ("a page", b"<html>", "text/html", True),
]


@pytest.mark.parametrize(
    ("body", "media_type", "expected"), [it[1:] for it in OWN_TEXTS], ids=[it[0] for it in OWN_TEXTS]
)
def test_only_a_zip_has_no_text_of_its_own(body: bytes, media_type: str, expected: bool) -> None:
    """Nothing is left unread because of its name, and no zip is read as a document because of its."""
    assert reads_as_document(body, media_type) is expected


def test_a_part_is_found_again_where_the_type_is_forgotten() -> None:
    """The archive keeps bytes and a path; a mail of few headers and a zip behind other bytes are known as well."""
    bare = b"Subject: x\n" + multipart("mixed", "\nTekst", PDF).encode()
    assert part_body(bare, "application/octet-stream", ["2/bilag.pdf"]) == b"%PDF"
    assert part_body(b"forrest" + zipped(("a.txt", b"x")), "application/octet-stream", ["a.txt"]) == b"x"


REFUSED = [
    ("a bomb", zipped(("a.txt", b"x"), ("b.txt", bytes(50_000_000))), "zip_bomb"),
    ("many entries", zipped(*((f"{number}.txt", b"") for number in range(10_001))), "zip_bomb"),
    ("damaged", zipped(("a.txt", b"x"))[:-9], "damaged_zip"),
]


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_a_zip_beyond_a_limit_gives_no_part_at_all(body: bytes, code: str) -> None:
    """It is refused before its first part comes out."""
    out: list[Part | BadPart] = []
    with pytest.raises(UnreadableError) as caught:
        out.extend(parts_of(body, ZIP))
    assert (caught.value.code, out) == (code, [])


def test_the_samples_come_out_of_a_zip_as_they_went_in() -> None:
    """Bytes are bytes."""
    files = {path.name: path.read_bytes() for path in sorted(SAMPLES.iterdir())}
    parts: Iterable[Part | BadPart] = parts_of(zipped(*files.items()), ZIP)
    assert {it.name: it.body for it in parts if isinstance(it, Part)} == files


@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=300), st.binary(max_size=20)),
        max_size=8,
        unique_by=lambda it: it[0],
    )
)
@settings(max_examples=60, deadline=None)
def test_names_are_distinct_and_without_control_characters(files: list[tuple[str, bytes]]) -> None:
    """Whatever they were in the zip."""
    try:
        names = [it.name for it in parts_of(zipped(*files), ZIP)]
    except (UnreadableError, UnicodeEncodeError):
        return
    assert len(set(names)) == len(names)
    assert not any("#" in name or CONTROL.search(name) or len(name) > 256 for name in names)
