"""Files that are not what their names say, several things at once, or damaged ones of every format (I10)."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Iterator

from tests.conftest import SAMPLES
from tests.hostile.archives import zipped
from tests.hostile.corpus import Hostile, hostile
from tests.hostile.mails import BODY, LINE, mail
from tests.hostile.office import HEAD, docx, paragraph, xlsx
from tests.hostile.pdfs import one_page, pdf

WORDS = "Vejle Kommune"
ENDINGS = ("html", "txt", "csv", "tsv", "eml", "pdf", "docx", "xlsx", "zip", "")


def good(kind: str) -> bytes:
    """A file of a format that reads well."""
    return {
        "html": lambda: f"<!doctype html><html><body><h1>{WORDS}</h1><p>{BODY}</p></body></html>".encode(),
        "txt": lambda: f"{WORDS}\n\n{BODY}".encode(),
        "csv": lambda: f"Kommune;Beløb\n{WORDS};2 mio. kr.\n".encode(),
        "eml": lambda: mail(LINE + BODY),
        "pdf": lambda: pdf(one_page()),
        "docx": lambda: docx(paragraph(WORDS) + paragraph(BODY.strip())),
        "xlsx": lambda: xlsx(HEAD),
        "zip": lambda: zipped(("a.txt", f"{WORDS}\n\n{BODY}".encode())),
    }[kind]()


def damaged(kind: str, seed: int) -> bytes:
    """A good file of which some bytes are changed, left out, doubled or cut off."""
    chance = random.Random(f"{kind}{seed}")
    body = bytearray(good(kind))
    for _ in range(chance.choice((1, 5, 50))):
        place = chance.randrange(len(body))
        change = chance.randrange(4)
        if change == 0:
            body[place] = chance.randrange(256)
        elif change == 1:
            del body[place : place + chance.randrange(1, 9)]
        elif change == 2:
            body[place:place] = body[place : place + chance.randrange(1, 99)]
        elif len(body) > 60:
            del body[chance.randrange(50, len(body)) :]
    return bytes(body)


def both(first: bytes, second: bytes) -> bytes:
    """Two files in one."""
    return first + second


def binary(seed: int, size: int) -> bytes:
    """Noise."""
    return random.Random(seed).randbytes(size)


def odd_files() -> Iterator[Hostile]:
    """All of them."""
    yield from disguises()
    yield from nothings()
    yield from polyglots()


def disguises() -> Iterator[Hostile]:
    """Formats under the endings of others, and damaged."""
    kinds = ("html", "txt", "csv", "eml", "pdf", "docx", "xlsx", "zip")
    for kind in kinds:
        for ending in ENDINGS:
            if ending != kind:
                name = f"{kind}-as.{ending}" if ending else f"{kind}-as"
                yield hostile("I10", name, good, kind, quick=ending == "html" and kind in {"pdf", "zip", "eml"})
        for seed in range(12):
            yield hostile("I10", f"damaged-{seed}.{kind}", damaged, kind, seed, quick=seed == 0)


def nothings() -> Iterator[Hostile]:
    """Nothing, zeros, noise."""
    for ending in ENDINGS:
        dot = f".{ending}" if ending else ""
        yield hostile(
            "I10",
            f"empty{dot}",
            bytes,
            0,
            outcomes="empty unknown_type damaged_zip",
            quick=ending in {"html", "pdf", "zip", ""},
        )
        yield hostile("I10", f"zeros{dot}", bytes, 100_000, quick=ending == "txt")
        yield hostile("I10", f"noise{dot}", binary, 1, 100_000, quick=ending == "txt")
        yield hostile("I10", f"bom{dot}", lambda: b"\xef\xbb\xbf", quick=ending == "html")


def polyglots() -> Iterator[Hostile]:
    """Several formats in one file, and files cut off."""
    for first in ("pdf", "html", "zip", "eml"):
        for second in ("html", "zip", "pdf", "docx"):
            if first != second:
                yield hostile("I10", f"{first}-and-{second}.{first}", lambda a=first, b=second: both(good(a), good(b)))
    yield hostile("I10", "picture.html", lambda: b"GIF89a/*" + good("html"))
    for ending in ("html", "txt", "pdf"):
        yield hostile("I10", f"gzipped.{ending}", lambda: gzip.compress(bytes(10_000_000)), quick=ending == "html")
        yield hostile("I10", f"deflated.{ending}", lambda: zlib.compress(bytes(10_000_000)))
    for path in sorted(SAMPLES.iterdir()):
        for share in (0.3, 0.7):
            yield hostile(
                "I10",
                f"cut-{share}-{path.name}",
                lambda path=path, share=share: (body := path.read_bytes())[: int(len(body) * share)],
            )
