"""Kommuner in a text: a table of texts, every name in every form, and what must always hold."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kilde.danish.kommuner import Kommune, kommuner
from kilde.danish.mentions import KommuneMention, Rejected, Role
from kilde.danish.place_words import given_names, words
from kilde.danish.places import find_kommuner
from tests.timing import least_seconds

ESCAPES = {"\\n": "\n", "\\t": "\t", "\\u00ad": "\u00ad"}
TABLE = Path(__file__).with_name("kommuner.tsv")


def read_table() -> list[tuple[str, str]]:
    """The rows of the table: text and expected mentions."""
    rows = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, expected, _origin = line.split("\t")
            for written, character in ESCAPES.items():
                text, expected = text.replace(written, character), expected.replace(written, character)
            rows.append((text, expected))
    return rows


ROWS = read_table()
TEXTS = [text for text, _ in ROWS]
WORDS = sorted({word for text in TEXTS for word in text.split()} | {"kommuner", "Kommune", ",", "og", "(", "•", ":"})


def shown(mentions: list[KommuneMention]) -> str:
    return ";".join(f"{each.code}:{each.role.value}:{each.surface}" for each in mentions) or "-"


def facts(mentions: list[KommuneMention]) -> list[tuple[str, Role, str, str | None]]:
    return [(each.code, each.role, " ".join(each.surface.split()), each.former) for each in mentions]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=range(len(ROWS)))
def test_a_text_of_the_table(text: str, expected: str) -> None:
    assert shown(find_kommuner(text)) == expected


def test_the_table_has_as_much_that_must_not_match() -> None:
    refused = sum(expected == "-" for _, expected in ROWS)
    assert len(ROWS) >= 300
    assert refused >= len(ROWS) // 2
    assert len(set(TEXTS)) == len(TEXTS)


FORMS = [
    ("Vi har fået svar fra {} Kommune.", "{} Kommune", Role.AUTHORITY),
    ("{} Kommunes svar er kommet.", "{} Kommunes", Role.AUTHORITY),
    ("{}s Kommune har svaret.", "{}s Kommune", Role.AUTHORITY),
    ("Sagen er sendt til {} Byråd i går.", "{} Byråd", Role.AUTHORITY),
    ("Borgmesteren i {} er tilfreds.", "{}", Role.AUTHORITY),
    ("• {}\n• {}\n", "{}", Role.AUTHORITY),
    ("Kommune\tBeløb\n{}\t250.000 kr.\n", "{}", Role.AUTHORITY),
    ("Det gælder kommunerne {}, Faxe og Køge.", "{}", Role.AUTHORITY),
    ("Det gælder Faxe, Køge, {} og Ishøj kommuner.", "{}", Role.AUTHORITY),
    ("Der blev givet 2,5 mio. kr. til {}.", "{}", Role.AUTHORITY),
    ("De mødtes i {} den 4. maj.", "{}", Role.PLACE),
    ("Familien flyttede fra {} i 2019.", "{}", Role.PLACE),
    ("Hun arbejder i Jobcenter {} nu.", "Jobcenter {}", Role.INSTITUTION),
    ("Han læser på {} Gymnasium.", "{} Gymnasium", Role.INSTITUTION),
]


@pytest.mark.parametrize(("form", "surface", "role"), FORMS)
@pytest.mark.parametrize("kommune", list(kommuner().values()), ids=lambda each: each.name)
def test_every_name_in_every_form(kommune: Kommune, form: str, surface: str, role: Role) -> None:
    for name in kommune.spellings:
        if "{}s" in form and name[-1] in "s.":
            continue
        found = [each for each in find_kommuner(form.replace("{}", name)) if each.code == kommune.code]
        assert found, name
        wanted = (surface.replace("{}", name).rstrip("."), role)
        assert wanted in {(each.surface.rstrip("."), each.role) for each in found}, name


@pytest.mark.parametrize("kommune", list(kommuner().values()), ids=lambda each: each.name)
def test_every_name_in_capitals(kommune: Kommune) -> None:
    text = f"{kommune.official.upper()} INVITERER"
    assert [(each.code, each.role) for each in find_kommuner(text)] == [(kommune.code, Role.AUTHORITY)]


REJECTED = [
    ("Vejen til job er lang.", "Vejen", "common_noun"),
    ("Kontoret ligger på Randersvej 4.", "Randersvej", "compound"),
    ("Det hedder Aarhus-modellen.", "Aarhus", "hyphen_compound"),
    ("Skibe på Vejle Fjord", "Vejle", "none_after"),
    ("Mette Greve taler.", "Greve", "person"),
    ("De bor i Ribe.", "Ribe", "no_kommune_of_today"),
]


@pytest.mark.parametrize(("text", "surface", "rule"), REJECTED)
def test_a_refused_candidate_says_why(text: str, surface: str, rule: str) -> None:
    rejected: list[Rejected] = []
    assert find_kommuner(text, rejected) == []
    assert [(each.surface, each.kind, each.rule) for each in rejected] == [(surface, "kommune", rule)]
    assert all(text[each.start : each.end] == each.surface for each in rejected)


def test_one_word_may_name_two() -> None:
    text = "Foreningen NæstvedFaxeErhverv holder møde."
    assert [(each.code, each.surface, each.role) for each in find_kommuner(text)] == [
        ("0370", "NæstvedFaxeErhverv", Role.INSTITUTION),
        ("0320", "NæstvedFaxeErhverv", Role.INSTITUTION),
    ]


def test_a_former_kommune_is_its_main_successor_and_says_itself() -> None:
    found = find_kommuner("Mariager Kommune og Odder Kommune")
    assert [(each.code, each.former) for each in found] == [("0846", "Mariager"), ("0727", None)]


def test_the_word_lists_hold_what_they_say() -> None:
    assert {"i", "fra", "på"} <= words("preposition")
    assert not words("preposition") & words("acting")
    assert "Mette" in given_names()
    assert not any(name[:1].islower() for name in given_names())


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)))
@settings(max_examples=300)
def test_spans_slice_and_do_not_overlap(text: str) -> None:
    rejected: list[Rejected] = []
    found = find_kommuner(text, rejected)
    assert found == find_kommuner(text)
    for start, end, surface in [(each.start, each.end, each.surface) for each in found] + [
        (each.start, each.end, each.surface) for each in rejected
    ]:
        assert text[start:end] == surface != ""
    for one, other in pairwise(found):
        assert one.end <= other.start or (one.start, one.end) == (other.start, other.end)


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=6))
def test_a_paragraph_is_read_the_same_whatever_surrounds_it(texts: list[str]) -> None:
    found = find_kommuner("\n\n".join(texts))
    assert facts(found) == [fact for text in texts for fact in facts(find_kommuner(text))]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_white_space_does_not_change_what_is_found(text: str) -> None:
    if "  " in text:
        text = " ".join(text.split(" "))
    for other in (text.replace(" ", "\u00a0"), text.replace(" ", "  ") if "\n" not in text else text, text + "\n"):
        assert facts(find_kommuner(other)) == facts(find_kommuner(text)), other


@given(st.sampled_from([text for text in TEXTS if "-\n" not in text]), st.data())
def test_soft_hyphens_count_as_nothing(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    if text[at - 1 : at].isalpha() and text[at : at + 1].isalpha():
        found = find_kommuner(text[:at] + "\u00ad" + text[at:])
        plain = [(each.code, each.surface) for each in find_kommuner(text)]
        assert [(each.code, each.surface.replace("\u00ad", "")) for each in found] == [
            (code, surface.replace("\u00ad", "")) for code, surface in plain
        ]


HOSTILE = [
    "kommuner og ",
    "kommunerne Vejle ",
    "Aarhus, Vejle, ",
    "Aarhus og ",
    "Vejle Kommune ",
    "Vejen\n",
    "Vejle\t",
    "Vejle-",
    "Vejle",
    "Vejle (",
    "Vej\u00adle ",
    "odense kommune ",
    "Syd- og Norddjurs ",
    "Greve Abc Def ",
    "A",
    "A ",
    "a@b.dk ",
    "www.",
    ".dk",
    "@",
    "Jobcenter ",
    " ",
    "\n",
    ", ",
    "1.",
    "kommuner: " + "a" * 80 + " ",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_the_work_grows_with_the_text(piece: str) -> None:
    """Four times the text takes about four times as long: at most twelve, the least of three runs."""
    small = piece * (20_000 // len(piece))
    one, four = (least_seconds(partial(find_kommuner, small * times)) for times in (1, 4))
    assert four < 12 * max(one, 0.002)
