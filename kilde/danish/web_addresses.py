"""Web and mail addresses in a text, and the kommuner that their hosts belong to or are named after.

A host says something; a path never does: `/nyheder/Aarhus` names nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kilde.danish.gazetteer import traits
from kilde.danish.kommuner import kommuner
from kilde.danish.lexicon_rows import read_rows

_ANCHOR = re.compile(r"\.dk(?![a-zæøå0-9])|\.(?:com|org|net|eu|nu|info)/|@|://|www\.")
_OUTSIDE = re.compile(r"[\s<>\"“”„»«()\[\]{}|,;]")
_LONGEST_HOST = 200
_LONGEST = 2000

_MAIL = re.compile(r"(?:mailto:)?(?P<shown>[\w.+-]{1,80}@(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}))")
_SITE = re.compile(r"(?:[a-z]{2,8}://)?(?P<shown>(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}))", re.IGNORECASE)

# A name is trusted as part of a longer label ("visitaarhus") when it is this long; "vejle" begins "vejledning".
_SHORTEST_PART = 6
_SHORTEST_LABEL = 4
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address from `start` to `end`, what of it names something (`shown_start`, `shown_end`), and whom it names."""

    start: int
    end: int
    shown_start: int
    shown_end: int
    code: str | None


def find_addresses(text: str) -> Iterator[Address]:
    """All web and mail addresses in the order of the text, also those of nobody's."""
    position = 0
    while anchor := _ANCHOR.search(text, position):
        start = _token_start(text, anchor.start(), position)
        outside = _OUTSIDE.search(text, anchor.end(), start + _LONGEST)
        end = outside.start() if outside else min(len(text), max(anchor.end(), start + _LONGEST))
        position = max(end, anchor.end())
        found = _MAIL.match(text, start, end) or _SITE.match(text, start, end)
        if found:
            yield Address(start, end, *found.span("shown"), host_code(found["host"]))


@lru_cache(maxsize=4096)
def host_code(host: str) -> str | None:
    """The kommune that a host belongs to, or is named after as `visitaarhus.dk`; None for all others."""
    labels = host.lower().strip(".").split(".")
    for first in range(len(labels) - 1):
        code = _domains().get(".".join(labels[first:]))
        if code:
            return code
    for label in labels[:-1]:
        code = _label_code(label)
        if code:
            return code
    return None


def _label_code(label: str) -> str | None:
    parts = label.translate(_ASCII).split("-")
    for part in ("-".join(parts), *parts):
        code = _labels().get(part)
        if code:
            return code
    for size in range(len(label), _SHORTEST_PART - 1, -1):
        for part in parts:
            code = _parts().get(part[:size]) or _parts().get(part[-size:])
            if code and len(part) >= size:
                return code
    return None


def _token_start(text: str, at: int, floor: int) -> int:
    limit = max(floor, at - _LONGEST_HOST)
    while at > limit and not _OUTSIDE.match(text, at - 1):
        at -= 1
    return at


@cache
def _domains() -> dict[str, str]:
    return {domain: code for code, domains in read_rows("kommune_hosts.tsv") for domain in domains.split(" ")}


@cache
def _labels() -> dict[str, str]:
    """Names as a label or a hyphenated part of one, with the Danish letters written out."""
    found: dict[str, str] = {}
    for kommune in kommuner().values():
        if "noun" in traits().get(kommune.code, ()):
            continue
        for form in kommune.spellings:
            label = form.lower().translate(_ASCII).strip(".")
            if len(label) >= _SHORTEST_LABEL and " " not in label:
                found |= {label: kommune.code, label.replace("-", ""): kommune.code}
    return found


@cache
def _parts() -> dict[str, str]:
    return {
        label: code
        for label, code in _labels().items()
        if len(label) >= _SHORTEST_PART and "verb" not in traits().get(code, ())
    }
