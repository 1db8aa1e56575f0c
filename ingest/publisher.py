"""Who publishes a document, by its own words: "udgivet af Styrelsen for ... (...)", "Udgiver: ...".

The places are searched from the surest to the weakest: the line under the title, the imprint, a line "Udgiver: ...",
the title before its colon, the front, and last the small print that names whose page it is. The first name found
counts.

Where the words of a page name nobody, its title in the head and its footer may.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.wording import whole, wording

REACH = 2000
"""Characters of the front, and of the small print, within which a publisher is looked for."""
WORD = r"(?:[A-ZÆØÅ][\w.&’'-]{0,40}|\([A-ZÆØÅ]{2,10}\)|for|og|i|af|den|det|de|om|på|til|under)"
NAME = rf"(?P<name>(?=[A-ZÆØÅ]){WORD}(?:,? {WORD}){{0,14}})"
AUTHORITY_NAME = (
    r"(?P<name>[A-ZÆØÅ][\w-]{1,30}(?: [A-ZÆØÅ][\w-]{1,30}){0,2} (?:Kommune|Region)|Region [A-ZÆØÅ]\w{3,20}"
    rf"|(?:Ministeriet|Styrelsen|Direktoratet)(?: {WORD}){{1,12}}|[A-ZÆØÅ]\w{{3,40}}(?:ministeriet|styrelsen))"
)
BY = re.compile(rf"(?<!\w)af {NAME}")
PART = re.compile(rf"(?:^|[·|•–]|- ) ?{AUTHORITY_NAME}(?= ?(?:[·|•,:–]| - |$))")
FOOTER = re.compile(rf"^[ ©•]*(?:\d{{4}} )?{AUTHORITY_NAME}(?= ?(?:[·|•,:–]| - |$))", re.MULTILINE)
FROM = re.compile(rf"(?<!\w)fra {AUTHORITY_NAME}")
LINE = re.compile(rf"^ *(?:Udgiver|Udgives af|Udgivet af):? +{NAME}", re.MULTILINE)
TRAILING = re.compile(r"(?:[ ,]+(?:for|og|i|af|den|det|de|om|på|til|under))+$|[.,;:]+$")
ABBREVIATION = re.compile(r" \([A-ZÆØÅ]{2,10}\)$")


@dataclass(frozen=True, slots=True)
class Places:
    """Where a document may name its publisher."""

    lead: str = ""
    """The line under the title."""
    imprints: Sequence[str] = ()
    title: str = ""
    front: str = ""
    end: str = ""
    """The last records of the document."""
    small_print: str = ""
    page_title: str = ""
    """The title that the head of an HTML page gives: "Nyhedsbrev maj 2021 | Svendborg Kommune"."""
    footer: str = ""
    """What stands at the foot of every page of a site: its owner and address."""


@cache
def after_words(name: str) -> re.Pattern[str]:
    """The words of a list, and the name behind them: capitalised words and the small ones between them."""
    words = sorted(wording()[name], key=len, reverse=True)
    return re.compile(r"(?<!\w)(?i:" + "|".join(whole(word) for word in words) + r")[ :]{1,3}" + NAME)


def find_publisher(places: Places) -> str | None:
    """The publisher that a document names, without the abbreviation behind the name.

    >>> find_publisher(Places(front="Nyheder udgivet af Styrelsen for Dataforsyning og Infrastruktur (SDFI)."))
    'Styrelsen for Dataforsyning og Infrastruktur'
    >>> find_publisher(Places(lead="Nyhedsbrev nr. 4 · 17. november 2022 · Svendborg Kommune"))
    'Svendborg Kommune'
    """
    front = places.front[:REACH]
    searches = (
        (PART, places.lead),
        *((BY, line) for line in places.imprints),
        (LINE, places.end),
        (PART, places.title),
        (after_words("publishers"), front),
        (FROM, front),
        (PART, places.page_title),
        (FOOTER, places.footer[:REACH]),
        (after_words("controllers"), places.small_print[:REACH]),
    )
    found = next((match for pattern, text in searches if (match := pattern.search(text))), None)
    if found is None:
        return None
    return ABBREVIATION.sub("", TRAILING.sub("", found["name"])) or None
