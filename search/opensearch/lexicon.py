"""What an index in a cluster knows of its words and values: forms from their own index, the rest by counting."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from index.forms import LONGEST_FORM
from index.opensearch.layout import WEIGHTS
from kilde.danish.stems import fold
from search.expansion import MOST_FORMS, MOST_NEAR, allowed_distance, distance
from search.matching import EXACT_FIELDS
from search.opensearch.asking import PAGE, Asker
from search.opensearch.compiling import Json
from search.query_tree import Word

_FAR = 9
_NEAREST = 5
_TOGETHER = 500
"""Searches that are sent together."""


class OpenSearchLexicon:
    """The words and values of a commit; `values` are kept by the engine as long as it is the last."""

    def __init__(self, asker: Asker, kept: dict[str, frozenset[str]]) -> None:
        self._asker = asker
        self._kept = kept

    @property
    def records(self) -> int:
        """The records of the commit."""
        return self._asker.built.records

    def expand(self, word: Word, field: str) -> tuple[tuple[str, ...], str | None]:
        """The forms that a word with a mark stands for, and a note where there are more."""
        if word.prefix:
            found, total = self._beginning(field, fold(word.text), MOST_FORMS)
        else:
            near = self._nearly(field, fold(word.text), fold(word.text)[:1])
            found, total = near[:MOST_NEAR], len(near)
        if total <= len(found):
            return tuple(found), None
        sign, most = "*" if word.prefix else "~", len(found)
        return tuple(found), f"{word.text}{sign} stands for {total:,} words; {most:,} of them are searched"

    def nearest(self, word: str, field: str) -> list[str]:
        """The forms that look most like a word; those in more records first among equals."""
        folded = fold(word)
        forms = list(dict.fromkeys(form for first in folded[:2] for form in self._nearly(field, folded, first)))
        counts = dict(zip(forms, self.frequencies(EXACT_FIELDS[field], forms), strict=True))
        found = ((distance(folded, fold(form), _FAR), -counts[form], form) for form in forms)
        return [form for *_, form in nsmallest(_NEAREST, found)]

    def beginning(self, field: str, prefix: str, most: int) -> list[str]:
        """The shortest forms that begin so."""
        return self._beginning(field, prefix, most)[0]

    def frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        """How many records hold each term."""
        name = field if field in EXACT_FIELDS.values() else field + WEIGHTS
        found: list[int] = []
        for start in range(0, len(terms), _TOGETHER):
            bodies = [
                {"size": 0, "track_total_hits": True, "query": {"term": {name: term}}}
                for term in terms[start : start + _TOGETHER]
            ]
            found += [int(each["hits"]["total"]["value"]) for each in self._asker.searches(bodies)]
        return found

    def values(self, field: str) -> frozenset[str]:
        """All values of a field of facets."""
        if field not in self._kept:
            rows = self._asker.combinations({"match_all": {}}, [("value", {"field": field})])
            self._kept[field] = frozenset(value for (value,), _ in rows)
        return self._kept[field]

    def _beginning(self, field: str, prefix: str, most: int) -> tuple[list[str], int]:
        """The shortest forms that begin so, and how many there are."""
        if not prefix:
            return [], 0
        return self._forms(field, {"prefix": {"folded": prefix}}, most)

    def _nearly(self, field: str, word: str, first: str) -> list[str]:
        """The forms within the distance allowed that begin with a letter, the nearest first."""
        if not word or len(word) > LONGEST_FORM:
            return []
        limit = allowed_distance(word)
        alike: Json = {"fuzzy": {"folded": {"value": word, "fuzziness": limit, "rewrite": "constant_score"}}}
        forms, _ = self._forms(field, {"bool": {"filter": [alike, {"prefix": {"folded": first}}]}}, PAGE)
        near = {form: distance(word, fold(form), limit) for form in forms if len(fold(form)) <= LONGEST_FORM}
        return sorted((form for form in near if near[form] <= limit), key=lambda form: (near[form], form))

    def _forms(self, field: str, query: Json, most: int) -> tuple[list[str], int]:
        body = {
            "size": most,
            "track_total_hits": True,
            "query": {"bool": {"filter": [{"term": {"field": EXACT_FIELDS[field]}}, query]}},
            "sort": [{"size": "asc"}, {"form": "asc"}],
            "_source": False,
            "docvalue_fields": ["form"],
        }
        hits = self._asker.search(body, self._asker.built.pair.forms)["hits"]
        return [hit["fields"]["form"][0] for hit in hits["hits"]], int(hits["total"]["value"])
