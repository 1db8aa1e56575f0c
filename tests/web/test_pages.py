"""Every address answers as it should: pages, formats, permanent addresses, and refusals that say what to do."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from search.web import ledger
from search.web.addresses import Address
from search.web.asked import Asked, query_of
from search.web.denmark import denmark
from search.web.guard import HEADERS
from search.web.home import CALLS
from search.web.library import Library
from search.web.newest import MOST_ENTRIES
from search.web.similar import like
from search.web.words import money

ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ("/", "/soeg", "/soeg?q=bolig", "/soeg?q=zzzzqqq", "/kommuner", "/kommune/0751-aarhus", "/kommune/0411-x",
         "/region/midtjylland", "/kilder", "/drift", "/hjaelp", "/api", "/login")  # fmt: skip
LISTS = ("/soeg", "/kommuner", "/kommune/0751-aarhus", "/region/midtjylland")


def hit(client: httpx.Client, query: str = "q=bolig") -> dict[str, str]:
    """The first hit of a search."""
    found: dict[str, str] = client.get(f"/soeg.json?{query}").json()["hits"][0]
    return found


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["da", "en"])
def test_pages_answer_in_both_languages(client: httpx.Client, path: str, language: str) -> None:
    """A page names its language, its permanent address and the other language's, and has all headers that protect."""
    asked = path if language == "da" else f"/en{path}".removesuffix("/")
    answer = client.get(asked)
    assert answer.status_code == (404 if "0411" in path else 200)
    assert f'<html lang="{language}">' in answer.text
    assert 'rel="canonical"' in answer.text
    assert all(answer.headers[name.decode()] == value.decode() for name, value in HEADERS)
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_record_and_document_pages(client: httpx.Client) -> None:
    """A record's page has its text with marks and readings, its document, its provenance and a citation."""
    found = hit(client, "q=kommune:Hedensted+4.200")
    text = client.get(f"/post/{found['id']}").text
    assert 'class="m kommune"' in text
    assert "Hedensted Kommune (0766)" in text
    assert 'class="m amount" title="ca. 4.200 kr."' in text
    assert found["version"] in text
    assert "@misc{" in text
    assert f'href="/dokument/{found["document"]}"' in text
    like = client.get(f"/post/{found['id']}/lignende.json").json()["hits"]
    assert like
    assert found["document"] not in {each["document"] for each in like}
    document = client.get(f"/dokument/{found['document']}").text
    assert f"/post/{found['id']}" in document


@pytest.mark.parametrize("path", LISTS)
def test_lists_come_in_every_format(client: httpx.Client, path: str) -> None:
    """JSON, CSV and Atom stand at the page's address; a CSV has a row for each entry of the list."""
    assert client.get(f"{path}.json").headers["content-type"] == "application/json"
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv").text)))
    assert len(rows) > 10
    feed = ElementTree.fromstring(client.get(f"{path}.atom").content)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) > 5


@pytest.mark.parametrize(("path", "kind"), [("/kilder", "source"), ("/drift", "run"), ("", "record")])
def test_short_lists_come_in_every_format(client: httpx.Client, path: str, kind: str) -> None:
    """Sources, runs and similar records too: each list is a feed whose entries have ids and times of their own."""
    path = path or f"/post/{hit(client, 'q=tilskud')['id']}/lignende"
    page = client.get(path).text
    assert client.get(f"{path}.json").headers["content-type"] == "application/json"
    assert client.get(f"{path}.csv").headers["content-type"].startswith("text/csv")
    feed = ElementTree.fromstring(client.get(f"{path}.atom").content)
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) > 0
    assert all(each.startswith(f"urn:kilde:{kind}:") for each in ids)
    assert all(entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry"))
    assert all(f'href="{path}.{form}"' in page for form in ("json", "csv", "atom"))


def test_csv_has_all_hits_and_pages_have_each_once(client: httpx.Client) -> None:
    """Neither the whole CSV nor a walk by cursors loses or repeats a hit."""
    total = client.get("/soeg.json?limit=1").json()["total"]
    whole = [row["id"] for row in csv.DictReader(io.StringIO(client.get("/soeg.csv").text))]
    assert len(whole) == len(set(whole)) == total
    walked, address = [], "/api/v1/search?limit=60&sort=newest"
    while address:
        answer = client.get(address)
        walked += [each["id"] for each in answer.json()["hits"]]
        address = answer.links.get("next", {}).get("url", "")
    assert sorted(walked) == sorted(whole)


@pytest.mark.parametrize(
    ("asked", "place", "status"),
    [
        ("/kommune/0751", "/kommune/0751-aarhus", 301),
        ("/kommune/aarhus", "/kommune/0751-aarhus", 301),
        ("/en/kommune/0101-x.csv?limit=5", "/en/kommune/0101-koebenhavn.csv?limit=5", 301),
        ("/soeg?sort=&q=bolig&from=", "/soeg?q=bolig", 302),
        ("/soeg?kommune=Farum&kommune=Aarhus&q=hus", "/soeg?q=hus&kommune=0190&kommune=0751", 302),
        ("/soeg?amount_min=500.000", "/soeg?amount_min=500000", 302),
    ],
)  # fmt: skip
def test_one_address_for_each_answer(client: httpx.Client, asked: str, place: str, status: int) -> None:
    """Other addresses of an answer lead to its permanent one, which leads nowhere else."""
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["location"]) == (status, place)
    assert client.get(place).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "danish", "english"),
    [
        ("/soeg?nope=1", 400, "ingen parameter »nope«", "no parameter"),
        ("/soeg?q=a&q=b", 400, "kun stå én gang", "once"),
        ("/soeg?q=%ff", 400, "UTF-8", "UTF-8"),
        ("/soeg?limit=1000000000", 400, "limit må højst være 100", "limit"),
        ("/soeg?limit=-1", 400, "limit skal mindst være 1", "limit"),
        ("/soeg?limit=nan", 400, "limit skal være et helt tal", "limit"),
        ("/soeg?year=20", 400, "skriv et år som 2020", "expected a year"),
        ("/soeg?from=2021&to=2020", 400, "byt om", "swap"),
        ("/soeg?kommune=Ahrus", 400, "mente du Aarhus", "did you mean Aarhus"),
        ("/soeg?amount_min=1e999999", 400, "skriv kroner som", "expected kroner"),
        ("/soeg?cursor=x", 400, "søg forfra", "cursor"),
        ("/soeg?q=%28bolig", 400, "der mangler en ) til denne (", "for this"),
        ("/soeg?q=" + "a" * 513, 400, "højst være på 512 tegn", "at most 512"),
        ("/kilder?q=x", 400, "siden har ingen parametre", "no parameter"),
        ("/post/nope", 404, "der er ingen post »nope«", "nope"),
        ("/dokument/nope", 404, "der er intet dokument »nope«", "nope"),
        ("/region/nope", 404, "der er ingen region »nope«", "nope"),
        ("/nowhere", 404, "adressen fører ikke til noget", "Not Found"),
        ("/static/../app.py", 404, "adressen fører ikke til noget", "Not Found"),
    ],
)
@pytest.mark.parametrize("language", ["", "/en"])
def test_refusals_say_what_is_wrong(
    client: httpx.Client, asked: str, status: int, danish: str, english: str, language: str
) -> None:
    """A person is told in a page, in its language, with the way on; a program in problem+json."""
    answer = client.get(language + asked)
    assert answer.status_code == status
    is_danish = not answer.url.path.startswith("/en/")
    assert f'<p class="detail" lang="{"da" if is_danish else "en"}">' in answer.text
    assert (danish if is_danish else english) in answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert all(answer.headers[name.decode()] == value.decode() for name, value in HEADERS)
    if asked.startswith("/soeg"):
        problem = client.get(asked.replace("/soeg", "/soeg.json", 1))
        assert problem.headers["content-type"] == "application/problem+json"
        assert problem.json()["status"] == status


def test_no_feed_of_what_is_no_list(client: httpx.Client) -> None:
    """A format that a page does not come in is not found; who asks for one is a program."""
    answer = client.get("/hjaelp.atom")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_a_wrong_query_offers_a_better_one(client: httpx.Client) -> None:
    """The suggestion of the query language is a link."""
    assert '<a href="/soeg?q=%28bolig%29"><code>(bolig)</code></a>' in client.get("/soeg?q=%28bolig").text
    assert "<mark>(</mark>bolig" in client.get("/soeg?q=%28bolig").text
    assert client.get("/soeg.json?q=(bolig").json()["suggestion"] == "(bolig)"


def test_of_several_faults_all_are_mended(client: httpx.Client) -> None:
    """What a page proposes can be read, also where mending the first fault leaves another."""
    assert '<a href="/soeg?q=%28bolig%29"><code>(bolig)</code></a>' in client.get("/soeg?q=%28bolig+OR").text


def test_the_page_of_the_api_has_each_of_its_calls(client: httpx.Client) -> None:
    """Those of OpenAPI, no other; and those with an example are answered."""
    assert [path for path, *_ in CALLS] == list(client.get("/api/v1/openapi.json").json()["paths"])
    for path, example, _ in CALLS:
        assert not example or client.get(example).status_code == 200, path


@pytest.mark.parametrize("name", ["python", "notebook"])
def test_the_examples_of_the_api_run(client: httpx.Client, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As they stand on the page, with this server's address; the chart is left out."""
    found = re.search(f'id="{name}"><code>(.*?)</code>', client.get("/en/api").text, re.DOTALL)
    assert found
    code = html.unescape(found[1]).replace(".plot.bar()", "")
    scope: dict[str, Any] = {}
    exec(code, scope)
    if name == "python":
        total = client.get("/soeg.json?q=bolig&kommune=0751").json()["total"]
        assert len(capsys.readouterr().out.splitlines()) == total > 0
    else:
        assert len(scope["frame"]) == client.get("/soeg.json?q=bolig&region=Region+Midtjylland").json()["total"] > 0


def test_names_stand_in_the_order_of_the_danish_alphabet(client: httpx.Client) -> None:
    """Aa is å and stands last, on the map as in the lists."""
    text = client.get("/region/midtjylland").text
    names = re.findall(r'<li><a href="/kommune/[^"]+">([^<]+)</a></li>', text[text.index('id="members"') :])
    assert (names[0], names[-1]) == ("Favrskov", "Aarhus")
    areas = [area.name for area in denmark({}, lambda code: Address(code)).areas]
    assert areas[-4:] == ["Ærø", "Aabenraa", "Aalborg", "Aarhus"]


def test_a_kommune_has_its_largest_amounts(client: httpx.Client) -> None:
    """Those of the records that mention it, the largest first."""
    text = client.get("/kommune/0751-aarhus").text
    sums = re.findall(r'<span class="sum">([^<]+)</span>', text)
    found = client.get("/soeg.json?kommune=0751&sort=amount&limit=1").json()["hits"][0]
    assert sums[0] == money(int(max(found["amounts"]) * 100), "da")
    assert f"/post/{found['id']}" in text


def test_a_record_names_what_is_like_it(client: httpx.Client) -> None:
    """The first few of its similar records, of other documents."""
    found = hit(client, "q=tilskud")
    like = client.get(f"/post/{found['id']}/lignende.json").json()["hits"]
    text = client.get(f"/post/{found['id']}").text
    section = text[text.index('id="alike"') :]
    assert [each["id"] for each in like[:4]] == re.findall(r'<li><a href="/post/([^"]+)">', section)[:4]


def test_what_is_known_is_not_sent_again(client: httpx.Client) -> None:
    """An ETag that the asker has is answered 304; another one is not."""
    first = client.get("/soeg?q=bolig")
    assert client.get("/soeg?q=bolig", headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    assert client.get("/soeg?q=pulje", headers={"If-None-Match": first.headers["etag"]}).status_code == 200
    assert client.head("/soeg?q=bolig").headers["etag"] == first.headers["etag"]


def test_the_search_page_is_small(client: httpx.Client) -> None:
    """Page, style and script together stay below 200 kB compressed; there is nothing else to fetch."""
    text = client.get("/soeg").text
    parts = [part.split('"')[0] for part in text.split('"/static/')[1:]]
    sizes = [int(client.get("/soeg").headers["content-length"])]
    sizes += [int(client.get(f"/static/{part}").headers["content-length"]) for part in parts]
    assert len(parts) == 3
    assert sum(sizes) < 200_000 / 3
    assert "http://" not in text.replace(str(client.base_url).rstrip("/"), "")


def test_filters_stay_when_words_change(client: httpx.Client) -> None:
    """The form that asks for words holds what is chosen: ticked boxes, and the year in a hidden field."""
    text = client.get("/soeg?q=bolig&kommune=0751&year=2020").text
    assert 'name="year" value="2020" form="search"' in text
    assert "Aarhus<span" in text


def test_facets_count_what_ticking_them_gives(client: httpx.Client) -> None:
    """The number beside a value is the number of hits with it."""
    facets = client.get("/api/v1/search?facet=kommune&facet=kind").json()["facets"]
    for name in ("kommune", "kind"):
        value = facets[name][0]
        assert client.get(f"/soeg.json?{name}={value['value']}").json()["total"] == value["count"]


def test_kommune_page_tells_silence_from_no_collection(client: httpx.Client) -> None:
    """A year with documents but no mention is told apart from one without documents."""
    text = client.get("/kommune/0563-fanoe").text
    assert "Collected" not in text
    assert "Indsamlet, men uden omtale" in text
    assert "Intet indsamlet fra" in text


def test_suggestions_complete_kommuner(client: httpx.Client) -> None:
    """The last word becomes a kommune, or a word of the texts, those in most records first."""
    texts = client.get("/forslag.json?q=ny+bolig").json()["suggestions"]
    counts = [
        client.get("/soeg.json", params={"q": "=" + text.split()[1], "limit": 1}).json()["total"] for text in texts
    ]
    assert len(texts) > 2
    assert all(text.startswith("ny bolig") for text in texts)
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
    mixed = client.get("/forslag.json?q=aar").json()["suggestions"]
    assert mixed[0] == "kommune:Aarhus"
    assert len(mixed) <= 8
    assert "bolig kommune:Aarhus" in client.get("/forslag.json?q=bolig+aarh").json()["suggestions"]


def test_health_ready_and_metrics(client: httpx.Client) -> None:
    """What runs it can ask whether it is well; metrics name pages, and never what was asked."""
    assert client.get("/health").text == "alive\n"
    assert client.get("/ready").status_code == 200
    client.get("/soeg?q=hemmeligtord")
    text = client.get("/metrics").text
    assert 'kilde_requests_total{format="html",status="200",view="results"}' in text
    assert "hemmeligtord" not in text


def test_a_feed_has_the_documents_that_were_seen_last(web_data: Path) -> None:
    """The records that match, by when their documents were seen: as many as a feed has, documents whole."""
    library = Library(web_data)
    answer = library.ask(query_of(Asked(q="kommune")))
    order = {document: place for place, (document, _) in enumerate(ledger.by_observation(library.store))}
    matching = sorted(answer.walk(), key=lambda found: order[found.document])
    found = [(each.record, order[each.document]) for each, _ in answer.newest(library.arrivals(), MOST_ENTRIES)]
    last = order[matching[MOST_ENTRIES - 1].document]
    assert len(matching) > len(found) >= MOST_ENTRIES
    assert {each.record for each in matching if order[each.document] <= last} == {record for record, _ in found}
    assert [place for _, place in found] == sorted(place for _, place in found)
    library.close()


def test_a_record_is_not_like_its_own_document(web_data: Path) -> None:
    """What is like a record are other documents, each once."""
    library = Library(web_data)
    hit = library.search(query_of(Asked(q="tilskud"))).hits[0]
    _, record, _ = library.record(hit.id)
    page = like(library, record, hit.document)
    documents = [each.document for each in page.hits]
    assert hit.document not in documents
    assert len(set(documents)) == len(documents) == min(page.total, 20) > 0
    library.close()
