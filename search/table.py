"""A Page on a terminal: hits with their snippets, facets in columns, and one line that says what was searched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from unicodedata import category

from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kilde.danish.kommuner import kommuner
from kilde.danish.numbers import print_number
from search.page import FacetValue, Hit, Page

MARKED = "bold yellow"
QUIET = "dim"
HEADING = "italic"
INDENT = 3

MOST_NAMES = 6
MOST_AMOUNTS = 4
MOST_VALUES = 10
"""Of a facet."""

LONGEST_LABEL = 28

_UNITS = ((10**9, "mia. kr."), (10**6, "mio. kr."))


def print_page(page: Page, console: Console) -> None:
    """Print the page; nothing that stands in a document can act as markup or as a control sequence."""
    for place, hit in enumerate(page.hits, 1):
        _print_hit(hit, place, console)
    if page.facets:
        columns = [_facet(name, values) for name, values in page.facets.items() if values]
        console.print(Columns(columns, padding=(0, 3)))
        console.print()
    for note in page.notes:
        console.print(Text(f"note: {shown(note)}", QUIET))
    if page.suggestion:
        console.print(Text.assemble("did you mean: ", (shown(page.suggestion), "bold")))
    if page.next:
        console.print(Text.assemble(("more: --cursor ", QUIET), page.next), soft_wrap=True)
    console.print(Text(coverage_line(page), QUIET))


def _print_hit(hit: Hit, place: int, console: Console) -> None:
    head = Table.grid(expand=True, padding=(0, 1))
    head.add_column(justify="right", style=QUIET, no_wrap=True)
    head.add_column(ratio=1)
    head.add_column(no_wrap=True, justify="right")
    head.add_row(f"{place}.", Text(shown(hit.title) or "untitled", "bold"), hit.published or "undated")
    console.print(head)
    for line in _body(hit):
        console.print(Padding(line, (0, 0, 0, INDENT), expand=False))
    console.print()


def _body(hit: Hit) -> Iterator[Text]:
    """Heading, snippet and facts; a heading that the snippet begins with is taken from there, with its marks."""
    heading, text = shown(hit.heading), _snippet(hit)
    if heading and text.plain.startswith(f"{heading} "):
        first, text = text[: len(heading)], text[len(heading) + 1 :]
        first.stylize(HEADING)
        yield first
    elif heading and heading != shown(hit.title):
        yield Text(heading, HEADING)
    if text:
        yield text
    yield _facts(hit)


def _snippet(hit: Hit) -> Text:
    """The snippet with single spaces, also where white space meets between two pieces."""
    text = Text()
    for piece in hit.snippet:
        written = shown(f"|{piece.text}|")[1:-1]
        if text.plain[-1:] in ("", " "):
            written = written.removeprefix(" ")
        text.append(written, MARKED if piece.marked else "")
    return text


def _facts(hit: Hit) -> Text:
    """Kommuner, amounts, where it comes from, and the id for `kilde show`."""
    names = _some([kommune_name(code) for code in hit.kommuner], MOST_NAMES)
    amounts = _some([print_kroner(amount) for amount in hit.amounts], MOST_AMOUNTS)
    source = ", ".join(shown(each) for each in (hit.publisher, hit.kind) if each)
    parts = ((names, "cyan"), (amounts, "green"), (source, QUIET), (hit.id, QUIET))
    return Text.assemble((" · ", QUIET)).join(Text(text, style) for text, style in parts if text)


def _some(values: Sequence[str], most: int) -> str:
    rest = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(values[:most]) + rest


def _facet(name: str, values: Sequence[FacetValue]) -> Table:
    """The values with their counts, those chosen first marked; the rest as a number."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(name, header_style="bold", overflow="ellipsis", max_width=LONGEST_LABEL, no_wrap=True)
    table.add_column(justify="right")
    for value in _listed(values):
        mark = "✓ " if value.selected else ""
        table.add_row(Text(mark + shown(value.label), "bold" if value.selected else ""), f"{value.count:,}")
    if len(values) > MOST_VALUES:
        table.add_row(Text(f"and {len(values) - MOST_VALUES} more", QUIET), "")
    return table


def _listed(values: Sequence[FacetValue]) -> Iterable[FacetValue]:
    """The chosen values and the largest, in the order of the page."""
    chosen = [value for value in values if value.selected][:MOST_VALUES]
    others = [value for value in values if not value.selected][: MOST_VALUES - len(chosen)]
    return (value for value in values if value in chosen or value in others)


def coverage_line(page: Page) -> str:
    """How many hits, and what they are out of: so that none is either "searched and absent" or "not collected"."""
    coverage = page.coverage
    absence = f" ({page.absence})" if page.absence else ""
    found = _count(page.total, page.query.by.value) if page.total else f"nothing found{absence}"
    showing = f" ({len(page.hits):,} shown)" if 0 < len(page.hits) < page.total else ""
    parts = [f"{found}{showing}", f"searched {_count(coverage.documents, 'document')}"]
    parts[1] += f" of {_count(coverage.months, 'month')}"
    parts += [f"late: {', '.join(map(shown, coverage.late))}"] if coverage.late else []
    parts += [f"failing: {', '.join(map(shown, coverage.failing))}"] if coverage.failing else []
    parts += [f"{coverage.quarantined:,} in quarantine"] if coverage.quarantined else []
    return "; ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_kroner(øre: int) -> str:
    """An amount as Danes write it, exact: in millions or milliards where two decimals say all.

    >>> print_kroner(6_990_000_000), print_kroner(50_000_000), print_kroner(123_456_789_00)
    ('69,9 mio. kr.', '500.000 kr.', '123.456.789 kr.')
    """
    kroner = Decimal(øre) / 100
    for size, unit in _UNITS:
        if abs(kroner) >= size and kroner * 100 % size == 0:
            return f"{print_number(kroner / size)} {unit}"
    return f"{print_number(kroner)} kr."


def kommune_name(code: str) -> str:
    """The name of a kommune, the code itself for a code that is none."""
    kommune = kommuner().get(code)
    return kommune.name if kommune else shown(code)


def shown(text: str) -> str:
    """The text on one line, without control characters and what turns or hides the letters beside it."""
    line = " ".join(text.split())
    return "".join(character for character in line if category(character) not in ("Cc", "Cf", "Cs"))
