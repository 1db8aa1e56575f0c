"""Originals as they were archived: for an admin any, for readers those that hold no CPR number that can be found.

A page's text has its CPR numbers masked; the bytes it was read from have them. So a reader is given only what can be
looked through here, text and its markup, and only where nothing is found in it. It is sent as bytes to keep, never as
something that a browser would run.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from kilde.danish.cpr import mask_cpr
from kilde.errors import MissingError
from kilde.store_tables import Original
from search.web.errors import ForbiddenError
from search.web.library import Library
from search.web.view import Answer, Role, Task

ReadOriginal = Callable[[Path, Original], bytes]
"""The bytes of an original in an archive's folder; the archive belongs to `ingest`, which this package never meets."""

LARGEST = 50_000_000
LARGEST_SCAN = 5_000_000
TEXT_TYPES = ("text/", "application/json", "application/xml", "application/xhtml+xml")
SANDBOX = ("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_UNSAFE_NAME = re.compile(r"[^\w.\- ]+")


def original(library: Library, task: Task, read: ReadOriginal | None) -> Answer:
    """The original of a document's current version, as a download; of another version behind a slash in the key.

    MissingError, GoneError as for the document; ForbiddenError for a reader where only an admin may have it.
    """
    key, _, version = task.key.partition("/")
    document = library.document(key, version or None)
    kept = library.store.original(document.version)
    if kept is None or read is None:
        raise MissingError(f"the original of {key} is not here; `kilde original {key}` prints it where the archive is")
    if kept.size > LARGEST:
        raise MissingError(f"the original has {kept.size} bytes, more than a page sends: `kilde original {key}`")
    if task.role is not Role.ADMIN and not may_be_looked_through(kept):
        raise ForbiddenError("an original of this format may hold CPR numbers that cannot be masked: ask an admin")
    body = read(library.folder.archive, kept)
    if task.role is not Role.ADMIN and has_cpr(body):
        raise ForbiddenError("this original holds what looks like a CPR number: ask an admin")
    name = _UNSAFE_NAME.sub("_", document.locator.rsplit("/", 1)[-1])[-100:] or document.id
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    headers = (("Content-Disposition", disposition), SANDBOX, ("Cache-Control", "private, no-store"))
    return Answer(200, "application/octet-stream", body, headers)


def may_be_looked_through(kept: Original) -> bool:
    """Whether the bytes are text that can be searched for CPR numbers."""
    return kept.size <= LARGEST_SCAN and kept.media_type.startswith(TEXT_TYPES) and not kept.part


def has_cpr(body: bytes) -> bool:
    """Whether any reading of the bytes has a CPR number: as they stand, and without tags and character references."""
    bare = html.unescape(_TAG.sub(b"", body).decode("latin-1"))
    texts = (body.decode("utf-8", "replace"), body.decode("utf-16-le", "replace"), bare, html.unescape(bare))
    return any(mask_cpr(text)[1] for text in texts)
