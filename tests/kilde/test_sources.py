"""Sources of kilde.toml: wrong ones with file, line and what to write; `kilde sources check|list|try`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kilde.cli import cli
from kilde.settings import load_settings
from kilde.settings_errors import find_line
from kilde.sources import KINDS, Website
from tests.conftest import SAMPLES
from tests.ingest.newsletter_site import Archive
from tests.ingest.site import Reply, Site, html

GOOD = """\
[sources.uim]
kind = "website"
start = ["https://www.example.dk/nyhedsbreve"]
publisher = "Styrelsen"
cadence = "monthly"
contact = "arkiv@example.org"
content = "main > .tekst"

[sources.mails]
kind = "mailbox"
path = "."
"""
WRONG = [
    # name, replaced, by, line, said
    ("unknown key", 'publisher = "S', 'publiser = "S', 4, "did you mean publisher?"),
    ("unknown kind", '"website"', '"web site"', 2, "did you mean website?"),
    ("no kind", 'kind = "website"\n', "", 1, 'write kind = "website"'),
    ("no contact", 'contact = "arkiv@example.org"\n', "", 1, 'write contact = "you@example.org"'),
    ("no start", 'start = ["https://www.example.dk/nyhedsbreve"]\n', "", 1, "write start = ["),
    ("cadence", '"monthly"', '"montly"', 5, "did you mean monthly?"),
    (
        "start is no list",
        '["https://www.example.dk/nyhedsbreve"]',
        '"https://www.example.dk/"',
        3,
        'write start = ["https',
    ),
    ("no address", "https://www.example.dk/nyhedsbreve", "www.example.dk", 3, "write it whole, as https://"),
    ("another scheme", "https://www", "ftp://www", 3, "is no web address"),
    ("second of a list", '"]', '",\n "x.dk"]', 4, "'x.dk' is no web address"),
    ("contact", '"arkiv@example.org"', '"mig"', 6, "write an e-mail address"),
    ("contact of two lines", '"arkiv@example.org"', '"a@b.dk\\nX: y"', 6, "is no contact"),
    ("regular expression", 'cadence = "monthly"', 'include = ["(ab"]', 5, "is no regular expression"),
    ("selector", '"main > .tekst"', '"main > > a"', 7, "is no CSS selector"),
    ("number", 'cadence = "monthly"', "pause = -1", 5, "greater than or equal to 0"),
    ("host", 'cadence = "monthly"', 'allow_hosts = ["https://a.dk"]', 5, "without https://"),
    ("month", 'cadence = "monthly"', 'since = "januar 2020"', 5, "match pattern"),
    ("path", 'path = "."', 'path = "/findes/ikke"', 11, "there is no /findes/ikke"),
    ("a key of another kind", 'path = "."', 'path = "."\nstart = []', 12, "there is no such key"),
    ("a setting", "[sources.uim]", "job = 3\n[sources.uim]", 1, "did you mean jobs?"),
]


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    """A settings file."""
    return tmp_path / "kilde.toml"


def run(toml: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `kilde sources`."""
    result = CliRunner().invoke(cli, ["--config", str(toml), "sources", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("old", "new", "line", "said"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG])
def test_wrong_settings(toml: Path, old: str, new: str, line: int, said: str) -> None:
    """File, line, what is wrong and what to write instead; exit 78."""
    assert old in GOOD
    toml.write_text(GOOD.replace(old, new, 1), "utf-8")
    code, _, told = run(toml, "check")
    assert code == 78
    assert f"{toml}:{line}: " in told
    assert said in told


def test_what_is_no_toml(toml: Path) -> None:
    """The line stands in the message."""
    toml.write_text(GOOD.replace("kind = ", "kind : ", 1), "utf-8")
    code, _, told = run(toml, "check")
    assert (code, "at line 2" in told) == (78, True)


def test_all_mistakes_are_told_at_once(toml: Path) -> None:
    """In the order of the lines."""
    toml.write_text(GOOD.replace("publisher", "publiser").replace('"monthly"', '"x"').replace("path", "pad"), "utf-8")
    _, _, told = run(toml, "check")
    lines = [int(it.split(":")[1]) for it in told.replace("kilde: ", "").splitlines() if it.startswith(str(toml))]
    assert lines == sorted(lines)
    assert {4, 5, 11} <= set(lines)


def test_passwords_are_not_told(toml: Path) -> None:
    """Neither by check nor by list."""
    toml.write_text(GOOD.replace("https://www", "https://ida:hemmelig@www"), "utf-8")
    for arguments in (["check"], ["list"], ["list", "--format", "json"]):
        code, out, told = run(toml, *arguments)
        assert code == 0
        assert "hemmelig" not in out + told
    toml.write_text(GOOD.replace('["https://www.example.dk/nyhedsbreve"]', '"htps://ida:hemmelig@x.dk"'), "utf-8")
    assert "hemmelig" not in "".join(run(toml, "check")[1:])


def test_good_settings(toml: Path) -> None:
    """Said in a line, and listed."""
    toml.write_text(GOOD, "utf-8")
    assert run(toml, "check") == (0, f"{toml}: 2 sources, nothing wrong\n", "")
    rows = json.loads(run(toml, "list", "--format", "json")[1])
    assert [(row["name"], row["kind"], row["cadence"]) for row in rows] == [
        ("uim", "website", "monthly"),
        ("mails", "mailbox", "irregular"),
    ]


LINES = [
    # text, key, line
    ("a = 1\n", ["a"], 1),
    ("[s.a]\nk = 1\n[s.b]\nk = 2\n", ["s", "b", "k"], 4),
    ("[s.'a b']\nk = 1\n", ["s", "a b", "k"], 2),
    ("[s]\na.k = 1\n", ["s", "a", "k"], 2),
    ("[s]\na = { x = 1, k = 2 }\n", ["s", "a", "k"], 2),
    ("s.a = { kind = 'x' }\n", ["s", "a", "kind"], 1),
    ("[s.a]\nx = 1\n", ["s", "a", "k"], 1),
    ("# k = 1\n[s.a] # her\n  k  =  1\n", ["s", "a", "k"], 3),
    ("x = 1\n", ["y"], None),
]


@pytest.mark.parametrize(("text", "keys", "line"), LINES)
def test_lines(text: str, keys: list[str], line: int | None) -> None:
    """Tables, dotted keys, inline tables."""
    assert find_line(text, keys) == line


def test_try_a_folder(toml: Path) -> None:
    """Local kinds read like any other; nothing is stored."""
    toml.write_text(f"[sources.p]\nkind = 'folder'\npath = '{SAMPLES}'\n", "utf-8")
    code, out, told = run(toml, "try", "p", "--documents", "2")
    assert code == 0
    assert "Bevillinger til landsbyer 2024" in out
    assert "8 mentions of kommuner" in out
    assert "2 read, 0 unreadable, 0 not fetched; nothing stored" in told
    assert list(toml.parent.iterdir()) == [toml]


def test_try_a_website(toml: Path) -> None:
    """A real fetch, of a host that the source allows by name."""
    with Site() as site:
        Archive(site)
        toml.write_text(website(site, "/nyhedsbreve/"), "utf-8")
        code, out, told = run(toml, "try", "site")
        assert code == 0
        assert "Lokalt Nyt november 2023" in out
        assert "publisher: Stevnsborg" in out
        assert "3 read" in told
        assert len(site.asked) < 15


def website(site: Site, start: str) -> str:
    """A source on loopback, allowed by name."""
    return (
        f"[sources.site]\nkind = 'website'\nstart = ['http://127.0.0.1:{site.port}{start}']\npublisher = 'Stevnsborg'\n"
        "allow_hosts = ['127.0.0.1']\npause = 0\ncontact = 'arkiv@example.org'\n"
    )


def test_try_says_what_is_wrong(toml: Path) -> None:
    """No source of that name; nothing found; a host that is not allowed."""
    with Site() as site:
        site.routes["/nyt/"] = Reply(html("<p>Intet</p>"))
        toml.write_text(website(site, "/nyt/"), "utf-8")
        code, _, told = run(toml, "try", "sites")
        assert (code, "did you mean site?" in told) == (2, True)
        code, _, told = run(toml, "try", "site")
        assert (code, "no_links" in told) == (1, True)
        toml.write_text(website(site, "/nyt/").replace("allow_hosts = ['127.0.0.1']\n", ""), "utf-8")
        code, _, told = run(toml, "try", "site")
        assert (code, "allow_hosts" in told) == (1, True)
        assert len(site.paths()) == 1


def test_the_guide_shows_sources_that_can_be_used(tmp_path: Path) -> None:
    """Every example of docs/sources.md is read by the settings; every key and kind is named there."""
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")
    examples = [part.partition("```")[0] for part in text.split("```toml\n")[1:]]
    assert len(examples) >= len(KINDS)
    kinds = set()
    for number, example in enumerate(examples):
        file = tmp_path / f"{number}.toml"
        file.write_text(example, "utf-8")
        kinds |= {source.kind for source in load_settings(file, {}, {}).sources.values()}
    assert kinds == set(KINDS)
    for model in KINDS.values():
        for key in model.model_fields:
            assert f"`{key}`" in text, key
    assert Website.model_fields
