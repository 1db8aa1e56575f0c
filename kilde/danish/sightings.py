"""A name of a kommune where it stands: what is before and after it, looked up when a rule asks.

What an enumeration shares (what is before its first name and after its last) is looked up once for all of its names, so
that a text of nothing but names takes no longer than another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

from kilde.danish.enumerations import Enumeration, Member
from kilde.danish.folding import BLANK
from kilde.danish.gazetteer import Glue, Name, traits
from kilde.danish.place_words import INSTITUTION, given_names, reading_after, words

_WINDOW = 90
_LINE = 48
_LONGEST_RUN = 160
"""Code points on either side: more than any rule needs."""

_ABBREVIATION = re.compile(
    r"(?<!\w)(?:bl\.a|f\.eks|fx|pr|kl|nr|ca|jf|evt|inkl|ekskl|hhv|dvs|mv|tlf|adm|stk|d|o\.l|m\.fl|m\.m)\.$"
)
_SENTENCE_ENDS = '.!?:•–—-"”»«(*·▪'
_OPENING = "(„\"“”»«'’‘–—-•*·▪"

_CAPITAL = r"(?:[A-ZÆØÅÉ0-9][\w’'.&/+-]{0,40}|[a-z]{1,2}[A-ZÆØÅ]\w{0,5}|&)"
_DIVIDED = (
    rf"[A-ZÆØÅ]\w{{1,30}}-(?:,{BLANK}{{0,2}}\w{{1,30}}-){{0,3}}{BLANK}{{1,2}}(?:og|samt|&){BLANK}{{1,2}}\w{{1,40}}"
)
_RUN = re.compile(rf"(?:{BLANK}{{1,2}}(?:{_DIVIDED}|{_CAPITAL})){{1,5}}")
_PIECE = re.compile(rf"{BLANK}{{1,2}}({_DIVIDED}|{_CAPITAL})")
_LOWER_NEXT = re.compile(rf"{BLANK}{{1,2}}([a-zæøåé][\w-]{{0,40}})")
_WORD = re.compile(r"[^\W\d_][\w-]{0,60}")
_CELL_LEAD = re.compile(r"[\s•·*▪◦–—>-]{0,12}(?:[0-9]{1,3}[.):]?\s{1,3}|0[0-9]{3}\s{1,3})?")
_CELL_END = re.compile(rf"{BLANK}{{0,8}}+(?:[\n\t|]|\Z)")


# The genitive is a part of some names: "Københavns lufthavn".
_GENITIVE_NAMES = ("0101", "0400", "0480", "0820")
_NO_TRAITS: frozenset[str] = frozenset()

_Owner = TypeVar("_Owner")
_Found = TypeVar("_Found")


class lazy(Generic[_Owner, _Found]):  # noqa: N801 - stands where `property` does
    """A property that is looked up once: `functools.cached_property` without its lock, a third of the time."""

    def __init__(self, find: Callable[[_Owner], _Found]) -> None:
        self.find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, owner: _Owner, kind: type) -> _Found:
        found = self.find(owner)
        owner.__dict__[self.name] = found
        return found


class Surroundings:
    """What an enumeration has before its first name and after its last.

    `previous` is the rule that read the last enumeration but this, and its end.
    """

    def __init__(self, text: str, enumeration: Enumeration, previous: tuple[str, int] = ("", 0)) -> None:
        self.text = text
        self.previous = previous
        self.enumeration = enumeration
        self.start = enumeration.members[0].name.start
        last = enumeration.members[-1]
        self.end = last.head_end or last.name.end

    @lazy
    def ahead(self) -> str:
        """What stands before, as far as rules look."""
        return self.text[max(0, self.start - _WINDOW) : self.start]

    @lazy
    def after(self) -> str:
        """What stands after, as far as rules look."""
        return self.text[self.end : self.end + _WINDOW]

    @lazy
    def words_ahead(self) -> list[str]:
        """The words before in this cell or line, punctuation and all; lines that only wrap are one."""
        cell = self.ahead.rsplit("\t", 1)[-1].rsplit("\n\n", 1)[-1]
        return cell.split()

    @lazy
    def words_after(self) -> list[str]:
        """The words after in this cell or line, punctuation and all."""
        cell = self.after.split("\t", 1)[0].split("\n\n", 1)[0]
        return cell.split()

    @lazy
    def governor(self) -> str:
        """The word before in lower case, past fillers as "både" and "bl.a."; empty at the start of a sentence."""
        for word in self.words_ahead[:-4:-1]:
            lower = word.lstrip(_OPENING).lower()
            if lower not in words("filler"):
                return lower
        return ""

    @lazy
    def next_word(self) -> str:
        """The word after, without punctuation; empty when punctuation or the end of a cell is between."""
        if self.after[:1] not in (" ", "\u00a0", "\n"):
            return ""
        return self.words_after[0].rstrip(".,:;!?)") if self.words_after else ""

    @lazy
    def begins_sentence(self) -> bool:
        """Whether a capital here says nothing."""
        if not self.words_ahead or "\n" in self.ahead[len(self.ahead.rstrip()) :]:
            return True
        last = self.words_ahead[-1]
        return last[-1] in _SENTENCE_ENDS and not (last[-1] == "." and _ABBREVIATION.search(last))

    @lazy
    def begins_cell(self) -> bool:
        """Whether only bullets and numbers stand before it in its line or table cell."""
        ahead = self.ahead
        at = max(ahead.rfind("\n"), ahead.rfind("\t"), ahead.rfind("|"))
        if at < 0 and self.start > len(ahead):
            return False
        return _CELL_LEAD.fullmatch(ahead, at + 1) is not None

    @lazy
    def ends_cell(self) -> bool:
        """Whether nothing stands after it in its line or table cell."""
        return _CELL_END.match(self.text, self.end) is not None

    @lazy
    def continues_line(self) -> bool:
        """Whether the line before this one breaks off in the middle of a sentence."""
        line = self.ahead.rstrip()
        gap = self.ahead[len(line) :]
        return bool(line) and gap.count("\n") == 1 and (line[-1].islower() or line[-1] == ",")


class Sighting:
    """One name of an enumeration; `limit` is where the next name of the text starts.

    `dashed_before` says that a dash joins it to the name before: `Vejle-Kolding`.
    """

    def __init__(self, around: Surroundings, member: Member, limit: int, dashed_before: bool) -> None:
        self.text = around.text
        self.around = around
        self.member = member
        self.name: Name = member.name
        self.limit = limit
        self.dashed_before = dashed_before

    @property
    def traits(self) -> frozenset[str]:
        """What else the name is, as `gazetteer.traits` says."""
        return traits().get(self.name.known.code, _NO_TRAITS)

    @property
    def is_upper(self) -> bool:
        """Whether it is written in capitals, so that others' capitals say nothing."""
        return self.text[self.name.start : self.name.end].isupper()

    @property
    def is_plain(self) -> bool:
        """Whether nothing but commas stands beside it."""
        name, text = self.name, self.text
        return (
            text[name.end : name.end + 1] == ","
            and text[name.start - 2 : name.start] == ", "
            and name.glue is Glue.NONE
        )

    @lazy
    def capitals_after(self) -> tuple[list[str], int]:
        """The capitalised words that follow on the line, and the end of the last; none from a person's name on."""
        return capitals_from(self.text, self.name.end, self.limit, title="noun" in self.traits)

    @lazy
    def reading_after(self) -> tuple[str | None, int]:
        """What the name and the words after it are together, the last word that says something deciding; its end."""
        capitals, end = self.capitals_after
        for word in reversed(capitals):
            reading = reading_after(word)
            if reading is not None:
                return reading, end
        if capitals:
            return None, end
        word, end = self.lower_after
        if not word:
            word, end = self.wrapped_after
        reading = reading_after(word) if word else None
        return (None if reading == INSTITUTION and self._owns(word) else reading), end

    def _owns(self, word: str) -> bool:
        """Whether the genitive says whose something is: `Odenses havn` is a harbour in the town."""
        return self.name.genitive and word[0].islower() and self.name.known.code not in _GENITIVE_NAMES

    @lazy
    def lower_after(self) -> tuple[str, int]:
        """The uncapitalised word that follows on the line, and its end."""
        found = _LOWER_NEXT.match(self.text, self.name.end)
        return (found[1], found.end(1)) if found else ("", self.name.end)

    @lazy
    def words_ahead(self) -> list[str]:
        """The words before on the same line, or on the one it wraps from; none where one touches the name."""
        lines = self.text[max(0, self.name.start - _LINE) : self.name.start].split("\n")
        if self.wraps_ahead:
            long = len(lines) == 2 and self.name.start > _LINE
            return lines[0].split("\t")[-1].split() if long else []
        line = lines[-1].rsplit("\t", 1)[-1]
        return line.split() if line.endswith((" ", "\u00a0")) else []

    @property
    def wraps_ahead(self) -> bool:
        """Whether it is the first word of a line."""
        return self.text[self.name.start - 1 : self.name.start] == "\n"

    @lazy
    def wrapped_after(self) -> tuple[str, int]:
        """The first word of the next line where this one is long enough to wrap, and its end."""
        text, end = self.text, self.name.end
        if text[end : end + 1] != "\n" or text.rfind("\n", max(0, end - _LINE), end) >= 0 or end < _LINE:
            return "", end
        found = _WORD.match(text, end + 1)
        return (found.group(), found.end()) if found else ("", end)


def capitals_from(text: str, start: int, limit: int, *, title: bool = False) -> tuple[list[str], int]:
    """The capitalised words from `start` on, up to a person's name or a word that is in no name; the end of the last.

    With `title` the latter are taken too: "Vejen Ud" is the title of something.
    """
    found: list[str] = []
    end = start
    run = _RUN.match(text, start, max(start, min(limit, start + _LONGEST_RUN)))
    for piece in _PIECE.finditer(run.group()) if run else ():
        word = piece[1].rstrip(".,'’/-") if piece[1].count(".") < 2 else piece[1]
        if not word or word[0].isdigit() or word in given_names():
            break
        if word.lower() in words("function") and reading_after(word) is None and not title:
            break
        found.append(word)
        end = start + piece.start(1) + len(word)
        if word != piece[1] and piece[1][-1] in ".,":
            break
    return found, end
