"""A view as HTML: the templates, and what they may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from search.web.addresses import Address
from search.web.assets import asset_path
from search.web.denmark import areas_svg, rows_html
from search.web.errors import NoFormError
from search.web.prose import grouped, joined
from search.web.view import Role, Task, View
from search.web.words import LANGUAGES, day, money, months, number, wording


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share: the root of absolute addresses, and whether there is something to log in to."""

    base: str
    protected: bool


@cache
def environment() -> Environment:
    """The templates. Whatever they print is escaped, and a name that is not there is an error."""
    loader = PackageLoader("search.web", "templates")
    found = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found.globals |= {"asset": asset_path, "areas_svg": areas_svg, "rows_html": rows_html, "joined": joined}
    found.filters["grouped"] = grouped
    return found


def to_html(view: View, task: Task, site: Site) -> bytes:
    """The view as a page. NoFormError where it has none."""
    if not view.template:
        raise NoFormError(f"{view.address.path} has no page")
    shell = shell_of(view.address, task, site)
    text = environment().get_template(view.template).render(
        **shell, title=view.title, view=view, indexed=view.indexed, **view.content
    )  # fmt: skip
    return text.encode("utf-8", "replace")


def shell_of(address: Address, task: Task, site: Site) -> dict[str, Any]:
    """What every page has: its words, its addresses in both languages, and who looks at it."""
    language = task.language
    link: Callable[..., str] = lambda to, form="html": to.text(language, form)  # noqa: E731 (a name for templates)
    return {
        "language": language,
        "t": wording(language),
        "n": lambda value: number(value, language),
        "money": lambda value: money(value, language),
        "day": lambda value: day(value, language),
        "months": months(language),
        "kroner": lambda text: grouped_kroner(text, language),
        "is_web": is_web,
        "link": link,
        "here": lambda path, *query: Address(path, tuple(query)).text(language),
        "base": site.base,
        "canonical": site.base + address.text(language),
        "alternates": [(other, site.base + address.text(other)) for other in LANGUAGES],
        "other": next(other for other in LANGUAGES if other != language),
        "other_address": address.text(next(other for other in LANGUAGES if other != language)),
        "path": address.path,
        "protected": site.protected,
        "admin": task.role is not Role.READER,
        "csrf": task.csrf,
        "q": task.asked.q,
    }


def grouped_kroner(text: str | None, language: str) -> str:
    """Kroner of an address as a field shows them: with Danish points where the page is Danish; both are read.

    >>> grouped_kroner("1500000,50", "da"), grouped_kroner("500000", "en")
    ('1.500.000,50', '500000')
    """
    whole, comma, rest = (text or "").partition(",")
    return number(int(whole), language) + comma + rest if whole and language == "da" else whole + comma + rest


def is_web(url: str | None) -> bool:
    """Whether a link of a document leads to the web, and to nothing that a browser would run."""
    return url is not None and url.startswith(("https://", "http://"))
