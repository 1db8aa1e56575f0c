"""Mails of odd MIME (I8)."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.hostile.archives import flat, zipped
from tests.hostile.corpus import Hostile, hostile

DATE = "Mon, 3 May 2021 10:00:00 +0200"
HEAD = f"Message-ID: <a@b>\nFrom: Anne <a@b.example>\nSubject: Bro\nDate: {DATE}\nMIME-Version: 1.0\n"
WORDS = "Vejle Kommune"
BODY = f"{WORDS} har fået en bro.\n"
LINE = "Content-Type: text/plain; charset=utf-8\n\n"


def mail(rest: str, head: str = HEAD) -> bytes:
    """A mail."""
    return (head + rest).encode("utf-8", "surrogateescape")


def nested(kind: str, depth: int) -> bytes:
    """Multiparts within each other."""
    opening = "".join(f"Content-Type: multipart/{kind}; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return mail(opening + LINE + BODY + "".join(f"--b{n}--\n" for n in reversed(range(depth))))


def forwarded(depth: int) -> bytes:
    """Mails attached to mails."""
    return mail("Content-Type: message/rfc822\n\n".join([HEAD] * depth) + LINE + BODY, "")


def attached(count: int, part: str) -> bytes:
    """A mail with many parts."""
    return mail(
        f"Content-Type: multipart/mixed; boundary=b\n\n--b\n{LINE}{BODY}" + f"--b\n{part}\n" * count + "--b--\n"
    )


def with_file(name: str, body: bytes, encoding: str = "base64") -> bytes:
    """A mail with an attachment."""
    encoded = base64.encodebytes(body).decode() if encoding == "base64" else body.decode("latin-1")
    return attached(
        1, f'Content-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: {encoding}\n\n{encoded}'
    )


def header(name: str, value: str, count: int = 1) -> bytes:
    """A mail with a header."""
    return mail(f"{name}: {value}\n" * count + LINE + BODY)


def loop() -> bytes:
    """An attachment that seems to hold its parent: the same boundary inside and outside."""
    inner = f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\n{LINE}{BODY}--b\nContent-Type: message/rfc822\n\n"
    return mail(inner * 50 + "--b--\n", "")


HEADERS = [
    ("Subject", "a" * 1_000_000), ("Subject", "=?utf-8?B?" + "w6Y" * 100_000 + "?="), ("Subject",
    "=?utf-8?Q?=" * 50_000),
    ("Subject", "=?" * 100_000), ("Subject", "=?idna?Q?=E6..?="), ("Subject", "\udcff\udcfe"), ("Subject",
    "\x00\x01\x1b[31m"),
    ("From", "(" * 100_000), ("From", "<" * 100_000), ("From", '"' * 100_001), ("From", "a@b," * 100_000), ("From",
    "\\" * 100_000),
    ("Date", "9" * 100_000), ("Date", "Mon, 99 Foo 0000 99:99:99 +9999"), ("Date", "Fri, 31 Dec 9999 23:59:59 -1200"),
    ("Date", ""),
    ("Date", "Mon, 1 Jan 0001 00:00:00 +2359"), ("Message-ID", "<" + "a" * 100_000 + ">"), ("Message-ID", "<>"),
    ("Message-ID", "<../../a>"),
    ("Content-Type", ";" * 100_000), ("Content-Type", "text/plain; " + "a=b; " * 50_000), ("Content-Type",
    'text/plain; charset="'),
    ("Content-Type", "text/plain; charset*0*=utf-8''a; charset*99999999999*=b"), ("Content-Type",
    "multipart/mixed; boundary="),
    ("Content-Type", "multipart/mixed; boundary=" + "b" * 10_000), ("Content-Type", "multipart"), ("Content-Type",
    "/"), ("Content-Type", "\x00"),
    ("Content-Type", "text/plain; name*=" + "%" * 50_000), ("Content-Type", "text/plain; format=flowed; delsp=yes"),
    ("Content-Transfer-Encoding", "klingon"), ("Content-Transfer-Encoding", "x-uuencode"),
    ("Content-Transfer-Encoding", "base64 base64"),
    ("Received", "from a; " * 20_000), ("X-\xe6", "y"), ("", "y"), ("a b", "c"),
]  # fmt: skip
FILE_NAMES = [
    "../../etc/passwd",
    "/etc/passwd",
    "a" * 4_000 + ".txt",
    "a\x00.txt",
    "C:\\a.txt",
    ".",
    "..",
    "",
    "a#b.txt",
    "CON",
    "\u202etxt.exe",
]


def mails() -> Iterator[Hostile]:
    """All of them."""
    for kind in ("mixed", "alternative", "related"):
        for depth in (45, 60, 5_000):
            outcomes = "document" if depth == 45 else "too_deep"
            yield hostile(
                "I8", f"{kind}-{depth}.eml", nested, kind, depth, outcomes=outcomes, words=WORDS, quick=kind == "mixed"
            )
    for depth in (3, 10, 1_000):
        yield hostile("I8", f"forwarded-{depth}.eml", forwarded, depth, quick=depth == 1_000)
    yield hostile("I8", "loop.eml", loop)
    for count in (500, 998, 10_000):
        outcomes = "too_many_parts" if count == 10_000 else ""
        yield hostile(
            "I8", f"parts-{count}.eml", attached, count, LINE + "Mere.", outcomes=outcomes, quick=count == 10_000
        )
        yield hostile(
            "I8", f"files-{count}.eml", attached, count, "Content-Disposition: attachment; filename=a.txt\n\nx"
        )
    for number, (name, value) in enumerate(HEADERS):
        yield hostile("I8", f"header-{number}.eml", header, name, value, quick=number in {3, 7, 20})
    yield hostile("I8", "headers.eml", header, "X-A", "b", 200_000)
    for number, name in enumerate(FILE_NAMES):
        yield hostile("I7", f"file-name-{number}.eml", with_file, name, b"Goddag", words=WORDS, quick=number == 0)
    yield hostile("I8", "winmail.eml", with_file, "winmail.dat", b"\x78\x9f\x3e\x22", words=WORDS)
    yield hostile(
        "I1", "bomb.eml", with_file, "a.zip", flat(150), outcomes="document zip_bomb", words=WORDS, quick=True
    )
    yield hostile(
        "I1", "zip-in-zip.eml", with_file, "a.zip", zipped(("b.zip", zipped(("c.zip", flat(1))))), words=WORDS
    )
    yield hostile("I8", "broken-base64.eml", with_file, "a.txt", b"!" * 1_000_000, "8bit", words=WORDS)
    for number, rest in enumerate([
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n" * 300_000,
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b--\n" * 300_000,
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b" * 1_000_000,
        "Content-Type: multipart/mixed\n\n" + "--a\n" * 300_000,
        "Content-Type: multipart/mixed\n\n" + "".join(f"--a{n}\n" for n in range(100_000)),
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Transfer-Encoding: quoted-printable\n\n" + "=" * 3_000_000,
        "Content-Transfer-Encoding: quoted-printable\n\n" + "=\n" * 1_000_000 + BODY,
        "Content-Transfer-Encoding: base64\n\n" + "=" * 3_000_000,
        "Content-Type: text/plain; format=flowed\n\n" + ">" * 1_000_000,
        "Content-Type: text/plain; format=flowed\n\n" + "a \n" * 300_000,
        "Content-Type: text/plain; format=flowed\n\n" + "> a \n>> b \n" * 50_000,
        "Content-Type: text/html; charset=utf-7\n\n+ADw-p+AD4-" + BODY,
        "Content-Type: text/html\n\n" + "<div>" * 50_000 + BODY,
        "Content-Type: message/rfc822\n\n" + BODY,
        "Content-Type: message/partial; number=1; total=99; id=x\n\n" + BODY,
        "Content-Type: message/external-body; access-type=local-file; name=/etc/passwd\n\nContent-Type: text/plain\n\n",
        "Content-Type: application/pdf\n\nnej",
        "\n" + "From Mon May 3\n" * 100_000,
        "\nbegin 644 a.txt\n" + "M" * 61 + "\nend\n",
        "",
        "\n",
    ]):  # fmt: skip
        yield hostile("I8", f"rest-{number}.eml", mail, rest, quick=number == 0)
