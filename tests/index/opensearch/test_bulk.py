"""Bulk writes: what is done, what is sent again, what is rejected, and that requests are bounded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.opensearch import bulk, client
from index.opensearch.bulk import Action, Rejected, documents_of, put, send, take_out
from index.opensearch.client import Client, ClusterError
from kilde.opensearch import OpenSearch
from tests.index.opensearch.node import Answer, running

BAD = {"type": "mapper_parsing_exception", "reason": "failed to parse"}
FULL = {"type": "cluster_block_exception", "reason": "index [x] blocked by: [FORBIDDEN/8/index write (api)]"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test does not wait for."""
    monkeypatch.setattr(client, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(client, "LONGEST_PAUSE", 0.01)


def action(id_: str) -> Action:
    return Action(put("records", id_, routing="d", version=7), {"text": id_}, f"document {id_}", "v1")


class Index:
    """An index that takes what it should; `first` are statuses of ids, taken one at a time before that."""

    def __init__(self, **first: list[tuple[int, Any]]) -> None:
        self.first = first
        self.held: dict[str, int] = {}
        self.sizes: list[int] = []

    def __call__(self, method: str, path: str, body: str) -> Answer:  # noqa: ARG002 (as a node answers)
        lines = [json.loads(line) for line in body.splitlines()]
        heads = [next(iter(line.items())) for line in lines if isinstance(next(iter(line.values())), dict)]
        self.sizes.append(len(heads))
        if any(
            status == 400 and error is None for _, head in heads for status, error in self.first.get(head["_id"], [])
        ):
            return 400, {"error": {"type": "action_request_validation_exception", "reason": "an id is too long"}}
        return 200, {"items": [{name: self._item(name, head)} for name, head in heads]}

    def _item(self, name: str, head: dict[str, Any]) -> dict[str, Any]:
        waiting = self.first.get(head["_id"])
        if waiting:
            status, error = waiting.pop(0)
            return {"status": status, "error": error}
        if name == "delete":
            return {"status": 200 if self.held.pop(head["_id"], None) else 404}
        self.held[head["_id"]] = head["version"]
        return {"status": 201}


def sent(index: Index, *actions: Action, patience: float = 5.0) -> list[Rejected]:
    with running(index) as node:
        return send(Client(OpenSearch((node.address,))), actions, patience)


def test_only_what_was_refused_for_now_is_sent_again() -> None:
    """With growing pauses, until it is taken."""
    index = Index(b=[(429, BAD), (503, BAD)], c=[(429, BAD)])
    assert sent(index, *map(action, "abc")) == []
    assert index.held == {"a": 7, "b": 7, "c": 7}
    assert index.sizes == [3, 2, 1]


def test_what_a_later_session_wrote_stays() -> None:
    """An older version is no error; neither is the deletion of what is not there."""
    index = Index(a=[(409, {"type": "version_conflict_engine_exception"})])
    gone = Action(take_out("records", "x", routing="d", version=7), None, "d")
    assert sent(index, action("a"), gone) == []
    assert index.held == {}


def test_what_is_wrong_is_rejected_and_the_rest_is_written() -> None:
    """With the reason, once a document."""
    index = Index(b=[(400, BAD)])
    found = sent(index, *map(action, "abc"))
    assert found == [Rejected("document b", "v1", "mapper_parsing_exception: failed to parse")]
    assert index.held == {"a": 7, "c": 7}
    assert documents_of([*found, Rejected("document b", "v1", "another")]) == {("document b", "v1"): found[0].detail}


def test_a_request_that_is_refused_as_a_whole_is_halved() -> None:
    """Until the action is found that makes it so."""
    index = Index(c=[(400, None)])
    found = sent(index, *map(action, "abcdefg"))
    assert [it.document for it in found] == ["document c"]
    assert index.held.keys() == set("abdefg")


def test_an_index_that_takes_no_writes_is_told_at_once() -> None:
    """It is not the record's fault, so nothing is quarantined."""
    with pytest.raises(ClusterError, match="takes no writes: cluster_block_exception"):
        sent(Index(a=[(403, FULL)]), action("a"))


def test_patience_ends() -> None:
    """With what the cluster said last."""
    with pytest.raises(ClusterError, match="refused 1 writes for now: mapper"):
        sent(Index(a=[(429, BAD)] * 10_000), action("a"), patience=0.1)


def test_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """In actions and in bytes; a single action may be larger."""
    monkeypatch.setattr(bulk, "MOST_ACTIONS", 3)
    index = Index()
    assert sent(index, *map(action, "abcdefgh")) == []
    assert index.sizes == [3, 3, 2]
    monkeypatch.setattr(bulk, "MOST_BYTES", 10)
    index = Index()
    assert sent(index, *map(action, "abc")) == []
    assert index.sizes == [1, 1, 1]
