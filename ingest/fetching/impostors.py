"""Answers that call themselves good (200) and are not what was asked for: login pages, "not found" pages, captchas.

They never replace a good version. What a page says of itself in its title and first heading decides; the weaker signs
count only where the text has collapsed against the last good version. A news article about a login is no login page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.fetching.webpage import WebPage

COLLAPSED = 0.2
"""A page with less than this share of the text of its last version, and a weak sign, is an impostor."""
SHORT = 1_500
"""Letters of a page that is nothing but a message; an article with a login box in its head has more."""
LANGUAGE = 2
"""Characters of a path that is only the page's language: /da may well lead to the front page."""

LOGIN_PATH = re.compile(
    r"/(?:log-?(?:in|ind|on)|sign-?(?:in|on)|signin-oidc|adfs/ls|saml2?|sso|oauth2?/authorize|account/login|auth/login)"
    r"(?:[/.?]|\Z)",
    re.IGNORECASE,
)
LOGIN_HOST = re.compile(r"(?:\A|\.)(?:login|logon|auth|idp|sso|adfs|nemlog-in|mitid|accounts)\.", re.IGNORECASE)
LOGIN_WORDS = re.compile(
    r"\A\W*(?:log(?:ger)? (?:ind|på|in)\b|login\b|sign in\b|du skal (?:være logget|logge) (?:ind|på)|adgang nægtet"
    r"|access denied\b|members only\b|kun for medlemmer|autentificering)",
    re.IGNORECASE,
)
NOT_FOUND_WORDS = re.compile(
    r"\A\W*(?:(?:fejl|error|http)?\W*404\W*(?:\Z|side|page|not|ikke|fejl|error|file)"
    r"|(?:beklager\W+)?(?:(?:men )?(?:vi )?(?:kan|kunne) (?:desværre )?ikke finde (?:siden|den side|dokumentet)"
    r"|(?:siden|dokumentet|indholdet|filen|artiklen)(?:,? (?:du (?:leder|ledte|søger|søgte) efter|du har søgt))?,?"
    r" (?:blev (?:desværre )?ikke fundet|(?:kan|kunne) (?:desværre )?ikke (?:findes|vises)|findes (?:desværre )?ikke"
    r"|eksisterer ikke|er (?:slettet|fjernet|flyttet|nedlagt)))"
    r"|(?:page|file|document|content)\W+(?:not found|(?:does not|doesn't) exist|could not be found|no longer exists))",
    re.IGNORECASE,
)
ERROR_WORDS = re.compile(
    r"\A\W*(?:der (?:er|opstod|skete) (?:desværre )?(?:sket )?en (?:uventet )?fejl|internal server error|server error\b"
    r"|(?:error|fejl)\W*5\d\d\b|service (?:temporarily )?unavailable|bad gateway|gateway time-?out"
    r"|(?:siden|hjemmesiden|sitet) er (?:midlertidigt )?(?:under (?:vedligeholdelse|opdatering)|lukket|nede"
    r"|ude af drift)"
    r"|(?:vi er )?(?:straks|snart) tilbage\b|runtime error\b|database error\b)",
    re.IGNORECASE,
)
CAPTCHA_WORDS = re.compile(
    r"\A\W*(?:just a moment\b|attention required\b|checking your browser|verify (?:that )?you are (?:a )?human"
    r"|are you a robot|er du (?:en robot|et menneske)|bekræft,? at du (?:er et menneske|ikke er en robot)"
    r"|security check\b|pardon our interruption|request unsuccessful)",
    re.IGNORECASE,
)
SAYS_OF_ITSELF = (
    ("soft_404", NOT_FOUND_WORDS, "says that it was not found"),
    ("captcha", CAPTCHA_WORDS, "asks whether we are human"),
)
SAYS_IF_SHORT = (
    ("error_page", ERROR_WORDS, "is the server's message of an error"),
    ("login_page", LOGIN_WORDS, "asks to log in"),
)
DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|csv|zip|eml)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Impostor:
    """Why a page is not taken for what was asked."""

    code: str
    detail: str


def find_impostor(page: WebPage, asked: str, stands: str, last_letters: int | None = None) -> Impostor | None:
    """Why an HTML page is not what was asked for at `asked` and found at `stands`; None where it seems to be.

    `last_letters` is the length of the text of the last good version, where there is one.
    """
    return by_address(asked, stands) or by_words(page) or by_collapse(page, last_letters)


def by_address(asked: str, stands: str) -> Impostor | None:
    """What the two addresses tell: led to a login, led to the front page, a web page in place of a document."""
    before, after = urlsplit(asked), urlsplit(stands)
    login = bool(LOGIN_PATH.search(after.path)) and not LOGIN_PATH.search(before.path)
    if login or (after.hostname != before.hostname and LOGIN_HOST.search(after.hostname or "")):
        return Impostor("login_page", "the address leads to a login")
    if DOCUMENT.search(before.path):
        ending = before.path.rpartition(".")[2].lower()
        return Impostor("soft_404", f"a web page came in place of a .{ending}")
    if after.path == "/" and not after.query and len(before.path.strip("/")) > LANGUAGE:
        return Impostor("soft_404", "the address leads to the front page")
    return None


def by_words(page: WebPage) -> Impostor | None:
    """What title and first heading say."""
    said = [it for it in (page.heading, page.title) if it] or [page.opening[:100]]
    checks = SAYS_OF_ITSELF + (SAYS_IF_SHORT if page.letters < SHORT else ())
    for code, words, meaning in checks:
        found = next((it for it in said if words.search(it)), None)
        if found is not None:
            return Impostor(code, f"the page {meaning}: “{found[:80]}”")
    if page.letters < SHORT and page.password:
        return Impostor("login_page", "the page has a field for a password and little else")
    if page.letters < SHORT // 3 and page.captcha:
        return Impostor("captcha", "the page has a captcha and little else")
    return None


def by_collapse(page: WebPage, last_letters: int | None) -> Impostor | None:
    """What a loss of nearly all text means together with a weak sign."""
    if not last_letters or page.letters >= COLLAPSED * last_letters:
        return None
    lost = f"{page.letters:,} letters are left of {last_letters:,}"
    if page.password:
        return Impostor("login_page", f"{lost}, and the page asks for a password")
    if page.captcha:
        return Impostor("captcha", f"{lost}, and the page has a captcha")
    opening = re.split(r"(?<=[.!?:])\s+|\s{2,}", page.opening)
    for code, words, _ in SAYS_OF_ITSELF + SAYS_IF_SHORT:
        if any(words.search(sentence) for sentence in (page.opening, *opening)):
            return Impostor(code, f"{lost}, and the page says so")
    return Impostor("soft_404", f"{lost}") if page.letters == 0 else None
