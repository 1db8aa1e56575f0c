"""Where names of kommuner stand in a text: every candidate, before any rule asks what it means.

One pass of one pattern: a trie of all spellings, present and former, as written and in capitals. A candidate is a whole
word, with its genitive, or a part of a longer word (`Glue`); `places.py` judges it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from heapq import merge
from operator import attrgetter

from kilde.danish.folding import BLANK
from kilde.danish.kommuner import former_kommuner, kommuner, name_key
from kilde.danish.lexicon_rows import read_rows

_LONGEST_WORD = 80
"""Characters of a word that a name is a part of; what is longer is no word."""

# A hyphen in a name may have blanks around it and end a line: "Ringkøbing - Skjern", "Høje-\nTaastrup".
# Some write a slash for it.
_HYPHEN = rf"(?:{BLANK}{{0,2}}[-\u2010-\u2013]{BLANK}{{0,2}}\n?|/)"
_SPACE = rf"(?:{BLANK}{{1,2}}\n?|\n)"
_WHOLE = r"(?=[sS]?(?!\w))"

# "Syd- og Norddjurs": what stands before the full name, and whose name it begins.
_SHARED_ENDING = {"0707": ("Syd-", "0706"), "0706": ("Nord-", "0707")}
_SHARED = re.compile(rf"(Syd-|Nord-)(?:{_SPACE}(?:og|eller|samt|/){_SPACE}|/)")


_LOWER_HEAD = re.compile("kommune|regionskommune")
_LONGEST_LOWER = 40
_WIDEST_GAP = 4


class Glue(StrEnum):
    """How a name hangs together with its word."""

    NONE = "none"
    CAMEL = "camel"
    """`VisitVejle`, `GreveSolrødErhverv`: a word of words with capitals."""
    COMPOUND = "compound"
    """`Randersvej`, `Odensebanen`, `københavner`."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the lexicon knows of a spelling: `headed` ones name a kommune only where one says "Kommune"."""

    code: str
    former: str | None
    headed: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A candidate: the span of the name with its genitive, or of the whole word where it is glued to one."""

    start: int
    end: int
    known: Known
    genitive: bool
    glue: Glue = Glue.NONE
    tail: str = ""
    """What follows the name in a glued word, in lower case."""


def find_names(text: str) -> Iterator[Name]:
    """All candidates in the order of the text."""
    lower = list(_uncapitalised(text)) if "kommune" in text else []
    return merge(_capitalised(text), lower, key=attrgetter("start")) if lower else _capitalised(text)


def _uncapitalised(text: str) -> Iterator[Name]:
    """`høje-taastrup kommune`: without capitals only before "kommune", and never `vejen`."""
    ends = _lower_ends()
    for match in _LOWER_HEAD.finditer(text):
        at = match.start() - 1
        while text[at - 1 : at].isspace() and match.start() - at < _WIDEST_GAP:
            at -= 1
        if text[at - 3 : at] in ends and text[at : at + 1].isspace():
            yield from _lower_name(text, at)


def _lower_name(text: str, end: int) -> Iterator[Name]:
    ahead = text[max(0, end - _LONGEST_LOWER) : end].split()[-2:]
    for form in (" ".join(ahead), *ahead[-1:]):
        known = _known().get(name_key(form)) or _known().get(name_key(form).removesuffix("s"))
        if known and not known.headed and form.islower() and "road" not in traits().get(known.code, ()):
            start = text.rfind(form.split()[0], max(0, end - _LONGEST_LOWER), end)
            yield Name(start, end, known, False)
            return


def _capitalised(text: str) -> Iterator[Name]:
    for match in _pattern().finditer(text):
        known = _of_surface(match.group())
        start, end = match.span()
        if known.code in _SHARED_ENDING:
            yield from _first_half(text, start, known.code)
        yield _name(text, start, end, known)


def _name(text: str, start: int, end: int, known: Known) -> Name:
    stop = _genitive_end(text, start, end)
    if stop == end and text[end : end + 1] in ("'", "’") and text[end + 1 : end + 2].isalpha():
        return Name(start, end, known, False, Glue.COMPOUND)  # "Køge'erne"
    if (not start or not text[start - 1].isalnum()) and not text[stop : stop + 1].isalnum():
        return Name(start, stop, known, stop > end)
    first = start
    while first and start - first < _LONGEST_WORD and text[first - 1].isalnum():
        first -= 1
    last = end
    while last < len(text) and last - end < _LONGEST_WORD and text[last].isalnum():
        last += 1
    ahead, tail = text[first:start], text[end:last]
    if len(ahead) > 1 and ahead.islower() and tail in ("", "s"):  # a blank is missing, as where pages were joined
        return Name(start, last, known, bool(tail))
    begins = not ahead or ahead[-1].islower()
    ends = not tail or tail == "s" or (tail[0].isupper() and not text[start:end].isupper())
    glue = Glue.CAMEL if begins and ends else Glue.COMPOUND
    return Name(first, last, known, False, glue, tail.lower())


def _genitive_end(text: str, start: int, end: int) -> int:
    """The end of the name with `s`, `'s`, or an apostrophe after an s; the same end where there is no genitive."""
    after = text[end : end + 2]
    if after[:1] in ("s", "S") and not after[1:].isalnum():
        return end + 1 if after[0] == "s" or text[start:end].isupper() else end
    if after[:1] in ("'", "’", "´"):
        if after[1:] == "s" and not text[end + 2 : end + 3].isalnum():
            return end + 2
        quoted = start and text[start - 1] in "'’‘"
        if text[end - 1] in "sSxz" and not quoted and not after[1:].isalnum():
            return end + 1
    return end


def _first_half(text: str, start: int, code: str) -> Iterator[Name]:
    prefix, other = _SHARED_ENDING[code]
    at = text.rfind(prefix, max(0, start - 16), start)
    found = _SHARED.fullmatch(text, at, start) if at >= 0 else None
    if found and not text[at - 1 : at].isalnum():
        yield Name(at, at + len(prefix), Known(other, None, False), False)


@cache
def traits() -> Mapping[str, frozenset[str]]:
    """By code, what else a name is: `noun`, `road`, `verb`, `surname`; or that it is no town's: `area`."""
    return {code: frozenset(marks.split(" ")) for code, _name, marks in read_rows("kommune_traits.tsv")}


@cache
def _lower_ends() -> frozenset[str]:
    """The last three letters of names and their genitives, to pass over the many words that are none."""
    forms = [form.lower() for kommune in kommuner().values() for form in kommune.spellings]
    return frozenset([form[-3:] for form in forms] + [form[-2:] + "s" for form in forms])


@cache
def _known() -> dict[str, Known]:
    found: dict[str, Known] = {}
    for former in former_kommuner():
        for form in former.spellings:
            found[name_key(form)] = Known(former.successors[0], former.name, True)
    for kommune in kommuner().values():
        found |= {name_key(form): Known(kommune.code, None, True) for form in kommune.headed}
    for kommune in kommuner().values():
        found |= {name_key(form): Known(kommune.code, None, False) for form in kommune.spellings}
    return found


@lru_cache(maxsize=4096)
def _of_surface(surface: str) -> Known:
    return _known()[name_key(surface.replace("/", "-"))]


@cache
def _pattern() -> re.Pattern[str]:
    forms = [form for kommune in kommuner().values() for form in (*kommune.spellings, *kommune.headed)]
    forms += [form for former in former_kommuner() for form in former.spellings]
    trie: dict[str, object] = {}
    for form in forms:
        whole = _known()[name_key(form)].headed or form in ("Kbh", "Kbh.")
        for spelling in (form, form.upper(), _second_part_lower(form)):
            _insert(trie, spelling, whole)
    return re.compile(_branches(trie))


def _second_part_lower(form: str) -> str:
    """`Høje-taastrup`, as some write it."""
    return form[:1] + form[1:].lower()


def _insert(trie: dict[str, object], form: str, whole: bool) -> None:
    node = trie
    for letter in form:
        step = {"-": _HYPHEN, " ": _SPACE}.get(letter) or re.escape(letter)
        node = node.setdefault(step, {})  # type: ignore[assignment]
    node[""] = _WHOLE if whole and not form.endswith(".") else ""


def _branches(node: dict[str, object]) -> str:
    """The longest spelling wins: what goes on is tried before what ends here."""
    ways = [step + _branches(below) for step, below in node.items() if isinstance(below, dict)]
    end = node.get("")
    if isinstance(end, str):
        ways.append(end)
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
