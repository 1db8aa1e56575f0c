"""Web and mail addresses: what of them is shown, whose they are, and that hostile ones take no longer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kilde.danish.kommuner import kommuner
from kilde.danish.lexicon_rows import read_rows
from kilde.danish.web_addresses import find_addresses, host_code

HOSTS = [
    ("randers.dk", "0730"),
    ("www.randers.dk", "0730"),
    ("mkb.aarhus.dk", "0751"),
    ("AARHUS.DK", "0751"),
    ("kk.dk", "0101"),
    ("htk.dk", "0169"),
    ("ltk.dk", "0173"),
    ("rksk.dk", "0760"),
    ("fmk.dk", "0430"),
    ("koege.dk", "0259"),
    ("visitaarhus.dk", "0751"),
    ("visitodense.com", "0461"),
    ("koldingbib.dk", "0621"),
    ("jobcenter-randers.dk", "0730"),
    ("ikast-brande.dk", "0756"),
    ("holbæk-erhverv.dk", "0316"),
    ("uim.dk", None),
    ("vejledning.dk", None),
    ("motorvejen.dk", None),
    ("konstruer.dk", None),
    ("xkk.dk", None),
    ("dk", None),
    ("", None),
]

FOUND = [
    ("Se https://www.randers.dk/nyheder/Aarhus-x/.", [("www.randers.dk", "0730")]),
    ("<https://uim.dk/aarhus>", [("uim.dk", None)]),
    ("Skriv til integration@kolding.dk, tak.", [("integration@kolding.dk", "0621")]),
    ("(mailto:ab@post.rebild.dk)", [("ab@post.rebild.dk", "0840")]),
    ("htk.dk; ltk.dk", [("htk.dk", "0169"), ("ltk.dk", "0173")]),
    ("example.com/Kolding/x.pdf", [("example.com", None)]),
    ("Det er ikke en adresse. Dk er et land.", []),
    ("@ og www. og :// og .dk", []),
]


@pytest.mark.parametrize(("host", "code"), HOSTS)
def test_a_host_is_whose(host: str, code: str | None) -> None:
    assert host_code(host) == code


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_addresses_in_a_text(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(text[each.shown_start : each.shown_end], each.code) for each in find_addresses(text)] == expected


def test_every_kommune_has_a_domain_of_its_own() -> None:
    rows = {code: domains.split(" ") for code, domains in read_rows("kommune_hosts.tsv")}
    assert rows.keys() == kommuner().keys()
    assert len({domain for domains in rows.values() for domain in domains}) == sum(map(len, rows.values()))


@given(st.one_of(st.text(), st.text(alphabet="ab.@:/wdk-< \n")))
def test_addresses_lie_in_the_text_in_order(text: str) -> None:
    last = 0
    for each in find_addresses(text):
        assert last <= each.start <= each.shown_start < each.shown_end <= each.end <= len(text)
        last = each.end
