"""Mails: the text that a person sees on opening one, with what its headers say of it.

The HTML form goes through the reader of pages, plain text through the reader of texts. Quoted and forwarded letters
inside the text are text. Attachments are documents of their own: see `ingest.parts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.layout import Block, Layout, LayoutBuilder, Meta, normalise
from ingest.mail.footer import mark_footer
from ingest.mail.headers import day_of, organisation_of, subject_of
from ingest.mail.mime import Entity, parse_mail
from ingest.mail.roles import Leaf, Role, leaves
from ingest.readers.encoding import decode
from ingest.readers.flowed import unflow
from ingest.readers.html import read_html
from ingest.readers.text import read_text
from kilde.errors import UnreadableError
from kilde.model import DocumentKind, Problem, Severity, Span

READER = "mail/1"
ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
TAGS = re.compile(rb"<(?:[a-z][a-z0-9]{0,20}[\s>/]|!doctype|!--)", re.IGNORECASE)
PAGE = re.compile(rb"[\s\xef\xbb\xbf]{0,100}<(?:!doctype html|html)[\s>]", re.IGNORECASE)


def read_mail(body: bytes) -> Layout:
    """Read a mail; raises UnreadableError (encrypted, binary, too_deep, too_many_parts, no_mail)."""
    mail = parse_mail(body)
    if not len(mail.headers):
        raise UnreadableError("no_mail", "it begins with no header of a mail")
    found = leaves(mail)
    shown = [leaf for leaf in found if leaf.role is Role.SHOWN]
    if not shown and any(leaf.entity.media_type in ENCRYPTED for leaf in found):
        raise UnreadableError("encrypted", "the mail is encrypted; decrypt it and ingest it again")
    layouts, problems = read_shown(shown)
    layout = mark_footer(join(layouts), mail.headers)
    if not layout.text.strip():
        problems.append(Problem("no_text", Severity.WARNING, "the mail has no text of its own"))
    return replace(
        layout, meta=meta_of(mail, layout.meta), problems=tuple(dict.fromkeys((*layout.problems, *problems)))
    )


def read_shown(shown: Sequence[Leaf]) -> tuple[list[Layout], list[Problem]]:
    """The texts of a mail; one of several that cannot be read is a Problem, the only one raises UnreadableError."""
    layouts, problems = [], []
    for leaf in shown:
        try:
            layouts.append(read_leaf(leaf.entity))
        except UnreadableError as error:
            if len(shown) == 1:
                raise
            problems.append(Problem("unread_part", Severity.WARNING, f"part {leaf.number} is left out: {error}"))
    return layouts, problems


def read_leaf(entity: Entity) -> Layout:
    """Read one text of a mail by what it is, whatever it says."""
    content = entity.content()
    charset = entity.headers.get_content_charset()
    if (entity.media_type == "text/html" and TAGS.search(content)) or PAGE.match(content):
        return read_html(content, charset)
    if str(entity.headers.get_param("format") or "").lower() != "flowed":
        return read_text(content, charset)
    text, _, problems = decode(content, charset)
    delsp = str(entity.headers.get_param("delsp") or "").lower() == "yes"
    layout = read_text(unflow(normalise(text), delsp=delsp).encode("utf-8", "replace"), "utf-8")
    return replace(layout, problems=(*problems, *layout.problems))


def join(layouts: Sequence[Layout]) -> Layout:
    """The texts of a mail one below the other as one layout."""
    if len(layouts) == 1:
        return replace(layouts[0], reader=f"{READER}+{layouts[0].reader}")
    builder, blocks, tables = LayoutBuilder(), list[Block](), 0
    for layout in layouts:
        if layout.text.strip() and builder.length:
            builder.separate(1)
        blocks += moved(layout.blocks, builder.length, tables)
        builder.write(layout.text)
        tables = max((block.table for block in blocks), default=0)
    reader = "+".join([READER, *dict.fromkeys(layout.reader for layout in layouts)])
    problems = tuple(problem for layout in layouts for problem in layout.problems)
    meta = next((layout.meta for layout in layouts), Meta())
    return Layout(builder.text(), tuple(blocks), reader, meta, problems)


def moved(blocks: Iterable[Block], offset: int, tables: int) -> list[Block]:
    """Blocks of a text that now begins at an offset, behind as many tables."""
    return [
        replace(
            block,
            start=block.start + offset,
            end=block.end + offset,
            cells=tuple(Span(cell.start + offset, cell.end + offset) for cell in block.cells),
            table=block.table + tables if block.table else 0,
        )
        for block in blocks
    ]


def meta_of(mail: Entity, page: Meta) -> Meta:
    """What the headers say of a mail, and where they are silent, its page."""
    return Meta(
        title=subject_of(mail.headers) or page.title,
        publisher=organisation_of(mail.headers) or page.publisher,
        published=day_of(mail.headers) or page.published,
        updated=page.updated,
        url=page.url,
        language=page.language,
        kind=DocumentKind.MAIL.value,
    )
