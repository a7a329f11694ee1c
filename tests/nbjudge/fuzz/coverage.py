"""Coverage-guided fuzzing of what the judge reads: ``python -m fuzz.coverage TARGET RUNS CORPUS``.

Targets: ``replies`` (bytes in place of an agent's reply) and ``notebooks`` (bytes of a notebook handed in). The
exit status is 0 if nothing crashed, hung or took too much memory; libFuzzer prints the input that did.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["nbjudge"]):
    from fuzz.notebooks import read
    from fuzz.replies import NONCE, QUESTIONS, asked, fix_the_nonce, framed, packed

NAMES = list(QUESTIONS)


def replies(data: bytes) -> None:
    """The first byte chooses the question, the second how much of the frame is sound."""
    if len(data) < 2:
        return
    question, body = NAMES[data[0] % len(NAMES)], data[2:]
    if data[1] % 4:
        body = framed(b"\x94" + packed(NONCE) + body)  # a list of four, the first of them the number asked for
    asked(question, body)


def notebooks(data: bytes) -> None:
    """A document that can be put in order, or one clear reason."""
    read(data)


def crash(data: bytes) -> None:
    """To see that a crash is noticed."""
    if data[:1] == b"!":
        raise KeyError("crash")


def main(target: str, runs: str, corpus: str) -> None:
    """Fuzz one target for so many runs, starting from the files of a folder."""
    fix_the_nonce()
    options = [
        f"-runs={runs}",
        "-seed=1",
        "-max_len=20000",
        "-timeout=10",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, corpus], {"replies": replies, "notebooks": notebooks, "crash": crash}[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
