"""A limit on the time that answering takes: looked at between steps, none of which takes long by itself."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic

from kilde.errors import KildeError

LONGEST = 2.0
"""Seconds that answering a person's question may take."""


class TooLongError(KildeError):
    """A question that takes longer to answer than it may."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock. A value, so that one question's steps share it."""

    moment: float = inf

    def check(self) -> None:
        """TooLongError when the moment is past."""
        if monotonic() > self.moment:
            raise TooLongError("the search takes too long: ask for fewer or longer words, or narrow it with filters")


NEVER = Deadline()


def within(seconds: float = LONGEST) -> Deadline:
    """The deadline that is so many seconds from now."""
    return Deadline(monotonic() + seconds)
