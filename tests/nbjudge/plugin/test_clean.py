"""HTML from students: nothing in it can run, load or post; what it says can still be read."""

import re

import pytest
from bs4 import BeautifulSoup

from nbjudge.plugin.clean import DEEPEST, MOST_CHARACTERS, MOST_TAGS, TOO_LONG, clean

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://example.org/a.png'>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='x.swf'></object><embed src='x.swf'>",
    "<form action='https://example.org'><input name=a><button>Send</button></form>",
    "<base href='//example.org'><meta http-equiv=refresh content='0;url=//example.org'>",
    "<link rel=stylesheet href='//example.org/a.css'>",
    "<style>body { display: none }</style>",
    "<p style='position: fixed; top: 0; background-image: url(//example.org)'>x</p>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><img title='</title><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<details open ontoggle=alert(1)>x</details>",
    "<p id='MathJax-script' name='top'>x</p>",
    "</div></div></body><script>alert(1)</script>",
]
ALLOWED = {"href", "src", "class", "title", "align", "colspan", "rowspan", "style", "alt", "width", "height"}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "meta", "link", "svg"}


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_in_it_runs_loads_or_posts(html):
    soup = BeautifulSoup(clean(html), "html.parser")
    for element in soup.find_all(True):
        assert element.name not in FORBIDDEN
        assert set(element.attrs) <= ALLOWED
        assert not re.search("script:|data:text|url|position", " ".join(map(str, element.attrs.values())))
        assert element.name != "img" or element.get("src", "data:image/").startswith("data:image/")


@pytest.mark.parametrize(
    "html",
    [
        "<p>a &lt; b &amp; c</p>",
        '<table><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        '<a href="https://example.org/x?a=1">a link</a>',
        '<a href="#top">up</a>',
        '<img src="data:image/png;base64,AAAA">',
        '<pre><span class="k">def</span> f</pre>',
        '<p style="color: red;">warm</p>',
    ],
)
def test_what_is_harmless_stays_as_it_is(html):
    assert clean(html) == html


def test_bytes_and_text_that_is_no_html_are_taken_too():
    assert clean("é".encode()) == "é"
    assert clean("$a<b$ and 3 < 4").replace("&lt;", "<") == "$a<b$ and 3 < 4"


@pytest.mark.parametrize(
    "html",
    ["x" * (MOST_CHARACTERS + 1), "<p>" * (MOST_TAGS + 1), "<div>" * (DEEPEST + 1), "<b><i>" * (MOST_TAGS // 2 - 1)],
    ids=["long", "many tags", "deep", "deep in two"],
)
def test_what_would_take_minutes_is_not_shown(html):
    assert clean(html) == TOO_LONG


def test_just_within_the_bounds_it_is_shown():
    assert clean("<div>" * DEEPEST + "x" + "</div>" * DEEPEST) != TOO_LONG
    assert clean("<p>x</p>" * (MOST_TAGS // 2)) != TOO_LONG
