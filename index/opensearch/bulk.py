"""Bulk writes that may be sent twice: every action has the number of its session as an external version.

What is refused for now is sent again with growing pauses, and only that; what is refused for good is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from index.opensearch.client import LONG_PATIENCE, TRANSIENT, Client, ClusterError, Json, detail_of, retried

MOST_BYTES = 5_000_000
"""Of one request; a larger action goes alone."""
MOST_ACTIONS = 2_000
_WRONG = frozenset({400, 413})
"""Answers to a request that is wrong, or too large."""


@dataclass(frozen=True, slots=True)
class Action:
    """One write: what it does to which document of the cluster, and for which document and version of ours."""

    head: Json
    body: Json | None
    document: str = ""
    version: str = ""

    def lines(self) -> str:
        """As a bulk request has it."""
        head = json.dumps(self.head, separators=(",", ":"))
        if self.body is None:
            return f"{head}\n"
        return f"{head}\n{json.dumps(self.body, ensure_ascii=False, separators=(',', ':'))}\n"


Waiting: TypeAlias = list[tuple[Action, str]]
"""Actions that are sent together, each with its lines."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that the cluster does not take: of which document and version, and why."""

    document: str
    version: str
    detail: str


def put(index: str, id_: str, *, routing: str, version: int) -> Json:
    """The head of an action that writes a document, unless a later session wrote it."""
    return {"index": _target(index, id_, routing, version)}


def take_out(index: str, id_: str, *, routing: str, version: int) -> Json:
    """The head of an action that takes a document out, unless a later session wrote it."""
    return {"delete": _target(index, id_, routing, version)}


def send(client: Client, actions: Iterable[Action], patience: float = LONG_PATIENCE) -> list[Rejected]:
    """Send actions in requests of a bounded size; returns what was rejected for good. ClusterError."""
    rejected: list[Rejected] = []
    for waiting in _batches(actions):
        _send(client, waiting, rejected, patience)
    return rejected


def _send(client: Client, waiting: Waiting, rejected: list[Rejected], patience: float) -> None:
    """Send actions until none of them waits. A request that is refused as a whole is halved, to find what is wrong."""
    try:
        retried(lambda: _once(client, waiting, rejected), patience)
    except ClusterError as error:
        if error.status not in _WRONG:
            raise
        if len(waiting) == 1:
            rejected.append(_rejected(waiting[0][0], str(error)))
            return
        middle = len(waiting) // 2
        for half in (waiting[:middle], waiting[middle:]):
            _send(client, half, rejected, patience)


def _once(client: Client, waiting: Waiting, rejected: list[Rejected]) -> None:
    """Send what waits; what is refused for now goes on waiting, and is an error that passes."""
    answer = client.ask("POST", "/_bulk", "".join(lines for _, lines in waiting), patience=0)
    left: Waiting = []
    reason = ""
    for (action, lines), item in zip(waiting, answer["items"], strict=True):
        result: Json = next(iter(item.values()))
        status = int(result["status"])
        if _is_done(action, status):
            continue
        detail = detail_of(result, str(status))
        if _is_blocked(result) and status not in TRANSIENT:
            raise ClusterError(f"OpenSearch ({client.place}) takes no writes: {detail}", status)
        if status in TRANSIENT:
            left.append((action, lines))
            reason = detail
        else:
            rejected.append(_rejected(action, detail))
    waiting[:] = left
    if left:
        raise ClusterError(f"OpenSearch ({client.place}) refused {len(left):,} writes for now: {reason}", 503)


def _is_done(action: Action, status: int) -> bool:
    """Whether an action has done its work: also where a later write stands there, or nothing is left to delete."""
    return status < 300 or status == 409 or (status == 404 and "delete" in action.head)


def _is_blocked(result: Json) -> bool:
    error = result.get("error")
    return isinstance(error, dict) and error.get("type") == "cluster_block_exception"


def _rejected(action: Action, detail: str) -> Rejected:
    return Rejected(action.document, action.version, detail)


def _target(index: str, id_: str, routing: str, version: int) -> Json:
    return {"_index": index, "_id": id_, "routing": routing, "version": version, "version_type": "external_gte"}


def _batches(actions: Iterable[Action]) -> Iterator[Waiting]:
    waiting: Waiting = []
    size = 0
    for action in actions:
        lines = action.lines()
        if waiting and (size + len(lines) > MOST_BYTES or len(waiting) == MOST_ACTIONS):
            yield waiting
            waiting, size = [], 0
        waiting.append((action, lines))
        size += len(lines)
    if waiting:
        yield waiting


def documents_of(rejected: Iterable[Rejected]) -> dict[tuple[str, str], str]:
    """The documents and versions with rejected records, each with the first reason."""
    found: dict[tuple[str, str], str] = {}
    for each in rejected:
        found.setdefault((each.document, each.version), each.detail)
    return found
