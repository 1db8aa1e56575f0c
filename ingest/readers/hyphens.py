"""Lines put together again: hyphens that only the end of a line made are undone, those of the language stay.

>>> join_lines(["Støtten går til by-", "og landdistrikter i 12-", "18 måneder, jf. bevil-", "lingen."])
'Støtten går til by- og landdistrikter i 12-18 måneder, jf. bevillingen.'
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

JOINED = re.compile(r"(?:og|eller|samt|og/eller|hhv\.?|henholdsvis|til|men|som)(?!\w)", re.IGNORECASE)
"""Words before which a hyphen stands for the second part of a compound: "by- og landdistrikter"."""
LAST_WORD = re.compile(r"[^\s(\[„“\"'»]*\Z")
FIRST_WORD = re.compile(r"[^\W\d_]+")
KEEPING = {"it", "tv", "pc", "sms", "cd", "dvd", "app", "e", "u", "cpr", "cvr", "eu", "pr", "ph"}
"""What is written with a hyphen before the rest of its compound even in small letters: it-systemer, e-mail."""
HYPHENS = "-\u2010\u00ad"


def join_lines(lines: Sequence[str], known: Collection[str] = ()) -> str:
    """The lines of a paragraph as one; `known` are words of the document, in small letters."""
    text = ""
    for line in lines:
        text = join(text, line, known) if text else line
    return text


def join(before: str, after: str, known: Collection[str] = ()) -> str:
    """Two lines as one."""
    if before[-1:] not in HYPHENS or not after:
        return f"{before} {after}"
    if before.endswith("\u00ad"):
        return before[:-1] + after
    stem = before[:-1]
    if not stem or stem[-1].isspace() or JOINED.match(after):
        return f"{before} {after}"
    return before + after if keeps_hyphen(stem, after, known) else stem + after


def keeps_hyphen(stem: str, after: str, known: Collection[str]) -> bool:
    """Whether a hyphen between a line's last word and the next line's first belongs to the word."""
    found = LAST_WORD.search(stem)
    last = found[0].rpartition("-")[2] if found else ""
    first = FIRST_WORD.match(after)
    if first is None or not last or not last.isalpha():
        return True  # a number, an abbreviation with a point, a bracket: 12-18, kl.-
    if last.isupper() or after[0].isupper() or last.casefold() in KEEPING or len(last) == 1:
        return True  # EU-midler, Syd-Djurs, it-systemer, e-mail
    if f"{last}{first[0]}".casefold() in known:
        return False
    return f"{last}-{first[0]}".casefold() in known
