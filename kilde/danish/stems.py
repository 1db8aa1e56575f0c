"""One spelling for all the ways a word is written, and a stem for words that no dictionary has.

`fold` is what two spellings of a form share: case, accents and aa for å. `stem` takes endings off by rule alone and
is meant for words that `inflections.py` does not know; its results are no words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kilde.danish.lexicon_rows import read_rows

_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]+")
# Swedes and Germans write ä and ö for the letters that Danes write æ and ø.
_LETTERS = str.maketrans({"ä": "æ", "ö": "ø", "ß": "ss", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ı": "i"})
_PLAIN = re.compile("[a-zæøå]*")
"""Words that have nothing to fold but aa, most of those that are not ASCII."""
_NEUTER = re.compile("(?:ig|som|bar|iv|el|al|il|løs|fuld)t$")
_DOUBLE = re.compile(r"([bdfgklmnprst])\1$")
_SYNCOPE = re.compile("([bcdfghjkpqrstvwxz])el$")
_VOWEL = re.compile("[aeiouyæøå]")
_SHORTEST = 3
"""Letters that a stem keeps."""


def fold(word: str) -> str:
    """Lower case, without accents and soft hyphens, aa as å; æ, ø and å are letters and stay.

    >>> fold("Aabenraa"), fold("idéer"), fold("Malmö")
    ('åbenrå', 'ideer', 'malmø')
    """
    lowered = word.lower()
    if not lowered.isascii() and not _PLAIN.fullmatch(lowered):
        composed = unicodedata.normalize("NFC", _UNSEEN.sub("", lowered)).translate(_LETTERS)
        lowered = "".join(letter if letter in "æøå" else _bare(letter) for letter in composed)
    return lowered.replace("aa", "å")


def stem(word: str) -> str:
    """What is left of a folded word without endings, until no ending is left: equal for most forms of a word.

    >>> stem("facilitatorernes") == stem("facilitator")
    True
    """
    for _ in range(len(word)):
        shorter = _step(word)
        if shorter == word:
            break
        word = shorter
    return word


@cache
def _bare(letter: str) -> str:
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFKD", letter).lower()
    return "".join(part for part in parts if not unicodedata.combining(part))


@cache
def _endings() -> tuple[str, ...]:
    return tuple(ending for (ending,) in read_rows("endings.tsv"))


def _step(word: str) -> str:
    endings = _endings()
    for ending in endings if word.endswith(endings) else ():
        if word.endswith(ending) and _is_stem(word[: -len(ending)]):
            return word[: -len(ending)]
    if _NEUTER.search(word) and _is_stem(word[:-1]):
        return word[:-1]
    if len(word) > _SHORTEST and _DOUBLE.search(word):
        return word[:-1]
    return _SYNCOPE.sub(r"\1l", word) if len(word) > _SHORTEST + 1 else word


def _is_stem(word: str) -> bool:
    return len(word) >= _SHORTEST and _VOWEL.search(word) is not None
