"""Plain texts and tables of text: storms of one sign, wrong encodings, lines without end (I5, I6, I9)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.hostile.corpus import Hostile, hostile

WORDS = "Vejle Kommune"
LETTER = (
    f"{WORDS} får en bro\n\nBroen på søen åbner den 3. maj 2021 og koster 2 mio. kr. "
    "Prøv den: både for børn og ældre.\n"
)


def storm(piece: str, size: int, before: str = f"{WORDS}\n\n") -> bytes:
    """One piece of text again and again."""
    return (before + piece * (size // len(piece.encode())) + "\n").encode()


def encoded(text: str, encoding: str, harm: str) -> bytes:
    """A text in an encoding, and what was done to it on the way."""
    if harm == "twice":
        text = text.encode("utf-8").decode("latin-1")
    body = text.encode(encoding, "replace")
    if harm == "cut":
        return body[:-1] if encoding.startswith("utf") else body + b"\xc3"
    if harm == "mixed":
        return body + "Blåbærgrød på Ærø.\n".encode("cp1252") + "Blåbærgrød på Ærø.\n".encode()
    return body.replace(b"a", b"a\x00", 3) if harm == "nul" and not encoding.startswith(("utf-16", "utf-32")) else body


def as_html(text: str, charset: str) -> str:
    """A page that says it is in a charset."""
    return f"<meta charset={charset}><h1>{text.splitlines()[0]}</h1><p>{text.splitlines()[-1]}</p>"


def as_mail(text: str, charset: str) -> str:
    """A mail that says so."""
    return f"Message-ID: <a@b>\nSubject: Bro\nContent-Type: text/plain; charset={charset}\n\n{text}"


ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "mac_roman",
    "cp865",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
]
HARMS = ["none", "cut", "twice", "nul", "mixed"]
STORMS = ["a", " ", "1", "9.", "1.000.", "1,", "12. ", "3. maj ", "3.5.2021 ", "2021-", "1/", "kr. ", "mio. ",
    "2 mio. kr. ", "Aarhus ",
    "Aarhus, ", "Aarhus og ", "Kommune ", "Høje-", "Ny ", "A", "Å", "AB ", "a.", "a,", ".", ",", ":", "-", "–", "(",
    ")", "[", "\"", "'", "<",
    ">", "&", "&amp;", "<p>", "http://", "http://a.dk/", "www.", "a@", "a@b.dk ", "010101-1234 ", "0101011234", "• ",
    "* ", "\t", "a\t", "\n",
    "a\n", "A\n", "A\n\n", "• a\n", "a\t1\n", "----\n", "Læs mere\n", "Sidst opdateret 3. maj 2021\n",
    "Nyt om broer\n\n", "Kære Bo\n", "1. a\n",
    "\x0c", "\x0b", "\x85", "\u2028", "\u00a0", "\u00ad", "\u200b", "\u200d", "\u202e", "\ufeff", "\ufffd",
    "\U0001f469\u200d", "a\u0301",
    "\u0301", "\u0327\u0301", "ﷺ", "İ", "ß", "fem og tyve ", "hundrede", "og ", "til ", "fra 1 til ", "1-",
    "50 pct. ", "% ", "§ ", "uge 5, ",
    "mandag ", "i går ", "inden ", "€ ", "million"]  # fmt: skip


def texts() -> Iterator[Hostile]:
    """All of them."""
    for number, piece in enumerate(STORMS):
        quick = piece in {"\u0327\u0301", "1.000.", "Aarhus og ", "http://a.dk/"}
        yield hostile("I5", f"storm-{number}.txt", storm, piece, 300_000, words=WORDS, quick=quick)
    for piece in ("a", "1", "a ", "Aarhus ", "\u0301", "1.000.", "3. maj "):
        name = f"line-{ord(piece[0]):x}-{len(piece)}.txt"
        # A million mentions in one text may take longer than a document may; all else must not.
        outcomes = "document timeout" if piece in {"Aarhus ", "3. maj "} else ""
        yield hostile("I5", name, storm, piece, 9_900_000, outcomes=outcomes, words=WORDS)
    yield hostile("I5", "beyond.txt", storm, "a", 100_000_000, outcomes="too_large", quick=True)
    yield hostile("I5", "beyond.html", storm, "<p>a", 100_000_000, outcomes="too_large")
    for encoding in ENCODINGS:
        for harm in HARMS:
            words = WORDS if harm in {"none", "cut", "twice"} or encoding == "utf-8" else ""
            words = words if harm != "nul" else ""
            quick = harm in {"cut", "mixed"} and encoding in {"utf-8", "utf-16-le"}
            yield hostile("I6", f"{encoding}-{harm}.txt", encoded, LETTER, encoding, harm, words=words, quick=quick)
            for lie in ("utf-8", "iso-8859-1"):
                page, mail = as_html(LETTER, lie), as_mail(LETTER, lie)
                yield hostile("I6", f"{encoding}-{harm}-{lie}.html", encoded, page, encoding, harm, words=words)
                if not encoding.startswith(("utf-16", "utf-32")):
                    yield hostile("I6", f"{encoding}-{harm}-{lie}.eml", encoded, mail, encoding, harm, words=words)
    yield from tables()


def tables() -> Iterator[Hostile]:
    """Comma-separated values."""
    head = "Kommune;Beløb\nVejle;2 mio. kr.\n"
    cases = {
        "columns": (",", 9_900_000, ""),
        "columns-named": ("a;", 2_000_000, ""),
        "quote": ("a\n", 20_000, head + '"'),
        "quote-many": ("a\n", 2_000_000, head + '"'),
        "quotes": ('"', 1_000_000, head),
        "quotes-doubled": ('""', 1_000_000, head + '"'),
        "cell": ("a", 5_000_000, head),
        "cell-quoted": ("a ", 5_000_000, head + 'Vejle;"'),
        "rows": ("Vejle;2 mio. kr.\n", 400_000, head),
        "rows-many": ("Vejle;2 mio. kr.\n", 2_000_000, head),
        "ragged": ("a;b;c\na\n;;;;;\n", 500_000, head),
        "formulas": ("=HYPERLINK(1);@SUM(A1)\n", 500_000, head),
        "delimiters": ("a;b,c\td|e\n", 500_000, ""),
        "nul": ("Vejle;\x001\n", 10_000, head),
        "numbers": ("1" * 400 + ";1,5,5\n", 500_000, head),
        "empty": ("\n", 1_000_000, ""),
        "wide": (";" * 1_000 + "\n", 2_000_000, head),
    }
    for name, (piece, size, before) in cases.items():
        outcomes = "too_many_records" if name == "rows-many" else ""
        yield hostile(
            "I9", f"{name}.csv", storm, piece, size, before, outcomes=outcomes, quick=name in {"columns", "quote"}
        )
        yield hostile("I9", f"{name}.tsv", storm, piece.replace(";", "\t"), size // 4, before.replace(";", "\t"))
