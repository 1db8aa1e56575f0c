"""PDF files: loops, bombs, lies, and nothing to read (I3)."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator

from tests.hostile.corpus import Hostile, hostile

MEGABYTE = 1024 * 1024
WORDS = "Vejle Kommune"
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 12 Tf 72 700 Td (Vejle Kommune har en bro) Tj ET"


def pdf(objects: dict[int, bytes], trailer: str = "", *, header: bytes = b"%PDF-1.7\n", table: bool = True) -> bytes:
    """A file of numbered objects, of which 1 is the catalogue."""
    body, places = bytearray(header), {}
    for number, content in objects.items():
        places[number] = len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start = len(body)
    if table:
        body += b"xref\n0 1\n0000000000 65535 f \n"
        for number, place in places.items():
            body += b"%d 1\n%010d 00000 n \n" % (number, place)
    size = max(places, default=0) + 1
    return bytes(body + f"trailer\n<</Root 1 0 R/Size {size}{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode())


def stream(content: bytes, extra: str = "", *, flate: bool = False, length: int | None = None) -> bytes:
    """A stream object; `length` is what it says of itself."""
    data = zlib.compress(content, 9) if flate else content
    says = len(data) if length is None else length
    return (
        f"<</Length {says}{'/Filter/FlateDecode' if flate else ''}{extra}>>".encode()
        + b"stream\n"
        + data
        + b"\nendstream"
    )


def one_page(
    content: bytes = TEXT, page: str = "", *, flate: bool = False, length: int | None = None, **more: bytes
) -> dict[int, bytes]:
    """The objects of a file of one page; `more` adds or replaces objects by names like `o9`."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>"
            b"/Contents 4 0 R" + page.encode() + b">>"
        ),
        4: stream(content, flate=flate, length=length),
        5: FONT.encode(),
    }
    return objects | {int(name[1:]): body for name, body in more.items()}


def pages(count: int, says: int | None = None) -> bytes:
    """Many pages with one content."""
    kids = " ".join(f"{number} 0 R" for number in range(10, 10 + count))
    objects = one_page() | {2: f"<</Type/Pages/Kids[{kids}]/Count {count if says is None else says}>>".encode()}
    return pdf(objects | {number: objects[3] for number in range(10, 10 + count)})


def image(filter_: str, data: bytes, width: int, height: int) -> bytes:
    """A page that is a picture and has no text."""
    picture = stream(
        data,
        f"/Type/XObject/Subtype/Image/Width {width}/Height {height}"
        f"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/{filter_}",
    )
    objects = one_page(b"q 500 0 0 700 0 0 cm /I Do Q", o9=picture)
    objects[3] = objects[3].replace(b"/Font", b"/XObject<</I 9 0 R>>/Font")
    return pdf(objects)


def form_loop(width: int) -> bytes:
    """A form that draws itself."""
    form = stream(b"/X Do " * width, "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 9 0 R>>>>")
    objects = one_page(b"/X Do " + TEXT, o9=form)
    objects[3] = objects[3].replace(b"/Font", b"/XObject<</X 9 0 R>>/Font")
    return pdf(objects)


def page_tree(kids: str) -> bytes:
    """A tree of pages with a loop in it."""
    return pdf(one_page(o2=f"<</Type/Pages/Kids[{kids}]/Count 3>>".encode()))


def encrypted(handler: str) -> bytes:
    """A file that says it is encrypted."""
    zeros = "00" * 32
    return pdf(one_page(), f"/Encrypt<</Filter/{handler}/V 2/R 3/Length 128/P -4/O<{zeros}>/U<{zeros}>>>/ID[<00><00>]")


def object_stream(count: int, size: int) -> bytes:
    """A stream of objects that inflates to much."""
    body = b"".join(b"%d %d " % (100 + n, n) for n in range(count)) + b" " * size
    return pdf(one_page(o9=stream(body, f"/Type/ObjStm/N {count}/First {len(body) - size}", flate=True)))


def flipped(seed: int, share: float) -> bytes:
    """A file with some of its bytes changed."""
    chance = random.Random(seed)
    body = bytearray(pdf(one_page(flate=True)))
    for _ in range(max(1, int(len(body) * share))):
        body[chance.randrange(9, len(body))] = chance.randrange(256)
    return bytes(body)


def lzw(count: int) -> bytes:
    """Codes of LZW, whatever they mean."""
    return bytes([0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01]) * count


def pdfs() -> Iterator[Hostile]:
    """All of them."""
    yield from trees()
    yield from loops()
    yield from contents()
    yield from damage()


def trees() -> Iterator[Hostile]:
    """Pages and streams."""
    for count, says in ((1_000, None), (10_000, None), (1, 2_000_000_000), (1, -1), (5, 0)):
        yield hostile("I3", f"pages-{count}-{says}.pdf", pages, count, says, quick=says is not None)
    for size in (10, 100, 1_000):
        yield hostile(
            "I3",
            f"flate-{size}.pdf",
            lambda size=size: pdf(one_page(b" " * size * MEGABYTE + TEXT, flate=True)),
            outcomes="too_large crashed out_of_memory" if size == 1_000 else "",
            quick=size == 10,
        )
    operators = {"text": b"(a) Tj ", "save": b"q ", "numbers": b"1 ", "names": b"/a ", "array": b"[", "dict": b"<<",
        "string": b"(", "inline": b"BI ID ",
                 "hex": b"<", "move": b"0 0 m ", "font": b"/F1 1 Tf "}  # fmt: skip
    for name, piece in operators.items():
        yield hostile(
            "I3",
            f"content-{name}.pdf",
            lambda piece=piece: pdf(one_page(TEXT + b" BT /F1 9 Tf " + piece * 200_000)),
            quick=name == "array",
        )
    for name, piece in (("array", b"["), ("dict", b"<</a"), ("string", b"(")):
        yield hostile("I3", f"nested-{name}.pdf", lambda piece=piece: pdf(one_page(o9=piece * 100_000)))


def loops() -> Iterator[Hostile]:
    """Things that hold themselves, or cannot be opened."""
    for number, kids in enumerate(("2 0 R", "3 0 R 3 0 R 3 0 R", "3 0 R 2 0 R", "1 0 R", "99 0 R", "3 0 R null 5 0 R")):
        yield hostile("I3", f"kids-{number}.pdf", page_tree, kids, quick=kids == "2 0 R")
    for handler in ("Standard", "Klingon"):
        yield hostile("I3", f"encrypted-{handler}.pdf", encrypted, handler, quick=True)
    yield hostile("I3", "previous.pdf", lambda: pdf(one_page(), "/Prev 9"), quick=True)
    yield hostile(
        "I3",
        "previous-itself.pdf",
        lambda: (body := pdf(one_page())).replace(b"/Size", b"/Prev %d/Size" % body.index(b"xref")),
    )
    for count, size in ((1_000, 1_000), (1, 200 * MEGABYTE), (100_000, 1)):
        yield hostile("I3", f"objects-{count}-{size}.pdf", object_stream, count, size)
    for width in (1, 2, 1_000):
        yield hostile(
            "I3",
            f"form-{width}.pdf",
            form_loop,
            width,
            outcomes="document no_text_layer crashed timeout",
            quick=width == 2,
        )


def contents() -> Iterator[Hostile]:
    """Lies, pictures, and nothing to read."""
    for length in (0, -1, 10**9, 10**18):
        yield hostile(
            "I3", f"length-{length}.pdf", lambda length=length: pdf(one_page(length=length)), quick=length == 10**9
        )
    for number, box in enumerate(("0 0 0 0", "0 0 1e30 1e30", "9 9 1 1", "a b", "0 0 -9999999 1")):
        yield hostile("I3", f"box-{number}.pdf", lambda box=box: pdf(one_page(page=f"/MediaBox[{box}]")))
    for filter_, data in (("LZWDecode", lzw(100_000)), ("JBIG2Decode", bytes(100)), ("DCTDecode", b"\xff\xd8" * 100),
    ("JPXDecode", bytes(100)),
                          ("CCITTFaxDecode", bytes(1_000)), ("RunLengthDecode", b"\x81a" * 9_000), ("ASCII85Decode",
                          b"z" * 90_000)):  # fmt: skip
        yield hostile(
            "I3", f"image-{filter_}.pdf", image, filter_, data, 100_000, 100_000, quick=filter_ == "JBIG2Decode"
        )
    filters = "[" + "/FlateDecode" * 1_000 + "]"
    yield hostile("I3", "filters.pdf", lambda: pdf(one_page(o4=stream(TEXT, f"/Filter{filters}"))))
    yield hostile("I3", "no-text.pdf", lambda: pdf(one_page(b"0 0 100 100 re f")), quick=True)
    yield hostile("I3", "no-pages.pdf", lambda: pdf(one_page(o2=b"<</Type/Pages/Kids[]/Count 0>>")), quick=True)
    yield hostile(
        "I3",
        "script.pdf",
        lambda: pdf(one_page(o1=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while\\(1\\);)>>>>")),
    )
    yield hostile(
        "I3",
        "launch.pdf",
        lambda: pdf(one_page(o1=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(/bin/sh)>>>>")),
    )
    yield hostile("I3", "no-table.pdf", lambda: pdf(one_page(), table=False))
    yield hostile("I3", "late.pdf", lambda: pdf(one_page(), header=b"x" * 1_000 + b"%PDF-1.7\n"))
    yield hostile("I3", "head.pdf", lambda: b"%PDF-1.7\n", quick=True)
    yield hostile(
        "I3", "many-objects.pdf", lambda: pdf(one_page() | {number: b"null" for number in range(100, 100_100)})
    )
    yield hostile("I3", "unicode.pdf", lambda: pdf(one_page(b"BT /F1 9 Tf " + b"<0001ffff> Tj " * 10_000 + b"ET")))


def damage() -> Iterator[Hostile]:
    """Files that are damaged."""
    for seed in range(20):
        yield hostile("I3", f"flipped-{seed}.pdf", flipped, seed, 0.002 if seed % 2 else 0.05, quick=seed == 0)
    for share in (0.05, 0.2, 0.5, 0.8, 0.95, 0.99):
        yield hostile("I3", f"cut-{share}.pdf", lambda share=share: (body := pdf(one_page()))[: int(len(body) * share)])
