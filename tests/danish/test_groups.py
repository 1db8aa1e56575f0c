"""Counts without names, and the sum that their sentence gives them."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.amounts import find_amounts
from kilde.danish.groups import find_groups
from kilde.danish.mentions import GroupMention, Rejected
from tests.danish.tables import read_cases, spaced
from tests.timing import least_seconds


def shown(mention: GroupMention) -> str:
    value = f" {mention.value:f}" if mention.value is not None else ""
    return f"{mention.surface} = {mention.n} {mention.noun}{value}"


@pytest.mark.parametrize(("text", "expected", "reason"), read_cases("groups.tsv"))
def test_a_sentence_gives_its_groups(text: str, expected: str, reason: str) -> None:
    text = spaced(text)
    found = find_groups(text, find_amounts(text))
    assert (" | ".join(map(shown, found)) or "-") == spaced(expected), reason
    assert all(text[mention.start : mention.end] == mention.surface for mention in found)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("I 2019 kommuner", "year"), ("15 til 20 kommuner", "range"), ("Side 5 skoler", "label")],
)
def test_what_is_refused_says_by_which_rule(text: str, rule: str) -> None:
    rejected: list[Rejected] = []
    assert find_groups(text, [], rejected) == []
    assert [(one.kind, one.rule) for one in rejected] == [("group", rule)]


def test_a_unit_goes_with_the_value() -> None:
    text = "15 kommuner har fået 2 mio. euro."
    (group,) = find_groups(text, find_amounts(text))
    assert (str(group.value), group.unit) == ("2000000", "EUR")


FRAGMENTS = """
15 98 to fem hundrede 2019 af de landets danske små kommuner kommunerne region skoler og 5 mio. kr. har fået hver .
"""
WORDS = [*FRAGMENTS.split(), "\n", "\n\n"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)))
def test_groups_are_sorted_apart_and_slice(text: str) -> None:
    found = find_groups(text, find_amounts(text))
    assert all(text[one.start : one.end] == one.surface and one.n > 0 for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    "piece", ["1 ", "to ", "1 danske ", "to af de ", "kommuner og ", "15 kommuner ", "1.1", "9", "en\n"]
)
def test_the_work_grows_as_the_text_does(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    small, large = (least_seconds(partial(find_groups, text * times, [])) for times in (1, 8))
    assert large < 24 * small + 0.01
