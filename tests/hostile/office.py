"""Word documents and spreadsheets: zips of XML in which both can be hostile (I1, I2, I9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.hostile.archives import MEGABYTE, zipped
from tests.hostile.corpus import Hostile, hostile

WORDS = "Vejle Kommune"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
OPEN = "http://schemas.openxmlformats.org"
MAIN = f"{OPEN}/spreadsheetml/2006/main"
WORD = f"{OPEN}/wordprocessingml/2006/main"
OFFICE = f"{OPEN}/officeDocument/2006/relationships"
PACKAGE = f"{OPEN}/package/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CANARY = Path("/etc/passwd")
"""A file that no reader may open."""
CANARY_TEXT = "root:x:"


def types(*overrides: tuple[str, str]) -> str:
    """The table of a package's content types."""
    rows = "".join(f'<Override PartName="{part}" ContentType="{kind}+xml"/>' for part, kind in overrides)
    return (
        f'{XML}<Types xmlns="{OPEN}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{rows}</Types>'
    )


def relations(*rows: tuple[str, str, str]) -> str:
    """The relations of a part: id, type, target."""
    inner = "".join(f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{to}"/>' for id_, kind, to in rows)
    return f'{XML}<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def docx(body: str, doctype: str = "", *, whole: str | None = None, other: dict[str, bytes] | None = None) -> bytes:
    """A Word document; `whole` takes the place of all of its main part."""
    main = whole or f'{XML}{doctype}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main"
    parts = {
        "[Content_Types].xml": types(("/word/document.xml", kind)).encode(),
        "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")).encode(),
        "word/document.xml": main.encode(),
    }
    return zipped(*(parts | (other or {})).items())


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(cells: str, rows: int = 1) -> str:
    """A table of equal rows."""
    return f"<w:tbl>{f'<w:tr>{cells}</w:tr>' * rows}</w:tbl>"


def cell(properties: str = "", content: str = "") -> str:
    """A cell of a table."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content or paragraph('x')}</w:tc>"


def xlsx(
    rows: str, *, strings: str = "", before: str = "", after: str = "", doctype: str = "", sheets: int = 1,
        book: str = "",
    other: dict[str, bytes] | None = None,
) -> bytes:  # fmt: skip
    """A spreadsheet whose first sheet has rows of XML."""
    sheet = f'{XML}{doctype}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    names = "".join(f'<sheet name="Ark{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, sheets + 1))
    relation = [(f"r{n}", "worksheet", "worksheets/sheet1.xml") for n in range(1, sheets + 1)]
    parts = {
        "[Content_Types].xml": types(
            ("/xl/workbook.xml", f"{SHEET_TYPE}.sheet.main"),
            ("/xl/worksheets/sheet1.xml", f"{SHEET_TYPE}.worksheet"),
            ("/xl/sharedStrings.xml", f"{SHEET_TYPE}.sharedStrings"),
        ).encode(),
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")).encode(),
        "xl/workbook.xml": (
            f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>{names}</sheets></workbook>'.encode()
        ),
        "xl/_rels/workbook.xml.rels": relations(*relation, ("rs", "sharedStrings", "sharedStrings.xml")).encode(),
        "xl/sharedStrings.xml": f'{XML}<sst xmlns="{MAIN}">{strings}</sst>'.encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(),
    }
    return zipped(*(parts | (other or {})).items())


def inline(place: str, text: str) -> str:
    """A cell with its text in it."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = (
    f'<row r="1">{inline("A1", "Kommune")}{inline("B1", "Beløb")}</row>'
    f'<row r="2">{inline("A2", WORDS)}<c r="B2"><v>5</v></c></row>'
)


def laughs(levels: int) -> str:
    """A DOCTYPE with entities that grow tenfold each."""
    entities = "".join(f'<!ENTITY e{level + 1} "{f"&e{level};" * 10}">' for level in range(levels))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'


def doctypes(port: int) -> dict[str, tuple[str, str]]:
    """Document types that mean harm, each with the text that calls its entity; nobody must come to the port."""
    return {
        "laughs": (laughs(9), "&e9;"),
        "quadratic": (f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 50_000),
        "file": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{CANARY}">]>', "&a;"),
        "net": (f'<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:{port}/a">]>', "&a;"),
        "dtd": (f'<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/a.dtd">', "x"),
        "parameter": (f'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:{port}/a"> %a;]>', "x"),
        "self": ('<!DOCTYPE x [<!ENTITY a "&a;">]>', "&a;"),
    }


INCLUDE = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file://{CANARY}"/>'


def documents(port: int) -> Iterator[Hostile]:
    """Word documents."""
    words = paragraph(WORDS)
    for name, (doctype, call) in doctypes(port).items():
        yield hostile(
            "I2", f"{name}.docx", docx, paragraph(call) + words, doctype, quick=name in {"laughs", "file", "net"}
        )
    yield hostile("I2", "include.docx", docx, words + INCLUDE, words=WORDS)
    many = " ".join(f'a{number}="1"' for number in range(100_000))
    yield hostile("I2", "attributes.docx", docx, f"<w:p {many}><w:r><w:t>{WORDS}</w:t></w:r></w:p>")
    for depth in (100, 5_000, 100_000):
        deep = "<w:sdt><w:sdtContent>" * depth + words + "</w:sdtContent></w:sdt>" * depth
        yield hostile("I2", f"deep-{depth}.docx", docx, deep, words="" if depth > 100 else WORDS, quick=depth == 5_000)
        tables = "<w:tbl><w:tr><w:tc>" * depth + words + "</w:tc></w:tr></w:tbl>" * depth
        yield hostile("I9", f"tables-{depth}.docx", docx, tables)
    for span in (1_000, 100_000, 999_999_999, -1):
        wide = table(cell(f'<w:gridSpan w:val="{span}"/>') * 20, 50) + words
        yield hostile("I9", f"span-{span}.docx", docx, wide, quick=span == 999_999_999)
    yield hostile("I9", "merge.docx", docx, table(cell("<w:vMerge/>"), 20_000) + words, words=WORDS)
    yield hostile("I9", "paragraphs.docx", docx, words * 100_000)
    yield hostile("I9", "runs.docx", docx, f"<w:p>{'<w:r><w:t>a </w:t></w:r>' * 200_000}</w:p>{words}", words=WORDS)
    yield hostile("I9", "long.docx", docx, paragraph("a" * 9_000_000) + words)
    yield hostile("I1", "bomb.docx", docx, paragraph(" " * 150 * MEGABYTE), outcomes="zip_bomb", quick=True)
    yield hostile(
        "I1",
        "media.docx",
        lambda: docx(words, other={"word/media/a.png": bytes(150 * MEGABYTE)}),
        outcomes="document zip_bomb",
    )
    for name, whole in (("cut", f'<w:document xmlns:w="{WORD}"><w:body>{words}'), ("text", "Goddag"), ("nul",
    "\x00" * 100),
                        ("html", "<html><body>x</body></html>"), ("space", " ")):  # fmt: skip
        yield hostile("I9", f"{name}.docx", lambda whole=whole: docx("", whole=whole))
    yield hostile("I9", "parts.docx", lambda: zipped(("word/document.xml", b"<a/>")))
    yield hostile("I9", "ole.docx", lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4_000), quick=True)
    link = "<w:altChunk r:id='r9' xmlns:r='x'/>"
    yield hostile("I2", "link.docx", docx, words + link, words=WORDS)


def sheets(port: int) -> Iterator[Hostile]:
    """Spreadsheets."""
    for name, (doctype, call) in doctypes(port).items():
        rows = HEAD + f'<row r="3">{inline("A3", call)}</row>'
        yield hostile(
            "I2",
            f"{name}.xlsx",
            lambda rows=rows, doctype=doctype: xlsx(rows, doctype=doctype),
            quick=name in {"laughs", "dtd"},
        )
    for size in ("A1:XFD1048576", "A1:B99999999999", "XFD1048576:A1", "A1:A1", "nej", ""):
        yield hostile("I9", f"size-{len(size)}-{size[:2]}.xlsx",
                      lambda size=size: xlsx(HEAD, before=f'<dimension ref="{size}"/>'), words=WORDS,
                          quick="XFD" in size)  # fmt: skip
    far = f'<row r="1048576">{inline("XFD1048576", "fjern")}</row>'
    yield hostile("I9", "far.xlsx", lambda: xlsx(HEAD + far), quick=True)
    wide = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(3, 1_003))
    yield hostile("I9", "wide.xlsx", lambda: xlsx(HEAD + wide))
    yield hostile(
        "I9",
        "row-number.xlsx",
        lambda: xlsx(HEAD + f'<row r="999999999">{inline("A999999999", "x")}</row>'),
        quick=True,
    )
    yield hostile(
        "I9", "rows-mixed.xlsx", lambda: xlsx(HEAD + HEAD + f'<row r="0">{inline("A0", "x")}</row><row r="-5"/>')
    )
    long = f"<si><t>{'a' * 1_000_000}</t></si>"
    shared = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 20_003))
    yield hostile("I9", "shared.xlsx", lambda: xlsx(HEAD + shared, strings=long), quick=True)
    yield hostile("I9", "shared-wrong.xlsx", lambda: xlsx(HEAD + '<row r="3"><c r="A3" t="s"><v>999999</v></c></row>'))
    yield hostile("I9", "shared-many.xlsx", lambda: xlsx(HEAD, strings="<si><t>a</t></si>" * 500_000), words=WORDS)
    for ref in ("A1:XFD1048576", "A1:A1048576", "A3:XFD3", "B2:A1", "x"):
        merge = f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells>'
        yield hostile(
            "I9",
            f"merge-{len(ref)}-{ref[0]}.xlsx",
            lambda merge=merge: xlsx(HEAD, after=merge),
            quick=ref == "A1:XFD1048576",
        )
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(3, 60_003))
    yield hostile("I9", "merges.xlsx", lambda: xlsx(HEAD, after=f"<mergeCells>{merges}</mergeCells>"))
    for number, value in enumerate(
        ("1e308", "-1e308", "NaN", "INF", "1" * 5_000, "1.7976931348623159e309", "2958466", "-1", "0", "60", "", "x")
    ):
        cells = "".join(f'<c r="{place}"><v>{value}</v></c>' for place in ("A3", 'B3" t="d', 'C3" t="b'))
        style = f'<row r="3">{cells}</row>'
        yield hostile("I9", f"number-{number}.xlsx", lambda style=style: xlsx(HEAD + style))
    formula = (
        '<row r="3"><c r="A3"><f t="shared" ref="A3:XFD1048576" si="0">HYPERLINK("http://127.0.0.1/")</f></c></row>'
    )
    yield hostile("I9", "formula.xlsx", lambda: xlsx(HEAD + formula), words=WORDS)
    yield hostile("I9", "cells.xlsx", lambda: xlsx(HEAD + "<row>" + "<c><v>1</v></c>" * 400_000 + "</row>"))
    yield hostile("I9", "rows.xlsx", lambda: xlsx(HEAD + "<row><c><v>1</v></c></row>" * 300_000), outcomes="zip_bomb")
    yield hostile("I9", "rows-empty.xlsx", lambda: xlsx(HEAD + "<row/>" * 1_000_000))
    yield hostile("I9", "sheets.xlsx", lambda: xlsx(HEAD, sheets=3_000))
    yield hostile(
        "I9",
        "names.xlsx",
        lambda: xlsx(
            HEAD, book="<definedNames>" + '<definedName name="a">A1</definedName>' * 100_000 + "</definedNames>"
        ),
    )
    yield hostile(
        "I1",
        "bomb.xlsx",
        lambda: xlsx(HEAD, strings="<si><t>" + " " * 150 * MEGABYTE + "</t></si>"),
        outcomes="zip_bomb",
        quick=True,
    )
    yield hostile("I2", "deep.xlsx", lambda: xlsx(HEAD + "<row>" * 100_000 + "</row>" * 100_000))
    yield hostile(
        "I2", "attributes.xlsx", lambda: xlsx("<row " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>" + HEAD)
    )
    yield hostile("I9", "cut.xlsx", lambda: xlsx("</sheetData><a>"))
    yield hostile("I9", "parts.xlsx", lambda: zipped(("xl/workbook.xml", b"<a/>")))
    yield hostile(
        "I9",
        "loop.xlsx",
        lambda: xlsx(
            HEAD, other={"xl/_rels/workbook.xml.rels": relations(("r1", "worksheet", "workbook.xml")).encode()}
        ),
    )
