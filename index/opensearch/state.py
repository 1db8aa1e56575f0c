"""What a cluster holds of Kilde's: which pair of indices is searched, and what that says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from index.fields import fingerprint
from index.opensearch.client import PATIENCE, Client, ClusterError, Json
from index.opensearch.layout import LAYOUT
from index.opensearch.names import Pair, pair_of, pairs_of
from kilde.errors import DamagedError, MissingError

REBUILD = "`kilde index --rebuild` makes it anew"


@dataclass(frozen=True, slots=True)
class Built:
    """The pair that is searched, and its last commit.

    `writing` is the number of the session that wrote last, `mended` that of the last commit of the same change as the
    one before: it wrote records that no change of the store tells of.
    """

    pair: Pair
    generation: int
    writing: int
    change: int
    records: int
    mended: int


def built(client: Client, patience: float = PATIENCE) -> Built:
    """What is searched now.

    MissingError where there is none, DamagedError where another version of Kilde made it; ClusterError.
    """
    alias = client.place.index
    try:
        found = client.ask(
            "GET", f"/{alias}/_mapping", params={"filter_path": "*.mappings._meta"}, patience=patience
        )  # fmt: skip
    except ClusterError as error:
        if error.status == 404:
            raise MissingError(f"no index {client.place}: {REBUILD}") from None
        raise
    if len(found) != 1:
        raise DamagedError(f"{alias} is an alias of {len(found)} indices, where it should be of one: {REBUILD}")
    name, content = next(iter(found.items()))
    pair, meta = pair_of(alias, name), content["mappings"]["_meta"]
    if pair is None or meta.get("layout") != LAYOUT or meta.get("fingerprint") != fingerprint():
        raise DamagedError(f"the index {client.place} was made by another version of Kilde: {REBUILD}")
    return Built(pair, meta["generation"], meta["writing"], meta["change"], meta["records"], meta["mended"])


def pairs(client: Client) -> list[Pair]:
    """All pairs that are there, the last made last."""
    alias = client.place.index
    found = client.ask("GET", f"/{alias}-*/_alias", params={"expand_wildcards": "all"})
    return pairs_of(alias, found)


def remove(client: Client, gone: Pair) -> None:
    """Take a pair of indices away, if it is there."""
    for index in (gone.records, gone.forms, gone.questions):
        client.ask("DELETE", f"/{index}", params={"ignore_unavailable": "true"})


def note(client: Client, index: str, meta: Json) -> None:
    """Let an index say this of itself."""
    client.ask("PUT", f"/{index}/_mapping", {"_meta": meta})
