"""Kommuner and what they are given: by a sentence ("Vejle Kommune får 2 mio. kr."), by a line, by a table's row.

In go a text, the kommuner and the amounts found in it. What kommuner spend, save, budget or give away is no grant, and
a total is never given to one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from kilde.danish.grant_clauses import find_purpose, find_period
from kilde.danish.grant_rules import RULES, Pair, Sentence
from kilde.danish.mentions import AmountMention, GrantMention, KommuneMention, Rejected, Role
from kilde.danish.text import sentence_at, sentences
