"""The characters of a query: what parts its words, what nobody sees, what is punctuation."""

from __future__ import annotations

import re
from unicodedata import category, normalize

QUOTES = '"“”„‟»«'
"""Any of them opens a phrase and any of them ends it, as people paste all kinds."""

_KEPT = "§%"
"""Signs that are read as words with the number beside them."""

_SECTION = re.compile(r"§+ ?(?=\d)")


def is_blank(character: str) -> bool:
    """White space and control characters."""
    return character.isspace() or category(character) == "Cc"


def ends_chunk(character: str) -> bool:
    """Whether no word goes on over this character."""
    return character in "()" or character in QUOTES or is_blank(character)


def plain(text: str) -> str:
    """NFC, white space folded, and without what nobody sees (soft hyphens, zero-width characters)."""
    blanks = "".join(" " if is_blank(character) else character for character in text)
    seen = "".join(character for character in blanks if category(character) != "Cf")
    return " ".join(normalize("NFC", seen).split())


def bare(chunk: str) -> str:
    """A word without the punctuation around it; "§12" becomes "§ 12". Empty where nothing but punctuation is there.

    >>> bare("(»igu'en,«)"), bare("69,9."), bare("§12"), bare("–")
    ("igu'en", '69,9', '§ 12', '')
    """
    inner = [place for place, character in enumerate(chunk) if character.isalnum() or character in _KEPT]
    word = chunk[inner[0] : inner[-1] + 1] if inner else ""
    return _SECTION.sub("§ ", word, count=1) if has_content(word) else ""


def has_content(word: str) -> bool:
    """Whether there is a letter or figure."""
    return any(character.isalnum() for character in word)
