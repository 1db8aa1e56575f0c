"""Word documents: styles, tables, notes, text boxes, tracked changes, links, margins, and files that are no such."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from ingest.formats import read_layout
from ingest.layout import BlockKind, Layout
from ingest.readers.docx import read_docx
from kilde.errors import UnreadableError


def body_of(document: WordDocument) -> bytes:
    """The file of a document."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def texts(layout: Layout, furniture: str | None = None) -> list[str]:
    """The texts of the blocks under one rule of furniture; of the content where none is given."""
    return [layout.text[it.start : it.end] for it in layout.blocks if it.furniture == furniture]


def add(paragraph: Paragraph, xml: str) -> None:
    """Add elements of Word's own to a paragraph."""
    spaces = nsdecls("w", "r", "wp", "a") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    for element in parse_xml(f"<w:p {spaces}>{xml}</w:p>"):
        paragraph._p.append(element)


def test_headings_by_style() -> None:
    """Title above Heading 1; a paragraph that is all bold and short is a heading too, a sentence is none."""
    document = Document()
    document.add_heading("Referat", 0)
    document.add_heading("Punkt 1", 1)
    document.add_heading("Beslutning", 2)
    document.add_paragraph().add_run("Bilag").bold = True
    document.add_paragraph().add_run("Sagen er udsat.").bold = True
    layout = read_docx(body_of(document))
    found = [(layout.text[it.start : it.end], it.level) for it in layout.blocks if it.kind is BlockKind.HEADING]
    assert found == [("Referat", 1), ("Punkt 1", 2), ("Beslutning", 3), ("Bilag", 6)]


def test_lists_and_typed_bullets() -> None:
    """A list's style, and a bullet that was typed, make points."""
    document = Document()
    document.add_paragraph("første", style="List Bullet")
    document.add_paragraph("andet", style="List Number")
    document.add_paragraph("•\ttredje")
    layout = read_docx(body_of(document))
    assert [it.kind for it in layout.blocks] == [BlockKind.POINT] * 3
    assert layout.text == "• første\n• andet\n• tredje"


def test_tracked_changes() -> None:
    """What was inserted is text, what was deleted or moved away is not, and the document says so."""
    document = Document()
    paragraph = document.add_paragraph("Vejle får ")
    add(
        paragraph,
        '<w:del w:id="1" w:author="a"><w:r><w:delText>1</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>2</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="3" w:author="a"><w:r><w:t> gamle</w:t></w:r></w:moveFrom><w:r><w:t> mio. kr.</w:t></w:r>',
    )
    layout = read_docx(body_of(document))
    assert layout.text == "Vejle får 2 mio. kr."
    assert [it.code for it in layout.problems] == ["tracked_changes"]


BOX = "<w:txbxContent><w:p><w:r><w:t>Husk fristen den 1. maj</w:t></w:r></w:p></w:txbxContent>"


def test_text_boxes_are_read_once() -> None:
    """A text box stands behind the paragraph that it is anchored in; its telling for old programs is left out."""
    document = Document()
    paragraph = document.add_paragraph("Om puljen")
    new = f"<mc:Choice Requires='wps'><w:drawing>{BOX}</w:drawing></mc:Choice>"
    old = f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>"
    add(paragraph, f"<w:r><mc:AlternateContent>{new}{old}</mc:AlternateContent></w:r>")
    document.add_paragraph("Mere om puljen")
    assert texts(read_docx(body_of(document))) == ["Om puljen", "Husk fristen den 1. maj", "Mere om puljen"]


def test_content_controls_are_read() -> None:
    """Paragraphs inside a content control are paragraphs."""
    document = Document()
    control = "<w:sdt {}><w:sdtContent><w:p><w:r><w:t>I et felt</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control.format(nsdecls("w"))))
    assert texts(read_docx(body_of(document))) == ["I et felt"]


def test_links_have_their_addresses() -> None:
    """A link's text and where it leads."""
    document = Document()
    paragraph = document.add_paragraph("Læs ")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    name = document.part.relate_to("https://puljer.example/sti", kind, is_external=True)
    add(paragraph, f'<w:hyperlink r:id="{name}"><w:r><w:t>mere om stier</w:t></w:r></w:hyperlink>')
    layout = read_docx(body_of(document))
    assert layout.text == "Læs mere om stier"
    assert [(it.text, it.url) for it in layout.blocks[0].links] == [("mere om stier", "https://puljer.example/sti")]


def test_hidden_text_is_left_out_and_told() -> None:
    """What Word does not show is no content."""
    document = Document()
    paragraph = document.add_paragraph("Synligt")
    add(paragraph, "<w:r><w:rPr><w:vanish/></w:rPr><w:t> skjult</w:t></w:r>")
    layout = read_docx(body_of(document))
    assert (layout.text, [it.code for it in layout.problems]) == ("Synligt", ["hidden_text"])


def test_margins_are_furniture() -> None:
    """Headers and footers stand behind the content, each text once."""
    document = Document()
    document.add_paragraph("Indhold")
    document.sections[0].header.paragraphs[0].text = "Vejle Kommune"
    document.sections[0].footer.paragraphs[0].text = "Side 1"
    layout = read_docx(body_of(document))
    assert texts(layout) == ["Indhold"]
    assert (texts(layout, "page_header"), texts(layout, "page_footer")) == (["Vejle Kommune"], ["Side 1"])


def test_a_table_that_places_a_newsletter_is_no_table() -> None:
    """Headings in cells: the cells are read one after the other, as what they are."""
    document = Document()
    table = document.add_table(1, 2)
    for cell, text in zip(table.rows[0].cells, ("Nyt om stier", "Nyt om huse"), strict=True):
        cell.paragraphs[0].text = text
        cell.paragraphs[0].style = "Heading 2"
        cell.add_paragraph(f"{text} i dag.")
    layout = read_docx(body_of(document))
    assert texts(layout) == ["Nyt om stier", "Nyt om stier i dag.", "Nyt om huse", "Nyt om huse i dag."]


def test_tabs_make_rows_where_they_repeat() -> None:
    """Two lines with as many tabs are a table; one line with a tab is a line."""
    document = Document()
    document.add_paragraph("Dato:\t12. maj")
    document.add_heading("Tilskud", 1)
    document.add_paragraph("Aarhus\t500")
    document.add_paragraph("Vejle\t250")
    layout = read_docx(body_of(document))
    assert [it.kind.value for it in layout.blocks] == ["line", "heading", "row", "row"]
    assert layout.text.startswith("Dato: 12. maj")


def footnoted() -> bytes:
    """A document with a footnote; python-docx makes none, so its part is put into the zip."""
    document = Document()
    paragraph = document.add_paragraph("Puljen er på 5 mio. kr.")
    add(paragraph, '<w:r><w:footnoteReference w:id="2"/></w:r>')
    document.add_paragraph("Den er uddelt.")
    notes = (
        f"<w:footnotes {nsdecls('w')}><w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>"
        "<w:footnote w:id='2'><w:p><w:r><w:t>I 2021-priser.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    return rewritten(body_of(document), {
        "word/footnotes.xml": lambda _: notes.encode(),
        "word/_rels/document.xml.rels": lambda part: part.replace(b"</Relationships>", relation.encode()),
    })  # fmt: skip


def rewritten(body: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """A zip with some parts changed or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changes}:
            part = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes[name](part) if name in changes else part)
    return stream.getvalue()


def test_a_note_stands_behind_what_it_explains() -> None:
    """So that it is in the same record."""
    assert texts(read_docx(footnoted())) == ["Puljen er på 5 mio. kr.", "I 2021-priser.", "Den er uddelt."]


def test_properties() -> None:
    """The title, and the day of the last change."""
    document = Document()
    document.add_paragraph("Indhold")
    document.core_properties.title = "Nyt om stier"
    document.core_properties.modified = datetime(2021, 4, 6, 12)
    meta = read_docx(body_of(document)).meta
    assert (meta.title, meta.published) == ("Nyt om stier", "2021-04-06")


def plain() -> bytes:
    """A document of one paragraph."""
    document = Document()
    document.add_paragraph("Indhold")
    return body_of(document)


DTD = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "b">]>'
BROKEN = [
    (
        "a document type",
        rewritten(plain(), {"word/document.xml": lambda it: DTD + it[it.index(b"<w:doc") :]}),
        "xml_dtd",
    ),
    ("no XML", rewritten(plain(), {"word/document.xml": lambda _: b"<w:document>"}), "damaged_docx"),
    ("no relationships", rewritten(plain(), {"_rels/.rels": lambda _: b"<Relationships/>"}), "damaged_docx"),
    ("nothing in it", body_of(Document()), "no_text"),
    ("cut off", plain()[:-200], "damaged_zip"),
    ("Word 97", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
    ("a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted_office"),
]


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in BROKEN], ids=[it[0] for it in BROKEN])
def test_files_that_cannot_be_read(body: bytes, code: str) -> None:
    """Each has its reason."""
    with pytest.raises(UnreadableError) as raised:
        read_layout(body, "text/plain")
    assert raised.value.code == code


def test_no_cell_is_lost_in_a_row_that_claims_too_many_columns() -> None:
    """Word allows 63 columns; a file may say anything."""
    document = Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("a", "b", "c", "d"), strict=True):
        cell.text = text
        cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:gridSpan {nsdecls("w")} w:val="900"/>'))
    assert read_docx(body_of(document)).text == "a\tb\nc\td"
