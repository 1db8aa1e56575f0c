"""One address for each answer: others that mean the same lead there."""

from __future__ import annotations

from dataclasses import dataclass

from kilde.danish.kommuner import by_name, kommuner
from search.web.addresses import Address, kommune_address, search_address
from search.web.asked import pairs_of
from search.web.view import Form, Task

MOVED, FOUND = 301, 302


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands; 301 for good, 302 for what a form has sent."""

    address: str
    status: int


def moved_to(task: Task, query_string: bytes) -> Place | None:
    """The address of a task where it is another one than was asked; None where it is not."""
    if task.view == "kommune":
        return _kommune(task)
    if task.view == "results" and task.form is Form.HTML:
        address = search_address(pairs_of(task.asked)).text(task.language)
        if address.partition("?")[2].encode() != query_string:
            return Place(address, FOUND)
    return None


def _kommune(task: Task) -> Place | None:
    """`/kommune/0751` and `/kommune/aarhus` lead to `/kommune/0751-aarhus`."""
    code = task.key.partition("-")[0]
    kommune = kommuner().get(code) or by_name(task.key)
    if kommune is None:
        return None
    there = kommune_address(kommune)
    if there.path == f"/kommune/{task.key}":
        return None
    return Place(Address(there.path, pairs_of(task.asked)).text(task.language, task.form), MOVED)
