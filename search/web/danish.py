"""What other parts of Kilde say, in Danish where the page is Danish.

They speak English, as the command line and the API do: refusals of queries, notes of the engine, problems in reading.
`danish.tsv` has their sentences with places for what they name; a sentence that is not in it stays as it is.
"""

from __future__ import annotations

import re
from ast import literal_eval
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LONGEST = 1_000
"""Characters of a sentence that is looked up; patterns take no longer ones."""
_PLACE = re.compile(r"\{([a-z])\}")
_QUOTED = "'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\""
_QUOTES = "qr"
"""Places of a text that Python has quoted."""
_WITHIN = "s"
"""The place of another sentence."""
_OF_QUERY = re.compile(r"character ([0-9]+): (.*?)(?:; try: .*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in English as a pattern, and in Danish with the same places."""

    pattern: re.Pattern[str]
    danish: str


@cache
def sentences() -> tuple[Sentence, ...]:
    """The sentences in the order in which they are tried: those around another one, then those that say more."""
    text = files("search.web").joinpath("danish.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    rows.sort(key=lambda row: ("{s}" not in row[0], -len(_PLACE.sub("", row[0]))))
    return tuple(Sentence(re.compile(_pattern(english), re.DOTALL), danish) for english, danish in rows)


def told(said: str, language: str) -> tuple[str, str]:
    """A sentence with the language that it is in.

    >>> told("expected ')' for this '('", "da")
    ('da', 'der mangler en ) til denne (')
    >>> told("Farum is in Furesø now: all of it is searched", "en")
    ('en', 'Farum is in Furesø now: all of it is searched')
    """
    if language != "da" or len(said) > LONGEST:
        return "en", said
    for sentence in sentences():
        if found := sentence.pattern.fullmatch(said):
            places = {name: _plain(text) if name in _QUOTES else text for name, text in found.groupdict().items()}
            if _WITHIN in places:
                tongue, places[_WITHIN] = told(places[_WITHIN], language)
                if tongue != "da":
                    continue
            return "da", sentence.danish.format(**places)
    return "en", said


def told_of_query(said: str, language: str) -> tuple[str, str]:
    """A refusal of a query without its suggestion, which a page shows as a link.

    >>> told_of_query("character 1: expected ')' for this '('; try: (a)", "da")
    ('da', 'Tegn 1: der mangler en ) til denne (')
    """
    found = _OF_QUERY.fullmatch(said)
    if found is None:
        return told(said, language)
    tongue, detail = told(found[2], language)
    return tongue, f"{'Tegn' if tongue == 'da' else 'Character'} {found[1]}: {detail}"


def _pattern(english: str) -> str:
    *parts, last = _PLACE.split(english)
    found = []
    for literal, name in zip(parts[::2], parts[1::2], strict=True):
        found.append(f"{re.escape(literal)}(?P<{name}>{_QUOTED if name in _QUOTES else '.+?'})")
    return "".join(found) + re.escape(last)


def _plain(quoted: str) -> str:
    """What stands between Python's quotation marks, between Danish ones."""
    with suppress(ValueError, SyntaxError):
        quoted = str(literal_eval(quoted))
    return f"»{quoted}«"
