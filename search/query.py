"""The query language's front door: text to tree and back."""

from __future__ import annotations

from search.query_language import parse_query, print_query

__all__ = ["parse_query", "print_query"]
