"""A synthetic Danish corpus of any size, for measuring: the same seed gives the same bytes.

    python benchmarks/corpus.py --documents 2000 --seed 1 --out DIR

Documents have the shapes of real ones (newsletters .txt, catalogues .tsv, pages .html, grant lists .csv). Their
sentences are templates in `vocabulary.tsv`, filled with compounds that follow Zipf's law over 150,000 made-up words, so
that new words keep coming as in real text, and with kommuner, dates and amounts in the forms people write. The text
means nothing, and is no test of reading: it has the sizes and frequencies of Danish, not its sense.
"""

from __future__ import annotations

import argparse
import html
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.vocabulary import Kommune, Noun, Sentence, Vocabulary, read_vocabulary

ITEM_WORDS: Final = 280
"""Words of a newsletter's item, on average."""
FOLDER_SIZE: Final = 1_000
"""Documents in one folder: larger folders are slow to list."""
MONTHS: Final = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


class Writer:
    """Writes the parts of one document; it owns the document's random numbers."""

    def __init__(self, vocabulary: Vocabulary, seed: int, number: int) -> None:
        self.vocabulary = vocabulary
        self.rng = random.Random(f"{seed}:{number}")
        self.year = self.rng.randint(2010, 2024)
        self.month = self.rng.randint(1, 12)
        self.topics = self.draw_nouns(8)
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
        return self.rng.choices(self.vocabulary.kommuner, cum_weights=self.vocabulary.kommune_weights)[0]

    def authority(self) -> str:
        """One kommune by its official name, or several that share a head."""
        roll = self.rng.random()
        if roll < 0.7:
            return self.kommune().official
        drawn = dict.fromkeys(self.kommune().name for _ in range(self.rng.randint(3, 6)))
        if len(drawn) == 1:
            return self.kommune().official
        names = list(drawn)
        listed = f"{', '.join(names[:-1])} og {names[-1]}"
        return f"{listed} kommuner" if roll < 0.88 else f"kommunerne {listed}"

    def day(self) -> str:
        """A day near the document's month, with or without its year."""
        day, month = self.rng.randint(1, 28), self.rng.randint(1, 12)
        forms = (
            f"den {day}. {MONTHS[month - 1]} {self.year}",
            f"den {day}. {MONTHS[self.month - 1]}",
            f"{day:02}.{month:02}.{self.year}",
        )
        return self.rng.choice(forms)

    def when(self) -> str:
        """A day, month, season, quarter or year with its preposition."""
        year = self.year - self.rng.randint(0, 4)
        forms = (
            self.day(),
            f"i {self.rng.choice(MONTHS)} {year}",
            f"i {year}",
            f"i {self.rng.choice(('foråret', 'sommeren', 'efteråret'))} {year}",
            f"i {self.rng.randint(1, 4)}. kvartal {year}",
        )
        return self.rng.choice(forms)

    def period(self) -> str:
        """Some years."""
        first, last = self.year, self.year + self.rng.randint(1, 4)
        forms = (f"i perioden {first}-{last}", f"fra {first} til {last}", f"i {first}-{last % 100:02}")
        return self.rng.choice(forms)

    def amount(self) -> str:
        """Kroner, most amounts small."""
        tens = int(self.rng.lognormvariate(9, 1.5)) + 1
        millions = f"{self.rng.lognormvariate(1.2, 1):.1f}".replace(".", ",")
        plain = thousands(tens * 10)
        return self.rng.choice((f"{millions} mio. kr.", f"{plain} kr.", f"{plain} kr.", f"kr. {plain},-"))

    def percentage(self) -> str:
        """A percentage in one of its three spellings."""
        value = f"{self.rng.uniform(2, 97):.{self.rng.randint(0, 1)}f}".replace(".", ",")
        return f"{value} {self.rng.choice(('pct.', 'procent', '%'))}"

    def fill(self, sentences: tuple[Sentence, ...]) -> str:
        """One of the templates with its slots filled, a capital first."""
        parts = self.rng.choice(sentences)
        text = "".join(self.slots[part]() if place % 2 else part for place, part in enumerate(parts))
        return text[0].upper() + text[1:].replace("..", ".")  # an abbreviation's full stop ends the sentence too

    def heading(self) -> str:
        """A heading."""
        return self.fill(self.vocabulary.headings)

    def paragraph(self, words: int) -> str:
        """Sentences of about so many words together."""
        sentences: list[str] = []
        while words > 0:
            sentence = self.fill(self.vocabulary.sentences)
            words -= sentence.count(" ") + 1
            sentences.append(sentence)
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


def genitive(word: str) -> str:
    """The word with its genitive ending."""
    return f"{word}'" if word.endswith("s") else f"{word}s"


def thousands(number: int) -> str:
    """The number with Danish full stops between its thousands."""
    return f"{number:,}".replace(",", ".")


def newsletter(writer: Writer) -> str:
    """A title, a lead, items two blank lines apart, and an imprint."""
    rng = writer.rng
    blocks = [f"Nyt om {writer.topics[0].definite_plural} {writer.dated}\n", writer.paragraph(25) + "\n"]
    for _ in range(rng.randint(3, 6)):
        body = list(writer.paragraphs(int(rng.gauss(ITEM_WORDS, 60))))
        if rng.random() < 0.2:
            body.append("\n".join(f"• {writer.day()} {writer.kommune().place}" for _ in range(rng.randint(2, 5))))
        blocks.append("\n\n".join([writer.heading(), *body, writer.fill(writer.vocabulary.links)]) + "\n\n")
    blocks.append(f"Sidst opdateret {rng.randint(1, 28):02}.{writer.month:02}.{writer.year}\n")
    return "\n".join(blocks)


def catalogue(writer: Writer) -> str:
    """A title, an introduction, and rows under the repeated heads of their themes."""
    rng = writer.rng
    lines = [writer.heading(), "", writer.paragraph(50), ""]
    for _ in range(rng.randint(2, 4)):
        lines.append(f"{writer.noun().definite_plural.upper()}\tINDSATSER\tERFARINGER")
        for _ in range(rng.randint(3, 7)):
            points = "".join(f" • {writer.noun().plural.capitalize()}" for _ in range(rng.randint(2, 6)))
            effort = f"<p>{writer.paragraph(35)}</p>" + (f" <ul>{points} </ul>" if rng.random() < 0.3 else "")
            lines.append(f"{writer.noun().plural.capitalize()}\t{effort}\t{writer.paragraph(30)}")
        lines.append("")
    lines += ["Kildeliste:", ""]
    lines += [f'{writer.kommune().official} {writer.year}: "{writer.heading()}"\n' for _ in range(rng.randint(2, 6))]
    return "\n".join(lines)


def page(writer: Writer) -> str:
    """An HTML page with a menu, sections and a footer."""
    rng, escape = writer.rng, html.escape
    title = writer.heading()
    body = [f"<h1>{escape(title)}</h1>", f"<p>{escape(writer.paragraph(40))}</p>"]
    for _ in range(rng.randint(2, 6)):
        body.append(f"<h2>{escape(writer.heading())}</h2>")
        body += [f"<p>{escape(text)}</p>" for text in writer.paragraphs(rng.randint(60, 200))]
    menu = "".join(
        f'<li><a href="/{number}">{escape(noun.plural)}</a></li>' for number, noun in enumerate(writer.topics)
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="da">\n<head>{head}</head>\n<body>\n<nav><ul>{menu}</ul></nav>\n<main>',
            *body,
            f"<p>Sidst opdateret: {rng.randint(1, 28)}. {writer.dated}</p>\n</main>",
            f"<footer><p>{escape(writer.kommune().official)}</p></footer>\n</body>\n</html>\n",
        ]
    )


def grants(writer: Writer) -> str:
    """Semicolons, kommune and amount columns, and a total."""
    rng, total = writer.rng, 0
    lines = ["Kommune;Projekt;Periode;Beløb (kr.)"]
    for _ in range(rng.randint(15, 60)):
        amount = rng.randint(2, 900) * 2_500
        total += amount
        first = writer.year + rng.randint(0, 1)
        purpose = f"{writer.noun().plural.capitalize()} og {writer.noun().plural}"
        years = f"{first}-{first + rng.randint(1, 3)}"
        lines.append(f"{writer.kommune().name};{purpose};{years};{thousands(amount)}")
    lines.append(f"I alt;;;{thousands(total)}")
    return "\n".join(lines) + "\n"


class Shape(NamedTuple):
    """A kind of document: its folder, the ending of its files, what writes it."""

    folder: str
    suffix: str
    write: Callable[[Writer], str]


NEWSLETTERS: Final = Shape("newsletters", ".txt", newsletter)
CATALOGUES: Final = Shape("catalogues", ".tsv", catalogue)
PAGES: Final = Shape("pages", ".html", page)
GRANTS: Final = Shape("grants", ".csv", grants)
SHAPES: Final = (
    *(NEWSLETTERS, CATALOGUES, PAGES, GRANTS, NEWSLETTERS),
    *(PAGES, NEWSLETTERS, CATALOGUES, NEWSLETTERS, NEWSLETTERS),
)
"""The shapes of ten documents in a row: half are newsletters, and four documents show all shapes."""


def documents(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Relative path and text of each document; document i is the same whatever the count."""
    vocabulary = read_vocabulary()
    for number in range(count):
        shape = SHAPES[number % len(SHAPES)]
        path = f"{shape.folder}/{number // FOLDER_SIZE:03}/{number:06}{shape.suffix}"
        yield path, shape.write(Writer(vocabulary, seed, number))


def write_corpus(count: int, seed: int, folder: Path) -> int:
    """Write the documents below a new or empty folder; returns the bytes written."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"expected a new or empty folder, found files in {folder}: give another --out")
    size = 0
    for path, text in documents(count, seed):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        size += target.write_bytes(text.encode())
    return size


def main() -> int:
    """Write a corpus and print its size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        size = write_corpus(options.documents, options.seed, options.out)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"documents {options.documents}, MB {size / 1e6:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
