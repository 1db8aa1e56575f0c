"""A synthetic Danish corpus of any size, for measuring: the same seed gives the same bytes.

    python -m benchmarks.corpus --documents 20000 --seed 1 --out DIR

Newsletters of about 6,000 characters of text and 8 records, by turns as plain text and as an HTML page. Their sentences
are templates in `vocabulary.tsv`, filled with compounds that follow Zipf's law over 150,000 made-up words, so that new
words keep coming as in real text, and with kommuner, dates and amounts in the forms people write and as often as they
do (`author.py`). The text means nothing; its sizes and frequencies are those of Danish, and what it mentions is known.
`--mixed` makes catalogues and lists of grants as well.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.author import Author, thousands
from benchmarks.vocabulary import read_vocabulary

ITEM_WORDS: Final = 120
"""Words of a newsletter's item, on average."""
FEWEST_ITEMS, MOST_ITEMS = 4, 8
FOLDER_SIZE: Final = 1_000
"""Documents in one folder: larger folders are slow to list."""


class Item(NamedTuple):
    """An item of a newsletter."""

    heading: str
    paragraphs: list[str]
    points: list[str]
    link: str


class Newsletter(NamedTuple):
    """A newsletter before it is printed: front, items and imprint are its records."""

    title: str
    lead: str
    items: list[Item]
    updated: str


def compose(author: Author) -> Newsletter:
    """A newsletter of one month."""
    rng = author.rng
    title = f"Nyt om {author.topics[0].definite_plural} {author.dated}"
    items = [compose_item(author) for _ in range(rng.randint(FEWEST_ITEMS, MOST_ITEMS))]
    return Newsletter(title, author.paragraph(40), items, f"{rng.randint(1, 28):02}.{author.month:02}.{author.year}")


def compose_item(author: Author) -> Item:
    """An item; one in ten lists meetings."""
    rng = author.rng
    heading = author.heading()
    body = list(author.paragraphs(max(30, int(rng.gauss(ITEM_WORDS, 40)))))
    meetings = rng.randint(2, 4) if rng.random() < 0.1 else 0
    points = [f"{author.day().capitalize()} {author.kommune().place}" for _ in range(meetings)]
    return Item(heading, body, points, author.link())


def newsletter_text(author: Author) -> str:
    """Plain text: a title, a lead, items two blank lines apart, and an imprint."""
    made = compose(author)
    blocks = [f"{made.title}\n", f"{made.lead}\n"]
    for item in made.items:
        points = ["\n".join(f"• {point}" for point in item.points)] if item.points else []
        blocks.append("\n\n".join([item.heading, *item.paragraphs, *points, item.link]) + "\n\n")
    return "\n".join([*blocks, f"Sidst opdateret {made.updated}\n"])


def newsletter_page(author: Author) -> str:
    """An HTML page as a content management system prints it: head, menu, content, footer."""
    made, escape = compose(author), html.escape
    menu = "".join(
        f'<li class="menu__item"><a class="menu__link" href="/emner/{number}">{escape(noun.plural)}</a></li>\n'
        for number, noun in enumerate(author.topics)
    )
    body = "\n".join(line for item in made.items for line in item_markup(item))
    return PAGE.format(title=escape(made.title), lead=escape(made.lead), menu=menu, body=body, updated=made.updated)


PAGE: Final = """<!DOCTYPE html>
<html lang="da">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/assets/site.css">
<script>window.language = "da";</script>
</head>
<body class="page page--newsletter">
<header class="site-header"><a href="/" class="logo">Forside</a></header>
<nav class="menu" aria-label="Hovedmenu"><ul>
{menu}</ul></nav>
<main id="indhold">
<h1>{title}</h1>
<div class="intro"><p>{lead}</p></div>
{body}
<p class="updated">Sidst opdateret {updated}</p>
</main>
<footer class="site-footer"><p>Siden bruger cookies til statistik.</p>
<ul><li><a href="/kontakt">Kontakt</a></li></ul></footer>
</body>
</html>
"""


def item_markup(item: Item) -> Iterator[str]:
    """The elements of an item."""
    yield f'<div class="module module--text">\n<h2>{html.escape(item.heading)}</h2>'
    yield from (f"<p>{html.escape(text)}</p>" for text in item.paragraphs)
    if item.points:
        yield "<ul>" + "".join(f"<li>{html.escape(point)}</li>" for point in item.points) + "</ul>"
    yield f'<p><a class="link" href="/nyheder/{len(item.heading)}">{html.escape(item.link)}</a></p>\n</div>'


def catalogue(author: Author) -> str:
    """A title, an introduction, and rows under the repeated heads of their themes."""
    rng = author.rng
    lines = [author.heading(), "", author.paragraph(50), ""]
    for _ in range(rng.randint(2, 4)):
        lines.append(f"{author.noun().definite_plural.upper()}\tINDSATSER\tERFARINGER")
        for _ in range(rng.randint(3, 7)):
            points = "".join(f" • {author.noun().plural.capitalize()}" for _ in range(rng.randint(2, 6)))
            effort = f"<p>{author.paragraph(35)}</p>" + (f" <ul>{points} </ul>" if rng.random() < 0.3 else "")
            lines.append(f"{author.noun().plural.capitalize()}\t{effort}\t{author.paragraph(30)}")
        lines.append("")
    lines += ["Kildeliste:", ""]
    lines += [f'{author.kommune().official} {author.year}: "{author.heading()}"\n' for _ in range(rng.randint(2, 6))]
    return "\n".join(lines)


def grants(author: Author) -> str:
    """Semicolons, kommune and amount columns, and a total."""
    rng, total = author.rng, 0
    lines = ["Kommune;Projekt;Periode;Beløb (kr.)"]
    for _ in range(rng.randint(15, 60)):
        amount = rng.randint(2, 900) * 2_500
        total += amount
        first = author.year + rng.randint(0, 1)
        purpose = f"{author.noun().plural.capitalize()} og {author.noun().plural}"
        years = f"{first}-{first + rng.randint(1, 3)}"
        lines.append(f"{author.kommune().name};{purpose};{years};{thousands(amount)}")
    lines.append(f"I alt;;;{thousands(total)}")
    return "\n".join(lines) + "\n"


class Shape(NamedTuple):
    """A kind of document: its folder, the ending of its files, what writes it."""

    folder: str
    suffix: str
    write: Callable[[Author], str]


TEXT: Final = Shape("newsletters", ".txt", newsletter_text)
PAGES: Final = Shape("newsletters", ".html", newsletter_page)
CATALOGUES: Final = Shape("catalogues", ".tsv", catalogue)
GRANTS: Final = Shape("grants", ".csv", grants)
NEWSLETTERS: Final = (PAGES, TEXT)
MIXED: Final = (TEXT, CATALOGUES, PAGES, GRANTS)
"""The shapes of documents in a row."""


def documents(count: int, seed: int, shapes: tuple[Shape, ...] = NEWSLETTERS) -> Iterator[tuple[str, str]]:
    """Relative path and text of each document; document i is the same whatever the count."""
    vocabulary = read_vocabulary()
    for number in range(count):
        shape = shapes[number % len(shapes)]
        path = f"{shape.folder}/{number // FOLDER_SIZE:03}/{number:06}{shape.suffix}"
        yield path, shape.write(Author(vocabulary, seed, number))


def write_corpus(count: int, seed: int, folder: Path, shapes: tuple[Shape, ...] = NEWSLETTERS) -> int:
    """Write the documents below a new or empty folder; returns the bytes written."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"expected a new or empty folder, found files in {folder}: give another --out")
    size = 0
    for path, text in documents(count, seed, shapes):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        size += target.write_bytes(text.encode())
    return size


def main() -> int:
    """Write a corpus and print its size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixed", action="store_true", help="catalogues and lists of grants as well")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    try:
        size = write_corpus(options.documents, options.seed, options.out, MIXED if options.mixed else NEWSLETTERS)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"documents {options.documents}, MB {size / 1e6:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
