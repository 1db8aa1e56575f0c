"""Kommuner and what they are given: by a sentence ("Vejle Kommune får 2 mio. kr."), by a line, by a table's row.

In go a text, the kommuner and the amounts found in it. What kommuner spend, save, budget or give away is no grant, and
a total is never given to one of them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from kilde.danish.amount_units import PERCENT
from kilde.danish.grant_clauses import find_period, find_purpose
from kilde.danish.grant_rules import RULES, Pair, refusal
from kilde.danish.grant_sentence import Sentence, end_of
from kilde.danish.mentions import AmountMention, GrantMention, KommuneMention, Rejected, Role
from kilde.danish.text import sentence_at, sentences

MAX_SENTENCE = 600
"""Characters: of a longer sentence (a list of all kommuner) the span of a grant is only its kommune and its sum."""

_TIMES = re.compile(r"[0-9]\s?(?:[x×*]|gange)\s?\Z")
"""Before a sum that is given several times: "2x500.000 kr." is no grant of 500.000 kr."""

Mention = TypeVar("Mention", KommuneMention, AmountMention)


def find_grants(
    text: str,
    kommuner: Sequence[KommuneMention],
    amounts: Sequence[AmountMention],
    rejected: list[Rejected] | None = None,
) -> list[GrantMention]:
    """The grants that sentences of a text give, in its order; each has its sentence for a span. Never raises.

    `kommuner` and `amounts` are those found in the text. Institutions and percentages are given nothing.
    """
    found: list[GrantMention] = []
    single = [it for it in amounts if not _TIMES.search(text, max(0, it.start - 8), it.start)]
    for sentence in _sentences(text, kommuner, single):
        pairs = _pairs(sentence, rejected)
        starts = sorted({*(amount.start for amount in sentence.amounts), *(pair.kommune.start for pair in pairs)})
        found += [_grant(sentence, pair, starts, only=len(pairs) == 1) for pair in pairs]
    return found


def row_grants(
    kommuner: Sequence[KommuneMention],
    amounts: Sequence[AmountMention],
    purpose: str | None,
    period: str | None,
    start: int,
    end: int,
    surface: str,
) -> list[GrantMention]:
    """The grants of a table's row: `kommuner` and `amounts` are those of its columns of recipients and of sums.

    One kommune is given each of the row's sums; as many kommuner as sums are paired in their order. Kommuner that share
    a sum are given nothing, nor is anybody in a row that is a total.
    """
    names = _apart(mention for mention in kommuner if mention.role is not Role.INSTITUTION)
    sums = _sums(amounts)
    if _TOTAL_ROW.match(surface):
        return []
    if len(names) == 1:
        pairs = [(names[0], amount) for amount in sums]
    else:
        pairs = list(zip(names, sums, strict=True)) if len(names) == len(sums) else []
    return [
        GrantMention(start, end, surface, name.code, it.value, it.value_to, it.unit, purpose, period, "row")
        for name, it in pairs
    ]


_TOTAL_ROW = re.compile(r"\s*(?:i alt|ialt|total|totalt|sum|samlet|hovedtotal|subtotal)\b", re.IGNORECASE)


def _apart(kommuner: Iterable[KommuneMention]) -> list[KommuneMention]:
    """The kommuner without repeats: a row may name its kommune in the recipient and in the project."""
    return list({mention.code: mention for mention in reversed(list(kommuner))}.values())[::-1]


def _sums(amounts: Iterable[AmountMention]) -> list[AmountMention]:
    return [amount for amount in amounts if amount.unit != PERCENT and amount.value]


def _sentences(text: str, kommuner: Sequence[KommuneMention], amounts: Sequence[AmountMention]) -> Iterator[Sentence]:
    """The sentences with at least one kommune and one sum."""
    names = [mention for mention in kommuner if mention.role is not Role.INSTITUTION]
    sums = _sums(amounts)
    if not names or not sums:
        return
    spans = sentences(text)
    named, priced = _by_sentence(spans, names), _by_sentence(spans, sums)
    for span in sorted(named.keys() & priced.keys()):
        yield Sentence(text, *span, named[span], priced[span])


def _by_sentence(spans: Sequence[tuple[int, int]], mentions: Sequence[Mention]) -> dict[tuple[int, int], list[Mention]]:
    found: dict[tuple[int, int], list[Mention]] = {}
    for mention in sorted(mentions, key=lambda one: one.start):
        found.setdefault(sentence_at(spans, mention.start), []).append(mention)
    return found


def _pairs(sentence: Sentence, rejected: list[Rejected] | None) -> list[Pair]:
    """The pairs of a sentence that no rule refuses, in its order."""
    given: set[int] = set()
    found: list[Pair] = []
    for rule in RULES:
        pairs = [pair for pair in rule(sentence) if pair.amount.start not in given]
        given |= {pair.amount.start for pair in pairs}
        for pair in pairs:
            name = refusal(sentence, pair)
            if name is None:
                found.append(pair)
            elif rejected is not None:
                rejected.append(Rejected(pair.amount.start, pair.amount.end, pair.amount.surface, "grant", name))
    return sorted(found, key=lambda pair: (pair.amount.start, pair.kommune.start))


def _grant(sentence: Sentence, pair: Pair, starts: Sequence[int], *, only: bool) -> GrantMention:
    """The pair with its purpose and period, which end where the next kommune or sum of a pair begins."""
    text, amount, kommune = sentence.text, pair.amount, pair.kommune
    after = end_of(text, kommune) if pair.rule == "to" else amount.end
    if pair.rule == "respectively":
        after = sentence.amounts[-1].end  # what is said behind the last sum is said of all
    index = bisect_left(starts, after)
    end = starts[index] if index < len(starts) else sentence.end
    start, stop = sentence.start, sentence.end
    period = find_period(text, after, min(end, after + MAX_SENTENCE))
    if stop - start > MAX_SENTENCE:
        start, stop = min(kommune.start, amount.start), max(kommune.end, amount.end)
    elif only and period is None:
        period = find_period(text, start, stop)
    return GrantMention(
        start=start,
        end=stop,
        surface=text[start:stop],
        code=kommune.code,
        value=amount.value,
        value_to=amount.value_to,
        unit=amount.unit,
        purpose=find_purpose(text, after, end),
        period=period,
        rule=pair.rule,
    )
