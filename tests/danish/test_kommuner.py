"""The lexicon of kommuner: what the statutes say of it, and the names that look it up."""

from __future__ import annotations

import doctest
from collections import Counter
from datetime import date
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kilde.danish.kommuner
import kilde.danish.places
from kilde.danish.kommuner import (
    amter,
    by_name,
    former_by_name,
    former_kommuner,
    kommuner,
    nearest_names,
    region_on,
)

LOOKED_UP = [
    ("Aabenraa", "0580"),
    ("Åbenrå", "0580"),
    ("Aabenrå", "0580"),
    ("AABENRAA KOMMUNE", "0580"),
    ("Åbenrå Kommunes", "0580"),
    ("0751", "0751"),
    ("751", "0751"),
    ("101", "0101"),
    ("Kbh.", "0101"),
    ("Københavns Kommune", "0101"),
    ("København Kommune", "0101"),
    ("koebenhavn", "0101"),
    ("Høje Taastrup", "0169"),
    ("Høje-Tåstrup", "0169"),
    ("høje\u00adtaastrup", None),
    ("Høje-Taa\u00adstrup", "0169"),
    ("Lyngby Kommune", "0173"),
    ("Lyngby Tårbæk", "0173"),
    ("Nordfyn", "0480"),
    ("Nordfyns", "0480"),
    ("Vesthimmerland", "0820"),
    ("Bornholms Regionskommune", "0400"),
    ("Lolland Kommunen", "0360"),
    ("Randers'", "0730"),
    ("Aeroe", "0492"),
    ("Christiansø", None),
    ("0411", None),
    ("Ribe", None),
    ("", None),
    ("kommune", None),
    ("A" * 101, None),
]

FORMER = [
    ("Farum", ("0190",)),
    ("Farum Kommune", ("0190",)),
    ("Holeby", ("0360",)),
    ("Mariager", ("0846", "0730")),
    ("Aalestrup", ("0820", "0791", "0846")),
    ("Ålestrup", ("0820", "0791", "0846")),
    ("Nørre-Rangstrup", ("0550", "0510")),
    ("Nr. Aaby", ("0410",)),
    ("Nykøbing Falster", ("0376",)),
    ("Marstal", ("0492",)),
    ("Rønne", ("0400",)),
    ("Sengeløse", ("0169",)),
    ("Frederiksværk-Hundested", ("0260",)),
    ("Neksø", ("0400",)),
    ("Sønderborg", ("0540",)),
    ("Odder", None),
    ("Taastrup", None),
    ("", None),
    ("A" * 101, None),
]


@pytest.mark.parametrize(("text", "code"), LOOKED_UP)
def test_a_name_is_looked_up(text: str, code: str | None) -> None:
    found = by_name(text)
    assert (found and found.code) == code


@pytest.mark.parametrize(("text", "successors"), FORMER)
def test_a_former_name_is_looked_up(text: str, successors: tuple[str, ...] | None) -> None:
    found = former_by_name(text)
    assert (found and found.successors) == successors


@pytest.mark.parametrize("code", list(kommuner()))
def test_every_kommune_is_found_by_each_of_its_names(code: str) -> None:
    kommune = kommuner()[code]
    for name in (code, kommune.name, kommune.official, *kommune.spellings, *kommune.headed):
        assert by_name(name) is kommune, name


@pytest.mark.parametrize(
    ("year", "count"), [(1970, 277), (1974, 275), (2003, 271), (2006, 270), (2007, 98), (2008, 98)]
)
def test_as_many_kommuner_as_the_statutes_say(year: int, count: int) -> None:
    """The official counts after each change of the division."""
    former = sum(each.from_year <= year <= each.to_year for each in former_kommuner())
    assert former + sum(each.since <= year for each in kommuner().values()) == count


def test_regions_and_landsdele_are_the_official_ones() -> None:
    regions = Counter(each.region for each in kommuner().values())
    assert regions == {
        "Region Hovedstaden": 29,
        "Region Sjælland": 17,
        "Region Syddanmark": 22,
        "Region Midtjylland": 19,
        "Region Nordjylland": 11,
    }
    assert Counter(each.region_2027 for each in kommuner().values())["Region Østdanmark"] == 46
    landsdele = Counter(each.landsdel for each in kommuner().values())
    assert len(landsdele) == 11
    assert (landsdele["Fyn"], landsdele["Nordsjælland"], landsdele["Bornholm"]) == (10, 11, 1)


def test_the_region_changes_in_2027() -> None:
    assert region_on("0265", date(2026, 12, 31)) == "Region Sjælland"
    assert region_on("0265", date(2027, 1, 1)) == "Region Østdanmark"
    assert region_on("0751", date(1999, 1, 1)) == region_on("0751", date(2030, 1, 1)) == "Region Midtjylland"
    with pytest.raises(KeyError):
        region_on("0411", date(2020, 1, 1))


def test_former_kommuner_lead_to_kommuner_and_amter() -> None:
    names = {amt.name for amt in amter().values()}
    for each in former_kommuner():
        assert set(each.successors) <= kommuner().keys(), each
        assert each.amt is None or each.amt in names, each
        assert 1970 <= each.from_year <= each.to_year <= 2007, each
    assert len(amter()) == 14
    assert {region for amt in amter().values() for region in amt.regions} == {
        each.region for each in kommuner().values()
    }


def test_the_nearest_names_come_first() -> None:
    assert nearest_names("Aabenrå")[0] == "Aabenraa"
    assert nearest_names("Århuss kommune")[0] == "Aarhus"
    assert nearest_names("Farom", 1) == ("Farum",)
    assert nearest_names("xyz") == nearest_names("Aarhus", 0) == nearest_names("A" * 1000) == ()


@given(st.text())
def test_no_name_raises(text: str) -> None:
    by_name(text)
    former_by_name(text)
    assert len(nearest_names(text)) <= 3


@pytest.mark.parametrize("module", [kilde.danish.kommuner, kilde.danish.places], ids=lambda each: str(each.__name__))
def test_the_examples_in_the_docstrings_hold(module: ModuleType) -> None:
    failed, tried = doctest.testmod(module)
    assert tried
    assert not failed
