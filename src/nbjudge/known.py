"""How the known mistakes of an assignment answer a run's tests, to compare submissions with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nbjudge.assignment import Assignment
from nbjudge.candidate import candidate
from nbjudge.diagnosis import Trace
from nbjudge.mistakes import Sample
from nbjudge.pool import Pool
from nbjudge.receipt import hash_files
from nbjudge.worker import Task

# By exercise: each mistake's sentence, with its traces by test.
Known = Mapping[str, Sequence[tuple[str, Mapping[str, Trace]]]]
# Points by test.
Pattern = Mapping[str, float]


def known_mistakes(
    master: Assignment,
    samples: Sequence[Sample],
    seen: Mapping[str, Sequence[Pattern]],
    patterns: Mapping[str, Pattern],
    make: Callable[..., Task],
    pool: Pool,
) -> Known:
    """Judge mistakes as if they were submissions, with the run's own seed.

    ``seen`` are the patterns of points that submissions got, by exercise. A mistake that got another pattern when
    the assignment was built (``patterns``, by :func:`fingerprint`) cannot be theirs and is left out.
    """
    wanted = {f"{sample.exercise}/{sample.name}": sample for sample in samples if _possible(sample, seen, patterns)}
    tasks = []
    for key, sample in wanted.items():
        for notebook in master.notebooks:
            for exercise in notebook.exercises:
                if exercise.name == sample.exercise:
                    tests = [str(cell.grade_id) for cell in exercise.tests]
                    tasks.append(make(key, notebook, candidate(notebook, {exercise.name: sample.source}, tests)))
    traces = {judgement.student: judgement.traces for judgement in pool.judge(tasks)}
    known: dict[str, list[tuple[str, Mapping[str, Trace]]]] = {}
    for key, sample in wanted.items():
        if key in traces:
            known.setdefault(sample.exercise, []).append((sample.sentence, traces[key]))
    return known


def fingerprint(sample: Sample) -> str:
    """A name for a sample that changes with its code."""
    return hash_files({sample.exercise: sample.source.encode()})


def _possible(sample: Sample, seen: Mapping[str, Sequence[Pattern]], patterns: Mapping[str, Pattern]) -> bool:
    found = seen.get(sample.exercise, ())
    pattern = patterns.get(fingerprint(sample))
    return bool(found) if pattern is None else any(dict(pattern) == dict(one) for one in found)
