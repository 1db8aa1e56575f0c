"""Matching and scores are Whoosh's own: the same records, and scores equal to a thousandth."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.snapshot import open_snapshot
from search.matching import Collection, evaluate
from search.query_language import print_query
from search.query_tree import Near, Node, Phrase, Word
from tests.index.builders import built, document, writer
from tests.search.corpus import documents, trees
from tests.search.judge import judged


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("whole"), documents(1, 60))


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several segments, with replaced and removed documents in them."""
    folder = built(tmp_path_factory.mktemp("updated"), documents(2, 40))
    writer(folder).update(documents(3, 5, "v2"), [each.id for each in documents(2, 40)[20:25]], 2)
    writer(folder).update(documents(4, 50)[40:], (), 3)
    assert len(open_snapshot(folder).segments) == 3
    return folder


def matched(folder: Path, tree: Node) -> dict[str, float]:
    snapshot = open_snapshot(folder)
    found = {}
    for segment, live in zip(snapshot.segments, snapshot.live, strict=True):
        matches = evaluate(tree, segment, Collection(snapshot.segments))
        for number, score in zip(matches.documents.tolist(), matches.scores.tolist(), strict=True):
            if live[number]:
                found[segment.names("id")[number].decode()] = score
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("folder", ["whole", "updated"])
def test_whoosh_finds_the_same_with_the_same_scores(folder: str, seed: int, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(folder)
    for tree in trees(seed, 25):
        assert matched(path, tree) == pytest.approx(judged(path, tree), abs=1e-3), print_query(tree)


@pytest.mark.parametrize(
    ("text", "left", "right", "distance", "matches"),
    [
        ("indsats for børn", "indsats", "børn", 2, True),
        ("indsats for børn", "indsats", "børn", 1, False),
        ("børn og en indsats", "indsats", "børn", 3, True),
        ("børn og en indsats", "indsats", "børn", 2, False),
        ("indsats. " + "og " * 9 + "børn", "indsats", "børn", 10, True),
        ("indsats. " + "og " * 10 + "børn", "indsats", "børn", 10, False),
    ],
)
def test_near_counts_words(text: str, left: str, right: str, distance: int, matches: bool, tmp_path: Path) -> None:
    built(tmp_path, [document("before", ["børn"]), document("a", [text]), document("behind", ["indsats"])])
    assert bool(matched(tmp_path, Near(Word(left), Word(right), distance))) is matches


def test_near_takes_phrases(tmp_path: Path) -> None:
    built(tmp_path, [document("a", ["en særlig indsats blev lavet for unge flygtninge"])])
    phrases = Phrase(("særlig", "indsats")), Phrase(("unge", "flygtninge"))
    assert [bool(matched(tmp_path, Near(*phrases, distance))) for distance in (3, 4)] == [False, True]
    assert [bool(matched(tmp_path, Near(*phrases[::-1], distance))) for distance in (3, 4)] == [False, True]


def test_a_phrase_does_not_run_from_one_record_into_the_next(tmp_path: Path) -> None:
    built(tmp_path, [document("a", ["en særlig", "indsats for børn"])])
    assert matched(tmp_path, Phrase(("særlig", "indsats"))) == {}
