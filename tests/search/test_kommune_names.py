"""A kommune of before 2007 means its main successor everywhere: in options, queries and the API."""

from __future__ import annotations

import pytest

from kilde.danish.kommuner import by_name, former_by_name, former_kommuner
from kilde.errors import UsageError
from search.options import codes_of
from search.query import parse_query
from search.query_tree import Exactly, FieldIs

FORMER = sorted({it.name for it in former_kommuner() if by_name(it.name) is None})


@pytest.mark.parametrize("name", FORMER)
def test_an_option_and_a_query_mean_the_same_kommune(name: str) -> None:
    former = former_by_name(name)
    tree = parse_query(f'kommune:"{name}"')
    assert former is not None
    assert isinstance(tree, FieldIs)
    assert isinstance(tree.value, Exactly)
    assert codes_of(name) == (tree.value.value,) == former.successors[:1]


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean Aarhus"):
        codes_of("Ahrus")
