"""Words: what their keys are, what they are made of, and that the lexicon is in order."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.compounds import split
from kilde.danish.inflections import lemmas, nouns
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.stems import fold, stem
from kilde.danish.words import Word, is_stop_word, query_keys, read


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("indsatserne", {"indsats"}),
        ("børnenes", {"barn"}),
        ("mænd", {"mand"}),
        ("centrene", {"center"}),
        ("tilbuddene", {"tilbud"}),
        ("lederne", {"leder"}),
        ("retter", {"ret", "rette"}),
        ("gik", {"gå"}),
        ("anbefales", {"anbefale"}),
        ("arbejdende", {"arbejde"}),
        ("traumatiserede", {"traumatisere"}),
        ("smukkeste", {"smuk"}),
        ("større", {"stor"}),
        ("læs", {"læse"}),
        ("have", {"have"}),
        ("samme", {"samme"}),
    ],
)
def test_a_form_is_looked_up_as_in_a_dictionary(form: str, words: set[str]) -> None:
    assert set(lemmas()[form]) == words


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("integrationsindsatserne", "integration indsats"),
        ("arbejdskraftreserve", "arbejde kraft reserve"),
        ("højskoleophold", "høj skole ophold"),
        ("sprogcenterlederne", "sprog center leder"),
        ("børnefamilier", "barn familie"),
        ("flygtningefamilier", "flygtning familie"),
        ("æresrelaterede", "ære relatere"),
        ("byrådsmøde", "byråd by råd møde"),
        ("evalueringsrapporten", "evaluering rapport"),
        ("mentorordning", "mentor ordning"),
        ("ukulelefestival", "~ukulel festival"),
        ("indsats", ""),
        ("aarhus", ""),
        ("forretning", ""),
        ("vejledning", ""),
        ("beretning", ""),
        ("hospital", ""),
        ("forskellighed", ""),
        ("sandsynlighed", ""),
        ("uafstemning", ""),
        ("husk", ""),
        ("", ""),
    ],
)
def test_a_compound_is_split_where_a_reader_sees_its_parts(word: str, parts: str) -> None:
    assert [part for part in read(word).parts if "+" not in part] == parts.split()


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("integrationsindsats", Word(("integration+indsats",), ("integration", "indsats"))),
        ("Randers", Word(("@randers",), (), "@randers")),
        ("randers", Word(("@randers",), (), "@randers")),
        ("Vejen", Word(("vej",), (), "@vejen")),
        ("vejen", Word(("vej",))),
        ("igu'en", Word(("~igu",), (), "@igu")),
        ("1990'erne", Word(("1990",))),
        ("børne", Word(("barn",))),
    ],
)
def test_a_word_has_the_keys_of_what_it_is(word: str, found: Word) -> None:
    assert read(word) == found


@pytest.mark.parametrize(
    ("word", "keys"),
    [
        ("Hansen", ("@hansen",)),
        ("hansen", ("~han",)),
        ("Vejen", ("@vejen",)),
        ("Indsatser", ("indsats",)),
        ("IGU", ("@igu",)),
    ],
)
def test_a_capitalised_name_is_looked_up_as_it_stands(word: str, keys: tuple[str, ...]) -> None:
    assert query_keys(word) == keys


def test_a_part_of_three_has_the_pairs_beside_it() -> None:
    assert set(read("sprogcenterleder").parts) == {"sprog", "center", "leder", "sprog+center", "center+leder"}


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Aabenraa", "åbenrå"),
        ("ÅBENRÅ", "åbenrå"),
        ("A\u030abenra\u030a", "åbenrå"),
        ("idé", "ide"),
        ("Malmö", "malmø"),
        ("Læsø", "læsø"),
        ("Erdoğan", "erdogan"),
        ("sags\u00adbehandler", "sagsbehandler"),
        ("Straße", "strasse"),
    ],
)
def test_spellings_fold_and_danish_letters_stay(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    "forms",
    [
        "facilitator facilitatoren facilitatorer facilitatorerne facilitatorernes",
        "influencer influenceren influencere influencerne",
        "pixibog pixibogen",
        "hackathon hackathons hackathonet",
        "twistet twistede twister",
        "gulerod guleroden",
        "blogindlæg blogindlægget",
    ],
)
def test_the_forms_of_an_unknown_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_stop_words_are_danish() -> None:
    assert all(map(is_stop_word, ["og", "ikke", "Den", "eller"]))
    assert not any(map(is_stop_word, ["by", "is", "to", "can", "may", "ny", "barn"]))


@given(st.text(max_size=80))
def test_nothing_raises_and_every_word_has_a_key(text: str) -> None:
    found = read(text)
    assert found.keys
    assert found == read(text)
    assert set(query_keys(text)) <= set(found.all)


@given(st.lists(st.sampled_from([noun.lemma for noun in nouns()[::40]]), min_size=1, max_size=4))
def test_compounds_made_of_words_are_read(words: list[str]) -> None:
    """Whatever is made of words of the lexicon has keys, and the parts that are split off are no longer than it."""
    joined = "".join(words)
    assert all(key for key in read(joined).all)
    assert len(split(fold(joined))) <= len(joined) // 2


@pytest.mark.parametrize("unit", ["s", "en", "er", "hus", "integrations", "e"])
def test_long_words_take_no_time(unit: str) -> None:
    start = perf_counter()
    for length in (50, 60, 1_000, 100_000):
        read((unit * length)[:length])
    assert perf_counter() - start < 2


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("nouns", 3), ("verbs", 5), ("adjectives", 5), ("joining", 2), ("short_parts", 2), ("no_heads", 2),
        ("stop_words", 1), ("invariants", 1), ("particles", 1), ("endings", 1), ("place_names", 1),
    ],
)  # fmt: skip
def test_tables_have_their_columns_and_no_row_twice(table: str, columns: int) -> None:
    rows = read_rows(f"{table}.tsv")
    assert {len(row) for row in rows} == {columns}
    assert all(cell and cell == cell.strip() for row in rows for cell in row)
    assert len(set(rows)) == len(rows)
