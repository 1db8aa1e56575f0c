"""Which kommune of a sentence is given which sum: the ways in which Danish says so, and what makes it no grant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kilde.danish.folding import DASH, GAP
from kilde.danish.grant_sentence import Sentence, end_of, enumerations, is_genitive, phrase
from kilde.danish.mentions import AmountMention, KommuneMention

REACH = 120
"""Characters between a kommune and the sum that it is given."""

VERB_REACH = 45
"""Characters between a kommune and the verb that it is the subject of."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A kommune, what it is given, and the rule that says so."""

    kommune: KommuneMention
    amount: AmountMention
    rule: str


_BRACKET = re.compile(rf"{GAP}\({GAP}[^()0-9]{{0,24}}")
_BULLET = re.compile(rf"(?:[•*·▪◦‣]|{DASH}|[0-9]{{1,2}}[.)])?{GAP}")
_AFTER_NAME = re.compile(rf"{GAP}(?:[:,–—-]{GAP}[^0-9:;,]{{0,24}})?")
_COLON = re.compile(rf"{GAP}:{GAP}[^0-9:;,]{{0,24}}")
_IS_OF = re.compile(rf"{GAP}(?:(?:er|var|bliver|blev|udgør|lyder){GAP})?(?:på{GAP})?(?:[^\W\d_]{{2,8}}\.?{GAP})?")
_RESPECTIVELY = re.compile(r"\b(?:henholdsvis|hhv)\b")
_EACH = re.compile(r"\bhver(?:t|især)?\b")
_TO = re.compile(rf"(?:{GAP}[^\W\d_]+){{0,3}}?{GAP}til{GAP}(?:(?:de|kommunerne|hver af){GAP})?")
_AND = re.compile(rf"(?:,|\b(?:og|samt)){GAP}(?:(?:ca\.|yderligere){GAP})?\Z")
_PREPOSITION = re.compile(rf"(?<!\w)(?:i|fra|ved|på|omkring|nær|uden for|mod|hos|under|for|af){GAP}\Z", re.IGNORECASE)
_BEFORE = re.compile(rf"{GAP}(?:(?:også|nu|derfor|så|i år|dermed|desuden){GAP})?\Z")


def in_brackets(sentence: Sentence) -> Iterator[Pair]:
    """Aarhus (2,5 mio. kr.), Vejle (1 mio. kr.)."""
    for kommune in sentence.kommuner:
        end = end_of(sentence.text, kommune)
        amount = sentence.amount_after(end)
        if amount is not None and _BRACKET.fullmatch(sentence.text, end, amount.start):
            yield Pair(kommune, amount, "in_brackets")


def on_a_line(sentence: Sentence) -> Iterator[Pair]:
    """Aarhus Kommune: 2,5 mio. kr.; Vejle Kommune: 1 mio. kr."""
    for names in enumerations(sentence):
        end = end_of(sentence.text, names[0])
        amount = sentence.amount_after(end)
        if len(names) > 1 or amount is None:
            continue
        first = _BULLET.fullmatch(sentence.text, sentence.start, names[0].start) is not None
        if (_AFTER_NAME if first else _COLON).fullmatch(sentence.text, end, amount.start):
            yield Pair(names[0], amount, "line")


def after_a_noun(sentence: Sentence) -> Iterator[Pair]:
    """Tilskuddet til Vejle Kommune er på 2 mio. kr."""
    for names in enumerations(sentence):
        end = end_of(sentence.text, names[0])
        amount = sentence.amount_after(end)
        if len(names) > 1 or amount is None or not _IS_OF.fullmatch(sentence.text, end, amount.start):
            continue
        if _verb_before(sentence, names[0], "noun"):
            yield Pair(names[0], amount, "noun")


def respectively(sentence: Sentence) -> Iterator[Pair]:
    """Aarhus og Vejle får henholdsvis 2 og 3 mio. kr."""
    mark = _RESPECTIVELY.search(sentence.text, sentence.start, sentence.end)
    if mark is None or not _speaks_of_giving(sentence):
        return
    amounts = [amount for amount in sentence.amounts if amount.start >= mark.end()]
    for names in enumerations(sentence):
        if len(names) > 1 and len(names) == len(amounts):
            yield from (Pair(kommune, amount, "respectively") for kommune, amount in zip(names, amounts, strict=True))
            return


def for_each(sentence: Sentence) -> Iterator[Pair]:
    """Aarhus og Vejle får hver 2 mio. kr."""
    if len(sentence.amounts) != 1 or not _speaks_of_giving(sentence):
        return
    if not _EACH.search(sentence.text, sentence.start, sentence.end):
        return
    names = max(enumerations(sentence), key=len, default=[])
    if len(names) > 1:
        yield from (Pair(kommune, sentence.amounts[0], "each") for kommune in names)


def to_a_recipient(sentence: Sentence) -> Iterator[Pair]:
    """Der er givet 500.000 kr. til Vejle Kommune."""
    for names in enumerations(sentence):
        amount = sentence.amount_before(names[0].start)
        if len(names) > 1 or amount is None or is_genitive(names[0]):
            continue
        if not _TO.fullmatch(sentence.text, amount.end, names[0].start):
            continue
        start = max(sentence.start, amount.start - 3 * REACH)
        if amount.start == sentence.start or phrase("gives").search(sentence.text, start, amount.end):
            yield Pair(names[0], amount, "to")


def as_subject(sentence: Sentence) -> Iterator[Pair]:
    """Vejle Kommune får 2 mio. kr.; i maj fik Vejle Kommune 2 mio. kr.; staten giver Vejle Kommune 2 mio. kr."""
    alone = {names[0].start for names in enumerations(sentence) if len(names) == 1}
    last: Pair | None = None
    for amount in sentence.amounts:
        kommune = sentence.kommune_before(amount.start)
        if kommune is None or kommune.start not in alone or is_genitive(kommune):
            continue
        rule = _receives(sentence, kommune, amount, last)
        if rule is not None:
            last = Pair(kommune, amount, rule)
            yield last


def _receives(sentence: Sentence, kommune: KommuneMention, amount: AmountMention, last: Pair | None) -> str | None:
    end = end_of(sentence.text, kommune)
    between = sentence.amount_before(amount.start)
    if between is not None and between.start >= end:
        return _goes_on(sentence, between, amount, last)
    if amount.start - end > REACH or _PREPOSITION.search(
        sentence.text, max(sentence.start, kommune.start - 12), kommune.start
    ):
        return None
    verb = phrase("receives").search(sentence.text, end, min(amount.start, end + VERB_REACH))
    if verb is not None:
        return "subject"
    if _verb_before(sentence, kommune, "receives") or _is_given(sentence, kommune):
        return "object"
    if last is not None and not sentence.text[end : amount.start].strip():
        return "ellipsis"
    return None


def _goes_on(sentence: Sentence, between: AmountMention, amount: AmountMention, last: Pair | None) -> str | None:
    """The second sum of "får 2 mio. kr. til stier og 1 mio. kr. til broer"."""
    if last is None or last.amount is not between:
        return None
    return "and" if _AND.search(sentence.text, max(between.end, amount.start - 16), amount.start) else None


def _verb_before(sentence: Sentence, kommune: KommuneMention, kind: str) -> re.Match[str] | None:
    """The words of that kind that stand right before a kommune."""
    start = max(sentence.start, kommune.start - VERB_REACH)
    for verb in phrase(kind).finditer(sentence.text, start, kommune.start):
        if _BEFORE.fullmatch(sentence.text, verb.end(), kommune.start):
            return verb
    return None


def _is_given(sentence: Sentence, kommune: KommuneMention) -> bool:
    """Whether a funder gives to the kommune: "Ministeriet har givet Vejle Kommune 2 mio. kr."."""
    verb = _verb_before(sentence, kommune, "gives")
    start = max(sentence.start, kommune.start - REACH)
    return verb is not None and phrase("funder").search(sentence.text, start, verb.start()) is not None


def _speaks_of_giving(sentence: Sentence) -> bool:
    return any(phrase(kind).search(sentence.text, sentence.start, sentence.end) for kind in ("receives", "gives"))


Rule = Callable[[Sentence], Iterator[Pair]]

RULES: tuple[Rule, ...] = (
    in_brackets,
    on_a_line,
    after_a_noun,
    respectively,
    for_each,
    to_a_recipient,
    as_subject,
)
"""Tried in this order; a sum that one rule has given away is not given again by a later one."""

_TOTAL_GAP = re.compile(rf"{GAP}(?:\w{{2,10}}\.?{GAP})?")
_RATE = re.compile(rf"{GAP}(?:(?:pr\.?|per){GAP}(?!år|måned|kvartal)|/{GAP}(?!år))")
_LESS = re.compile(rf"{GAP}(?:mindre|færre|for lidt|i minus|i underskud)(?!\w)")


def refusal(sentence: Sentence, pair: Pair) -> str | None:
    """The name of the rule that refuses a pair, or None."""
    for name, refuses in _REFUSALS:
        if refuses(sentence, pair):
            return name
    return None


def _is_total(sentence: Sentence, pair: Pair) -> bool:
    """A total is nobody's, unless its one sentence has one kommune as the subject and no other sum."""
    if len(sentence.kommuner) == 1 and len(sentence.amounts) == 1 and pair.rule == "subject":
        return False
    start = max(sentence.start, pair.amount.start - 32)
    before = any(
        _TOTAL_GAP.fullmatch(sentence.text, total.end(), pair.amount.start)
        for total in phrase("total").finditer(sentence.text, start, pair.amount.start)
    )
    after = phrase("total").match(sentence.behind(pair.amount.end, 16).lstrip())
    return before or after is not None


def _is_rate(sentence: Sentence, pair: Pair) -> bool:
    """ "500 kr. pr. elev"."""
    return _RATE.match(sentence.text, pair.amount.end) is not None


def _is_cost(sentence: Sentence, pair: Pair) -> bool:
    """What is spent, owed, saved or missing: "får en regning på 2 mio. kr.", "får 2 mio. kr. mindre"."""
    first, last = sorted(((pair.kommune.start, pair.kommune.end), (pair.amount.start, pair.amount.end)))
    start = max(sentence.start, first[0] - VERB_REACH) if pair.rule in ("to", "object") else first[0]
    if _LESS.match(sentence.text, pair.amount.end):
        return True
    return phrase("cost").search(sentence.text, start, last[0]) is not None


def _is_not(sentence: Sentence, pair: Pair) -> bool:
    """ "får ikke", "har søgt om"."""
    first = min(pair.kommune.start, pair.amount.start)
    last = max(pair.kommune.start, pair.amount.start)
    return phrase("not").search(sentence.text, max(sentence.start, first - 20), last) is not None


_REFUSALS: tuple[tuple[str, Callable[[Sentence, Pair], bool]], ...] = (
    ("total", _is_total),
    ("rate", _is_rate),
    ("cost", _is_cost),
    ("negated", _is_not),
)
