"""Which parts of a mail are its text, which are documents of their own, and which are neither, each by a named rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

from ingest.mail.headers import file_name_of
from ingest.mail.mime import Entity


class Role(StrEnum):
    """What a part without parts of its own is in its mail."""

    SHOWN = "shown"
    """Text that a person sees on opening the mail."""
    ATTACHED = "attached"
    """A document of its own."""
    LEFT_OUT = "left_out"
    """Neither; the rule says why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part without parts: its number in the order of the mail from 1, and what it is."""

    number: int
    entity: Entity
    role: Role
    rule: str = ""
    """Why it is left out."""


class Fate(StrEnum):
    """What the multipart around a part makes of it."""

    OWN = "own"
    OTHER_FORM = "other_form"
    """The same text stands in another form beside it."""
    PART_OF_PAGE = "part_of_page"
    """What a page of HTML shows inside itself: pictures, style sheets."""


TEXTS = frozenset({"text/html", "text/plain"})
BY_TYPE = {
    "application/pkcs7-signature": "signature",
    "application/x-pkcs7-signature": "signature",
    "application/pgp-signature": "signature",
    "application/pgp-keys": "signature",
    "application/pgp-encrypted": "encryption_header",
    "message/delivery-status": "delivery_report",
    "message/disposition-notification": "delivery_report",
    "message/feedback-report": "delivery_report",
    "text/rfc822-headers": "delivery_report",
}
"""Parts that mail programs write for each other."""
PAGE_PARTS = ("image/", "font/", "audio/", "video/", "text/css")
SAMPLE = 1_000_000
"""Bytes in which a letter must stand for a text to be one."""
LETTER = re.compile(rb"[^\W_]|[\x80-\xff]")
TAG = re.compile(rb"<[^<>]{1,4000}>")


def leaves(mail: Entity) -> list[Leaf]:
    """The parts of a mail that have no parts, in their order."""
    numbers = count(1)
    return [leaf_of(next(numbers), entity, fate) for entity, fate in fated(mail, Fate.OWN)]


def fated(entity: Entity, fate: Fate) -> Iterator[tuple[Entity, Fate]]:
    """The leaves below an entity with what the multiparts around them make of them; at most mime.MOST_DEPTH deep."""
    if not entity.parts:
        yield entity, fate
        return
    for number, part in enumerate(entity.parts):
        yield from fated(part, fate if fate is not Fate.OWN else fate_of(entity, number))


def fate_of(parent: Entity, number: int) -> Fate:
    """What a multipart makes of its part with an index."""
    if parent.media_type == "multipart/alternative":
        return Fate.OWN if number == chosen(parent) else Fate.OTHER_FORM
    if parent.media_type == "multipart/related":
        return Fate.OWN if number == root_of(parent) else Fate.PART_OF_PAGE
    return Fate.OWN


def chosen(parent: Entity) -> int:
    """The index of the form that is read: the last one with letters in it, since the last is the fullest."""
    lettered = [number for number, part in enumerate(parent.parts) if has_letters(part)]
    return lettered[-1] if lettered else len(parent.parts) - 1


def has_letters(entity: Entity) -> bool:
    """Whether there is text to be read in an entity."""
    return any(
        leaf.media_type in TEXTS and LETTER.search(TAG.sub(b"", leaf.content()[:SAMPLE])) is not None
        for leaf, _ in fated(entity, Fate.PART_OF_PAGE)
    )


def root_of(parent: Entity) -> int:
    """The index of the page in a multipart/related: the one that it names, else the first."""
    start = str(parent.headers.get_param("start") or "")
    named = [number for number, part in enumerate(parent.parts) if start and part.headers.get("content-id") == start]
    return named[0] if named else 0


def leaf_of(number: int, entity: Entity, fate: Fate) -> Leaf:
    """A leaf with its role."""
    media_type = entity.media_type
    if media_type in BY_TYPE:
        return Leaf(number, entity, Role.LEFT_OUT, BY_TYPE[media_type])
    attachment = entity.disposition == "attachment"
    if fate is Fate.OTHER_FORM and media_type.startswith("text/") and not attachment:
        return Leaf(number, entity, Role.LEFT_OUT, fate.value)
    if not attachment and is_part_of_page(entity, fate):
        return Leaf(number, entity, Role.LEFT_OUT, Fate.PART_OF_PAGE.value)
    named = file_name_of(entity.headers) is not None and number > 1
    if (media_type in TEXTS or entity.headers.get_content_maintype() == "multipart") and not attachment and not named:
        return Leaf(number, entity, Role.SHOWN)
    if entity.start == entity.end and not named:
        return Leaf(number, entity, Role.LEFT_OUT, "empty")
    return Leaf(number, entity, Role.ATTACHED)


def is_part_of_page(entity: Entity, fate: Fate) -> bool:
    """Whether a page shows this inside itself: a picture beside it, or one that it can point to by a Content-ID."""
    pointed_at = entity.media_type.startswith("image/") and "content-id" in entity.headers
    return (fate is not Fate.OWN and entity.media_type.startswith(PAGE_PARTS)) or pointed_at
