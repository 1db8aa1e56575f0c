"""HTML pages: visible text in reading order, the main content in one piece, what the page itself marks as furniture
apart.

The tree is lxml's and is walked as it is; BeautifulSoup chooses by the selectors of a source (`html_hints`). The text
that comes out is held against the text that went in: where too little arrived, the page is read tag by tag
(`html_flat`), and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from ingest.layout import Block, BlockKind, Layout, Meta, normalise
from ingest.readers.encoding import decode
from ingest.readers.html_flat import visible, write_flat
from ingest.readers.html_hints import Hinted, apply_hints
from ingest.readers.html_links import Links, find_base
from ingest.readers.html_meta import read_meta
from ingest.readers.html_names import INVISIBLE, PARTING
from ingest.readers.html_scope import Scope, chosen_scope, find_scope, is_hidden
from ingest.readers.html_table import is_layout, read_rows, stray_text
from ingest.readers.html_tree import Element, parse, texts
from ingest.readers.html_writer import PageWriter
from kilde.model import Hints, Problem, Severity

READER = "html/2"
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
LEAST_SHARE = 0.5
"""Less than this share of the visible letters in the tree: the parser lost some."""
BOLD = frozenset({"b", "strong"})
NO_HINTS = Hints()


def read_html(body: bytes, charset: str | None = None, hints: Hints = NO_HINTS) -> Layout:
    """Read an HTML page; raises UnreadableError for binary data.

    `charset` is what its transport says; a byte order mark is stronger, the page's own meta element weaker.
    """
    written = CHARSET.search(body[:4096])
    decoded, _, problems = decode(body, charset, written[1].decode("ascii") if written else None)
    source = normalise(decoded)
    parsed = parse(source)
    roots, cut = parsed or ([], False)
    if cut:
        problems.append(Problem("html_limits", Severity.NOTE, "elements with thousands of attributes lost them"))
    hinted = apply_hints(roots, hints)
    writer = PageWriter()
    write_tree(writer, roots, chosen_scope(hinted.content) if hinted.content else find_scope(roots))
    if parsed is None or lost_text(roots, source):
        writer = PageWriter()
        write_flat(writer, source)
        problems.append(
            Problem("html_repaired", Severity.NOTE, "the page is too broken or too deep for a tree; read tag by tag")
        )
    meta = with_hints(read_meta(roots), hinted)
    text = writer.builder.text()
    if meta.title is None and not text.strip():
        problems.append(Problem("no_text", Severity.WARNING, "the page has no visible text"))
    return Layout(
        text, tuple(writer.builder.blocks), READER, meta, (*problems, *hinted.problems, *writer.cover.problems())
    )


def with_hints(meta: Meta, hinted: Hinted) -> Meta:
    """The metadata of a page; what a source's definition points out wins."""
    names = frozenset(name for name in ("title", "published") if getattr(hinted, name) is not None)
    if not names:
        return meta
    return replace(meta, title=hinted.title or meta.title, published=hinted.published or meta.published, hinted=names)


def lost_text(roots: Sequence[Element], source: str) -> bool:
    """Whether much less text is in the tree than in the source, hidden parts and menus counted in both."""
    kept = sum(len(text) for root in roots for text in texts(root))
    if kept >= LEAST_SHARE * len(source):
        return False
    letters = count_letters(visible(source))
    return sum(count_letters(text) for root in roots for text in texts(root)) < LEAST_SHARE * letters


def count_letters(text: str) -> int:
    """Letters and digits."""
    return sum(map(str.isalnum, text))


def write_tree(writer: PageWriter, roots: Sequence[Element], scope: Scope) -> None:
    """Write the blocks of a page."""
    links = Links(find_base(roots))
    for root in roots:
        write_root(writer, root, scope, links)
    writer.finish()


def write_root(writer: PageWriter, root: Element, scope: Scope, links: Links) -> None:
    """Walk an element and all in it, in order; its depth costs no recursion."""
    above: list[str | None] = [scope.outside]
    bold = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    skipped: Element | None = None
    for event, node in walker:
        tag = node.tag
        if event == "start":
            attributes = node.attrib
            if tag in INVISIBLE or (attributes and is_hidden(attributes)):
                walker.skip_subtree()
                skipped = node
                continue
            furniture = scope.furniture(node, attributes, above[-1])
            if tag == "table" and not is_layout(node):
                write_table(writer, node, furniture, links)
                walker.skip_subtree()
                skipped = node
                continue
            above.append(furniture)
            bold += int(tag in BOLD)
            start(writer, tag, furniture)
            text = node.text
        else:
            if node is skipped:
                skipped = None
            else:
                above.pop()
                bold -= int(tag in BOLD)
                end(writer, node, above[-1], links)
            text = node.tail if node is not root else None
        if text:
            writer.text(text, bold=bold > 0)


def start(writer: PageWriter, tag: str, furniture: str | None) -> None:
    """What an element does as it opens."""
    if tag in PARTING:
        writer.open(tag, furniture)
    elif tag == "br":
        writer.line_break()
    elif tag == "hr":
        writer.flush()


def end(writer: PageWriter, node: Element, around: str | None, links: Links) -> None:
    """What an element does as it closes."""
    if node.tag in PARTING:
        writer.close(around)
    elif node.tag == "a" and (link := links.of(node)) is not None:
        writer.link([link])


def write_table(writer: PageWriter, table: Element, furniture: str | None, links: Links) -> None:
    """Write a table of data: what stands beside its rows as lines before it, then the rows."""
    writer.flush()
    for text in stray_text(table):
        if text:
            writer.put(Block(BlockKind.LINE, 0, 0, furniture=furniture), text)
    writer.table(read_rows(table, links, writer.cover), furniture)
