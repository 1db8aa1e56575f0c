"""What waits for saved searches: candidates until they are given, and nothing of a search that is asked in full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kilde import watched as module
from kilde.saved import mark_given, remove_search, save_search
from kilde.state import State
from kilde.watched import Watched, note_arrivals, note_change, note_watched, unwatch, waiting, watched

WHEN = "2026-01-02T03:04:05Z"
BO, SKOLE = Watched("bo", '{"a": 1}', "kilde-000001-records 0", 7), Watched("skole", "{}", "kilde-000001-records 0", 7)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """Two searches that are watched."""
    with State(tmp_path / "state.sqlite") as opened:
        for each in (BO, SKOLE):
            save_search(opened, each.name, {}, WHEN)
            note_watched(opened, each)
        yield opened


def test_what_arrived_waits_until_it_was_given(state: State) -> None:
    """By its record or its document, whichever the search gives; others wait on."""
    note_arrivals(
        state, ["d1", "d2"], [("bo", "d1", "r1"), ("bo", "d1", "r2"), ("bo", "d2", "r3"), ("skole", "d1", "r1")]
    )
    assert (waiting(state, "bo"), waiting(state, "skole")) == (["d1", "d2"], ["d1"])
    mark_given(state, "bo", ["r1", "d2"], WHEN)
    assert (waiting(state, "bo"), waiting(state, "skole")) == (["d1"], ["d1"])
    mark_given(state, "bo", ["r2"], WHEN)
    assert (waiting(state, "bo"), waiting(state, "skole")) == ([], ["d1"])


def test_a_document_that_comes_again_waits_as_it_is_now(state: State) -> None:
    """What it was before answers nothing any more."""
    note_arrivals(state, ["d1"], [("bo", "d1", "r1")])
    note_arrivals(state, ["d1", "d2"], [("skole", "d1", "r1")])
    assert (waiting(state, "bo"), waiting(state, "skole")) == ([], ["d1"])


def test_questions_and_changes_are_noted(state: State) -> None:
    note_change(state, {"bo": '{"a": 2}'}, 9)
    assert watched(state) == {"bo": Watched("bo", '{"a": 2}', BO.index, 9), "skole": SKOLE}


def test_a_search_for_which_too_much_waits_is_watched_no_more(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that nobody asks any more would gather all that comes."""
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    note_arrivals(
        state,
        ["d1"],
        [(name, "d1", f"r{number}") for name, most in (("bo", 3), ("skole", 2)) for number in range(most)],
    )
    note_change(state, {"bo": BO.question, "skole": SKOLE.question}, 9)
    assert ([*watched(state)], waiting(state, "bo"), waiting(state, "skole")) == (["skole"], [], ["d1"])


@pytest.mark.parametrize("how", ["unwatched", "removed", "watched anew"])
def test_nothing_waits_for_a_search_that_is_asked_in_full(state: State, how: str) -> None:
    """Nor for one that is saved anew under the name of one that was removed."""
    note_arrivals(state, ["d1"], [("bo", "d1", "r1")])
    if how == "unwatched":
        unwatch(state, ["bo"])
    elif how == "removed":
        remove_search(state, "bo")
    else:
        note_watched(state, BO)
    assert waiting(state, "bo") == []
    assert ("bo" in watched(state)) == (how == "watched anew")
