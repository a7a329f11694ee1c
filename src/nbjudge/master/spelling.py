"""Which marker of nbgrader's a line was probably meant to be."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_EDGES = {"BEGIN": "BEGIN", "START": "BEGIN", "END": "END", "STOP": "END"}
_NOUNS = {
    "SOLUTION": "SOLUTION",
    "HIDDENTESTS": "HIDDEN TESTS",
    "HIDDEN": "HIDDEN TESTS",
    "MARKSCHEME": "MARK SCHEME",
    "MARKINGSCHEME": "MARK SCHEME",
}
_EXACT = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS?|MARK(ING)? SCHEME)\b")
_DECORATED = re.compile(r"\s*(#|//|%|<!--|==|--|\*\*)")
# How alike two words must be: one slip in 'END' or 'HIDDEN TESTS' passes, 'FIND' or 'THE SOLUTION' do not.
_ALIKE = 0.85


def resembles(text: str, *, code: bool = False, answer: bool = False, bare: str = "") -> str:
    """The marker or the phrase that a line resembles, or "" if it reads as ordinary text.

    Capitals are enough; small letters count where the phrase is all there is and the line is a comment, is
    decorated ("### begin solution") or belongs to an ``answer``. ``bare`` is the phrase ("HIDDEN TESTS") that
    is suspicious in this cell even without BEGIN or END. Lines with a correct marker are not for this
    function.
    """
    flat = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text)).strip()
    words = flat.split()
    comment = code and text.lstrip().startswith("#")
    meant, length = _phrase([word.upper() for word in words])
    if not meant and bare and " ".join(words[:2]).upper() in {bare, bare.removesuffix("S")}:
        meant, length = bare, 2
    if not meant:
        return ""
    capitals = all(word.isupper() for word in words[:length])
    whole = length == len(words)
    if code and not comment:  # a bare line of capitals, not a piece of some expression
        return meant if capitals and whole and re.fullmatch(r"\s*[\w ]+\s*", text) else ""
    alone = whole and (answer or bool(_DECORATED.match(text)))
    exact = comment and bool(_EXACT.match(flat.upper()))
    return meant if capitals or alone or exact else ""


def _phrase(words: list[str]) -> tuple[str, int]:
    """The marker that the first words spell, nearly, and how many words it takes."""
    for length in range(min(4, len(words)), 1, -1):
        for edge, noun in ((words[0], words[1:length]), (words[length - 1], words[: length - 1])):
            if (side := _edge(edge)) and (kind := _noun("".join(noun))):
                return f"{side} {kind}", length
    for edge, side in _EDGES.items():
        for name, kind in _NOUNS.items():
            if words and _alike(words[0], edge + name) >= _ALIKE + 0.05:
                return f"{side} {kind}", 1
    return "", 0


def _edge(word: str) -> str:
    for edge, side in _EDGES.items():
        if _alike(word, edge) >= 0.75 or sorted(word) == sorted(edge):
            return side
    return ""


def _noun(word: str) -> str:
    best = max(_NOUNS, key=lambda noun: _alike(word, noun))
    return _NOUNS[best] if _alike(word, best) >= _ALIKE else ""


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
