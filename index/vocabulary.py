"""Numbers for the forms and keys of texts: the analyzer runs once for each different form, and arrays do the rest.

A form has a number from when it is first met; what it is found by is worked out when it is needed. The memory is
bounded: `relieve` forgets the forms that are used least once there are too many, and gives the others new numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from index.arrays import Array, Counts, Integers, spread, starts_of
from index.filters import Keys

_Text = TypeVar("_Text", str, bytes)

MOST_FORMS = 160_000
"""Different forms that are remembered: about 100 MB with their keys."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """For each form some numbers: where they start in `numbers`, and how many they are."""

    starts: Integers
    sizes: Integers
    numbers: Counts

    def taken(self, places: Array) -> Integers:
        """Where the numbers of these forms stand."""
        return spread(self.starts[places], self.sizes[places])


@dataclass(frozen=True, slots=True)
class Forms:
    """What the forms are found by, as numbers of keys."""

    steps: Counts
    """Positions that each form takes."""
    keys: Ragged
    key_steps: Counts
    """For each of the keys' numbers the step that it is of, from 0."""
    exact: Ragged


class Numbers(dict[_Text, int]):
    """Gives every new text the next number."""

    def __missing__(self, text: _Text) -> int:
        number = self[text] = len(self)
        return number


class _Pieces:
    """Some numbers for each form, appended form by form."""

    def __init__(self, sizes: Array | None = None, numbers: Array | None = None) -> None:
        self.sizes = _growing(sizes)
        self.numbers = _growing(numbers)

    def append(self, numbers: list[int]) -> None:
        self.sizes.append(len(numbers))
        self.numbers.extend(numbers)

    def ragged(self) -> Ragged:
        sizes = np.array(self.sizes, dtype=np.int64)
        return Ragged(starts_of(sizes), sizes, np.array(self.numbers, dtype=np.uint32))


class Vocabulary:
    """The forms met so far. `read` is the analyzer's part for one form."""

    def __init__(self, read: Callable[[str], Keys], most: int = MOST_FORMS) -> None:
        self._read = read
        self._most = most
        self.numbers: Numbers[str] = Numbers()
        """The number of a form: `numbers[form]`."""
        self._uses = np.zeros(0, dtype=np.int64)
        self._keys: Numbers[bytes] = Numbers()
        self._steps = array("I")
        self._key_steps = array("I")
        self._pieces = _Pieces()
        self._exact = _Pieces()

    def use(self, words: Counts) -> None:
        """Count the places where forms stand, by their numbers."""
        uses = np.bincount(words, minlength=len(self.numbers))
        uses[: len(self._uses)] += self._uses
        self._uses = uses

    def relieve(self) -> None:
        """Forget forms where there are too many, all but the most used half; no number counts any more then.

        Call it after `forms`.
        """
        if len(self.numbers) <= self._most:
            return
        kept = np.sort(np.argsort(-self._uses, kind="stable")[: self._most // 2])
        forms, keys = list(self.numbers), list(self._keys)
        self.numbers = Numbers(zip(map(forms.__getitem__, kept.tolist()), range(len(kept)), strict=True))
        self._uses = self._uses[kept]
        pieces, exact = self._pieces.ragged(), self._exact.ragged()
        of_texts, of_exact = pieces.taken(kept), exact.taken(kept)
        self._steps = _growing(np.array(self._steps, dtype=np.uint32)[kept])
        self._key_steps = _growing(np.array(self._key_steps, dtype=np.uint32)[of_texts])
        used = np.unique(np.concatenate([pieces.numbers[of_texts], exact.numbers[of_exact]]))
        anew = np.zeros(len(keys), dtype=np.uint32)
        anew[used] = np.arange(len(used))
        self._keys = Numbers(zip(map(keys.__getitem__, used.tolist()), range(len(used)), strict=True))
        self._pieces = _Pieces(pieces.sizes[kept], anew[pieces.numbers[of_texts]])
        self._exact = _Pieces(exact.sizes[kept], anew[exact.numbers[of_exact]])

    def forms(self) -> Forms:
        """What the forms up to now are found by."""
        for form in list(self.numbers)[len(self._steps) :]:
            self._add(self._read(form))
        return Forms(
            np.array(self._steps, dtype=np.uint32),
            self._pieces.ragged(),
            np.array(self._key_steps, dtype=np.uint32),
            self._exact.ragged(),
        )

    def _add(self, found: Keys) -> None:
        numbers = self._keys
        self._steps.append(len(found.steps))
        self._pieces.append([numbers[_encoded(key)] for step in found.steps for key in step])
        self._key_steps.extend(number for number, step in enumerate(found.steps) for _ in step)
        self._exact.append([numbers[_encoded(form)] for form in found.exact])

    def ranked(self, used: Counts) -> tuple[list[bytes], Counts]:
        """The keys with these numbers as sorted bytes; and for each number of a key its rank among them."""
        names = list(self._keys)
        rank = np.zeros(len(names), dtype=np.uint32)
        found = np.zeros(len(names), dtype=bool)
        found[used] = True
        here = np.flatnonzero(found).tolist()
        here.sort(key=names.__getitem__)
        rank[here] = np.arange(len(here), dtype=np.uint32)
        return [names[number] for number in here], rank


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _growing(numbers: Array | None) -> array[int]:
    """Numbers that more can be appended to."""
    return array("I", b"" if numbers is None else numbers.astype(np.uint32).tobytes())
