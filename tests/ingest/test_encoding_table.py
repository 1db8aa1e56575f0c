"""Two hundred files in the encodings that Danish offices have left behind: nearly all come out as they went in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import normalise
from ingest.readers.encoding import decode
from ingest.readers.mojibake import mend

TEXTS = [
    "Kære læser – på Ærø får 12 børn 7,5 mio. kr. til “særlig” støtte i Ålborg.\n",
    "Så gik vi ned ad åen.\nDer var øde.\n",
    "Nyhedsbrev fra Rødovre Kommune\n\nVi åbner et værested den 3. maj.\n",
    "Økonomiudvalget godkendte indstillingen, jf. § 12, stk. 2.\n",
    "• Ældre i Tønder\n• Børn i Køge\n• Unge i Næstved\n",
    "Allé, café og idé skrives med é; 2½ time og 10 °C.\n",
    "DET ER ØNSKET AF ÆLDRERÅDET PÅ ÅEN\n",
    "Et langt afsnit uden ret mange særlige bogstaver, men dog med et par stykker til sidst: hårdt arbejde.\n",
    "blåbærgrød\n",
    "Kommune;Beløb\nHøje-Taastrup;125.000\nLæsø;7.500\n",
]
PLAIN = str.maketrans({"–": "-", "“": '"', "”": '"', "•": "*", "½": "1/2", "°": " grader"})
"""What DOS, the Macintosh or ISO 8859-1 have no signs for."""

Make = Callable[[str], tuple[bytes, str | None, str]]
"""Of a text the bytes, what is declared of them, and what must come out."""


def in_(name: str, declared: str | None = None, *, plain: bool = False) -> Make:
    """A text in one encoding."""

    def make(text: str) -> tuple[bytes, str | None, str]:
        text = text.translate(PLAIN) if plain else text
        return text.encode(name), declared, text

    return make


def twice(times: int) -> Make:
    """UTF-8 that was read as Windows-1252 and saved again, so many times."""

    def make(text: str) -> tuple[bytes, str | None, str]:
        body = text.encode()
        for _ in range(times):
            seen = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in body)
            body = seen.encode()
        return body, None, text

    return make


def mixed(text: str) -> tuple[bytes, str | None, str]:
    """One half in UTF-8, the other in Windows-1252, as where mails were put together."""
    return text.encode() + text.encode("cp1252"), None, text + text


def half_lost(text: str) -> tuple[bytes, str | None, str]:
    """UTF-8 cut off in the middle of its last letter."""
    return text.encode() + "slut på å".encode()[:-1], None, text + "slut på \ufffd"


def with_nul(text: str) -> tuple[bytes, str | None, str]:
    """A NUL behind each line."""
    return text.replace("\n", "\n\0").encode(), None, text


def with_surrogate(text: str) -> tuple[bytes, str | None, str]:
    """A lone surrogate, which is no character, in UTF-8."""
    return (text + "\ud83d").encode("utf-8", "surrogatepass"), None, text + "\ufffd"


def sixteen_with_surrogate(text: str) -> tuple[bytes, str | None, str]:
    """A lone surrogate in UTF-16."""
    return (text + "\ud83d!").encode("utf-16-le", "surrogatepass"), None, text + "\ufffd!"


WAYS: dict[str, Make] = {
    "utf-8": in_("utf-8"),
    "utf-8 with a mark": in_("utf-8-sig"),
    "windows": in_("cp1252"),
    "latin-1": in_("latin-1", plain=True),
    "macintosh": in_("mac_roman", plain=True),
    "dos": in_("cp850", plain=True),
    "utf-16 with a mark": in_("utf-16"),
    "utf-16 little": in_("utf-16-le"),
    "utf-16 big": in_("utf-16-be"),
    "utf-16 declared": in_("utf-16-le", "utf-16"),
    "utf-8 declared latin": in_("utf-8", "iso-8859-1"),
    "windows declared latin": in_("cp1252", "ISO-8859-1"),
    "windows declared utf-8": in_("cp1252", "utf-8"),
    "utf-8 declared utf-7": in_("utf-8", "utf-7"),
    "utf-8 declared utf-16": in_("utf-8", "utf-16"),
    "encoded twice": twice(1),
    "encoded three times": twice(2),
    "mixed": mixed,
    "cut off": half_lost,
    "surrogate": with_surrogate,
    "surrogate in utf-16": sixteen_with_surrogate,
    "nul": with_nul,
}


def test_the_table() -> None:
    """At least 99 of 100 come out as they went in."""
    cases = [(way, *make(text)) for way, make in WAYS.items() for text in TEXTS]
    wrong = [
        (way, expected, normalise(found))
        for way, body, declared, expected in cases
        if normalise(found := decode(body, declared)[0]) != expected
    ]
    assert len(cases) >= 200
    assert len(wrong) <= len(cases) // 100, wrong


@pytest.mark.parametrize("declared", ["utf-7", "UTF7", "unicode-1-1-utf-7", "base64", "rot13", "idna", "x" * 300, "\0"])
def test_some_names_are_never_honoured(declared: str) -> None:
    """A page in UTF-7 hides its markup from whoever checks it, and codecs that are no charsets are none."""
    assert decode(b"+ADw-script+AD4-", declared)[:2] == ("+ADw-script+AD4-", "utf-8")


def test_what_is_said() -> None:
    """Each guess and each repair is a Problem."""
    assert [it.code for it in decode("blåbær".encode(), "latin-1")[2]] == ["charset_conflict"]
    assert [it.code for it in decode("blåbær".encode("cp1252"))[2]] == ["encoding_guessed"]
    assert [it.code for it in decode(mixed(TEXTS[0])[0])[2]] == ["mixed_encoding"]
    assert [it.code for it in decode(twice(1)(TEXTS[0])[0])[2]] == ["encoded_twice"]


@pytest.mark.parametrize("text", ["TØ”", "Ålesund", "ß, Ÿ og Å’", "Ã", "Âge", "10 €", "São Paulo – já"])
def test_what_looks_like_it_and_is_none_stays(text: str) -> None:
    """Only pairs that give a sign of Danish text are mended."""
    assert mend(text) == (text, 0)


@given(st.text(alphabet="æøåÆØÅé –”§½a\n", max_size=60))
def test_mending_gives_back_what_was_encoded_twice(text: str) -> None:
    """Whatever Danish signs a text holds."""
    assert decode(twice(1)(text)[0])[0] == text
