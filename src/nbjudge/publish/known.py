"""How the known mistakes of an assignment answer a run's tests, to compare submissions with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from nbjudge.judge.diagnosis import Trace
from nbjudge.judge.task import Judgement, Task
from nbjudge.master.assignment import Assignment
from nbjudge.master.mistakes import Sample
from nbjudge.publish.candidate import candidate
from nbjudge.record.receipt import hash_files

# By exercise: each mistake's sentence, with its traces by test.
Known = Mapping[str, Sequence[tuple[str, Mapping[str, Trace]]]]
# Points by test.
Pattern = Mapping[str, float]


class Mistakes:
    """The known mistakes of a run, each judged once, as if it were a submission, when one may be somebody's.

    A mistake that got another pattern of points when the assignment was built (``patterns``, by
    :func:`fingerprint`) than a submission got now cannot be that submission's.
    """

    def __init__(
        self,
        master: Assignment,
        samples: Sequence[Sample],
        patterns: Mapping[str, Pattern],
        make: Callable[..., Task],
    ) -> None:
        self._master, self._samples, self._patterns, self._make = master, samples, patterns, make
        self.hashes = hash_mistakes(samples)
        self._traces: dict[str, Mapping[str, Trace]] = {}
        self._asked: set[str] = set()

    def missing(self, lost: Mapping[str, Pattern]) -> set[str]:
        """The mistakes that may be somebody's who lost points so, by exercise, and that are not judged yet."""
        return {_key(sample) for sample in self._possible(lost)} - self._traces.keys()

    def tasks(self, keys: set[str]) -> list[Task]:
        """What there is to judge of these mistakes; of none is it given twice."""
        new = keys - self._asked
        self._asked |= new
        return [task for sample in self._samples if _key(sample) in new for task in self._tasks(sample)]

    def add(self, judgement: Judgement) -> bool:
        """Take a judgement if it is a mistake's."""
        if judgement.student not in self._asked:
            return False
        self._traces[judgement.student] = judgement.traces
        return True

    def known(self, lost: Mapping[str, Pattern]) -> Known:
        """What somebody who lost points so is to be compared with."""
        known: dict[str, list[tuple[str, Mapping[str, Trace]]]] = {}
        for sample in self._possible(lost):
            known.setdefault(sample.exercise, []).append((sample.sentence, self._traces.get(_key(sample), {})))
        return known

    def _possible(self, lost: Mapping[str, Pattern]) -> Iterator[Sample]:
        for sample in self._samples:
            pattern = self._patterns.get(fingerprint(sample))
            if sample.exercise in lost and (pattern is None or dict(pattern) == dict(lost[sample.exercise])):
                yield sample

    def _tasks(self, sample: Sample) -> Iterator[Task]:
        for notebook in self._master.notebooks:
            for exercise in notebook.exercises:
                if exercise.name == sample.exercise:
                    tests = [str(cell.grade_id) for cell in exercise.tests]
                    steps = candidate(notebook, {exercise.name: sample.source}, tests)
                    yield self._make(_key(sample), notebook, steps)


def hash_mistakes(samples: Iterable[Sample]) -> dict[str, str]:
    """A hash by exercise over its samples, in order, sentences included."""
    found: dict[str, dict[str, bytes]] = {}
    for sample in samples:
        texts = found.setdefault(sample.exercise, {})
        texts[f"{len(texts):06} {sample.name}"] = f"{sample.sentence}\0{sample.source}".encode()
    return {exercise: hash_files(texts) for exercise, texts in found.items()}


def fingerprint(sample: Sample) -> str:
    """A name for a sample that changes with its code."""
    return hash_files({sample.exercise: sample.source.encode()})


def _key(sample: Sample) -> str:
    # No student's name holds a slash.
    return f"{sample.exercise}/{sample.name}"
