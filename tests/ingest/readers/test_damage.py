"""Damaged files: each is read, or refused with a reason; nothing else is raised."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from ingest.reading import read_document
from kilde.errors import UnreadableError
from tests.conftest import SAMPLES, observation

SEEDS = range(40)
NAMES = ["medborgernyt-2022-09.pdf", "referat-faxe-2022-05.docx", "tilsagn-2021.xlsx"]


def damaged(body: bytes, seed: int) -> bytes:
    """Bytes with some changed, cut out or put in, the same way every time."""
    chance = random.Random(seed)
    bytes_ = bytearray(body)
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(bytes_))
        kind = chance.choice(["change", "change", "cut", "add"])
        if kind == "change":
            bytes_[at] = chance.randrange(256)
        elif kind == "cut":
            del bytes_[at : at + chance.randrange(1, 50)]
        else:
            bytes_[at:at] = chance.randbytes(chance.randrange(1, 30))
    return bytes(bytes_)


def damaged_part(body: bytes, seed: int) -> bytes:
    """A zip that is whole, with one of its parts damaged."""
    chance = random.Random(seed)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        hit = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, damaged(part, seed) if name == hit and part else part)
    return stream.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_read_or_refused(name: str) -> None:
    """Whatever the bytes, there is a document or a reason."""
    body = (SAMPLES / name).read_bytes()
    outcomes = set()
    for seed in SEEDS:
        broken = damaged(body, seed) if name.endswith(".pdf") or seed % 4 == 0 else damaged_part(body, seed)
        try:
            document = read_document(broken, observation(broken, name, media_type="application/octet-stream"))
            outcomes.add("read" if document.records else "empty")
        except UnreadableError as error:
            outcomes.add(error.code)
    assert {"read"} < outcomes
