"""Which lines are headings: small documents of every shape, with `#` before each heading and its depth.

The texts are made for this table. A line `## x` expects a heading "x" of depth 2; the marks are taken off before
reading.
"""

from __future__ import annotations

import re

import pytest

from ingest.headings import find_headings
from ingest.readers.text import read_text

ITEMS = [
    (
        "items set off by two blank lines",
        """# Kulturnyt maj 2022

Her er månedens nyheder.

## Nyt bibliotek i Tarm

Biblioteket åbner den 1. juni, og alle er velkomne til kaffe og kage hele dagen.

Læs mere om biblioteket


## Musik på skemaet

Skolerne får besøg af orkestret. Det sker hver onsdag.

Tilmeld klassen her


## Repatriering

Ordningen er ændret. Reglerne gælder fra juli.
""",
    ),
    (
        "a heading with a full stop",
        """# Jobnyt

Nyheder om job.

## Flere unge skal have et fritidsjob.

Fritidsjob gør en forskel for unge, og derfor får kommunerne nu bedre muligheder for at hjælpe dem i gang.

Læs om fritidsjob her.


## Seniorer på arbejde

Flere bliver længere. Det er en god nyhed.
""",
    ),
    (
        "headings that begin with an imperative",
        """# Sundhedsnyt

Om sundhed.

## Få styr på dit blodtryk

Der er mange grunde til at måle sit blodtryk. Her er de vigtigste.

Find en klinik


## Deltag i sundhedsdagen

Dagen er for alle. Der er gratis frokost.

Tilmeld dig


## Se frem til et nyt år

Året byder på mange nye kurser. Vi glæder os.
""",
    ),
    (
        "a signature is no heading",
        """# Socialnyt

Nyt fra os.

## Leder

Kære alle. Tak for et godt år med mange gode møder rundt om i landet.

Med venlig hilsen
Bente Holm
Kontorchef, Social og Sundhed

## Ny rapport

Rapporten viser, at det går fremad. Det er dejligt.
""",
    ),
    (
        "a list's head inside an item",
        """# Mødenyt

Om møder.


## Netværksmøder

Vi holder fire møder. De er gratis.

### Program forår 2023

• Skive den 3. marts
• Ribe den 4. marts

Tilmeld dig her


## Nyt lokale

Vi er flyttet. Kig forbi.
""",
    ),
    (
        "shouted and numbered",
        """# Nyhedsbrev 3

Velkommen til.

## 1. FLERE PENGE TIL VEJE

Der kommer flere penge til veje næste år. Det er besluttet.

## 2. NY BRO

Broen er færdig. Den er smuk.
""",
    ),
]

ITEMS += [
    (
        "an issue's line, and headings right above their text",
        """# NYHEDSBREV FRA BRANDVÆSENET
Nr. 2, marts 2022

Kære læsere
Foråret står for døren, og vi har travlt.

## NYE BRANDBILER
Ti kommuner får nye brandbiler. De er røde.
Læs mere på vores hjemmeside

## KURSER I FORÅRET
Der er stadig ledige pladser på kurserne:
- Grundkursus: 4.-8. april i Tinglev
- Lederkursus: 25. april til 6. maj i Næstved
Tilmelding senest den 20. marts.

## SÅDAN RINGER DU
Ring ved ulykker. Husk at oplyse adressen.
""",
    ),
]

PAGES = [
    (
        "headings that stand free over headings in the paragraph",
        """# Om ordningen

Ordningen hjælper kommuner og foreninger med at komme i gang.

## Hvem gør hvad

Ansvaret er delt. Her kan du se hvordan:

### Kommunen
Kommunen søger om pengene og holder regnskab med dem.

### Foreningen
Foreningen holder arrangementerne og skriver om dem.
""",
    ),
    (
        "questions",
        """# Spørgsmål og svar

Her svarer vi på det, vi oftest bliver spurgt om.

## Hvem kan søge?

Alle kommuner kan søge. Det samme kan regioner.

## Hvornår er der frist?

Fristen er den 1. maj. Ansøgninger efter fristen bliver afvist.
""",
    ),
    (
        "minutes",
        """# Teknisk Udvalg – Cykelsti langs Skolevej

## Beslutning

Udvalget godkendte forslaget.

Afbud: Ole Krog

## Sagsbeskrivelse

Stien bliver 900 meter lang. Den koster 4 mio. kr.
## Lovgrundlag

Vejloven.

## Sagens forløb
 03-02-2023 Teknisk Udvalg
 Anbefales.
""",
    ),
    (
        "wrapped lines have no headings in them",
        """Vi mener ikke, at der er behov for flere regler på området, men vi vil gerne
have, at ministeren ser på sagen igen, og at kommunerne bliver hørt, før der
bliver truffet en beslutning om det. Det gælder også for de små øer, hvor der
ikke er ret mange, der kan tage opgaven.
""",
    ),
    (
        "a narrow column, its words broken at line ends",
        """# Støtte til havne

Styrelsen for Kyster har den 4. novem-
ber 2021 givet Ringkøbing-
Skjern Kommune et tilskud på 1,1
mio. kr. til en ny bro over fjorden og til et
nyt værft ved havnen.
""",
    ),
    ("one sentence", "Skive Kommune har ansat en ny leder.\n"),
]


def expected(marked: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without marks, and the headings with their depths."""
    found = [(len(match[1]), match[2]) for match in re.finditer(r"^(#+) (.*)$", marked, re.MULTILINE)]
    return re.sub(r"^#+ ", "", marked, flags=re.MULTILINE), found


@pytest.mark.parametrize(
    ("marked", "items"),
    [(it[1], True) for it in ITEMS] + [(it[1], False) for it in PAGES],
    ids=[it[0] for it in (*ITEMS, *PAGES)],
)
def test_headings(marked: str, *, items: bool) -> None:
    """Every heading is found with its depth, and nothing else."""
    text, headings = expected(marked)
    layout = read_text(text.encode("utf-8"))
    found = find_headings(layout.text, layout.blocks, items=items)
    lines = [layout.text[layout.blocks[it.index].start : layout.blocks[it.index].end] for it in found]
    assert [(it.level, line) for it, line in zip(found, lines, strict=True)] == headings
