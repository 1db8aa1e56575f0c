"""CPR numbers, the personal identifiers of Danes: found, and masked so that no later layer holds them.

A CPR number is a day of birth, DDMMYY, and four digits of which the first fixes the century (the CPR office's table).
Ten digits that give a day there has been are taken for one, unless the words beside them say that they are something
else (an account, a case, a telephone). The check digit (modulus 11) only decides where these words are vague: numbers
given out since 2007 may fail it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import cache

from kilde.danish.folding import BLANK, DASH, Folded, fold
from kilde.danish.lexicon_rows import read_rows

BULLET = "•"

REACH = 40
"""Characters before a number, on its line, in which a word says what it is."""

_NUMBER = re.compile(
    rf"""(?P<day>[0-9](?<![0-9][0-9])[0-9]) (?P<mark>[./ -]?) (?P<month>[01][0-9]) (?P=mark) (?P<year>[0-9]{{2}})
         (?P<gap> {BLANK}{{0,2}}{DASH}{BLANK}{{0,2}}\n? | {BLANK}{{0,2}} ) (?P<serial>[0-9]{{4}}) (?![0-9])""",
    re.VERBOSE,
)
_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DIGITS = re.compile("[0-9]")

# The number goes on beyond its ten digits: an account (1234 0101011234), a case (2020-0101011234), a key, an address.
_LONGER = re.compile(rf"(?:[0-9]{BLANK}?{DASH}|[0-9][.:/]|\+[0-9]{{1,3}}{BLANK}?|[=_#&@])\Z")
_LONGER_BARE = re.compile(rf"(?:[0-9],|(?<![0-9])[0-9]{{4}}{BLANK}(?:{DASH}{BLANK})?|[^\W\d]|/)\Z")
_GOES_ON = re.compile(rf"{DASH}[0-9]|[.:][0-9]|@")
_GOES_ON_BARE = re.compile(r"[,/][0-9]|[^\W\d]")
_SPACED_ON = re.compile(rf"{BLANK}[0-9]")
_COUNTS = re.compile(rf"{BLANK}?(?:kr|dkk|mio|mia|stk|kwh|m2|m3|ton)(?!\w)", re.IGNORECASE)
_NEAR = re.compile(r"\W{0,4}(?:(?:nr|nummer|er|på|id|lyder|reg|konto)(?!\w)\W{0,4}){0,2}")
_JOINT = re.compile(r"[\W_]{0,3}")
_ALSO = re.compile(r"\W{1,3}(?:og\W{1,2})?")
_LABEL_AFTER = re.compile(r"\W{1,2}\(?([^\W\d_]+)")


def mask_cpr(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with the digits of each CPR number replaced by as many bullets, and the spans of these numbers.

    >>> mask_cpr("Borger 010190-1234, tlf. 01 01 90 12")
    ('Borger ••••••-••••, tlf. 01 01 90 12', [(7, 18)])
    """
    folded = fold(text)
    spans = [folded.span(start, end) for start, end in _find(folded)]
    pieces: list[str] = []
    done = 0
    for start, end in spans:
        pieces += (text[done:start], _DIGITS.sub(BULLET, text[start:end]))
        done = end
    return ("".join((*pieces, text[done:])), spans) if spans else (text, [])


def _find(folded: Folded) -> list[tuple[int, int]]:
    text = folded.text
    found: list[tuple[int, int]] = []
    refused = -1
    for match in _NUMBER.finditer(text):
        also = refused >= 0 and _ALSO.fullmatch(text, refused, match.start()) is not None
        joined = bool(found) and found[-1][1] == match.start() - 1
        if not also and _is_cpr(text, match, joined=joined):
            found.append(match.span())
        else:
            refused = match.end()
    return found


def _is_cpr(text: str, match: re.Match[str], *, joined: bool) -> bool:
    """Whether ten digits are a CPR number; `joined`: one character before them another one ends."""
    label = _label(text, match.start())
    if not _is_day(match, replaced=label == "cpr") or label == "other":
        return False
    hyphenated = label == "cpr" or (bool(match["gap"].strip()) and match["mark"] != " ")
    if not joined and _LONGER.search(text, max(0, match.start() - 6), match.start()):
        return False
    if _GOES_ON.match(text, match.end()):
        return False
    return hyphenated or _stands_alone(text, match, label)


def _stands_alone(text: str, match: re.Match[str], label: str | None) -> bool:
    """Whether ten digits without a hyphen, or with one blank, are nothing else: less is needed to think so."""
    start, end = match.span()
    if match["mark"] or (match["gap"] and _SPACED_ON.match(text, end)):
        return False
    if _LONGER_BARE.search(text, max(0, start - 8), start) or _GOES_ON_BARE.match(text, end):
        return False
    if _COUNTS.match(text, end) or _is_labelled_after(text, end):
        return False
    return label is None or has_check_digit(match.group())


def _is_day(match: re.Match[str], *, replaced: bool) -> bool:
    """Whether the first six digits are a day of the century that the seventh gives; `replaced`: or 60 more, as numbers
    given in place of a CPR number have it."""
    day, month = int(match["day"]), int(match["month"])
    if replaced and day > 60:
        day -= 60
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= monthrange(_year(int(match["year"]), int(match["serial"][0])), month)[1]


def _year(two: int, seventh: int) -> int:
    """The year of birth, after the CPR office's table of the seventh digit."""
    if seventh <= 3 or (seventh in (4, 9) and two >= 37):
        return 1900 + two
    if seventh in (4, 9) or two <= 57:
        return 2000 + two
    return 1800 + two


def has_check_digit(number: str) -> bool:
    """Whether the ten digits of a number (others are skipped) pass modulus 11."""
    digits = map(int, _DIGITS.findall(number))
    return sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def _label(text: str, start: int) -> str | None:
    """What the nearest label on the line says of the number that begins at `start`.

    A label of something else stands right before it; "CPR" may stand further off.
    """
    first = max(text.rfind("\n", max(0, start - REACH), start) + 1, start - REACH, 0)
    kind, end = None, first
    for label in _labels().finditer(text, first, start):
        of_label = _kinds()[_key(label[1])]
        if of_label != "vague" or kind is None or not _JOINT.fullmatch(text, end, label.start()):
            kind = of_label  # the "nr." of "konto nr." says no more than "konto"
        end = label.end()
    return kind if kind == "cpr" or _NEAR.fullmatch(text, end, start) else None


def _is_labelled_after(text: str, end: int) -> bool:
    label = _LABEL_AFTER.match(text, end)
    return label is not None and text[end : label.start(1)].endswith("(") and _kinds().get(_key(label[1])) == "other"


@cache
def _kinds() -> dict[str, str]:
    return {_key(word): kind for word, kind in read_rows("cpr_labels.tsv")}


def _key(word: str) -> str:
    return "".join(word.casefold().replace(".", "").split())


@cache
def _labels() -> re.Pattern[str]:
    words = sorted({word for word, _ in read_rows("cpr_labels.tsv")}, key=len, reverse=True)
    options = "|".join(re.escape(word).replace(r"\ ", r"[\s.]{1,2}") for word in words)
    return re.compile(rf"(?<![^\W_])({options})(?![^\W\d_])", re.IGNORECASE)
