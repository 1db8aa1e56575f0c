"""The work of finding dates grows as the text does, on any text, and is bounded on hostile ones.

Clocks are only asked for the ratio of two sizes, and for a bound that is far from what is measured.
"""

from __future__ import annotations

import pytest

from kilde.danish.dates import DateContext, find_dates
from kilde.danish.mentions import PartialDate
from tests.timing import least_seconds

PROSE = (
    "Kommunerne har i samarbejde med styrelsen gennemført et projekt, hvor borgere med behov for støtte får hjælp til "
    "at finde arbejde. Den 12. marts 2020 deltog 80 medarbejdere i en temadag, og i løbet af september måned holdes "
    "der møder i hele landet. Puljen er på 7 mio. kr. i 2021.\n\n"
)

HOSTILE = [
    "0123456789",
    "1.1.1.1.",
    "1,",
    "12. ",
    "12 ",
    "12, ",
    "12 og ",
    "maj ",
    "i maj ",
    "i ",
    "2020 ",
    "2020-",
    "1/4 ",
    "den 12. marts ",
    "12. marts 2020 til ",
    "12. marts 2020\n",
    "kommuner og ",
    "uge 1, 2, ",
    "første ",
    "\u00ad",
    "\n",
    "- ",
    " ",
    "x",
]
CONTEXT = DateContext(("Træf 2019",), "Nyt 2020", PartialDate(2020, 2, 1))


def seconds(text: str) -> float:
    """What a text takes."""
    return least_seconds(lambda: find_dates(text, CONTEXT))


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_work_grows_with_the_text(piece: str) -> None:
    small = piece * (20_000 // len(piece))
    assert seconds(small * 4) <= 10 * seconds(small) + 0.02


@pytest.mark.parametrize("piece", ["0123456789", "1.1.1.1.", "1,", "12. ", "maj ", "12 ", "kommuner og "], ids=repr)
def test_hostile_text_takes_at_most_twice_the_time_of_prose(piece: str) -> None:
    size = 400_000
    prose = seconds(PROSE * (size // len(PROSE)))
    assert seconds(piece * (size // len(piece))) <= 2 * prose
