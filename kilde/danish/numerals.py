"""Danish number words to whole numbers, and back: `femogtyve`, `tolv hundrede`, `enogtyvende`.

Cardinals and ordinals below a quadrillion, written together, apart or with hyphens. Digits, fractions (`halvanden`) and
words beside the number (`femogtyve kommuner`) are not read here. The words are in `lexicon/numerals.tsv`.
"""

from __future__ import annotations

import re
from functools import cache

from kilde.danish.lexicon_rows import read_rows

LIMIT = 10**15
_LONGEST = 200
"""Characters: the longest number word below the limit has fewer."""

_SCALES = (10**12, 10**9, 10**6, 1000)
_TENS = range(20, 100, 10)
_AND = -1


def parse_cardinal(text: str) -> int | None:
    """The number that `text` is as a whole, whatever its case; None when it is not a number word."""
    morphemes = _morphemes(text)
    return _number(morphemes) if morphemes else None


def parse_ordinal(text: str) -> int | None:
    """The number of an ordinal: 8 for `ottende`, 21 for `enogtyvende`; None for anything else."""
    if len(text) > _LONGEST:
        return None
    folded = text.lower().replace("\u00ad", "").strip()
    found = _ordinal_ending().search(folded)
    if found is None:
        return None
    value = _values("ordinal")[found.group()]
    ahead = folded[: found.start()]
    return value if not ahead else parse_cardinal(ahead + print_cardinal(value))


def print_cardinal(number: int) -> str:
    """The number in words, which `parse_cardinal` reads back; ValueError below 0 and from the limit on."""
    if not 0 <= number < LIMIT:
        raise ValueError(f"expected a number from 0 to {LIMIT - 1}, found {number}")
    if number < 1000:
        return _print_group(number)
    scale = next(scale for scale in _SCALES if number >= scale)
    count, rest = divmod(number, scale)
    noun = _words()[scale] + ("er" if scale > 1000 and count > 1 else "")
    unit = "et" if scale == 1000 else "en"
    ahead = f"{unit if count == 1 else _print_group(count)} {noun}"
    joint = " og " if rest < 100 else " "
    return ahead + (joint + print_cardinal(rest) if rest else "")


def _print_group(number: int) -> str:
    words = _words()
    if number >= 100:
        count, rest = divmod(number, 100)
        ahead = f"{'et' if count == 1 else words[count]} hundrede"
        return f"{ahead} og {_print_group(rest)}" if rest else ahead
    tens, unit = divmod(number, 10)
    return words[number] if number < 20 or not unit else f"{words[unit]}og{words[tens * 10]}"


@cache
def _values(kind: str) -> dict[str, int]:
    return {word: int(value) for word, value, of_kind in read_rows("numerals.tsv") if of_kind == kind}


@cache
def _words() -> dict[int, str]:
    """The word that each value is printed with: the first of its rows."""
    return {value: word for word, value in reversed(_values("cardinal").items())}


@cache
def _morpheme() -> re.Pattern[str]:
    words = sorted(_values("cardinal"), key=len, reverse=True)
    return re.compile("|".join((*words, "og")))


@cache
def _ordinal_ending() -> re.Pattern[str]:
    words = sorted(_values("ordinal"), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(words)})$")


def _morphemes(text: str) -> list[int] | None:
    """The values of the words in `text`, `og` as -1; None when something else stands there."""
    if len(text) > _LONGEST:
        return None
    values = _values("cardinal")
    found: list[int] = []
    for word in text.lower().replace("\u00ad", "").replace("-", " ").split():
        position = 0
        while position < len(word):
            match = _morpheme().match(word, position)
            if match is None:
                return None
            found.append(values.get(match.group(), _AND))
            position = match.end()
    return found


def _number(morphemes: list[int]) -> int | None:
    """The groups before `billion`, `milliard`, `million` and `tusind`, and the one after them."""
    if morphemes == [0]:
        return 0
    total, position = 0, 0
    for scale in _SCALES:
        count, after = _group(morphemes, position)
        if after < len(morphemes) and morphemes[after] == scale and (count or scale == 1000):
            total += (count or 1) * scale
            position = _past_and(morphemes, after + 1)
    count, after = _group(morphemes, position)
    total += count
    return total if total and after == len(morphemes) and morphemes[-1] != _AND else None


def _group(morphemes: list[int], position: int) -> tuple[int, int]:
    """A number below 10,000 in words (`tolv hundrede og fem`) from `position` on, 0 when none stands there; its end."""
    count, after = _below_hundred(morphemes, position)
    if after < len(morphemes) and morphemes[after] == 100:
        rest, end = _below_hundred(morphemes, _past_and(morphemes, after + 1))
        return (count or 1) * 100 + rest, end if rest else after + 1
    return count, after


def _below_hundred(morphemes: list[int], position: int) -> tuple[int, int]:
    ahead = morphemes[position : position + 3]
    if len(ahead) == 3 and 0 < ahead[0] < 10 and ahead[1] == _AND and ahead[2] in _TENS:
        return ahead[0] + ahead[2], position + 3
    if ahead and 0 < ahead[0] < 100:
        return ahead[0], position + 1
    return 0, position


def _past_and(morphemes: list[int], position: int) -> int:
    return position + (position < len(morphemes) and morphemes[position] == _AND)
