"""What names of kommuner with nothing but joints between them stand for: the authorities or the places.

Each rule takes what is before and after an enumeration and answers with a verdict on all of it, or None where it has
nothing to say. `VERDICTS` has the rules in the order in which they are asked; the last one always answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from kilde.danish.folding import BLANK
from kilde.danish.gazetteer import traits
from kilde.danish.mentions import Role
from kilde.danish.place_words import is_office, words
from kilde.danish.sightings import Surroundings

Verdict = tuple[Role | None, str]
"""The role, None for no mention, and the rule."""

# A blank within a sentence, which may be where a line wraps.
_S = rf"(?:{BLANK}{{1,3}}+\n?{BLANK}{{0,3}}+|\n{BLANK}{{0,3}}+)"

_MONTHS = r"(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)"
_DATED = re.compile(
    rf"{BLANK}?[:,(–-]?{BLANK}{{0,2}}(?:den{_S}|d\.{_S}|(?:man|tirs|ons|tors|fre|lør|søn)dag|kl\.|uge{_S}\d"
    rf"|\d{{1,2}}\.?{_S}?{_MONTHS}|\d{{1,2}}[./-]\d{{1,2}}(?:[./-]|{BLANK}|\)|\n|\Z))",
    re.IGNORECASE,
)
_DAY_AHEAD = re.compile(rf"(?:{_MONTHS}(?:{_S}\d{{4}})?|kl\.{_S}?\d{{1,2}}(?:[.:]\d\d)?),?{_S}\Z", re.IGNORECASE)
_POSTCODE = re.compile(rf"(?<![\d.,])(?:DK-?)?[1-9]\d{{3}}(?:{BLANK}|\t){{1,3}}\Z")

_MONEY = rf"(?:ca\.{_S})?(?:kr\.{_S}?)?\d[\d.,]{{0,15}}{_S}?(?:mio|mia|mill|kr|t\.?kr|DKK|pct|%)"
_AMOUNT_AFTER = re.compile(rf"{_S}?[(:]{_S}?{_MONEY}")
_AMOUNT_NEXT = re.compile(rf"{_S}((?:på|med){_S})?{_MONEY}")
_AMOUNT_TO = re.compile(
    rf"(?:kr\.|kroner|mio\.|mia\.|millioner|milliarder){_S}(?:gik{_S}|går{_S})?"
    rf"til{_S}(?:(?:henholdsvis|hhv\.|både){_S})?\Z"
)
_ROW_MARK = re.compile(
    rf":|{BLANK}{{0,2}}[(–—]|{BLANK}-{BLANK}|{BLANK}{{3}}|;|,{BLANK}?(?:{_MONEY}|\d[\d.]{{3,}})"
    rf"|{BLANK}{{1,2}}(?:kr\.{BLANK}?)?\d[\d.,]*(?:{BLANK}|[\t\n]|\Z)"
)
# "Faxe Fritidspas til unge 500.000": a row of a table that lost its tabs.
_ROW_END = re.compile(
    r"[^\n\t.!?;]{1,120}(?<![\w.,])\d(?:[\d.,]{0,14}\d)?(?: ?(?:mio\.? |t\.?)?(?:kr\.?|kroner))?[ \t]{0,4}(?:\n|\Z)"
)

# Marks that a sentence which goes on from the line before may have as well.
_DASHES_AND_PARENTHESES = ("(", "–", "—", "-")

# "AARHUS: Rådhuset ...", "Aarhus: Rådhuset ... (a long line)", as newspapers begin.
_ARTICLE = re.compile(
    rf"[A-ZÆØÅ]{{2,}}(?:[- ][A-ZÆØÅ]{{2,}})?:{BLANK}{{1,3}}[^\W\d]|[^\s:]{{1,20}}:{BLANK}{{1,3}}[^\W\d][^\n]{{100}}"
)

_ONE_AFTER = re.compile(rf"{_S}\w{{2,20}}{_S}man\b")
_ONE_AHEAD = re.compile(rf"(?:\bman{_S}\w{{2,20}}|\w{{2,20}}{_S}man){_S}(?:bl\.a\.{_S})?i{_S}\Z")
_NUMBER_AFTER = re.compile(rf"{_S}\d")
_PARTNER = re.compile(
    rf"(?:samarbejd|aftale|sammen|dialog|partnerskab|kontrakt)\w{{0,6}}{_S}(?:\w{{1,20}}{_S})?med{_S}\Z"
)
_TAKES_PART = re.compile(
    rf"{_S}(?:er|var|bliver|blev){_S}(?:(?:også|nu|alle|begge){_S})?(?:med|vært|klar|enig|blandt|gået|udvalgt|valgt"
    r"|udpeget|tildelt|bevilget|begyndt|parat|positiv|imod|en af de|et af de|[^.,;:\n]{1,50}\bkommuner?\b)"
)
_WHO = re.compile(rf",?{_S}(?:der|som){_S}(\w{{1,30}})")

_MODAL = frozenset({"kan", "må", "kunne", "måtte"})
_ELLIPSIS = 80
"""Code points between "i Faxe har man 12" and "i Køge 9"."""


def judge(around: Surroundings) -> Verdict:
    """The first answer of the rules."""
    for rule in VERDICTS:
        verdict = rule(around)
        if verdict is not None:
            return verdict
    return Role.PLACE, "bare_name"


def _ahead(around: Surroundings, pattern: re.Pattern[str], reach: int) -> bool:
    """Whether the pattern, which ends at the name, is found in the last code points before it."""
    return pattern.search(around.text, max(0, around.start - reach), around.start) is not None


def _office(around: Surroundings) -> Verdict | None:
    """The mayor and the council stand for the authority: `borgmester Ida Holm (S) i Køge`, `Vejles nye borgmester`."""
    if _is_held(around.words_ahead):
        return Role.AUTHORITY, "office"
    reach = 3 if around.enumeration.members[-1].name.genitive else 1
    for word in around.words_after[:reach]:
        if is_office(word.rstrip(".,:;)")) and around.next_word:
            return Role.AUTHORITY, "office"
        if not word.islower():
            break
    return None


def _is_held(words_ahead: list[str]) -> bool:
    """Whether an office, perhaps with its holder's name and party, stands before "i", "fra" or a comma."""
    position = len(words_ahead) - 1
    if position < 0:
        return False
    if words_ahead[position].lower() in ("i", "fra", "for", "på", "hos"):
        position -= 1
    elif not words_ahead[position].endswith(","):
        return False
    for taken in range(6):
        if position < 0:
            return False
        word = words_ahead[position].rstrip(",")
        if is_office(word):
            return True
        if not (word[:1].isupper() or word[:1] == "(") or (taken and words_ahead[position][-1] in ".:;!?"):
            return False
        position -= 1
    return False


def _recipient(around: Surroundings) -> Verdict | None:
    """A name with an amount: `Faxe (2,5 mio. kr.)`, `1 mio. kr. til Faxe`, `Faxe 1 mio. kr.`."""
    if _AMOUNT_AFTER.match(around.after) or _ahead(around, _AMOUNT_TO, 50):
        return Role.AUTHORITY, "recipient"
    next_to = _AMOUNT_NEXT.match(around.after)
    if next_to is None or (around.governor in words("preposition") and not (next_to[1] and around.governor == "til")):
        return None
    return Role.AUTHORITY, "recipient"


def _address(around: Surroundings) -> Verdict | None:
    """A town in an address or a programme: `8000 Aarhus C`, `Faxe, den 4. maj`, `den 4. maj Faxe`."""
    if around.ahead[-2:-1].isalnum() or around.ahead[-2:-1] in (".", ","):
        if _ahead(around, _POSTCODE, 16):
            return Role.PLACE, "address"
        if _ahead(around, _DAY_AHEAD, 30):
            return Role.PLACE, "dateline"
    return (Role.PLACE, "dateline") if _DATED.match(around.after) else None


def _cell(around: Surroundings) -> Verdict | None:
    """A name that is a line or a cell by itself: `• Faxe`, a column of names."""
    if not around.begins_cell or not around.ends_cell or _ahead(around, _POSTCODE, 16):
        return None
    wraps = around.continues_line and around.governor in words("preposition")
    return None if wraps else (Role.AUTHORITY, "cell")


def _row(around: Surroundings) -> Verdict | None:
    """A name that begins a line or a cell: `Faxe: 3 skoler`."""
    if not around.begins_cell or (around.continues_line and around.governor in words("preposition")):
        return None
    if _ARTICLE.match(around.text, around.start):
        return Role.PLACE, "dateline"
    mark = _ROW_MARK.match(around.after)
    if mark:
        weak = around.continues_line and mark.group().strip()[:1] in _DASHES_AND_PARENTHESES
        return None if weak else (Role.AUTHORITY, "row")
    whole = not around.continues_line and _ROW_END.match(around.text, around.end)
    return (Role.AUTHORITY, "row") if whole else None


def _common_noun(around: Surroundings) -> Verdict | None:
    """`Vejen`, `Skive`, `Greve`, `Odder` at the start of a sentence are nouns, unless they act as a kommune does."""
    members = around.enumeration.members[:4]
    marks = [traits().get(each.name.known.code, frozenset()) for each in members if not each.name.known.headed]
    if not all("noun" in each for each in marks) or not around.begins_sentence:
        return None
    if around.governor in words("preposition"):
        return None
    acts = around.next_word in words("acting") and around.next_word not in _MODAL
    return None if acts and not any("road" in each for each in marks) else (None, "common_noun")


def _one_does(around: Surroundings) -> Verdict | None:
    """`I Faxe har man ...`: "man" are those who decide there; also of the next ones, `og i Køge 9`."""
    if around.governor != "i":
        return None
    if _ONE_AFTER.match(around.after) or _ahead(around, _ONE_AHEAD, 60):
        return Role.AUTHORITY, "one_does"
    rule, end = around.previous
    if rule != "one_does" or around.start - end > _ELLIPSIS or "\n\n" in around.text[end : around.start]:
        return None
    return (Role.AUTHORITY, "one_does") if _NUMBER_AFTER.match(around.after) else None


def _partner(around: Surroundings) -> Verdict | None:
    """`i samarbejde med Faxe`: one works together with an authority."""
    return (Role.AUTHORITY, "partner") if around.governor == "med" and _ahead(around, _PARTNER, 70) else None


def _areas(around: Surroundings) -> Verdict | None:
    """Several names, and no town has one of them, so that kommuner are meant: `i enten Favrskov eller Odder`."""
    members = around.enumeration.members
    for each in members[:8] if len(members) > 1 else ():
        if not each.name.known.headed and "area" in traits().get(each.name.known.code, ()):
            return Role.AUTHORITY, "areas"
    return None


def _route(around: Surroundings) -> Verdict | None:
    """`toget Faxe-Køge`: from one to the other."""
    return (Role.PLACE, "route") if around.enumeration.members[0].dashed else None


def _preposition(around: Surroundings) -> Verdict | None:
    """`i Faxe`, `fra Faxe og Køge`: where something is."""
    return (Role.PLACE, "preposition") if around.governor in words("preposition") else None


def _acts(around: Surroundings) -> Verdict | None:
    """`Faxe har søgt`, `derfor vil Faxe`, `Faxe, der deltager`: who acts is the authority."""
    if around.next_word in words("acting") or _TAKES_PART.match(around.after):
        return Role.AUTHORITY, "acts"
    who = _WHO.match(around.after)
    if who and who[1] in words("acting"):
        return Role.AUTHORITY, "acts"
    return (Role.AUTHORITY, "acts") if around.governor in words("acting") else None


VERDICTS: tuple[Callable[[Surroundings], Verdict | None], ...] = (
    _cell,
    _office,
    _recipient,
    _address,
    _row,
    _common_noun,
    _one_does,
    _partner,
    _areas,
    _route,
    _preposition,
    _acts,
)
