"""Letters that were encoded twice: UTF-8 that somebody read as Windows-1252 and saved as UTF-8 again ("smÃ¸rrebrÃ¸d").

Only sequences that give a sign of Danish text are mended, each by itself, so a text that is half broken keeps its good
half.
"""

from __future__ import annotations

import re

WINDOWS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
NEXT = rf"[\x80-\xbf{WINDOWS}]"
"""What a byte that goes on a character of UTF-8 looks like in Windows-1252."""
TWICE = re.compile(rf"[Â-ß]{NEXT}|[à-ï]{NEXT}{NEXT}")
MARKS = ("Ã", "Â", "â€", "â‚", "â„")
USUAL = frozenset(map(chr, range(0x80, 0xC0))) | frozenset("æøåÆØÅéÉèÈäÄöÖüÜáÁíóúñçßâÃÂ×" + WINDOWS)
"""Signs of Danish text, and those that are left of one where a letter was encoded three times."""
MOST_ROUNDS = 3


def mend(text: str) -> tuple[str, int]:
    """The text with letters that were encoded twice made single, and how many there were.

    >>> mend("smÃ¸rrebrÃ¸d pÃ¥ Ã†rÃ¸")
    ('smørrebrød på Ærø', 5)
    """
    count = 0
    for _ in range(MOST_ROUNDS):
        if not any(mark in text for mark in MARKS):
            break
        mended, found = TWICE.subn(single, text)
        if mended == text:
            break
        count = max(count, found)
        text = mended
    return text, count


def single(match: re.Match[str]) -> str:
    """The sign that was encoded twice; what stands there where that is none of Danish text."""
    raw = b"".join(to_byte(letter) for letter in match[0])
    try:
        sign = raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
    return sign if sign in USUAL else match[0]


def to_byte(letter: str) -> bytes:
    """The byte that Windows-1252 shows as a letter; it shows five bytes as nothing, and programs pass these through."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")
