"""What a person searches is found, in the right order, page by page, also while the index changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest

from kilde.danish.mentions import Role
from kilde.errors import DamagedError, MissingError
from kilde.model import RecordKind
from search.engine import Engine, open_engine
from search.page import By, Filters, Page, Query, Sort
from search.query_language import parse_query
from tests.index.builders import Part, Texts, built, document, writer

AUTHORITY = Role.AUTHORITY

NEWSLETTERS = [
    document(
        "januar",
        [
            Part(
                "Særlig indsats i Aarhus\nDer er afsat 7 mio. kr. til indsatsen for flygtninge.",
                heading="Særlig indsats i Aarhus",
                kommuner=(("0751", AUTHORITY), ("0461", Role.INSTITUTION)),
                amounts=(("7000000", None),),
                dates=((date(2021, 3, 1), date(2021, 3, 31)),),
            ),
            "Integrationsindsatserne i Høje-Taastrup fortsætter uændret.",
            Part("Sidst opdateret den 16. september 2020 med en indsats", kind=RecordKind.IMPRINT),
        ],
        title="Integrationsnyt januar 2020",
        published="2020-01",
    ),
    document(
        "oktober",
        [
            Part(
                "Boligplacering af flygtningefamilier i Randers og Odense koster 69,9 mio. kr.",
                kommuner=(("0730", AUTHORITY), ("0461", Role.PLACE)),
                amounts=(("69900000", None), ("1000", "5000")),
            ),
            "Kursus for frivillige og for ledere af sprogcentre.",
        ],
        title="Integrationsnyt oktober",
        published="2019-10-28",
    ),
    document("uden dato", ["En indsats uden dato, i Vejen."], title="Artikel", published=None),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return built(tmp_path, NEWSLETTERS)


@pytest.fixture
def engine(folder: Path) -> Engine:
    return open_engine(folder, Texts(NEWSLETTERS))


def search(engine: Engine, text: str, **options: object) -> Page:
    return engine.search(replace(Query(text, parse_query(text)), **options))  # type: ignore[arg-type]


def shorts(page: Page) -> list[str]:
    """Document name and record number of each hit: `januar 0`."""
    names = {each.id: each.locator for each in NEWSLETTERS}
    return [f"{names[hit.document]} {int(hit.id[-4:])}" for hit in page.hits]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("indsats", {"januar 0", "januar 1", "uden dato 0"}),
        ("indsatser kommune:Aarhus", {"januar 0"}),
        ("kommune:Odense", {"oktober 0"}),
        ("=indsatsen", {"januar 0"}),
        ("=Aarhus", {"januar 0"}),
        ("=Århus", set()),
        ("Århus", {"januar 0"}),
        ("Høje Taastrup", {"januar 1"}),
        ('"Høje Taastrup"', {"januar 1"}),
        ("flygtning familie", {"oktober 0"}),
        ("sprogcenter", {"oktober 1"}),
        ("integr*", {"januar 1"}),
        ("aarh*", {"januar 0"}),
        ("flygtnine~", {"januar 0"}),
        ("69,9", {"oktober 0"}),
        ("69", set()),
        ("Vejen", {"uden dato 0"}),
        ("særlig NEAR/3 Aarhus", {"januar 0"}),
        ("indsats -Aarhus", {"januar 1", "uden dato 0"}),
        ("Randers OR frivillig", {"oktober 0", "oktober 1"}),
        ("(Randers OR frivillig) bolig", {"oktober 0"}),
        ("titel:oktober", {"oktober 0", "oktober 1"}),
        ("titel:integr*", {"januar 0", "januar 1", "oktober 0", "oktober 1"}),
        ('titel:"januar 2020"', {"januar 0", "januar 1"}),
        ("dato:2019", {"oktober 0", "oktober 1"}),
        ("dato:2019..2020", {"januar 0", "januar 1", "oktober 0", "oktober 1"}),
        ("nævner:2021", {"januar 0"}),
        ("beløb:>=10mio", {"oktober 0"}),
        ("beløb:2000..3000", {"oktober 0"}),
        ("beløb:6000..7000", set()),
        ("type:nyhedsbrev", {"januar 0", "januar 1", "oktober 0", "oktober 1", "uden dato 0"}),
        ("region:midtjylland", {"januar 0", "oktober 0"}),
        ("NOT indsats", {"oktober 0", "oktober 1"}),
        ("", {"januar 0", "januar 1", "oktober 0", "oktober 1", "uden dato 0"}),
        ("opdateret", set()),
    ],
)
def test_what_is_searched_is_found(text: str, hits: set[str], engine: Engine) -> None:
    page = search(engine, text)
    assert set(shorts(page)) == hits
    assert page.total == len(hits)


@pytest.mark.parametrize(
    ("filters", "hits"),
    [
        (Filters(kommune=("0461",)), {"oktober 0"}),
        (Filters(kommune=("0461",), role=("institution",)), {"januar 0"}),
        (Filters(kommune=("0461", "0751")), {"oktober 0", "januar 0"}),
        (Filters(kommune=("0751",), role=("place",)), set()),
        (Filters(role=("institution",)), {"januar 0"}),
        (Filters(region=("Syddanmark",)), {"oktober 0"}),
        (Filters(year=("2019",)), {"oktober 0", "oktober 1"}),
        (Filters(year=("2019",), kommune=("0751",)), set()),
        (Filters(published_from=date(2020, 1, 31)), {"januar 0", "januar 1"}),
        (Filters(published_to=date(2019, 10, 28)), {"oktober 0", "oktober 1"}),
        (Filters(mentions_from=date(2021, 3, 31)), {"januar 0"}),
        (Filters(amount_min=6_990_000_000), {"oktober 0"}),
        (Filters(amount_min=300_000, amount_max=400_000), {"oktober 0"}),
    ],
)
def test_filters_leave_what_fits(filters: Filters, hits: set[str], engine: Engine) -> None:
    assert set(shorts(search(engine, "", filters=filters))) == hits


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEWEST, ["januar 0", "januar 1", "oktober 0", "oktober 1", "uden dato 0"]),
        (Sort.OLDEST, ["oktober 0", "oktober 1", "januar 0", "januar 1", "uden dato 0"]),
        (Sort.AMOUNT, ["oktober 0", "januar 0", "januar 1", "oktober 1", "uden dato 0"]),
    ],
)
def test_hits_come_in_the_order_asked_for(sort: Sort, order: list[str], engine: Engine) -> None:
    assert shorts(search(engine, "", sort=sort)) == order


def test_the_finer_date_comes_before_the_coarser_and_ids_decide_last(tmp_path: Path) -> None:
    published = ["2020", "2020-01", "2020-01-01", "2020-01-01", None]
    current = [document(f"d{number}", ["x1"], published=when) for number, when in enumerate(published)]
    engine = open_engine(built(tmp_path, current), Texts(current))
    days = sorted(each.id for each in current[2:4])
    expected = [*days, current[1].id, current[0].id, current[4].id]
    for sort in (Sort.NEWEST, Sort.OLDEST):
        assert [hit.document for hit in search(engine, "x1", sort=sort).hits] == expected


def test_a_heading_counts_more_than_the_text(tmp_path: Path) -> None:
    current = [
        document("a", ["Noget andet om en pulje som her"]),
        document("b", [Part("En pulje\nNoget andet som her", heading="En pulje")]),
    ]
    engine = open_engine(built(tmp_path, current), Texts(current))
    assert [hit.document for hit in search(engine, "pulje").hits] == [current[1].id, current[0].id]


def test_a_hit_says_what_it_is(engine: Engine) -> None:
    hit = search(engine, "indsats kommune:Aarhus").hits[0]
    record = NEWSLETTERS[0].records[0]
    assert (hit.id, hit.document, hit.version) == (record.id, record.document, record.version)
    assert (hit.title, hit.heading) == ("Integrationsnyt januar 2020", "Særlig indsats i Aarhus")
    assert (hit.kind, hit.record_kind, hit.published) == ("newsletter", "item", "2020-01")
    assert (hit.kommuner, hit.amounts) == (("0751",), (700_000_000,))
    assert [piece.text for piece in hit.snippet if piece.marked] == ["indsats", "indsatsen"]
    assert hit.score > 0
    asked = search(engine, "", filters=Filters(kommune=("0461",), role=("institution",))).hits[0]
    assert asked.kommuner == ("0461",)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("den indsats", ["den"]),
        ("indsats og den", ["og", "den"]),
        ("og", []),
        ("og den", []),
        ('"og den"', []),
        ("=og indsats", []),
        ("og kommune:Aarhus", ["og"]),
    ],
)
def test_stop_words_are_ignored_and_said_so(text: str, notes: list[str], engine: Engine) -> None:
    page = search(engine, text)
    assert [note.split(": ")[1].split(", ") for note in page.notes] == ([notes] if notes else [])


def test_a_stop_word_alone_is_searched(engine: Engine) -> None:
    assert set(shorts(search(engine, "for"))) == {"januar 0", "oktober 1"}
    assert set(shorts(search(engine, '"og for ledere"'))) == {"oktober 1"}


def test_a_former_kommune_is_said_to_be_in_its_successor(engine: Engine) -> None:
    page = search(engine, "kommune:Farum")
    assert page.total == 0
    assert "Farum" in page.notes[0]
    assert "Furesø" in page.notes[0]


def test_a_prefix_of_many_words_is_capped_and_said_so(tmp_path: Path) -> None:
    current = [document("a", [" ".join(f"ord{number:04}" for number in range(1500))])]
    engine = open_engine(built(tmp_path, current), Texts(current))
    page = search(engine, "or*")
    assert page.total == 1
    assert page.notes == ("or* stands for 1,500 words; 1,000 of them are searched",)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("indsatz", "indsats"),
        ("flygtninh Aarhus", "flygtninge Aarhus"),
        ("Randerz", "randers"),
        ("qqqqqq", None),
        ("indsats Randers", None),
        ("indsatz dato:1999", None),
        ("indsatz kommune:Odense", None),
        ('"indsatz nu"', None),
    ],
)
def test_a_misspelt_word_leads_to_a_query_that_finds_something(
    text: str, suggestion: str | None, engine: Engine
) -> None:
    page = search(engine, text)
    assert page.total == 0
    assert page.suggestion == suggestion
    if suggestion:
        assert search(engine, suggestion).total > 0


def test_by_document_there_is_one_hit_for_each(engine: Engine) -> None:
    page = search(engine, "indsats", by=By.DOCUMENT, facets=("year",))
    assert shorts(page) == ["januar 0", "uden dato 0"]
    assert page.total == 2
    assert [(value.value, value.count) for value in page.facets["year"]] == [("2020", 1)]


def test_an_engine_sees_the_newest_commit(folder: Path) -> None:
    texts = Texts(NEWSLETTERS)
    engine = open_engine(folder, texts)
    assert search(engine, "nyhed").total == 0
    added = document("ny", ["En nyhed om en pulje."])
    texts.add([added])
    writer(folder).update([added], (), 2)
    assert search(engine, "nyhed").total == 1
    writer(folder).rebuild(NEWSLETTERS, 3)
    assert search(engine, "nyhed").total == 0


def test_searches_go_on_while_the_index_is_written(tmp_path: Path) -> None:
    """No search fails or mixes versions: every answer is of one commit, all old records or all new ones."""
    texts = Texts()
    versions = [[document(f"d{n}", [f"pulje udgave{v}"], version=f"v{v}") for n in range(8)] for v in range(10)]
    for each in versions:
        texts.add(each)
    built(tmp_path, versions[0])
    engine = open_engine(tmp_path, texts)
    failures: list[str] = []
    done: list[bool] = []

    def read() -> None:
        while not done:
            page = search(engine, "pulje")
            if page.total != 8 or len({hit.version[:0] + hit.snippet[-1].text for hit in page.hits}) != 1:
                failures.append(str(page))

    thread = Thread(target=read)
    thread.start()
    for number, each in enumerate(versions[1:]):
        if number % 3 == 2:
            writer(tmp_path).rebuild(each, number)
        else:
            writer(tmp_path).update(each, (), number)
    done.append(True)
    thread.join()
    assert not failures


def test_without_an_index_the_command_that_makes_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="kilde index --rebuild"):
        search(open_engine(tmp_path, Texts()), "x")


def test_a_damaged_index_names_the_command_that_mends_it(folder: Path, engine: Engine) -> None:
    assert search(engine, "indsats").total == 3
    for path in folder.rglob("*.seg"):
        path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(DamagedError, match="kilde index --rebuild"):
        search(open_engine(folder, Texts(NEWSLETTERS)), "indsats")


def test_an_index_without_records_answers_nothing(tmp_path: Path) -> None:
    writer(tmp_path).update([], (), 1)
    page = search(open_engine(tmp_path, Texts()), "indsats OR inds* -børn", facets=("kommune",), by=By.DOCUMENT)
    assert (page.total, page.hits, page.facets, page.next) == (0, (), {"kommune": ()}, None)
