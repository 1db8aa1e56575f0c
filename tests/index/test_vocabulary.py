"""The vocabulary: numbers of forms, and what is left of them when there are too many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.analysis import read_keys
from index.vocabulary import Vocabulary

FORMS = ["indsats", "indsatserne", "Høje-Taastrup", "pulje", "§ 17", "12.3.2020", "DUÅ-programmet", "unge", "ældre"]


def read(vocabulary: Vocabulary, form: str) -> tuple[int, list[bytes], list[int], list[bytes]]:
    """What a form is found by: its steps, its keys with the step of each, and its exact forms."""
    number = vocabulary.numbers[form]
    forms = vocabulary.forms()
    names = list(vocabulary._keys)
    keys, exact = (each.taken(np.array([number])) for each in (forms.keys, forms.exact))
    return (
        int(forms.steps[number]),
        [names[key] for key in forms.keys.numbers[keys].tolist()],
        forms.key_steps[keys].tolist(),
        [names[key] for key in forms.exact.numbers[exact].tolist()],
    )


FRESH = {form: read(Vocabulary(read_keys), form) for form in FORMS}


@given(st.lists(st.lists(st.sampled_from(FORMS), min_size=1, max_size=6), min_size=1, max_size=6))
def test_forms_are_read_the_same_however_often_some_were_forgotten(flushes: list[list[str]]) -> None:
    vocabulary = Vocabulary(read_keys, 4)
    for words in flushes:
        numbers = np.array([vocabulary.numbers[word] for word in words], dtype=np.uint32)
        vocabulary.forms()
        vocabulary.use(numbers)
        vocabulary.relieve()
        assert len(vocabulary.numbers) <= 4
        assert {word: read(vocabulary, word) for word in list(vocabulary.numbers)} == {
            word: FRESH[word] for word in vocabulary.numbers
        }


def test_the_most_used_forms_are_kept() -> None:
    asked: list[str] = []

    def reading(form: str):  # type: ignore[no-untyped-def]
        asked.append(form)
        return read_keys(form)

    vocabulary = Vocabulary(reading, 4)
    words = ["unge", "indsats", "unge", "pulje", "indsats", "ældre", "§ 17"]
    numbers = np.array([vocabulary.numbers[word] for word in words], dtype=np.uint32)
    vocabulary.forms()
    vocabulary.use(numbers)
    vocabulary.relieve()
    assert list(vocabulary.numbers) == ["unge", "indsats"]
    asked.clear()
    assert vocabulary.numbers["unge"] == 0
    assert vocabulary.numbers["pulje"] == 2
    vocabulary.forms()
    assert asked == ["pulje"]
