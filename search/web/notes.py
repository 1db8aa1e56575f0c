"""What the engine says of how it read a query, in Danish where the page is Danish.

The engine speaks English, as the command line does; a sentence that is not known here stays so.
"""

from __future__ import annotations

import re

DANISH = (
    (re.compile(r"ignored, since nearly all texts have them: (.+)"), r"Ikke brugt, da næsten alle tekster har dem: \1"),
    (
        re.compile(r"(.+) stands for ([0-9,]+) words; ([0-9,]+) of them are searched"),
        r"\1 står for \2 ord; der er søgt på \3 af dem",
    ),
    (
        re.compile(r"(.+) is in (.+) now: all of it is searched"),
        r"\1 ligger i \2 i dag: der er søgt på hele kommunen",
    ),
)
"""A sentence of the engine, and the Danish for it."""


def told(note: str, language: str) -> tuple[str, str]:
    """A note with the language that it is in.

    >>> told("Farum is in Furesø now: all of it is searched", "da")
    ('da', 'Farum ligger i Furesø i dag: der er søgt på hele kommunen')
    """
    if language == "da":
        for pattern, danish in DANISH:
            if found := pattern.fullmatch(note):
                return "da", found.expand(danish)
    return "en", note
