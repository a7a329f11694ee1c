"""HTML from anybody, made harmless: what can run, load or post anything is taken out, text and tables stay."""

from __future__ import annotations

import re

import bleach  # type: ignore[import-untyped]
from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]
from bs4 import BeautifulSoup

_TAGS = frozenset(bleach.ALLOWED_TAGS) | frozenset(
    "br caption center col colgroup dd del details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd mark p "
    "pre s samp small span sub summary sup table tbody td tfoot th thead tr tt u var".split()
)
_ATTRIBUTES = frozenset("class title align colspan rowspan style alt width height".split())
_LINKS = ("https://", "http://", "mailto:", "#")
# Where a page lives among others, styles must not move things over what is not theirs.
_STYLES = CSSSanitizer(
    allowed_css_properties=["color", "background-color", "font-weight", "font-style", "text-align", "width"]
)
_PICTURES = ("data:image/png;", "data:image/jpeg;", "data:image/gif;")
_NO_TEXT = ("script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "textarea", "title")


_SINGLE = frozenset("area base br col embed hr img input link meta source track wbr".split())
# More than this takes a parser minutes, and nobody reads it. Tags in tags are the worst.
MOST_CHARACTERS, MOST_TAGS, DEEPEST = 10_000_000, 20_000, 500
TOO_LONG = "[This is too long to be shown here.]"


def clean(html: str | bytes) -> str:
    """The HTML without scripts, forms, frames, event handlers and pictures from elsewhere."""
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    if len(text) > MOST_CHARACTERS or text.count("<") > MOST_TAGS or _depth(text) > DEEPEST:
        return TOO_LONG
    try:
        soup = BeautifulSoup(text, "html.parser")
        for element in soup.find_all(_NO_TEXT):
            element.decompose()
        return str(_bleached(str(soup)))
    except RecursionError:  # tags in tags in tags
        return TOO_LONG


def _depth(text: str) -> int:
    """At least how deep the tags are nested."""
    depth = deepest = 0
    for end, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", text):
        if name.lower() not in _SINGLE:
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _bleached(text: str) -> str:
    protocols = ["http", "https", "mailto", "data"]
    options = {"attributes": _is_harmless, "protocols": protocols, "css_sanitizer": _STYLES}
    return str(bleach.clean(text, tags=_TAGS, strip=True, **options))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "href":
        return tag == "a" and value.lower().startswith(_LINKS)
    if name == "src":
        return tag == "img" and value.lower().startswith(_PICTURES)
    return name in _ATTRIBUTES
