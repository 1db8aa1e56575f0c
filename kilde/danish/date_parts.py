"""Parts of a year: seasons, quarters, halves, ISO weeks, and primo, medio and ultimo."""

from __future__ import annotations

import re

from kilde.danish.date_periods import Moment
from kilde.danish.date_readings import Candidate, Reading, full_year, is_range
from kilde.danish.date_words import counts, lead_before, months, seasons
from kilde.danish.mentions import Grain

_NUMBER = re.compile(r"[0-9]{1,2}\.?")
_WORD = re.compile(r"\w+")
_ORDINALS = {"første": 1, "anden": 2, "andet": 2, "tredje": 3, "fjerde": 4, "sidste": 0}
_THIRDS = {"primo": 1, "medio": 2, "ultimo": 3}


def read_numbered_parts(reading: Reading) -> list[Candidate]:
    """`1. kvartal 2024`, `3. og 4. kvartal 2023`, `2. halvår`."""
    year, end = reading.tail_year("parts_y", "parts_u")
    grain = Grain.HALF if reading.match["parts_u"].lower().startswith("halv") else Grain.QUARTER
    written = _NUMBER.finditer(reading.text, reading.match.start("parts_l"), reading.match.end("parts_l"))
    members = [(int(found.group().rstrip(".")), found.start(), found.end()) for found in written]
    return _row(reading, grain, year, members, end)


def read_ordinal_parts(reading: Reading) -> list[Candidate]:
    """`første kvartal 2024`, `andet halvår`; `sidste` needs a year, or it is a relative word."""
    unit = reading.match["ordinal_u"].lower()
    year, end = reading.tail_year("ordinal_y", "ordinal_u")
    grain = Grain.QUARTER if unit == "kvartal" else Grain.HALF
    words = _WORD.finditer(reading.text, reading.match.start("ordinal_l"), reading.match.end("ordinal_l"))
    listed = [
        (_ORDINALS[word.group().lower()], word.start(), word.end())
        for word in words
        if word.group().lower() in _ORDINALS
    ]
    if year is None and any(not number for number, *_ in listed):
        return reading.refused("relative")
    final = 4 if grain is Grain.QUARTER else 2
    return _row(reading, grain, year, [(number or final, start, stop) for number, start, stop in listed], end)


def read_lettered_parts(reading: Reading) -> list[Candidate]:
    """`Q2 2021`, `Q1-Q3 2021`, `H1 2021`; without a year only a quarter."""
    year, end = reading.tail_year("letter_y", "letter_b" if reading.match["letter_b"] else "letter_a")
    grain = Grain.QUARTER if reading.match["letter_u"].upper() == "Q" else Grain.HALF
    if grain is Grain.HALF and year is None:
        return []
    members = [(int(reading.match["letter_a"]), reading.match.start(), reading.match.end("letter_a"))]
    if reading.match["letter_b"]:
        members.append((int(reading.match["letter_b"]), reading.match.end("letter_j"), reading.match.end("letter_b")))
    return _row(reading, grain, year, members, end)


def read_year_first(reading: Reading) -> list[Candidate]:
    """`2021-Q2`."""
    moment = Moment(Grain.QUARTER, int(reading.match["first_y"]), int(reading.match["first_q"]))
    return reading.single(moment, "quarter")


def read_weeks(reading: Reading) -> list[Candidate]:
    """`uge 14, 2022`, `ugerne 14-16`, `uge 7 og 8`; in `uge 7 - 15 deltagere` the last number counts something."""
    year, end = reading.tail_year("weeks_y", "weeks_l")
    written = _NUMBER.finditer(reading.text, reading.match.start("weeks_l"), reading.match.end("weeks_l"))
    members = [(int(found.group().rstrip(".")), found.start(), found.end()) for found in written]
    members[0] = (members[0][0], reading.match.start(), members[0][2])
    if year is None and counts(reading.text, end):
        members, end = members[:1], members[0][2]
    return _row(reading, Grain.WEEK, year, members, end)


def _row(
    reading: Reading, grain: Grain, year: int | None, members: list[tuple[int, int, int]], end: int
) -> list[Candidate]:
    """A list of numbered parts of one year: number, start and end of each; a dash makes two of them one period."""
    found: list[Candidate] = []
    for index, (number, start, stop) in enumerate(members):
        stop = end if index + 1 == len(members) else stop
        moment = Moment(grain, year, number)
        link = reading.text[members[index - 1][2] : start] if index else ""
        if link and found[-1].last is None and is_range(link, lead_before(reading.text, members[0][1])):
            found[-1] = Candidate(found[-1].start, stop, _earlier(found[-1].first, number), moment, f"{grain}s_range")
        else:
            found.append(Candidate(start, stop, moment, None, str(grain)))
    return found


def _earlier(moment: Moment, number: int) -> Moment:
    """`uge 52-1 2022` begins the year before."""
    if moment.year is not None and moment.number > number:
        return moment._replace(year=moment.year - 1)
    return moment


def read_seasons(reading: Reading) -> list[Candidate]:
    """`efterår 2019`, `vinteren 2020/21`, `foråret og sommeren 2021`; without a year only a definite form."""
    written, second = reading.match["seasons_y"], reading.match["seasons_b"]
    year = None if written is None else full_year(written, reading.pivot)
    words = _WORD.finditer(reading.text, reading.match.start("seasons_l"), reading.match.end("seasons_l"))
    listed = [word for word in words if word.group().lower() in seasons()]
    if year is None and not _stands_alone(reading, listed):
        return reading.refused("bare_season")
    found: list[Candidate] = []
    for index, word in enumerate(listed):
        stop = reading.match.end() if index + 1 == len(listed) else word.end()
        moment = Moment(Grain.SEASON, year, seasons()[word.group().lower()])
        link = reading.text[listed[index - 1].end() : word.start()] if index else ""
        if link and found[-1].last is None and is_range(link, lead_before(reading.text, listed[0].start())):
            found[-1] = Candidate(
                found[-1].start, stop, _earlier(found[-1].first, moment.number), moment, "seasons_range"
            )
        else:
            found.append(Candidate(word.start(), stop, moment, None, "season"))
    if second and len(found) == 1 and found[0].first.number != 12 and year is not None:
        last = Moment(Grain.SEASON, full_year(second, reading.pivot), found[0].first.number)
        found[0] = Candidate(found[0].start, found[0].end, found[0].first, last, "seasons_range")
    return found


def _stands_alone(reading: Reading, listed: list[re.Match[str]]) -> bool:
    """`i foråret`, `efterårets`; of the indefinite forms only `i sommer` and the like are dates, and relative ones."""
    if reading.text[reading.match.end() : reading.match.end() + 1] == "-":
        return False
    return listed[-1].group().lower().removesuffix("s").endswith(("et", "en"))


def read_third(reading: Reading) -> list[Candidate]:
    """`primo marts 2020`, `medio august`, `ultimo 2022`."""
    third = _THIRDS[reading.match["third_w"].lower()]
    if reading.match["third_o"]:
        return reading.single(Moment(Grain.PART, int(reading.match["third_o"]), 0, third), "part")
    year, end = reading.tail_year("third_y", "third_n")
    month = months()[reading.match["third_n"].rstrip(".").lower()]
    return reading.single(Moment(Grain.PART, year, month, third), "part", end)
