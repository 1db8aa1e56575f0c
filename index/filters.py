"""Filters of the analyzer: a form as it stands in a text -> the keys it is found by, position by position.

Each filter takes the forms it knows and leaves the others (None) to the next. `Keys.steps` has one tuple of keys for
each position that the form takes: one for a word, two for `Høje-Taastrup`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from kilde.danish.words import query_keys, read

Step: TypeAlias = tuple[str, ...]

LONGEST_KEY = 100
"""Characters of a key: longer ones are no words, and are cut."""

_NUMBER = re.compile(r"[0-9]++(?:[.,][0-9]++)*+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})++(?:,[0-9]++)?+")
_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.((?:[0-9]{2}){1,2})")
_SECTION = re.compile(r"§{1,2}\s?(?=[0-9])")
_HYPHEN = re.compile("[-\u2010\u2011]")


@dataclass(frozen=True, slots=True)
class Keys:
    """What a form is found by.

    `steps` are for texts. A query looks up `whole`, or where there are two or more steps, also those of `asked` one
    after the other. `exact` are the forms that `=word` compares: the form, and its pieces.
    """

    steps: tuple[Step, ...]
    whole: Step
    asked: tuple[Step, ...]
    exact: tuple[str, ...]


Filter: TypeAlias = Callable[[str], Keys | None]
"""A form -> its keys, or None where another filter must say."""


def exact_form(form: str) -> str:
    """How `=word` sees a form: lower case, composed, one kind of apostrophe and hyphen, nothing else folded."""
    return _HYPHEN.sub("-", unicodedata.normalize("NFC", form).lower().replace("’", "'"))[:LONGEST_KEY]


def sections(form: str) -> Keys | None:
    """A section of a law, `§ 17`: found by its number too, while a query for it finds no other 17."""
    sign = _SECTION.match(form)
    if sign is None:
        return None
    number = form[sign.end() :]
    plain = numbers(number) or words(number)
    section = ("§" + plain.whole[0][: LONGEST_KEY - 1],)
    return Keys(((*section, *plain.steps[0]),), section, (section,), (exact_form("§ " + number), *plain.exact))


def numbers(form: str) -> Keys | None:
    """Numbers with their decimals: `1.250,00` and `1250` meet, `69` and `69,9` do not; a day is also its year."""
    if not _NUMBER.fullmatch(form):
        return None
    if day := _DAY.fullmatch(form):
        number = ".".join((*(part.lstrip("0") or "0" for part in day.group(1, 2)), day[3]))
        return _single((number[:LONGEST_KEY],), (day[3],) if len(day[3]) == 4 else (), form)
    number = form.replace(".", "") if _GROUPED.fullmatch(form) else form
    if number.count(",") == 1 and "." not in number:
        number = number.rstrip("0").rstrip(",")
    return _single((number[:LONGEST_KEY],), (), form)


def hyphenated(form: str) -> Keys | None:
    """Words with hyphens, joined and by their pieces.

    A piece that begins with a capital or digit has a position of its own, as it would have without the hyphen.
    """
    pieces = _HYPHEN.split(form)
    if len(pieces) == 1:
        return None
    joined = "".join(pieces)
    whole = query_keys(joined)
    steps: list[dict[str, None]] = [dict.fromkeys(read(joined).all)]
    asked: list[Step] = []
    for number, piece in enumerate(pieces):
        own_position = number > 0 and not piece[:1].islower()
        if own_position:
            steps.append({})
        steps[-1] |= dict.fromkeys(read(piece).all)
        if own_position or not number:
            asked.append(query_keys(piece))
    if len(steps) == 1:
        asked = [whole]
    exact = tuple(dict.fromkeys(exact_form(each) for each in (form, *pieces)))
    return Keys(tuple(_cut(tuple(step)) for step in steps), _cut(whole), tuple(_cut(step) for step in asked), exact)


def words(form: str) -> Keys:
    """Everything else: the keys of `kilde.danish.words`."""
    asked = query_keys(form)
    return _single(asked, tuple([key for key in read(form).all if key not in asked]), form)


def _single(asked: Step, more: Step, form: str) -> Keys:
    whole = _cut(asked)
    return Keys(((*whole, *_cut(more)),), whole, (whole,), (exact_form(form),))


def _cut(keys: Step) -> Step:
    return keys if len("".join(keys)) <= LONGEST_KEY else tuple([key[:LONGEST_KEY] for key in keys])
