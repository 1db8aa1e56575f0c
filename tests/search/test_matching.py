"""Matching and scores are Whoosh's own: the same records, and scores equal to a thousandth."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from index.snapshot import Snapshot, open_snapshot
from search.matching import Collection, evaluate
from search.query_language import print_query
from search.query_tree import Near, Node, Phrase, Word
from tests.index.builders import built, document, writer
from tests.search.corpus import documents, trees
from tests.search.judge import judge_of

DOCUMENTS = 2_000
JUDGED = int(os.environ.get("KILDE_JUDGED", "200"))
"""Queries; `make test-judge` asks 1,000, which takes a minute."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("whole"), documents(1, DOCUMENTS))


@pytest.fixture(scope="module")
def updated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several segments, with replaced and removed documents in them."""
    folder = built(tmp_path_factory.mktemp("updated"), documents(2, DOCUMENTS - 100))
    writer(folder).update(documents(3, 150, "v2"), [each.id for each in documents(2, 300)[200:250]], 2)
    writer(folder).update(documents(4, DOCUMENTS)[DOCUMENTS - 100 :], (), 3)
    snapshot = open_snapshot(folder)
    assert len(snapshot.segments) > 1
    assert not all(live.all() for live in snapshot.live)
    return folder


def matched(snapshot: Snapshot, tree: Node) -> dict[str, float]:
    found = {}
    for segment, live in zip(snapshot.segments, snapshot.live, strict=True):
        matches = evaluate(tree, segment, Collection(snapshot.segments))
        assert (np.diff(matches.documents) > 0).all()
        kept = live[matches.documents]
        names = segment.names("id")[matches.documents[kept]].astype(str).tolist()
        found |= dict(zip(names, matches.scores[kept].tolist(), strict=True))
    return found


def judge_all(folder: Path, queries: int) -> None:
    """Hold queries, each with a seed of its own, to what Whoosh finds."""
    snapshot = open_snapshot(folder)
    with judge_of(folder) as judge:
        for seed in range(queries):
            (tree,) = trees(seed, 1)
            ours, theirs = matched(snapshot, tree), judge.found(tree)
            assert ours.keys() == theirs.keys(), print_query(tree)
            wrong = [name for name, score in ours.items() if abs(score - theirs[name]) > 1e-3]
            assert not wrong, f"{print_query(tree)}: {wrong[0]} {ours[wrong[0]]} {theirs[wrong[0]]}"


@pytest.mark.parametrize("folder", ["whole", "updated"])
def test_whoosh_finds_the_same_with_the_same_scores(folder: str, request: pytest.FixtureRequest) -> None:
    judge_all(request.getfixturevalue(folder), JUDGED // 2)


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
    assert bool(matched(open_snapshot(tmp_path), Near(Word(left), Word(right), distance))) is matches


def test_near_takes_phrases(tmp_path: Path) -> None:
    built(tmp_path, [document("a", ["en særlig indsats blev lavet for unge flygtninge"])])
    phrases = Phrase(("særlig", "indsats")), Phrase(("unge", "flygtninge"))
    assert [bool(matched(open_snapshot(tmp_path), Near(*phrases, distance))) for distance in (3, 4)] == [False, True]
    assert [bool(matched(open_snapshot(tmp_path), Near(*phrases[::-1], distance))) for distance in (3, 4)] == [
        False,
        True,
    ]


def test_a_phrase_does_not_run_from_one_record_into_the_next(tmp_path: Path) -> None:
    built(tmp_path, [document("a", ["en særlig", "indsats for børn"])])
    assert matched(open_snapshot(tmp_path), Phrase(("særlig", "indsats"))) == {}
