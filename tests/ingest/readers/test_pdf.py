"""PDFs: reading order, hyphens, headings, margins, tables without lines, and files that cannot be read."""

from __future__ import annotations

import io
from datetime import datetime

import pypdfium2
import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos
from PIL import Image

from ingest.formats import read_layout
from ingest.layout import BlockKind, Layout
from ingest.readers.hyphens import join_lines
from ingest.readers.pdf import read_pdf
from kilde.errors import UnreadableError

PROSE = "Borgerne i området mødes hver uge i det nye hus, hvor der er plads til både store og små fællesskaber. "
OTHER = "Kommunen har sat penge af til flere huse i de kommende år, og beboerne er med til at tegne dem. "

JOINED = [
    ("a compound with its second part below", ["by-", "og landdistrikter"], "by- og landdistrikter"),
    ("... and after eller", ["sommer-", "eller vinterferien"], "sommer- eller vinterferien"),
    ("a word broken to fit", ["bevil-", "lingen er givet"], "bevillingen er givet"),
    ("an abbreviation", ["EU-", "midler"], "EU-midler"),
    ("an abbreviation in small letters", ["it-", "systemer"], "it-systemer"),
    ("one letter", ["e-", "mail"], "e-mail"),
    ("numbers", ["i 12-", "18 måneder"], "i 12-18 måneder"),
    ("names", ["Nord-", "Syd"], "Nord-Syd"),
    ("a dash", ["stier -", "og broer"], "stier - og broer"),
    ("a soft hyphen", ["lov\xad", "givning"], "lovgivning"),
    ("no hyphen", ["en linje", "og en til"], "en linje og en til"),
]


@pytest.mark.parametrize(("lines", "text"), [it[1:] for it in JOINED], ids=[it[0] for it in JOINED])
def test_hyphens_at_line_ends(lines: list[str], text: str) -> None:
    """A hyphen that only the end of the line made is undone, one of the language stays."""
    assert join_lines(lines) == text


def test_the_document_knows_its_compounds() -> None:
    """A word that stands whole, or with its hyphen, elsewhere in the document decides."""
    assert join_lines(["nord-", "jyske"], {"nord-jyske"}) == "nord-jyske"
    assert join_lines(["nord-", "jyske"], {"nordjyske"}) == "nordjyske"


class Paper(FPDF):
    """Pages with the few kinds of text that the tests need."""

    def text_block(self, text: str, *, size: float = 10.5, style: str = "", width: float = 0) -> None:
        """A paragraph or a heading, and space below it."""
        self.set_font("helvetica", style, size)
        self.multi_cell(width, size * 0.5, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
        self.ln(3)

    def body(self) -> bytes:
        """The file."""
        return bytes(self.output())


def paper() -> Paper:
    """One empty page."""
    pages = Paper()
    pages.set_creation_date(datetime(2021, 5, 17))
    pages.add_page()
    return pages


def texts(layout: Layout) -> list[str]:
    """The texts of the blocks that are content."""
    return [layout.text[it.start : it.end] for it in layout.blocks if it.furniture is None]


def test_two_columns_are_read_one_after_the_other() -> None:
    """A heading over both, the left column, the right one, and what stands below."""
    pages = paper()
    pages.text_block("Nyt fra husene", size=16, style="B")
    top = pages.get_y()
    pages.text_block(PROSE * 4, width=90)
    bottom = pages.get_y()
    pages.set_xy(110, top)
    pages.multi_cell(90, 5.25, OTHER * 4)
    pages.set_xy(10, max(bottom, pages.get_y()) + 12)
    pages.text_block(PROSE)
    assert texts(read_pdf(pages.body())) == ["Nyt fra husene", (PROSE * 4).strip(), (OTHER * 4).strip(), PROSE.strip()]


def test_headings_by_size_and_weight() -> None:
    """The larger, the higher; bold in the size of the text is the lowest; a bold sentence is none."""
    pages = paper()
    pages.text_block("Årsberetning", size=20)
    pages.text_block("Husene", size=14, style="B")
    pages.text_block(PROSE * 3)
    pages.text_block("Et enkelt hus", style="B")
    pages.text_block(PROSE * 3)
    pages.text_block("Husk at melde afbud.", style="B")
    layout = read_pdf(pages.body())
    found = [(layout.text[it.start : it.end], it.level) for it in layout.blocks if it.kind is BlockKind.HEADING]
    assert found == [("Årsberetning", 1), ("Husene", 2), ("Et enkelt hus", 3)]


def test_list_points() -> None:
    """A point goes on over its lines; the next bullet begins another."""
    pages = paper()
    pages.text_block(PROSE * 2)
    for text in (PROSE.strip(), "Kort punkt"):
        pages.multi_cell(100, 5.25, f"\x95 {text}", new_x=XPos.LMARGIN, new_y=YPos.NEXT, align="L")
    layout = read_pdf(pages.body())
    points = [layout.text[it.start : it.end] for it in layout.blocks if it.kind is BlockKind.POINT]
    assert points == [f"• {PROSE.strip()}", "• Kort punkt"]


def test_aligned_columns_are_a_table() -> None:
    """Without a line on the page: cells under each other, one column of numbers."""
    pages = paper()
    pages.text_block(PROSE * 2)
    for kommune, amount, project in (("Kommune", "Beløb", "Projekt"), ("Aarhus", "1.000", "Stien"),
                                     ("Odense", "22.000", "Broen over åen"), ("Vejle", "3.000", "Huset")):  # fmt: skip
        pages.cell(60, 6, kommune)
        pages.cell(40, 6, amount, align="R")
        pages.cell(60, 6, f"   {project}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    layout = read_pdf(pages.body())
    rows = [layout.text[it.start : it.end] for it in layout.blocks if it.kind is BlockKind.ROW]
    assert rows == [
        "Kommune\tBeløb\tProjekt",
        "Aarhus\t1.000\tStien",
        "Odense\t22.000\tBroen over åen",
        "Vejle\t3.000\tHuset",
    ]


def test_labels_and_their_values_are_no_table() -> None:
    """ "Dato:" and "Sted:" with what they say are lines."""
    pages = paper()
    pages.set_font("helvetica", size=10.5)
    for label, value in (("Dato:", "onsdag"), ("Sted:", "Rådhuset"), ("Afbud:", "ingen")):
        pages.cell(40, 6, label)
        pages.cell(60, 6, value, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    assert texts(read_pdf(pages.body())) == ["Dato: onsdag", "Sted: Rådhuset", "Afbud: ingen"]


def test_a_turned_page_is_read_as_it_is_shown() -> None:
    """A page that is turned by 90 degrees for its reader: the words come in the reader's order."""
    pages = paper()
    with pages.rotation(90, 105, 148):
        pages.text_block("Bred side", size=16, style="B")
        pages.text_block(PROSE)
    document = pypdfium2.PdfDocument(pages.body())
    document[0].set_rotation(90)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    assert texts(read_pdf(stream.getvalue())) == ["Bred side", PROSE.strip()]


def test_metadata() -> None:
    """The title, unless it is a file's name, and the day on which the file was made."""
    for title, read in (("Husene i 2021", "Husene i 2021"), ("Microsoft Word - husene.docx", None)):
        pages = paper()
        pages.text_block(PROSE)
        pages.set_title(title)
        meta = read_pdf(pages.body()).meta
        assert (meta.title, meta.published) == (read, "2021-05-17")


def picture(pages: Paper) -> None:
    """Put a picture on a page, as a scanner does."""
    pages.image(Image.new("L", (60, 80), 200), x=0, y=0, w=210, h=297)


def test_a_scanned_document_is_told_as_such() -> None:
    """Pictures of pages are no empty document."""
    pages = paper()
    picture(pages)
    with pytest.raises(UnreadableError) as raised:
        read_layout(pages.body(), "application/pdf")
    assert raised.value.code == "scanned_pdf"


def test_a_scanned_page_is_told() -> None:
    """One picture among pages of text is a Problem."""
    pages = paper()
    pages.text_block(PROSE * 3)
    pages.add_page()
    picture(pages)
    layout = read_pdf(pages.body())
    assert [(it.code, it.detail) for it in layout.problems] == [
        ("scanned_pages", "pages without a text layer, only pictures: 2")
    ]


def raw_pdf(content: bytes) -> bytes:
    """A PDF of one page, written out by hand, with a font that is not in the file."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Odd/FirstChar 65/LastChar 90/Widths[" + b"500 " * 26 + b"]>>",
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    )


def test_text_that_is_no_text_is_told() -> None:
    """A font whose letters are shifted, and that does not say so: what comes out is marked as doubtful."""
    words = b" ".join([b"KDQGV VWLHU PHG ERUJHUQH RYHUDOW"] * 30)
    layout = read_pdf(raw_pdf(b"BT /F1 10 Tf 20 800 Td 12 TL (" + words + b") Tj ET"))
    assert [it.code for it in layout.problems] == ["pdf_garbled"]


def encrypted() -> bytes:
    """A PDF behind a password that nobody knows."""
    pages = paper()
    pages.set_encryption(owner_password="a", user_password="b")
    pages.text_block(PROSE)
    return pages.body()


BROKEN = [
    ("a password", encrypted(), "encrypted_pdf"),
    ("nothing but the first line", b"%PDF-1.7\n", "damaged_pdf"),
    ("cut in the middle of nothing", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj", "damaged_pdf"),
    ("an empty page", paper().body(), "no_text"),
]


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in BROKEN], ids=[it[0] for it in BROKEN])
def test_files_that_cannot_be_read(body: bytes, code: str) -> None:
    """Each has its reason."""
    with pytest.raises(UnreadableError) as raised:
        read_layout(body, "text/plain")
    assert raised.value.code == code


def test_an_owner_password_hides_nothing() -> None:
    """A PDF that anybody may open is read, whatever it forbids its readers to do."""
    pages = paper()
    pages.set_encryption(owner_password="a")
    pages.text_block(PROSE)
    assert texts(read_pdf(pages.body())) == [PROSE.strip()]
