"""HTML pages: visible text in reading order, the main content in one piece, what the page itself marks as furniture
apart.

The tree comes from BeautifulSoup over lxml. lxml gives up on very deep pages without a word, so the text that comes
out is held against the text that went in, and Python's own parser takes over where too little arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, Doctype, NavigableString, PreformattedString

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder, normalise
from ingest.readers.encoding import decode
from ingest.readers.html_meta import read_meta
from kilde.model import Link, Problem, Severity

READER = "html/1"
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,40})", re.IGNORECASE)
SPACES = re.compile(r"[ \t\n\r\f]+")
LINE_BREAK = "\x0b"
"""Stands for `<br>` until the white space of the source is folded.

Normalised text has no such character of its own use.
"""
VISIBLE = re.compile(
    r"<(script|style|noscript|template)\b.*?</\1\s*>|<!--.*?-->|<[^<>]{1,4000}>", re.IGNORECASE | re.DOTALL
)
LEAST_SHARE = 0.5
"""Less than this share of the visible letters in the tree: the parser lost some."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
INVISIBLE = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "select", "option", "button", "canvas"}
)
BLOCKS = frozenset({"p", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "table", "blockquote",
    "figure", "figcaption", "address", "form", "fieldset", "header", "footer", "nav", "aside", "details", "summary",
    "body", "pre", "center", "tbody", "thead", "tfoot", "caption"})  # fmt: skip
FURNITURE_TAGS = {"nav": "nav", "footer": "page_footer", "aside": "aside", "form": "form"}
FURNITURE_ROLES = {"navigation": "nav", "banner": "page_header", "contentinfo": "page_footer", "search": "form",
    "complementary": "aside"}  # fmt: skip
FURNITURE_NAMES = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|breadcrumbs?|navbar|nav|menu|sidebar|skip-?link|share|social|newsletter-?signup"
    r"|subscribe)(?:$|[-_ ])",
    re.IGNORECASE,
)
LONGEST_BOLD_HEADING = 120


@dataclass(slots=True)
class PageWriter:
    """Turns a tree into blocks; it owns the paragraph that is being put together."""

    builder: LayoutBuilder = field(default_factory=LayoutBuilder)
    later: list[tuple[Block, str]] = field(default_factory=list)
    """Furniture that stands inside or behind the content: written after it, so that the content stays in one piece."""
    pieces: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    template: Block = field(default_factory=lambda: Block(BlockKind.LINE, 0, 0))
    bold: int = 0
    plain: int = 0
    tables: int = 0
    started: bool = False
    """Whether content has been written."""

    def flush(self) -> None:
        """End the paragraph."""
        lines = (SPACES.sub(" ", line).strip(" ") for line in "".join(self.pieces).split(LINE_BREAK))
        text = "\n".join(line for line in lines if line)
        block, links = self.template, tuple(self.links)
        bold = self.bold > 0 and self.plain == 0
        self.pieces, self.links, self.bold, self.plain = [], [], 0, 0
        if not text.strip(" \xa0\xad\u200b"):
            return
        if not self.started and not block.furniture and is_skip_link(text, links):
            block = replace(block, furniture="skip_link")
        if block.kind is BlockKind.POINT:
            self.template = replace(block, kind=BlockKind.LINE)
        if bold and block.kind is BlockKind.LINE and len(text) <= LONGEST_BOLD_HEADING and text[-1] not in ".,;:!":
            block = replace(block, kind=BlockKind.HEADING, level=6)
        self.put(replace(block, links=links), text)

    def put(self, block: Block, text: str) -> None:
        """Write a block, or keep it for later where it is furniture after the content began."""
        if block.kind is BlockKind.POINT:
            text = f"• {text}"
        if block.furniture and self.started:
            self.later.append((block, text))
            return
        self.started = self.started or not block.furniture
        before = self.builder.blocks[-1].kind if self.builder.blocks else None
        self.builder.block(replace(block, gap=0 if block.kind is BlockKind.POINT is before else 1), text)

    def put_row(self, row: Tag, furniture: str | None, *, first: bool) -> None:
        """Write a table's row."""
        cells = [cell for cell in row.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]
        texts = [cell_text(cell) for cell in cells]
        if not any(texts):
            return
        head = all(cell.name == "th" for cell in cells) and len(cells) > 1
        found = tuple(link for cell in cells for link in cell_links(cell))
        self.builder.row(
            Block(BlockKind.ROW, 0, 0, gap=int(first), table=self.tables, head=head, links=found, furniture=furniture),
            texts,
        )
        self.started = True

    def finish(self) -> None:
        """Write what was kept for later."""
        self.flush()
        for block, text in self.later:
            self.builder.block(replace(block, gap=1), text)


def is_skip_link(text: str, links: tuple[Link, ...]) -> bool:
    """Whether a paragraph before the content is nothing but a link into the page: "Gå til indhold"."""
    return len(links) == 1 and links[0].text == text and (links[0].url or "").startswith("#")


def read_html(body: bytes, declared: str | None = None) -> Layout:
    """Read an HTML page; raises UnreadableError for binary data."""
    charset = CHARSET.search(body[:4096])
    source, _, problems = decode(body, declared or (charset[1].decode("ascii") if charset else None))
    soup = parse(normalise(source))
    layout = lay_out(soup)
    letters = count_letters(VISIBLE.sub(" ", source))
    if count_letters(layout.text) < LEAST_SHARE * letters:
        soup = BeautifulSoup(normalise(source), "html.parser")
        layout = lay_out(soup)
        problems.append(
            Problem("html_repaired", Severity.NOTE, "lxml lost text of this page; read with Python's own parser")
        )
    if layout.meta.title is None and not layout.text.strip():
        problems.append(Problem("no_text", Severity.WARNING, "the page has no visible text"))
    return replace(layout, problems=tuple(problems))


def parse(source: str) -> BeautifulSoup:
    """The tree of a page."""
    return BeautifulSoup(source, "lxml")


def count_letters(text: str) -> int:
    """Letters and digits."""
    return sum(map(str.isalnum, text))


def lay_out(soup: BeautifulSoup) -> Layout:
    """The blocks of a page's body."""
    writer = PageWriter()
    root = soup.body or soup
    main = find_main(root)
    for node, event, furniture in walk(root, main):
        if isinstance(node, NavigableString):
            add_text(writer, node)
        elif event == "row":
            writer.flush()
            first = is_first_row(node)
            writer.tables += first
            writer.put_row(node, furniture, first=first)
        else:
            tag_event(writer, node, event, furniture)
    writer.finish()
    return Layout(writer.builder.text(), tuple(writer.builder.blocks), READER, read_meta(soup))


def is_first_row(row: Tag) -> bool:
    """Whether a row is the first of its table."""
    if row.find_previous_sibling("tr") is not None:
        return False
    part = row.parent
    return part is None or part.name == "table" or part.find_previous_sibling(["thead", "tbody", "tr"]) is None


def find_main(root: Tag) -> Tag | None:
    """The element that holds the content, where the page says so and it is only one."""
    for selector in ("main", "[role=main]", "article", "#content"):
        found = root.select(selector, limit=2)
        if len(found) == 1 and len(found[0].get_text(strip=True)) > 100:
            return found[0]
    return None


def walk(root: Tag, main: Tag | None) -> Iterator[tuple[Tag | NavigableString, str, str | None]]:
    """Text nodes, and block elements as they open, close or are a row, with the furniture that they stand in.

    With an explicit stack, so that no depth of nesting can break it.
    """
    inside_main = {id(parent) for parent in main.parents} | {id(main)} if main else set()
    stack: list[tuple[Tag | NavigableString, str, str | None]] = [(root, "open", None)]
    while stack:
        node, event, furniture = stack.pop()
        if isinstance(node, NavigableString):
            if not isinstance(node, Comment | Doctype | PreformattedString) or node.__class__ is NavigableString:
                yield node, "text", furniture
            continue
        if event == "close":
            yield node, "close", furniture
            continue
        if node.name in INVISIBLE or is_hidden(node):
            continue
        furniture = furniture or furniture_rule(node, main, inside_main)
        if node.name == "tr":
            yield node, "row", furniture
            continue
        yield node, "open", furniture
        stack.append((node, "close", furniture))
        stack.extend(
            (child, "open", furniture) for child in reversed(node.contents) if isinstance(child, Tag | NavigableString)
        )


def is_hidden(node: Tag) -> bool:
    """Whether a page hides an element from its readers."""
    style = str(node.get("style") or "").replace(" ", "")
    return node.has_attr("hidden") or node.get("aria-hidden") == "true" or "display:none" in style


def furniture_rule(node: Tag, main: Tag | None, inside_main: set[int]) -> str | None:
    """The rule by which an element is no content; what holds or is the main content never is."""
    if id(node) in inside_main or node.name in {"body", "html", "[document]"}:
        return None
    if node.name in FURNITURE_TAGS:
        return FURNITURE_TAGS[node.name]
    if node.name == "header" and node.find(["h1", "h2"]) is None:
        return "page_header"
    role = FURNITURE_ROLES.get(str(node.get("role") or ""))
    classes = node.get("class")
    names = " ".join([*(classes if isinstance(classes, list) else [str(classes or "")]), str(node.get("id") or "")])
    if role or (names.strip() and FURNITURE_NAMES.search(names)):
        return role or "furniture_name"
    return "outside_main" if main is not None and id(node.parent) in inside_main and node.parent is not main else None


def add_text(writer: PageWriter, node: NavigableString) -> None:
    """Add a text node to the paragraph."""
    text = str(node)
    writer.pieces.append(text)
    if text.strip():
        parent = node.parent
        strong = parent is not None and (
            parent.name in {"b", "strong"} or parent.find_parent(["b", "strong"]) is not None
        )
        writer.bold += strong
        writer.plain += not strong


def tag_event(writer: PageWriter, node: Tag, event: str, furniture: str | None) -> None:
    """What an element does as it opens or closes."""
    if node.name == "br" and event == "open":
        writer.pieces.append(LINE_BREAK) if not writer.bold else writer.flush()
    elif node.name == "hr" and event == "open":
        writer.flush()
    elif node.name == "a" and event == "close":
        writer.links.extend(cell_links(node))
    elif node.name in HEADINGS or node.name in BLOCKS or node.name == "li":
        writer.flush()
        level = HEADINGS.get(node.name, 0) if event == "open" else 0
        inside_point = writer.template.kind is BlockKind.POINT and event == "open"
        point = (node.name == "li" and event == "open") or (inside_point and not level)
        kind = BlockKind.HEADING if level else (BlockKind.POINT if point else BlockKind.LINE)
        writer.template = Block(kind, 0, 0, level=level, furniture=furniture)


def cell_links(node: Tag) -> list[Link]:
    """The links in an element, itself included."""
    anchors = [node] if node.name == "a" else [it for it in node.find_all("a") if isinstance(it, Tag)]
    return [Link(text, str(it.get("href")) if it.get("href") else None)
            for it in anchors if (text := SPACES.sub(" ", it.get_text()).strip())]  # fmt: skip


def cell_text(cell: Tag) -> str:
    """The text of a table's cell: paragraphs joined by a line feed, list items behind a bullet."""
    lines: list[str] = [""]
    for node, event, _ in walk(cell, None):
        if isinstance(node, NavigableString):
            lines[-1] += str(node)
        elif (
            event == "open"
            and node is not cell
            and (node.name in BLOCKS or node.name in HEADINGS or node.name in {"li", "br"})
        ):
            lines.append("• " if node.name == "li" else "")
        elif event == "row":
            lines.append(SPACES.sub(" ", node.get_text(" ")))
        elif event == "close" and node.name in {"p", "li", "div"}:
            lines.append("")
    folded = (SPACES.sub(" ", line).strip(" ") for line in lines)
    return "\n".join(line for line in folded if line not in {"", "•"})
