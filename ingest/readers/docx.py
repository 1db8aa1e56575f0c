"""DOCX: paragraphs by their styles, tables in place, notes and text boxes behind the paragraph that they belong to.

python-docx opens the file and resolves its parts. The walk over the tree is Kilde's own, since python-docx's leaves out
content controls, text boxes, notes and tracked insertions.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zipfile import BadZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml import parse_xml

from ingest.layout import Block, BlockKind, Layout, LayoutBuilder
from ingest.readers.docx_styles import TITLE_LEVEL, Look, look_at, read_styles
from ingest.readers.docx_tables import children, is_layout, read_table
from ingest.readers.docx_text import Element, W, Words, read_words
from ingest.readers.office import open_package, read_properties
from ingest.readers.text import BULLET
from ingest.tables.grid import Cover, write_grid
from kilde.errors import UnreadableError
from kilde.model import Link, Problem, Severity

READER = "docx/1"
LONGEST_BOLD_HEADING = 120
BOLD_LEVEL = 6
MOST_NESTED = 20
"""Text boxes and tables inside each other."""
MAIN = "word/document.xml"
TRACKED = re.compile(rb"<w:(?:del|ins|moveFrom)\s")
BROKEN = (OpcError, BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError)
"""What python-docx, and lxml below it, raise over a file that is not as it should be."""


@dataclass(slots=True)
class PageWriter:
    """Turns paragraphs and tables into blocks; it owns the paragraphs with tabs until it is known if they are rows."""

    looks: Mapping[str, Look]
    targets: Mapping[str, str]
    """The addresses of links by their relationship."""
    notes: Mapping[str, Element]
    """Footnotes and endnotes by kind and id: `footnote 2`."""
    builder: LayoutBuilder = field(default_factory=LayoutBuilder)
    tabbed: list[tuple[Block, str]] = field(default_factory=list)
    tables: int = 0
    cover: Cover = field(default_factory=Cover)
    blank: int = 0
    """Empty paragraphs since the last block."""
    hidden: int = 0

    def write(self, container: Element, furniture: str | None = None, depth: int = 0) -> None:
        """Write the paragraphs and tables of a body, a cell, a text box or a note."""
        for element in children(container, f"{W}p", f"{W}tbl"):
            if element.tag == f"{W}p":
                self.paragraph(element, furniture, depth)
            elif depth < MOST_NESTED:
                self.table(element, furniture, depth)

    def paragraph(self, element: Element, furniture: str | None, depth: int) -> None:
        """Write a paragraph, and behind it its notes and the text boxes that are anchored in it."""
        words = read_words(element, self.targets)
        self.hidden += words.hidden
        look = look_at(element, self.looks)
        if words.text:
            self.put(form(words, look, furniture), words.text)
        else:
            self.blank += 1
        for note in words.notes:
            if note in self.notes and depth < MOST_NESTED:
                self.write(self.notes[note], furniture, depth + 1)
        for box in words.boxes:
            if depth < MOST_NESTED:
                self.write(box, furniture, depth + 1)

    def put(self, block: Block, text: str) -> None:
        """Write a block; a paragraph with tabs waits for the one after it, which may make a table with it."""
        if "\t" in text and block.kind is BlockKind.LINE:
            self.tabbed.append((block, text))
            return
        self.flush()
        if block.kind is BlockKind.POINT:
            text = f"• {text[bullet.end() :] if (bullet := BULLET.match(text)) else text}"
        before = self.builder.blocks[-1].kind if self.builder.blocks else None
        gap = 0 if block.kind is BlockKind.POINT is before and not self.blank else 1 + min(self.blank, 3)
        self.builder.block(replace(block, gap=gap), text.replace("\t", " "))
        self.blank = 0

    def flush(self) -> None:
        """Write the paragraphs with tabs: as rows where two or more have as many cells, else as lines."""
        waiting, self.tabbed = self.tabbed, []
        widths = {text.count("\t") for _, text in waiting}
        rows = len(waiting) > 1 and len(widths) == 1
        self.tables += rows
        for number, (block, text) in enumerate(waiting):
            if rows:
                row = replace(block, kind=BlockKind.ROW, gap=int(number == 0), table=self.tables)
                self.builder.row(row, list(text.split("\t")))
            else:
                self.builder.block(block, text.replace("\t", " "))
            self.blank = 0

    def table(self, element: Element, furniture: str | None, depth: int) -> None:
        """Write a table's rows; what a table only places on the page is written as what it is."""
        notes: list[str] = []

        def text_of(cell: Element) -> tuple[str, tuple[Link, ...]]:
            inside = list(self.cell_words(cell))
            notes.extend(note for words, _ in inside for note in words.notes)
            return cell_text(inside), tuple(link for words, _ in inside for link in words.links)

        cells = read_table(element, text_of)
        if is_layout(cells) or self.has_headings(element):
            for row in children(element, f"{W}tr"):
                for cell in children(row, f"{W}tc"):
                    self.write(cell, furniture, depth + 1)
            return
        self.flush()
        self.tables += 1
        write_grid(self.builder, cells, self.tables, self.cover, furniture)
        self.blank = 0
        for note in notes:
            if note in self.notes:
                self.write(self.notes[note], furniture, depth + 1)

    def cell_words(self, cell: Element) -> Iterator[tuple[Words, Look]]:
        """The paragraphs of a cell, those of text boxes and of tables inside it too."""
        stack = list(reversed(list(children(cell, f"{W}p", f"{W}tbl"))))
        while stack:
            element = stack.pop()
            if element.tag == f"{W}p":
                words = read_words(element, self.targets)
                yield words, look_at(element, self.looks)
                inside = words.boxes
            else:
                inside = [cell for row in children(element, f"{W}tr") for cell in children(row, f"{W}tc")]
            stack += reversed([it for part in inside for it in children(part, f"{W}p", f"{W}tbl")])

    def has_headings(self, table: Element) -> bool:
        """Whether headings stand in a table: then it places the parts of a page, as newsletters do."""
        paragraphs = (paragraph for row in children(table, f"{W}tr") for cell in children(row, f"{W}tc")
                      for paragraph in children(cell, f"{W}p"))  # fmt: skip
        return any(look_at(paragraph, self.looks).level is not None for paragraph in paragraphs)


def form(words: Words, look: Look, furniture: str | None) -> Block:
    """What a paragraph is; its level is 0 where it is a document's title."""
    links, text = tuple(words.links), words.text
    if look.contents:
        return Block(BlockKind.LINE, 0, 0, links=links, furniture=furniture or "contents")
    if look.level is not None:
        return Block(BlockKind.HEADING, 0, 0, level=look.level, links=links, furniture=furniture)
    if look.point or BULLET.match(text):
        return Block(BlockKind.POINT, 0, 0, links=links, furniture=furniture)
    bold = words.bold > 0 and words.plain == 0 and len(text) <= LONGEST_BOLD_HEADING and text[-1] not in ".,;:!"
    if bold and "\t" not in text:
        return Block(BlockKind.HEADING, 0, 0, level=BOLD_LEVEL, links=links, furniture=furniture)
    return Block(BlockKind.LINE, 0, 0, links=links, furniture=furniture)


def cell_text(paragraphs: list[tuple[Words, Look]]) -> str:
    """The text of a cell: a line a paragraph, list points behind a bullet."""
    lines = [(words.text.replace("\t", " "), look.point) for words, look in paragraphs if words.text]
    return "\n".join(f"• {BULLET.sub('', text)}" if point else text for text, point in lines)


def read_docx(body: bytes) -> Layout:
    """Read a Word document; raises UnreadableError."""
    package = open_package(body, ("word/", "docProps/"))
    try:
        document = Document(io.BytesIO(body))
        writer = PageWriter(read_styles(document.styles.element), link_targets(document.part), read_notes(document))
        writer.write(document.element.body)
        writer.flush()
        margins(document, writer)
        meta = read_properties(document.core_properties)
    except BROKEN as error:
        raise UnreadableError("damaged_docx", f"no readable document ({type(error).__name__}: {error})") from error
    if not any(block.furniture is None for block in writer.builder.blocks):
        raise UnreadableError("no_text", "there is no text in the document, only pictures or nothing")
    problems = writer.cover.problems()
    if MAIN in package.names and (changes := len(TRACKED.findall(package.read(MAIN)))):
        detail = f"tracked changes: {changes}; read as if all were accepted"
        problems.append(Problem("tracked_changes", Severity.NOTE, detail))
    if writer.hidden:
        problems.append(Problem("hidden_text", Severity.NOTE, "text that the document hides was left out"))
    return Layout(writer.builder.text(), tuple(settled(writer.builder.blocks)), READER, meta, tuple(problems))


def settled(blocks: list[Block]) -> Iterator[Block]:
    """The blocks with levels from 1: below a title, Heading 1 is the second level."""
    titled = any(block.kind is BlockKind.HEADING and block.level == TITLE_LEVEL for block in blocks)
    for block in blocks:
        if block.kind is BlockKind.HEADING and titled:
            yield replace(block, level=min(block.level + 1, BOLD_LEVEL))
        else:
            yield block


def link_targets(part: Part) -> dict[str, str]:
    """The addresses outside of the document, by relationship."""
    return {name: relation.target_ref for name, relation in part.rels.items() if relation.is_external}


def read_notes(document: WordDocument) -> dict[str, Element]:
    """The footnotes and endnotes by kind and id; separators, which have a type of their own, are none."""
    notes: dict[str, Element] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in {"footnotes", "endnotes"}:
            continue
        for note in parse_xml(relation.target_part.blob):
            if note.get(f"{W}type") in {None, "normal"}:
                notes[f"{kind.removesuffix('s')} {note.get(f'{W}id')}"] = note
    return notes


def margins(document: WordDocument, writer: PageWriter) -> None:
    """Write what stands in the headers and footers of pages behind the content, each text once."""
    known: set[str] = set()
    for section in document.sections:
        parts = (
            (section.header, "page_header"),
            (section.first_page_header, "page_header"),
            (section.footer, "page_footer"),
            (section.first_page_footer, "page_footer"),
        )
        for margin, rule in parts:
            if margin.is_linked_to_previous:
                continue
            for paragraph in margin.part.element.iter(f"{W}p"):
                text = read_words(paragraph, link_targets(margin.part)).text
                if text and text not in known:
                    known.add(text)
                    writer.put(Block(BlockKind.LINE, 0, 0, furniture=rule), text.replace("\t", " "))
