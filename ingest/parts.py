"""Containers: originals whose parts are documents of their own, namely zips and mails with attachments.

One level at a time: a part that is a container itself is handed on as a part, and whoever walks on watches DEEPEST.
Names of parts are data; nothing is ever written out under one.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from ingest.formats import FORMATS, UNKNOWN, media_type_of, seen_type
from ingest.layout import normalise
from ingest.mail.headers import CONTROL, file_name_of
from ingest.mail.mime import parse_mail
from ingest.mail.roles import Leaf, Role, leaves
from ingest.zip_limits import CheckedZip, open_zip
from kilde.errors import MissingError, UnreadableError

DEEPEST = 3
"""Containers that may stand around a document: one in a zip in a zip in a zip is read, and a fourth is not opened."""
LONGEST_NAME = 250
ZIP, MAIL = "application/zip", "message/rfc822"
SYSTEM_NAMES = frozenset({"thumbs.db", "desktop.ini"})
TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
ENCRYPTED_MAIL = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
DECLARED_BUT_UNKNOWN = frozenset({UNKNOWN, "application/binary", "application/x-download", "multipart/mixed"})


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside a container; `name` is its own there, and stays the same as long as the container does."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class BadPart:
    """A part that cannot be had, and the reason for the quarantine."""

    name: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A part that has not been read yet; `read` raises UnreadableError."""

    name: str
    media_type: str
    read: Callable[[], bytes]


def is_container(body: bytes, media_type: str) -> bool:
    """Whether an original has parts that are documents of their own; a damaged zip counts, `parts_of` says why."""
    kind = container_type(body, media_type)
    if kind == MAIL:
        return any(leaf.role is Role.ATTACHED for leaf in mail_leaves(body))
    return kind == ZIP


def container_type(body: bytes, media_type: str) -> str | None:
    """MAIL or ZIP, by the bytes first and what they are said to be second; None for anything else."""
    try:
        seen = seen_type(body)
    except UnreadableError:
        seen = None
    kind = seen or media_type
    return kind if kind in {MAIL, ZIP} else None


def reads_as_document(body: bytes, media_type: str) -> bool:
    """Whether an original is to be read itself, beside its parts: all but a zip, whatever its name says it is."""
    return container_type(body, media_type) != ZIP


def parts_of(body: bytes, media_type: str) -> Iterator[Part | BadPart]:
    """The parts of a container, one level deep; raises UnreadableError where the container as a whole is refused.

    A zip is refused before its first part comes out: all of it is inflated once to count.
    """
    for listed in list_parts(body, media_type):
        try:
            yield Part(listed.name, listed.media_type, listed.read())
        except UnreadableError as error:
            yield BadPart(listed.name, error.code, str(error))


def part_body(body: bytes, media_type: str, path: Sequence[str]) -> bytes:
    """The bytes of a part by its name in each container on the way; raises MissingError where there is none."""
    for name in path:
        listed = next((it for it in list_parts(body, media_type) if it.name == name), None)
        if listed is None:
            raise MissingError(f"there is no part {name!r} in this {media_type}")
        body, media_type = listed.read(), listed.media_type
    return body


def list_parts(body: bytes, media_type: str) -> Iterator[Listed]:
    """The parts of a container, not yet read. What neither its bytes nor its type tell apart is tried as both."""
    kind = container_type(body, media_type)
    return zip_parts(body) if kind == ZIP or (kind is None and is_zip(body)) else mail_parts(body)


def is_zip(body: bytes) -> bool:
    """Whether bytes can be opened as a zip."""
    try:
        open_zip(body)
    except UnreadableError:
        return False
    return True


def zip_parts(body: bytes) -> Iterator[Listed]:
    """The files in a zip; what an operating system leaves in every folder is none."""
    archive = open_zip(body)
    count_inflated(archive)
    names = [name for name in archive.names if not is_system_file(name)]
    for name, own in zip(names, distinct(map(clean, names)), strict=True):
        yield Listed(own, media_type_of(name), partial(read_member, archive, name))


def count_inflated(archive: CheckedZip) -> None:
    """Inflate all of a zip once; raises UnreadableError where that goes beyond a limit, and only then."""
    for name in archive.names:
        try:
            archive.read(name)
        except UnreadableError as error:
            if error.code == "zip_bomb":
                raise


def read_member(archive: CheckedZip, name: str) -> bytes:
    """The bytes of a file in a zip; raises UnreadableError for what is no file."""
    kind = stat.S_IFMT(archive.archive.getinfo(name).external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise UnreadableError("not_a_file", f"{name!r} in the zip is a link or a device, not a file")
    return archive.read(name)


def is_system_file(name: str) -> bool:
    """Whether a file is the system's and no publisher's, as in a folder that is ingested."""
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in path.parts)
    return hidden or "__MACOSX" in path.parts or path.name.lower() in SYSTEM_NAMES


def mail_leaves(body: bytes) -> list[Leaf]:
    """The parts of a mail; none where it breaks a limit, which its reader will say."""
    try:
        return leaves(parse_mail(body))
    except UnreadableError:
        return []


def mail_parts(body: bytes) -> Iterator[Listed]:
    """The attachments of a mail; raises UnreadableError where the mail breaks a limit."""
    for leaf in leaves(parse_mail(body)):
        if leaf.role is Role.ATTACHED:
            name = file_name_of(leaf.entity.headers) or f"unnamed{ending(leaf.entity.media_type)}"
            yield Listed(clean(f"{leaf.number}/{name}"), type_of(leaf, name), partial(read_attachment, leaf))


def ending(media_type: str) -> str:
    """The usual ending of the names of a format; nothing for one that Kilde does not read."""
    return next((each.endings[0] for each in FORMATS if each.media_type == media_type), "")


def type_of(leaf: Leaf, name: str) -> str:
    """The media type of an attachment: by its name, since mail programs often declare none; else as declared."""
    by_name = media_type_of(name)
    declared = leaf.entity.media_type
    if by_name != UNKNOWN and declared != MAIL:
        return by_name
    return UNKNOWN if declared in DECLARED_BUT_UNKNOWN else declared


def read_attachment(leaf: Leaf) -> bytes:
    """The bytes of an attachment; raises UnreadableError for those that no reader could read."""
    media_type = leaf.entity.media_type
    if media_type in TNEF:
        raise UnreadableError("tnef", "attachments in Outlook's own form (winmail.dat) are not read: have it sent anew")
    if media_type in ENCRYPTED_MAIL:
        raise UnreadableError("encrypted", "the part is encrypted or signed as one block (S/MIME)")
    return leaf.entity.content()


def clean(name: str) -> str:
    """A name as data: NFC, without control characters, without `#`, which parts names in a locator, and not too long.

    >>> clean("../brev#2.pdf")
    '../brev%232.pdf'
    """
    text = CONTROL.sub("\ufffd", normalise(name)).replace("#", "%23")
    if len(text) <= LONGEST_NAME:
        return text
    mark = hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]
    tail = PurePosixPath(text).suffix[:10]
    return f"{text[: LONGEST_NAME - len(mark) - len(tail) - 1]}~{mark}{tail}"


def distinct(names: Iterable[str]) -> Iterator[str]:
    """Names of which none comes twice: a later one is marked with its number."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name}~{seen[name]}"
