"""Mails: what a person sees on opening one, in whatever way it was put into bytes."""

from __future__ import annotations

import base64
import quopri
from email.message import Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.layout import BlockKind, Layout
from ingest.mail.headers import day_of, decode_words, file_name_of, message_id_of, organisation_of, subject_of
from ingest.mail.mime import begins_like_mail, parse_mail
from ingest.mail.roles import Role, leaves
from ingest.readers.flowed import unflow
from ingest.readers.html import read_html
from ingest.readers.mail import read_mail
from ingest.reading import read_document
from kilde.errors import UnreadableError
from kilde.model import Document, DocumentKind
from tests.conftest import SAMPLES, observation

HEAD = (
    b"From: Anne Broe <anne@broer.example>\nSubject: En bro\nDate: Mon, 3 May 2021 10:00:00 +0200\nMIME-Version: 1.0\n"
)


def mail(rest: bytes | str) -> bytes:
    """A mail with the usual headers; what follows is the rest of its head, a blank line and its body."""
    return HEAD + (rest.encode() if isinstance(rest, str) else rest)


def multipart(kind: str, *parts: str, boundary: str = "b") -> str:
    """A multipart of parts that begin with their headers."""
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n" + "".join(
        f"--{boundary}\n{part}\n" for part in parts
    ) + f"--{boundary}--\n"  # fmt: skip


def as_mail(page: bytes, *, encoding: str = "quoted-printable", subject: str = "Nyt") -> bytes:
    """A page as the HTML form of a mail beside a short plain one."""
    encoded = quopri.encodestring(page) if encoding == "quoted-printable" else base64.encodebytes(page)
    html = f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n".encode() + encoded
    plain = "Content-Type: text/plain; charset=utf-8\n\nKan du ikke læse nyhedsbrevet? Se det på nettet.".encode()
    head = f"From: nyt@broer.example\nSubject: {subject}\nMIME-Version: 1.0\n".encode()
    return head + b"Content-Type: multipart/alternative; boundary=b\n\n--b\n%b\n--b\n%b\n--b--\n" % (plain, html)


def texts(body: bytes) -> list[str]:
    """The text of each block."""
    layout = read_mail(body)
    return [layout.text[block.start : block.end] for block in layout.blocks]


Q = "Content-Transfer-Encoding: quoted-printable\n"
BODIES: list[tuple[str, bytes, list[str]]] = [
    ("no MIME at all", mail("\nGoddag.\n"), ["Goddag."]),
    ("CRLF", mail("\nGoddag.\n\nMere.\n").replace(b"\n", b"\r\n"), ["Goddag.", "Mere."]),
    ("quoted-printable with soft breaks",
     mail(f"Content-Type: text/plain; charset=utf-8\n{Q}\nEn l=C3=A6=\nngere linje=2E\n"),
     ["En længere linje."]),
    ("base64", mail(b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\n"
     + base64.encodebytes("Blåbærgrød".encode("latin-1"))), ["Blåbærgrød"]),
    ("broken base64", mail("Content-Transfer-Encoding: base64\n\nR29kZGFn!!\nLg"), ["Goddag."]),
    ("a charset that is not so", mail("Content-Type: text/plain; charset=us-ascii\n\nÆøå\n".encode("cp1252")), ["Æøå"]),
    ("UTF-8 that says it is Latin", mail("Content-Type: text/plain; charset=iso-8859-1\n\nÆøå\n"), ["Æøå"]),
    ("quotation marks of Windows in Latin",
     mail("Content-Type: text/plain; charset=iso-8859-1\n\n”Ja”\n".encode("cp1252")), ["”Ja”"]),
    ("a charset that nobody knows", mail("Content-Type: text/plain; charset=klingon\n\nÆøå\n"), ["Æøå"]),
    ("a charset that is no charset", mail("Content-Type: text/plain; charset=idna\n\nÆøå..\n"), ["Æøå.."]),
    ("flowed", mail("Content-Type: text/plain; format=flowed\n\nEn lang \nlinje.\nEn kort.\n"),
     ["En lang linje.", "En kort."]),
    ("HTML alone", mail("Content-Type: text/html\n\n<p>Goddag</p><p>Mere</p>"), ["Goddag", "Mere"]),
    ("HTML that is no HTML", mail("Content-Type: text/html\n\nGoddag.\nMere.\n"), ["Goddag.", "Mere."]),
    ("HTML that says it is text", mail("Content-Type: text/plain\n\n<html><body><p>Goddag</p>"), ["Goddag"]),
    ("the last form", mail(multipart("alternative", "\nTekst", "Content-Type: text/html\n\n<p>Side")), ["Side"]),
    ("the form with text in it", mail(multipart("alternative", "\nTekst",
     "Content-Type: text/html\n\n<img src=x>")), ["Tekst"]),
    ("an invitation", mail(multipart("alternative", "\nTekst",
     "Content-Type: text/calendar\n\nBEGIN:VCALENDAR")), ["Tekst"]),
    ("a page with pictures", mail(multipart("related", "Content-Type: text/html\n\n<p>Side",
     "Content-Type: image/png\n\nx")), ["Side"]),
    ("a signed mail", mail(multipart("signed", "\nTekst", "Content-Type: application/pkcs7-signature\n\nx")),
     ["Tekst"]),
    ("texts one below the other", mail(multipart("mixed", "\nTekst", "\nListens fod")), ["Tekst", "Listens fod"]),
    ("no boundary named", mail("Content-Type: multipart/mixed\n\n--x\n\nTekst\n--x--\n"), ["Tekst"]),
    ("another boundary named", mail("Content-Type: multipart/mixed; boundary=y\n\n--x\n\nTekst\n--x--\n"), ["Tekst"]),
    ("no line that parts", mail("Content-Type: multipart/mixed; boundary=y\n\nTekst\n-----Original Message-----\nMere"),
     ["Tekst", "-----Original Message-----", "Mere"]),
    ("cut off", mail("Content-Type: multipart/mixed; boundary=y\n\n--y\n\nTekst\n--y\n\nMe"), ["Tekst", "Me"]),
    ("a boundary that begins like another", mail(multipart("mixed", multipart("mixed", "\nEn", boundary="bb"),
     "\nTo")), ["En", "To"]),
    ("a line of an mbox before it", b"From anne Mon May  3 10:00:00 2021\n" + mail("\nGoddag.\n"), ["Goddag."]),
    ("a line that is no header", mail("dette er ingen hovedlinje\nGoddag.\n"), ["dette er ingen hovedlinje",
     "Goddag."]),
    ("forwarded in the text", mail("\nTil orientering.\n\n> Broen er fin.\n"), ["Til orientering.", "> Broen er fin."]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [it[1:] for it in BODIES], ids=[it[0] for it in BODIES])
def test_bodies(body: bytes, expected: list[str]) -> None:
    """The text that is shown, block by block."""
    assert texts(body) == expected


REFUSED = [
    ("encrypted", mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx"), "encrypted"),
    ("encrypted by PGP", mail(multipart("encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1",
     "Content-Type: application/octet-stream\n\nx")), "encrypted"),
    ("no mail", b"Bare en tekst.\n", "no_mail"),
    ("too many parts", mail(multipart("mixed", *["\nx"] * 1_001)), "too_many_parts"),
    ("too deep",
     mail("".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(5_000))), "too_deep"),
    ("binary", mail("Content-Type: text/plain\n\n" + "\x01\x02\x03" * 50), "binary"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), [it[1:] for it in REFUSED], ids=[it[0] for it in REFUSED])
def test_refused(body: bytes, code: str) -> None:
    """With the reason for the quarantine."""
    with pytest.raises(UnreadableError) as caught:
        read_mail(body)
    assert caught.value.code == code


def test_a_text_that_cannot_be_read_does_not_take_the_others_with_it() -> None:
    """It is a Problem."""
    layout = read_mail(mail(multipart("mixed", "\nTekst", "\n" + "\x01\x02" * 50)))
    assert (layout.text, [it.code for it in layout.problems]) == ("Tekst", ["unread_part"])


def test_tables_of_several_texts_are_counted_on() -> None:
    """No two tables of a mail have one number, and cells stay where they are."""
    page = "Content-Type: text/html\n\n<table><tr><td>a</td><td>b</td></tr></table>"
    layout = read_mail(mail(multipart("mixed", page, "\nMidt", page)))
    rows = [block for block in layout.blocks if block.kind is BlockKind.ROW]
    assert [row.table for row in rows] == [1, 2]
    assert [[layout.text[it.start : it.end] for it in row.cells] for row in rows] == [["a", "b"], ["a", "b"]]


def headers(**values: str) -> Message:
    """A head."""
    head = Message()
    for name, value in values.items():
        head[name.replace("_", "-")] = value
    return head


WORDS = [
    ("=?iso-8859-1?Q?Gr=F8n_by?=", "Grøn by"),
    ("=?UTF-8?B?w6Y=?= =?UTF-8?B?w7g=?=", "æø"),
    ("=?utf-8?Q?=C3?= =?utf-8?Q?=A6ble?=", "æble"),
    ("Nyt =?utf-8*da?Q?=C3=A5r?= i Vejle", "Nyt år i Vejle"),
    ("=?utf-8?B?!!!?=", "!!!"),
    ("=?klingon?Q?=E6?=", "æ"),
    ("=?utf-8?Q?a=0Ab=00c?=", "a bc"),
    ("ingen = tegn ?=", "ingen = tegn ?="),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
def test_encoded_words(text: str, expected: str) -> None:
    """RFC 2047 and what programs make of it; nothing but one line of text comes out."""
    assert decode_words(text) == expected


def test_a_header_in_plain_bytes() -> None:
    """Letters beyond ASCII are read as those of a text are."""
    for encoding in ("utf-8", "cp1252"):
        layout = read_mail("Subject: Blåbærgrød på søen\nMessage-ID: <a@b>\n\nx\n".encode(encoding))
        assert layout.meta.title == "Blåbærgrød på søen"


SUBJECTS = [
    ("VS: Nyt om broer", "Nyt om broer"),
    ("Fwd: FW: Nyt", "Nyt"),
    ("SV: Ansøgning", "SV: Ansøgning"),
    ("", None),
    ("VS:", "VS:"),
]


@pytest.mark.parametrize(("subject", "expected"), SUBJECTS)
def test_subjects(subject: str, expected: str | None) -> None:
    """A forwarded mail has the title of what it forwards; an answer is a letter of its own."""
    assert subject_of(headers(Subject=subject)) == expected


SENDERS = [
    ("Styrelsen for Broer <a@b>", "Styrelsen for Broer"),
    ('"Nyhedsbrev fra Videnscenter for Veje" <a@b>', "Videnscenter for Veje"),
    ("Fødevarestyrelsen - Nyheder <a@b>", "Fødevarestyrelsen"),
    ("KL <a@b>", "KL"),
    ("Danske Regioner <a@b>", "Danske Regioner"),
    ("Vejle Kommune <a@b>", "Vejle Kommune"),
    ("Anne Broe <a@b>", None),
    ("Anne Broe (Vejle Kommune) <a@b>", None),
    ('"Broe, Anne - Vejle Kommune" <a@b>', None),
    ("Karl Klit <a@b>", None),
    ("vejle@kommune.example", None),
    ("", None),
]


@pytest.mark.parametrize(("sender", "expected"), SENDERS)
def test_senders(sender: str, expected: str | None) -> None:
    """An organisation publishes; a person writes."""
    assert organisation_of(headers(From=sender)) == expected


DAYS = [
    (headers(Date="Sun, 31 Dec 2017 23:30:00 +0000"), "2018-01-01"),
    (headers(Date="Thu, 1 Jul 2021 00:30:00 +0200 (CEST)"), "2021-07-01"),
    (headers(Date="Wed, 30 Jun 2021 18:30:00 -0500"), "2021-07-01"),
    (headers(Date="3 May 2021 10:00 -0000"), "2021-05-03"),
    (headers(Date="i går"), None),
    (headers(Date="Thu, 1 Jan 1970 00:00:00 +0000"), None),
    (headers(Date="Mon, 3 May 99999 10:00:00 +0000"), None),
    (headers(Date="Fri, 31 Dec 9999 23:59:59 -1200"), None),
    (headers(Date="nej", Received="from a by b; Mon, 3 May 2021 10:00:00 +0200"), "2021-05-03"),
    (headers(), None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "expected"), DAYS, ids=[str(it[0].items()) for it in DAYS])
def test_days(head: Message, expected: str | None) -> None:
    """The day in Denmark; clocks that are plainly wrong say nothing."""
    assert day_of(head) == expected


FILES = [
    ("attachment; filename=brev.pdf", "brev.pdf"),
    ("attachment; filename*=iso-8859-1'da'R%F8d%20gr%F8d.pdf", "Rød grød.pdf"),
    ("attachment; filename*0*=utf-8''R%C3%B8d%20; filename*1=brev.pdf", "Rød brev.pdf"),
    ('attachment; filename="=?utf-8?Q?R=C3=B8d?=.pdf"', "Rød.pdf"),
    ("attachment; filename*=klingon''R%F8d.pdf", None),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    (r'attachment; filename="C:\\Windows\\brev.pdf"', "brev.pdf"),
    ("attachment", None),
]


@pytest.mark.parametrize(("disposition", "expected"), FILES)
def test_file_names(disposition: str, expected: str | None) -> None:
    """RFC 2231, RFC 2047 and neither; no folders."""
    name = file_name_of(headers(Content_Disposition=disposition))
    assert name == expected or (expected is None and name is not None and name.endswith("d.pdf"))


IDS = [
    ("<a@b>", "a@b"),
    (" <a@b> (x)", "a@b"),
    ("a@b", None),
    ("<a#b@c>", "a%23b@c"),
    (f"<{'a' * 300}@b>", None),
    ("", None),
]


@pytest.mark.parametrize(("value", "expected"), IDS)
def test_message_ids(value: str, expected: str | None) -> None:
    """Only what can be a locator."""
    assert message_id_of(headers(Message_ID=value)) == expected


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.html")))
def test_a_page_reads_the_same_as_a_mail(name: str, encoding: str) -> None:
    """The same newsletter as .html and .eml: same kind, same records with the same texts and the same mentions."""
    page = (SAMPLES / name).read_bytes()
    seen = observation(page, name, media_type="text/html")
    as_page = read_document(page, seen)
    as_eml = read_document(as_mail(page, encoding=encoding), observation(page, name, media_type="message/rfc822"))
    assert facts(as_eml) == facts(as_page)
    newsletter = as_page.kind is DocumentKind.NEWSLETTER
    assert as_eml.kind is (as_page.kind if newsletter else DocumentKind.MAIL)


def facts(document: Document) -> list[tuple[object, ...]]:
    """The records, as far as they come from the text."""
    return [
        (
            it.kind,
            it.heading,
            it.theme,
            it.text,
            it.kommuner,
            it.amounts,
            it.grants,
            [date.surface for date in it.dates],
        )
        for it in document.records
    ]


def test_a_letter_is_a_mail() -> None:
    """With its subject for a title, its day, and no publisher where a person wrote it."""
    body = mail("\nKære Bo\n\nVejle Kommune har fået 2 mio. kr. til broen. Det er dejligt.\n\nHilsen Anne\n")
    document = read_document(body, observation(body, "a@b", media_type="message/rfc822"))
    assert (document.kind, document.title, document.publisher) == (DocumentKind.MAIL, "En bro", None)
    assert (str(document.published.when), document.published.basis) == ("2021-05-03", "meta")  # type: ignore[union-attr]
    assert [it.code for record in document.records for it in record.kommuner] == ["0630"]


ROLES = [
    ("an inline picture", "Content-Type: image/png\nContent-ID: <x>\n\nx", Role.LEFT_OUT, "part_of_page"),
    ("an attached picture", "Content-Type: image/png\nContent-Disposition: attachment; filename=a.png\n\nx",
     Role.ATTACHED, ""),
    ("a signature", "Content-Type: application/pgp-signature; name=signature.asc\n\nx", Role.LEFT_OUT, "signature"),
    ("an invitation", "Content-Type: text/calendar; name=moede.ics\n\nx", Role.ATTACHED, ""),
    ("a text with a name", "Content-Type: text/plain; name=a.txt\n\nx", Role.ATTACHED, ""),
    ("an attached mail", "Content-Type: message/rfc822\n\nSubject: x\n\ny", Role.ATTACHED, ""),
    ("a report on delivery", "Content-Type: message/delivery-status\n\nStatus: 5.0.0", Role.LEFT_OUT,
     "delivery_report"),
    ("nothing", "Content-Type: application/octet-stream\n", Role.LEFT_OUT, "empty"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "role", "rule"), [it[1:] for it in ROLES], ids=[it[0] for it in ROLES])
def test_roles(part: str, role: Role, rule: str) -> None:
    """What a part is beside the text; what is left out is so by a rule with a name."""
    leaf = leaves(parse_mail(mail(multipart("mixed", "\nTekst", part))))[1]
    assert (leaf.number, leaf.role, leaf.rule) == (2, role, rule)


PAGE = "Content-Type: text/html; charset=utf-8\n\n"
LIST = f"List-Unsubscribe: <mailto:af@broer.example>, <https://broer.example/af>\n{PAGE}"
BODY = "<h1>Nyt om broer</h1>" + "<p>Broen er åbnet, og alle er glade for den nye bro.</p>" * 8
FOOTERS = [
    ("the link out of the list", LIST + BODY + "<p><a href='https://broer.example/af'>Farvel</a></p><p>Vej 1</p>", 2),
    ("the words", LIST + BODY + "<p>Du modtager brevet, fordi du er abonnent.</p>", 1),
    ("one word is not enough", LIST + BODY + "<p>Mange abonnenter kom til åbningen.</p>", 0),
    ("at the beginning", LIST + "<p><a href='https://broer.example/af'>Afmeld</a></p>" + BODY, 0),
    ("far from the end", LIST + BODY + "<p>Du modtager brevet, fordi du er abonnent.</p>" + BODY * 4, 0),
    ("a letter", PAGE + BODY + "<p>Du modtager brevet som abonnent.</p>", 0),
]  # fmt: skip


@pytest.mark.parametrize(("rest", "count"), [it[1:] for it in FOOTERS], ids=[it[0] for it in FOOTERS])
def test_footers_of_lists(rest: str, count: int) -> None:
    """How to leave a list is no content, and is so at the end of a list's mail only."""
    marked = [block.furniture == "unsubscribe" for block in read_mail(mail(rest)).blocks]
    assert sum(marked) == count
    assert marked == sorted(marked)


SNIFFED = [
    (b"Received: from a\nFrom: b\n\nc", True),
    (b"From anne Mon May  3 10:00:00 2021\nMessage-ID: <a@b>\nDate: x\n\n", True),
    (b"From: Anne\nSent: mandag\nTo: Bo\nSubject: En bro\n\nKopieret fra et brev.\n", False),
    (b"Resume: ja\nReceived: nej\n", False),
    (b"<html>", False),
]


@pytest.mark.parametrize(("body", "expected"), SNIFFED)
def test_a_mail_is_known_by_its_headers(body: bytes, expected: bool) -> None:
    """Whatever its file is called; a letter copied into a text is none."""
    assert begins_like_mail(body) is expected


def test_flowed_text() -> None:
    """Quotes keep their depth, a signature its line, DelSp takes the space that was added."""
    assert unflow("> a \n> b\nc \n-- \nd") == "> a b\nc \n-- \nd"
    assert unflow("blå \nbær", delsp=True) == "blåbær"
    assert unflow(" From x\n >y") == "From x\n>y"


PIECE = st.sampled_from([
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html; charset=utf-7\n", b"--b\n",
     b"--b--\n", b"\n",
    b"Content-Transfer-Encoding: base64\n",
     b"Content-Disposition: attachment; filename*0*=x''%ff; filename*1*\n", b"=?a?B?x?=",
    b"Subject: ", b"Date: 99\n", b"Content-Type: message/rfc822\n", b"From: (((\n", b"format=flowed",
     b"<p>\xe6", b"\x00", b"=\n",
    b"Content-Type: ;;=\"\n", b"> ", b" ", b"Content-Type: multipart/alternative\n",
])  # fmt: skip


@given(st.lists(PIECE | st.binary(max_size=12), max_size=40).map(b"".join))
@settings(max_examples=300, deadline=None)
def test_never_raises_anything_else_and_spans_lie_in_the_text(body: bytes) -> None:
    """Any bytes after a head give a layout or a reason."""
    try:
        layout: Layout = read_mail(b"Subject: x\n" + body)
    except UnreadableError:
        return
    ends = [position for block in layout.blocks for position in (block.start, block.end)]
    assert ends == sorted(ends)
    assert not ends or ends[-1] <= len(layout.text)
    assert layout.text == read_mail(b"Subject: x\n" + body).text


def test_a_page_without_a_mail_around_it_is_the_same_layout() -> None:
    """The reader of pages does the work, so that it reads mails as well as it reads pages."""
    page = (SAMPLES / "medborgernyt-2021-06.html").read_bytes()
    assert read_mail(as_mail(page)).blocks == read_html(page).blocks
