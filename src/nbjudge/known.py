"""How the known mistakes of an assignment answer a run's tests, to compare submissions with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nbjudge.assignment import Assignment
from nbjudge.candidate import candidate
from nbjudge.diagnosis import Trace
from nbjudge.mistakes import Sample
from nbjudge.pool import Pool
from nbjudge.worker import Task

# By exercise: each mistake's sentence, with its traces by test.
Known = Mapping[str, Sequence[tuple[str, Mapping[str, Trace]]]]


def known_mistakes(
    master: Assignment, samples: Sequence[Sample], exercises: set[str], make: Callable[..., Task], pool: Pool
) -> Known:
    """Judge the mistakes of some exercises as if they were submissions, with the run's own seed."""
    wanted = {f"{sample.exercise}/{sample.name}": sample for sample in samples if sample.exercise in exercises}
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
