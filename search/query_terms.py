"""The terms of a query that are words: `word`, `=word`, `word*`, `word~` and "a phrase"."""

from __future__ import annotations

from search.query_errors import Place
from search.query_tree import Phrase, Word
from search.query_words import ENDS, QUOTES, bare, has_content, plain, words_of

SHORTEST = {"": 1, "=": 1, "*": 2, "~": 3}
"""Letters and figures that a word has at least, by its sign."""

_NO_SIGNS = str.maketrans("=*~", "   ")


def sign_of(chunk: str) -> str:
    """The sign that says how a word is meant; empty where there is none."""
    last = chunk.rstrip(ENDS)[-1:]
    return last if last in ("*", "~") else "=" if chunk.startswith("=") else ""


def read_word(place: Place, chunk: str, head: str = "") -> Word:
    """The word of a plain chunk that has content, after the head of a field or none."""
    sign, body = sign_of(chunk), chunk.rstrip(ENDS)
    if sign in ("*", "~") and body.startswith("="):
        raise place.refuse(f"expected one of =word, word* and word~, found {chunk!r}", head + body.lstrip("="))
    for other in "*~":
        if other in (body[:-1] if sign in ("*", "~") else body):
            word = next(filter(None, map(bare, body.split(other))))
            instead = word + other if _is_long_enough(word, other) else word
            raise place.refuse(f"expected {other} only at the end of a word, found {chunk!r}", head + instead)
    word = bare(body)
    if not _is_long_enough(word, sign):
        raise place.refuse(f"expected {SHORTEST[sign]} letters or more before {sign}, found {chunk!r}", head + word)
    return Word(word, exact=sign == "=", prefix=sign == "*", fuzzy=sign == "~")


def _is_long_enough(word: str, sign: str) -> bool:
    return sum(character.isalnum() for character in word) >= SHORTEST[sign]


def read_quoted(place: Place) -> tuple[str, int]:
    """What stands between the quotation mark at the place's start and the next one, and where that ends."""
    text, start = place.text, place.start
    end = next((end for end in range(start + 1, len(text)) if text[end] in QUOTES), None)
    if end is None:
        rest = text[start + 1 :].strip()
        instead = f'"{rest}"' if has_content(rest) else ""
        raise place.upto(len(text)).refuse("expected a second quotation mark after this one", instead)
    return plain(text[start + 1 : end]), end + 1


def read_phrase(place: Place, inner: str, head: str = "") -> Phrase:
    """The words between quotation marks, after the head of a field or none; signs of single words are refused."""
    for chunk in inner.split():
        if has_content(chunk) and (chunk[0] == "=" or "*" in chunk or "~" in chunk):
            without = " ".join(inner.translate(_NO_SIGNS).split())
            raise place.refuse(f"expected plain words in a phrase, found {chunk!r}", f'{head}"{without}"')
    words = words_of(inner)
    if not words:
        raise place.refuse("expected a word between the quotation marks", "")
    return Phrase(words)
