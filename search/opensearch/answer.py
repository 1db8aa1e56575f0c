"""All that answers a query in a cluster: walked through, or counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from search.absence import whereabouts
from search.arrivals import Arrivals
from search.found import Commit, Days, Reading
from search.opensearch.asking import PAGE, Asker
from search.opensearch.compiling import Json, chosen, filtered, matching
from search.opensearch.counting import counted, documents
from search.opensearch.walking import BY_PLACE, ORDERS, RemoteFound, found_of, request, walk
from search.opensearch.watching import places_of_news, watched_from
from search.page import ABSENT, NOT_COLLECTED, By, Query
from search.watch import Candidates, Watch

_DOCUMENT: tuple[str, Json] = ("document", {"field": "document"})


class OpenSearchAnswer:
    """The records of a pair of indices that answer a query."""

    def __init__(self, asker: Asker, reading: Reading, read: Callable[[Query], Reading]) -> None:
        self._asker = asker
        self.reading = reading
        self._read = read
        built = asker.built
        self.commit = Commit(built.generation, built.change, built.records)
        self._query = selected(reading)

    def walk(self) -> Iterator[RemoteFound]:
        """The records that match, in order; by document its first record each."""
        return self._walk(self._query)

    def walk_by_place(self) -> Iterator[RemoteFound]:
        """The records that match, as mentions are listed."""
        return walk(self._asker, self._query, BY_PLACE)

    def newest(self, arrivals: Arrivals, most: int) -> list[tuple[RemoteFound, int]]:
        """The records that match in the documents that were seen last."""
        counts = self._by_document(self._query, PAGE)
        if counts is not None:
            ranks = {document: arrivals.ranks.get(document.encode(), -1) for document in counts}
            known = sorted((rank, document) for document, rank in ranks.items() if rank >= 0)
            return self._first([(document, counts[document]) for _, document in known], arrivals, most)
        several: list[tuple[str, int]] = []
        for start in range(0, len(arrivals.documents), PAGE):
            batch = arrivals.documents[start : start + PAGE]
            found = self._by_document(filtered(self._query, [{"terms": {"document": batch}}]), PAGE)
            assert found is not None, "there are no more than were asked for"
            several += [(document, found[document]) for document in batch if document in found]
            if sum(count for _, count in several) >= most:
                break
        return self._first(several, arrivals, most)

    def candidates(self, watch: Watch) -> Candidates:
        """The records that match; where the search is watched, in the documents that came or changed since alone."""
        places = places_of_news(self._asker, self._query, watch, lambda query: selected(self._read(query)))
        if places is None:
            found = list(self._walk(self._query))
            return Candidates(found, len(found), watched_from(self._asker, self._query, watch.name))
        among = filtered(self._query, [{"terms": {"document": places}}])
        return Candidates(list(self._walk(among)) if places else [], self._total())

    def values(self, facet: str, *, by_document: bool) -> Counter[str]:
        """How many records or documents have each value of a facet."""
        return counted(self._asker, self.reading, facet, by_document=by_document)

    def published(self, *, by_document: bool) -> Counter[Days | None]:
        """How many records or documents were published when."""
        days = ("days", {"field": "days"})
        found: Counter[Days | None] = Counter()
        for key, count in self._asker.combinations(self._query, [days, _DOCUMENT] if by_document else [days]):
            first, _, last = key[0].partition("-")
            found[(int(first), int(last)) if first else None] += 1 if by_document else count
        return found

    def amounts(self, low: int, high: int | None) -> list[int]:
        """The amounts that the records mention, each once for each document."""
        rows = self._asker.combinations(self._query, [_DOCUMENT, ("amount", {"field": "amount_low"})])
        return [amount for (_, amount), _ in rows if amount >= low and (high is None or amount <= high)]

    def absence(self) -> str:
        """What it means that nothing matches."""
        elsewhere = self._read(whereabouts(self.reading.query))
        return ABSENT if self._asker.count(selected(elsewhere)) else NOT_COLLECTED

    def _walk(self, query: Json) -> Iterator[RemoteFound]:
        found = walk(self._asker, query, ORDERS[self.reading.query.sort])
        return _first_of_documents(found) if self.reading.query.by is By.DOCUMENT else found

    def _total(self) -> int:
        by_document = self.reading.query.by is By.DOCUMENT
        return (documents if by_document else Asker.count)(self._asker, self._query)

    def _by_document(self, query: Json, most: int) -> dict[str, int] | None:
        """How many records match in each document; None where there are more documents than that."""
        terms = {"field": "document", "size": most}
        body = {"size": 0, "query": query, "aggs": {"found": {"terms": terms}}}
        found = self._asker.search(body)["aggregations"]["found"]
        if found["sum_other_doc_count"]:
            return None
        return {each["key"]: int(each["doc_count"]) for each in found["buckets"]}

    def _first(self, counts: Sequence[tuple[str, int]], arrivals: Arrivals, most: int) -> list[tuple[RemoteFound, int]]:
        """The records of the first documents, `most` of them and the rest of the last document."""
        wanted, size = [], 0
        for document, count in counts:
            if size >= most:
                break
            wanted.append(document)
            size += count
        if not wanted:
            return []
        query = filtered(self._query, [{"terms": {"document": wanted}}])
        hits = self._asker.search(request(query, BY_PLACE, min(size, PAGE)))["hits"]["hits"]
        found = [(each, arrivals.ranks[each.document.encode()]) for each in map(found_of, hits)]
        return sorted(found, key=lambda it: it[1])


def selected(reading: Reading) -> Json:
    """The records that match a query with all that it chooses."""
    return filtered(matching(reading), chosen(reading.selections, reading.query.filters.role))


def _first_of_documents(found: Iterator[RemoteFound]) -> Iterator[RemoteFound]:
    seen: set[str] = set()
    for each in found:
        if each.document not in seen:
            seen.add(each.document)
            yield each
