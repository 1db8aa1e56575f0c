"""Writes the parts of one made document: words by Zipf's law, kommuner, dates and amounts as people write them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

from benchmarks.vocabulary import Kommune, Noun, Sentence, Vocabulary

MONTHS: Final = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
MENTIONING: Final = frozenset({"K", "i", "sted", "når", "dag", "periode", "kr", "pct", "n"})
"""Slots that mention a kommune, a date, an amount or a count."""
SHARE_MENTIONING: Final = 0.27
"""Sentences that have such a slot. It gives the density counted in newsletters of ministries and minutes of kommuner:
6 mentions in 1,000 characters, of them 2.4 kommuner, 1.8 dates, 1.3 amounts."""

Fact = tuple[str, str]
"""What was written, for a test of reading: kind ("kommune", "day", "DKK", "percent") and value."""


class Author:
    """Writes the parts of one document; it owns its random numbers, and keeps the facts that it wrote."""

    def __init__(self, vocabulary: Vocabulary, seed: int, number: int) -> None:
        self.vocabulary = vocabulary
        self.rng = random.Random(f"{seed}:{number}")
        self.year = self.rng.randint(2010, 2024)
        self.month = self.rng.randint(1, 12)
        self.topics = self.draw_nouns(8)
        self.mentioning, self.plain = split_sentences(vocabulary)
        self.facts: list[Fact] = []
        self.slots: dict[str, Callable[[], str]] = {
            "en": lambda: " ".join(self.noun()[:2]),
            "den": lambda: self.noun().definite,
            "dens": lambda: genitive(self.noun().definite),
            "flere": lambda: self.noun().plural,
            "de": lambda: self.noun().definite_plural,
            "adj": lambda: self.rng.choice(vocabulary.adjectives),
            "verb": lambda: self.rng.choice(vocabulary.verbs),
            "K": self.authority,
            "i": lambda: self.kommune().place,
            "sted": lambda: self.kommune().name,
            "når": self.when,
            "dag": self.day,
            "periode": self.period,
            "kr": self.amount,
            "pct": self.percentage,
            "n": lambda: str(self.rng.randint(11, 900)),
            "kl": lambda: f"{self.rng.randint(8, 18)}.{self.rng.choice(('00', '15', '30'))}",
        }

    def draw_nouns(self, count: int) -> list[Noun]:
        """Nouns as frequent as Zipf's law says."""
        return self.rng.choices(self.vocabulary.nouns, cum_weights=self.vocabulary.noun_weights, k=count)

    def noun(self) -> Noun:
        """A noun of the document's topics, or any."""
        return self.rng.choice(self.topics) if self.rng.random() < 0.25 else self.draw_nouns(1)[0]

    def kommune(self) -> Kommune:
        """A kommune, large ones more often."""
        drawn = self.rng.choices(self.vocabulary.kommuner, cum_weights=self.vocabulary.kommune_weights)[0]
        self.facts.append(("kommune", drawn.official))
        return drawn

    def authority(self) -> str:
        """One kommune by its official name, or several that share a head."""
        roll = self.rng.random()
        if roll < 0.8:
            return self.kommune().official
        kommuner = self.vocabulary.kommuner
        drawn = [kommuner[place] for place in self.rng.sample(range(len(kommuner)), self.rng.randint(3, 5))]
        self.facts += [("kommune", each.official) for each in drawn]
        names = [each.name for each in drawn]
        listed = f"{', '.join(names[:-1])} og {names[-1]}"
        return f"{listed} kommuner" if roll < 0.92 else f"kommunerne {listed}"

    def day(self) -> str:
        """A day near the document's month, with or without its year."""
        day, month = self.rng.randint(1, 28), self.rng.randint(1, 12)
        forms = (
            (f"den {day}. {MONTHS[month - 1]} {self.year}", month),
            (f"den {day}. {MONTHS[self.month - 1]}", 0),
            (f"{day:02}.{month:02}.{self.year}", month),
        )
        form, month = self.rng.choice(forms)
        if month:
            self.facts.append(("day", f"{self.year}-{month:02}-{day:02}"))
        return form

    def when(self) -> str:
        """A day, month, season, quarter or year with its preposition."""
        year = self.year - self.rng.randint(0, 4)
        forms = (
            self.day,
            lambda: f"i {self.rng.choice(MONTHS)} {year}",
            lambda: f"i {year}",
            lambda: f"i {year}",
            lambda: f"i {self.rng.choice(('foråret', 'sommeren', 'efteråret'))} {year}",
            lambda: f"i {self.rng.randint(1, 4)}. kvartal {year}",
        )
        return self.rng.choice(forms)()

    def period(self) -> str:
        """Some years."""
        first, last = self.year, self.year + self.rng.randint(1, 4)
        forms = (f"i perioden {first}-{last}", f"fra {first} til {last}", f"i {first}-{last % 100:02}")
        return self.rng.choice(forms)

    def amount(self) -> str:
        """Kroner, most amounts small."""
        kroner = (int(self.rng.lognormvariate(9, 1.5)) + 1) * 10
        tenths = max(1, round(self.rng.lognormvariate(1.2, 1) * 10))
        millions = f"{tenths / 10:.1f}".replace(".", ",")
        plain = thousands(kroner)
        forms = (
            (f"{millions} mio. kr.", tenths * 100_000),
            *((f"{plain} kr.", kroner), (f"{plain} kr.", kroner), (f"kr. {plain},-", kroner)),
        )
        form, value = self.rng.choice(forms)
        self.facts.append(("DKK", str(value)))
        return form

    def percentage(self) -> str:
        """A percentage in one of its three spellings."""
        value = f"{self.rng.uniform(2, 97):.{self.rng.randint(0, 1)}f}"
        self.facts.append(("percent", value.removesuffix(".0")))
        return f"{value.replace('.', ',')} {self.rng.choice(('pct.', 'procent', '%'))}"

    def fill(self, sentences: tuple[Sentence, ...]) -> str:
        """One of the templates with its slots filled, a capital first."""
        parts = self.rng.choice(sentences)
        text = "".join(self.slots[part]() if place % 2 else part for place, part in enumerate(parts))
        return text[0].upper() + text[1:].replace("..", ".")  # an abbreviation's full stop ends the sentence too

    def heading(self) -> str:
        """A heading."""
        return self.fill(self.vocabulary.headings)

    def link(self) -> str:
        """A line that leads on."""
        return self.fill(self.vocabulary.links)

    def sentence(self) -> str:
        """A sentence, a share of them with mentions."""
        return self.fill(self.mentioning if self.rng.random() < SHARE_MENTIONING else self.plain)

    def paragraph(self, words: int) -> str:
        """Sentences of about so many words together."""
        sentences: list[str] = []
        while words > 0:
            sentences.append(self.sentence())
            words -= sentences[-1].count(" ") + 1
        return " ".join(sentences)

    def paragraphs(self, words: int) -> Iterator[str]:
        """Paragraphs of about so many words together."""
        while words > 0:
            length = min(words, self.rng.randint(40, 110))
            yield self.paragraph(length)
            words -= length + 10  # the last sentence runs over, and heading and link count too

    @property
    def dated(self) -> str:
        """The month of publication."""
        return f"{MONTHS[self.month - 1]} {self.year}"


def split_sentences(vocabulary: Vocabulary) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """The templates that mention something, and the others."""
    mentioning = tuple(it for it in vocabulary.sentences if not MENTIONING.isdisjoint(it[1::2]))
    return mentioning, tuple(it for it in vocabulary.sentences if it not in mentioning)


def genitive(word: str) -> str:
    """The word with its genitive ending."""
    return f"{word}'" if word.endswith("s") else f"{word}s"


def thousands(number: int) -> str:
    """The number with Danish full stops between its thousands."""
    return f"{number:,}".replace(",", ".")
