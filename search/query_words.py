"""The characters of a query: what parts its words, what nobody sees, what is punctuation."""

from __future__ import annotations

import re
from unicodedata import category, normalize

QUOTES = '"“”„‟»«'
"""Any of them opens a phrase and any of them ends it, since people paste all kinds."""

ENDS = ".,;:!?"
"""Punctuation that is no part of the word before it."""

_KEPT = "§%"
"""Signs that are read as a word with the number beside them."""

_SECTION = re.compile(r"\A§+ ?(?=\d)")
_PARTED_SECTION = re.compile(r"(?<!\S)§+ (?=\d)")
_SIMPLE = re.compile(r"[\w.,<>=-]*\w")


def is_blank(character: str) -> bool:
    """White space and control characters."""
    return character.isspace() or category(character) == "Cc"


def chunk_end(text: str, start: int) -> int:
    """Where the run of characters ends that no blank, parenthesis or quotation mark parts."""
    return next((end for end in range(start, len(text)) if _parts(text[end])), len(text))


def after_blanks(text: str, start: int) -> int:
    """The next place that is not blank."""
    return next((place for place in range(start, len(text)) if not is_blank(text[place])), len(text))


def _parts(character: str) -> bool:
    return character in "()" or character in QUOTES or is_blank(character)


def denies(text: str, place: int) -> bool:
    """Whether a hyphen stands here, after a space or parenthesis and before a letter or what else begins a term."""
    before, after = text[:place][-1:], text[place + 1 : place + 2]
    stands_apart = not before or before in "()" or is_blank(before)
    return text[place] == "-" and stands_apart and bool(after) and (after.isalpha() or after in f"=({QUOTES}")


def plain(text: str) -> str:
    """NFC, white space folded, and without what nobody sees (soft hyphens, zero-width characters)."""
    blanks = "".join(" " if is_blank(character) else character for character in text)
    seen = "".join(character for character in blanks if category(character) != "Cf")
    return " ".join(normalize("NFC", seen).split())


def bare(chunk: str) -> str:
    """A word without the punctuation around it; "§12" becomes "§ 12". Empty where nothing but punctuation is there.

    >>> bare("»igu'en,«"), bare("69,9."), bare("§12"), bare("–")
    ("igu'en", '69,9', '§ 12', '')
    """
    inner = [place for place, character in enumerate(chunk) if character.isalnum() or character in _KEPT]
    word = chunk[inner[0] : inner[-1] + 1] if inner else ""
    return _SECTION.sub("§ ", word, count=1) if has_content(word) else ""


def unended(written: str) -> str:
    """A field's value without the punctuation after it; `..` stays."""
    without = written.rstrip(ENDS.replace(".", ""))
    return without if without.endswith("..") else written.rstrip(ENDS)


def opened(chunk: str) -> str:
    """A chunk without the punctuation before it; the signs of words stay."""
    return chunk[next((i for i, it in enumerate(chunk) if it.isalnum() or it in f"{_KEPT}=*~"), len(chunk)) :]


def words_of(text: str) -> tuple[str, ...]:
    """The bare words of a plain text; a section sign belongs to its number."""
    chunks = _PARTED_SECTION.sub("§", text).split()
    return tuple(word for word in map(bare, chunks) if word)


def unparted(word: str) -> str:
    """A bare word as it is written without a space."""
    return word.replace("§ ", "§")


def has_content(word: str) -> bool:
    """Whether there is a letter or figure."""
    return any(character.isalnum() for character in word)


def quote(value: str) -> str:
    """A field's value, in quotation marks where it needs them."""
    return value if _SIMPLE.fullmatch(value) else f'"{value}"'
