"""What a cluster is sent of a record: keys by position, and numbers from which exactly the embedded scores come."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.util.numeric import byte_to_length, length_to_byte

from index.analysis import DANISH
from index.opensearch.encoding import UNKNOWN, check_of, encoded, form_of, numbers_of, record_of, sort_keys
from index.opensearch.layout import ALL, SPARE, properties, records_body
from kilde.danish.mentions import Role
from kilde.entries import Entry, entries_of
from kilde.opensearch import OpenSearch
from tests.index.builders import FETCHED, Part, document

counts = st.dictionaries(st.text("abcæøå", min_size=1, max_size=4), st.integers(1, 400), max_size=12)


def numbers(text: str) -> dict[str, int]:
    return {key: int(number) for key, _, number in (line.rpartition("|") for line in text.split("\n"))}


@settings(deadline=None)
@given(counts)
def test_numbers_hold_frequency_and_length(found: dict[str, int]) -> None:
    """A key's number is its frequency and the rounded length; all together are 512 times the length and the spare."""
    got = numbers(numbers_of(Counter(found)))
    length = sum(found.values())
    assert {key: number // 256 for key, number in got.items() if key != ALL} == found
    assert {255 - number % 256 for key, number in got.items() if key != ALL} <= {length_to_byte(length)}
    assert sum(got.values()) == 512 * length + SPARE
    assert min(got.values()) >= 1


def test_the_formula_of_the_similarity_is_whooshs_table() -> None:
    """The script works lengths out of their bytes by a formula: it gives every number of the table."""
    assert [round((1.033**number - 1) * 27) for number in range(256)] == [byte_to_length(it) for it in range(256)]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_places_are_those_of_the_analyzer(text: str) -> None:
    """A line for each position, its keys parted by tabs."""
    lines = encoded(text).places.split("\n") if encoded(text).places else []
    steps = [step for keys in DANISH.all_keys(text) for step in keys.steps]
    assert [tuple(line.split("\t")) for line in lines] == [step or ("\x02",) for step in steps]
    assert encoded(text).forms == {form for keys in DANISH.all_keys(text) for form in keys.exact}


def entry(**options: object) -> Entry:
    part = Part(
        "Ny pulje\nAarhus Kommune får 5 mio. kr.",
        heading="Ny pulje",
        kommuner=(("0751", Role.AUTHORITY), ("0101", Role.INSTITUTION)),
        amounts=(("5000000", None), ("100", "300")),
        dates=((date(2020, 1, 1), None),),
    )
    return entries_of(document("brev", [part], **options), FETCHED)[0]  # type: ignore[arg-type]


def test_a_record_has_a_value_for_every_field() -> None:
    """No field that the mapping lacks, for it is strict; ranges are whole, open ends open."""
    found, forms = record_of(entry(), 3)
    assert found.keys() == properties().keys()
    assert found["kommune"] == ["0751"]
    assert found["kommune_institution"] == ["0101"]
    assert found["amount"] == [{"gte": 500_000_000, "lte": 500_000_000}, {"gte": 10_000, "lte": 30_000}]
    assert found["mentioned"] == [{"gte": date(2020, 1, 1).toordinal()}]
    assert found["amount_low"] == [10_000, 500_000_000]
    assert (found["place"], found["bucket"]) == (3, found["document"][:3])
    assert found["shown"]["card"]["title"] == "Nyt"
    assert forms["exact"] >= {"ny", "pulje", "aarhus", "kommune"}


@pytest.mark.parametrize(
    ("published", "newest"),
    [
        (None, UNKNOWN),
        ("2020", -date(2020, 1, 1).toordinal() * (1 << 20) + 365),
        ("2020-01-16", -date(2020, 1, 16).toordinal() * (1 << 20)),
    ],
)
def test_records_sort_by_day_then_by_how_fine_it_is(published: str | None, newest: int) -> None:
    """The same numbers as in the arrays; an unknown day is behind all others."""
    found = sort_keys(entry(published=published))
    assert found["newest"] == newest
    assert found["largest"] == -500_000_000
    assert found["oldest"] == (newest if published is None else -newest + 2 * (newest % (1 << 20)))


def test_checks_tell_versions_apart() -> None:
    """Of 40 bits, in two halves."""
    assert check_of("a", "1") != check_of("a", "2")
    assert 0 <= check_of("a", "1") < 1 << 40


def test_forms_are_known_by_field_and_spelling() -> None:
    """With the folded spelling that prefixes are compared with."""
    assert form_of("exact", "århus") == (
        "exact:århus",
        {"field": "exact", "form": "århus", "folded": "århus", "size": 5},
    )
    assert form_of("exact", "aarhus")[1]["folded"] == "århus"


def test_an_index_is_refreshed_by_commits_alone() -> None:
    """And has the copies that the settings ask for."""
    settings = records_body(OpenSearch(("http://127.0.0.1:1",), shards=3, replicas=2), {})["settings"]["index"]
    assert (settings["number_of_shards"], settings["number_of_replicas"], settings["refresh_interval"]) == (3, 2, "-1")
