"""CPR numbers masked, their look-alikes not: a table, and 2,000 generated lines."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.cpr import BULLET, has_check_digit, mask_cpr
from tests.danish.tables import read_cases, spaced
from tests.timing import least_seconds


@pytest.mark.parametrize(("text", "expected", "reason"), read_cases("cpr.tsv"))
def test_a_line_is_masked(text: str, expected: str, reason: str) -> None:
    masked, spans = mask_cpr(spaced(text))
    assert masked == spaced(expected), reason
    assert len(spans) == expected.count(BULLET) // 10


def test_the_check_digit_is_that_of_the_cpr_office() -> None:
    assert has_check_digit("070761-4285")
    assert not has_check_digit("070761-4286")


# Lines are generated from a seed: what stands before a number, how it is written, what stands behind it.
NUMBERS = 1000
BEFORE = (
    *("CPR-nr. {}", "cpr.nr. {}", "Cpr {}", "CPR: {}", "Personnummer {}", "cprnr. {}", "Borgeren {} har søgt", "{}"),
    *("Vedrørende {}, født i Aarhus", "Navn: Jens Hansen ({})", "Sagen om {} er lukket", "Barnet {} begynder i skole"),
    *(
        "Ansøger\t{}\t2 mio. kr.",
        "• {}",
        "Mail fra {}: jeg vil gerne",
        "Ægteparret {} og hustru",
        "Elev {} og hans far",
    ),
)

SHAPES = ("{0}-{1}", "{0}-{1}", "{0}-{1}", "{0}{1}", "{0} {1}", "{0}–{1}", "{0} - {1}")


def cpr(chance: random.Random) -> str:
    """A made-up number: half of them pass modulus 11, as numbers of before 2007 do."""
    while True:
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(0, 99)
        number = f"{day:02}{month:02}{year:02}{chance.randint(0, 9999):04}"
        if has_check_digit(number) or chance.random() < 0.1:
            return chance.choice(SHAPES).format(number[:6], number[6:])


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def dated(chance: random.Random) -> str:
    """Ten digits that begin with a day, as the hardest look-alikes do."""
    return f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{digits(chance, 6)}"


LOOKALIKES: tuple[Callable[[random.Random], str], ...] = (
    lambda chance: f"Tlf. {digits(chance, 2)} {digits(chance, 2)} {digits(chance, 2)} {digits(chance, 2)}",
    lambda chance: f"Telefon: +45 {digits(chance, 8)}",
    lambda chance: f"Ring på {digits(chance, 4)} {digits(chance, 4)}",
    lambda chance: f"Mobil {dated(chance)}",
    lambda chance: f"Reg.nr. {digits(chance, 4)} konto {dated(chance)}",
    lambda chance: f"Kontonr. {digits(chance, 4)} {dated(chance)}",
    lambda chance: f"Overfør til {digits(chance, 4)}-{dated(chance)}",
    lambda chance: f"IBAN DK{digits(chance, 2)} {' '.join(digits(chance, 4) for _ in range(3))} {digits(chance, 2)}",
    lambda chance: f"IBAN: DK{digits(chance, 16)}",
    lambda chance: f"EAN {digits(chance, 13)}",
    lambda chance: f"EAN-nr.: 5798 {digits(chance, 3)} {digits(chance, 3)} {digits(chance, 3)}",
    lambda chance: f"CVR-nr. {digits(chance, 8)}",
    lambda chance: f"P-nr. 10{digits(chance, 8)}",
    lambda chance: f"Sagsnr. {chance.randint(15, 25)}/{digits(chance, 6)}",
    lambda chance: f"Sagsnr. {dated(chance)[:6]}-{digits(chance, 4)}",
    lambda chance: f"Journalnr. 20{digits(chance, 2)}-{dated(chance)}",
    lambda chance: f"J.nr. {chance.randint(2010, 2025)}-{digits(chance, 4)}",
    lambda chance: f"Faktura nr. {dated(chance)}",
    lambda chance: f"Fakturanr.: {dated(chance)}",
    lambda chance: f"Ordrenummer {dated(chance)}",
    lambda chance: f"Kundenr. {dated(chance)}",
    lambda chance: (
        f"Betal {digits(chance, 1)}.{digits(chance, 3)}.{digits(chance, 3)} kr. den {chance.randint(1, 28)}.12.2024"
    ),
    lambda chance: f"Mødet er {chance.randint(1, 28):02}.{chance.randint(1, 12):02}.20{digits(chance, 2)} kl. 10.30",
    lambda chance: f"I perioden {chance.randint(2000, 2010)}-{chance.randint(2011, 2025)} kom {digits(chance, 4)} til",
    lambda chance: f"https://example.dk/sag/{dated(chance)}",
    lambda chance: f"Stregkode {digits(chance, 12)}",
    lambda chance: f"Varenr. {digits(chance, 6)}-{digits(chance, 5)}",
    lambda chance: f"ISBN 978-87-{digits(chance, 4)}-{digits(chance, 3)}-{digits(chance, 1)}",
    lambda chance: f"Arkivnøgle {digits(chance, 10)}",
    lambda chance: f"Målingen gav {digits(chance, 6)} {digits(chance, 4)}",
)


def test_of_2000_generated_lines_nearly_all_are_masked_rightly() -> None:
    chance = random.Random(20070101)
    owners = [chance.choice(BEFORE).format(cpr(chance)) for _ in range(NUMBERS)]
    others = [LOOKALIKES[index % len(LOOKALIKES)](chance) for index in range(NUMBERS)]
    hits = sum(len(mask_cpr(line)[1]) == 1 for line in owners)
    false = [line for line in others if mask_cpr(line)[1]]
    assert hits / NUMBERS >= 0.99
    assert hits / (hits + len(false)) >= 0.95, false


texts = st.one_of(st.text(), st.text(alphabet="0123456789-. /\u00ad\u00a0\nCPRkontosag", max_size=60))


@given(texts)
def test_masking_changes_digits_only_and_only_in_the_spans(text: str) -> None:
    masked, spans = mask_cpr(text)
    assert len(masked) == len(text)
    changed = [place for place, (one, other) in enumerate(zip(text, masked, strict=True)) if one != other]
    assert all(text[place] in "0123456789" and masked[place] == BULLET for place in changed)
    assert set(changed) == {place for start, end in spans for place in range(start, end) if text[place] in "0123456789"}
    assert all(sum(text[place] in "0123456789" for place in range(*span)) == 10 for span in spans)


@given(texts)
def test_nothing_is_left_to_mask(text: str) -> None:
    masked, _ = mask_cpr(text)
    assert mask_cpr(masked) == (masked, [])


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "1.1",
        "010190-1234 ",
        "0101901234",
        "1 ",
        "01 01 90 ",
        "konto ",
        "010190-12345 ",
        "010190-1234/",
        "\u00ad1",
        "cpr 1",
    ],
)
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    small, large = (least_seconds(partial(mask_cpr, text * times)) for times in (1, 8))
    assert large < 24 * small + 0.01
