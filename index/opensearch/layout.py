"""How an index is laid out in a cluster: `index.fields` as settings and mappings.

The cluster analyses nothing: our analyzer's keys are sent, and taken apart again by line and tab. A TEXT field is kept
twice. By its own name it holds the keys with their positions, several to a position, for phrases and NEAR. As
`<name>_weights` it holds each key once with a number in the place of its frequency: how often it stands there, times
256, plus 255 less the byte that Whoosh rounds the field's length to. So the similarity can give exactly the scores of
the embedded engine, whose lengths Lucene would round otherwise. An EXACT field is kept in the second way alone.

Each weights field also has the key `ALL`, whose number fills the sum of a record's numbers up to 512 times its length,
plus `SPARE`: the mean length of all records is then in the statistics that a similarity is given.
"""

from __future__ import annotations

from typing import Any

from index.fields import FIELDS, FieldType, fingerprint
from kilde.opensearch import OpenSearch

Json = dict[str, Any]

LAYOUT = 2
"""Counts the ways in which an index was ever laid out."""
LINE, TAB = "\n", "\t"
"""Between positions, and between keys of one position."""
ALL = "\x01"
"""The key that every record has in every weights field: there is a length where there is no word."""
NONE = "\x02"
"""Stands at a position without keys."""
SPARE = 2
WEIGHTS = "_weights"
LONGEST_LINE = 10_000
"""Characters of the keys of one position."""

_IDF = "return Math.log(field.docCount / (term.docFreq + 1.0)) + 1;"
_BM25F = """
double code = 255 - doc.freq % 256;
double tf = Math.floor(doc.freq / 256);
double length = Math.round((Math.pow(1.033, code) - 1) * 27);
double mean = ((double) field.sumTotalTermFreq / field.docCount - 2.0) / 512.0;
double share = mean > 0 ? length / mean : 0;
return query.boost * weight * 2.2 * tf / (tf + 1.2 * (0.25 + 0.75 * share));
"""
"""`search.matching` with K1 = 1.2 and B = 0.75, and `whoosh.util.numeric.byte_to_length`."""


def records_body(place: OpenSearch, meta: Json) -> Json:
    """What the index of records is made with."""
    return {
        "settings": _analysing(place),
        "mappings": {
            "dynamic": "strict",
            "_meta": meta,
            "properties": properties(),
            "_source": {"includes": ["shown"]},
        },
    }


def questions_body(place: OpenSearch) -> Json:
    """What the index of questions is made with: they are asked of records that are analysed as in their own index."""
    keyword = {"type": "keyword"}
    own = {"question": {"type": "percolator"}, "name": keyword, "digest": keyword}
    return {"settings": _analysing(place), "mappings": {"dynamic": "strict", "properties": {**queried(), **own}}}


def properties() -> Json:
    """The mapping of each field: those that queries ask, some to sort and count by, and what is shown."""
    stored = {"type": "long", "index": False}
    return queried() | {
        "shown": {"type": "object", "enabled": False},
        "days": {"type": "keyword", "index": False},
        "amount_low": stored,
        "newest": stored,
        "oldest": stored,
        "largest": stored,
        "place": stored,
        "bucket": {"type": "keyword"},
        "check_high": stored,
        "check_low": stored,
    }


def queried() -> Json:
    """The mapping of each field that queries ask: a row of `index.fields` has one or two."""
    found: Json = {}
    for field in FIELDS:
        match field.type:
            case FieldType.KEY | FieldType.FACET:
                found[field.name] = {"type": "keyword"}
            case FieldType.TEXT:
                found[field.name] = {"type": "text", "analyzer": "places", "norms": False}
                found[field.name + WEIGHTS] = _weighed()
            case FieldType.EXACT:
                found[field.name] = _weighed()
            case FieldType.SPANS:
                found[field.name] = {"type": "long_range"}
    return found


def forms_body(place: OpenSearch) -> Json:
    """What the index of forms is made with: one document for each form of each EXACT field."""
    keyword = {"type": "keyword"}
    return {
        "settings": {"index": _copies(place)},
        "mappings": {
            "dynamic": "strict",
            "properties": {"field": keyword, "form": keyword, "folded": keyword, "size": {"type": "integer"}},
        },
    }


def meta_of(*, generation: int, writing: int, change: int, records: int, mended: int) -> Json:
    """What an index says of itself.

    `generation` is the number of its last commit, `writing` of the session that writes or wrote last, `mended` of the
    last commit that covered no further change.
    """
    return {
        "layout": LAYOUT,
        "fingerprint": fingerprint(),
        "generation": generation,
        "writing": writing,
        "change": change,
        "records": records,
        "mended": mended,
    }


def _analysing(place: OpenSearch) -> Json:
    """The settings of an index whose fields hold keys."""
    return {
        "index": {
            **_copies(place),
            "similarity": {
                "kilde": {"type": "scripted", "weight_script": {"source": _IDF}, "script": {"source": _BM25F}}
            },
            "analysis": {
                "tokenizer": {
                    "lines": {"type": "char_group", "tokenize_on_chars": ["\\n"], "max_token_length": LONGEST_LINE}
                },
                "filter": {
                    "keys": {"type": "pattern_capture", "preserve_original": False, "patterns": [f"([^{TAB}]+)"]},
                    "numbers": {"type": "delimited_term_freq", "delimiter": "|"},
                },
                "analyzer": {
                    "places": {"type": "custom", "tokenizer": "lines", "filter": ["keys"]},
                    "weights": {"type": "custom", "tokenizer": "lines", "filter": ["numbers"]},
                },
            },
        }
    }


def _weighed() -> Json:
    """A field of keys with numbers."""
    return {
        "type": "text",
        "analyzer": "weights",
        "norms": False,
        "index_options": "freqs",
        "similarity": "kilde",
    }


def _copies(place: OpenSearch) -> Json:
    """Refreshed by commits alone, so that nothing is found before."""
    return {
        "number_of_shards": place.shards,
        "number_of_replicas": place.replicas,
        "refresh_interval": "-1",
        "translog.durability": "request",
        "max_terms_count": 65_536,
    }
