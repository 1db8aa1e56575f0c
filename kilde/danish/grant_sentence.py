"""A sentence with kommuner and sums in it, and what `grant_rules` asks of it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kilde.danish.folding import GAP
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.mentions import AmountMention, KommuneMention

_HEAD = re.compile(rf"{GAP}(?:regions)?kommune(?:n)?(?![^\W\d_])", re.IGNORECASE)
_JOINT = re.compile(rf"{GAP}(?:,|/|og|samt|eller|,{GAP}og){GAP}")
_GENITIVES = ("kommunes", "kommuners", "byråds", "'", "’")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's span in `text`, the kommuner that may be given something, and its sums, both in their order."""

    text: str
    start: int
    end: int
    kommuner: Sequence[KommuneMention]
    amounts: Sequence[AmountMention]

    def ahead(self, position: int, reach: int) -> str:
        """Up to `reach` characters before a position."""
        return self.text[max(self.start, position - reach) : position]

    def behind(self, position: int, reach: int) -> str:
        """Up to `reach` characters from a position on."""
        return self.text[position : min(self.end, position + reach)]

    def amount_after(self, position: int) -> AmountMention | None:
        """The first sum from a position on."""
        index = bisect_left(self.amounts, position, key=lambda amount: amount.start)
        return self.amounts[index] if index < len(self.amounts) else None

    def amount_before(self, position: int) -> AmountMention | None:
        """The last sum that ends by a position."""
        index = bisect_right(self.amounts, position, key=lambda amount: amount.end) - 1
        return self.amounts[index] if index >= 0 else None

    def kommune_before(self, position: int) -> KommuneMention | None:
        """The last kommune that ends by a position."""
        index = bisect_right(self.kommuner, position, key=lambda kommune: kommune.end) - 1
        return self.kommuner[index] if index >= 0 else None


def end_of(text: str, kommune: KommuneMention) -> int:
    """Where a kommune's name ends, with the word "Kommune" that may follow the mention."""
    head = _HEAD.match(text, kommune.end)
    return head.end() if head else kommune.end


def is_genitive(kommune: KommuneMention) -> bool:
    """Whether something of the kommune is named: "Vejle Kommunes museer"."""
    return kommune.surface.lower().endswith(_GENITIVES)


def enumerations(sentence: Sentence) -> list[list[KommuneMention]]:
    """The kommuner of a sentence, those joined by commas and "og" together."""
    runs: list[list[KommuneMention]] = []
    for kommune in sentence.kommuner:
        if runs and _JOINT.fullmatch(sentence.text, end_of(sentence.text, runs[-1][-1]), kommune.start):
            runs[-1].append(kommune)
        else:
            runs.append([kommune])
    return runs


@cache
def phrase(kind: str) -> re.Pattern[str]:
    """Any of the words of a kind in the lexicon's `grant_words.tsv`, in lower case or with a capital."""
    words = sorted((word for word, of_kind in read_rows("grant_words.tsv") if of_kind == kind), key=len, reverse=True)
    initials = sorted({word.lstrip("*")[0] for word in words})
    groups = {initial: [_rest(word) for word in words if word.lstrip("*")[0] == initial] for initial in initials}
    return re.compile("|".join(f"[{one}{one.upper()}](?:{'|'.join(rests)})" for one, rests in groups.items()))


def _rest(word: str) -> str:
    """The pattern of words behind their first letter; a star before or behind them allows letters on that side."""
    rest = GAP.join(map(re.escape, word.strip("*").split(" ")))[1:]
    before = "" if word.startswith("*") else r"(?<!\w.)"
    return f"{before}{rest}" if word.endswith("*") else rf"{before}{rest}(?!\w)"
