"""What a grade rests on: all that, when it changes, is a reason to grade again, as hashes and plain values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nbjudge.master.assignment import Assignment
from nbjudge.master.course import Course
from nbjudge.pool.bench import Conditions
from nbjudge.pool.prepare import references, staff_files
from nbjudge.publish.known import hash_mistakes
from nbjudge.record.environment import hash_code, hash_environment
from nbjudge.record.receipt import Receipt, hash_files
from nbjudge.submission.submission import Submission

# They name mistakes and try the gate; no test sees them.
_SAMPLES = ("mistakes", "variants")
# The course's library, which changes from day to day without a new version.
_LIBRARY = "descent"
# The grader's own folders that a verdict comes from; what records and reports it may change without judging again.
_GRADER = ("master", "submission", "border", "sandbox", "judge", "pool")


@dataclass(frozen=True)
class Basis:
    """What all submissions of a run have in common; ``submissions`` is their folder."""

    course: Course
    master: Assignment
    released: Mapping[str, Any]
    conditions: Conditions
    seed: int
    submissions: Path

    @cached_property
    def notebook_tests(self) -> dict[str, str]:
        """A hash by notebook of its master, its release and the files that all notebooks get."""
        given = {f"file:{name}": data for name, data in staff_files(self.course, self.master).items()}
        return {
            name: hash_files(given | {"master": repr(document).encode(), "release": repr(self.released[name]).encode()})
            for name, document in self.master.documents.items()
        }

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Tests, references, environment and grader."""
        staff = references(self.course, self.master.name)
        library = {"packages": hash_environment(), "library": hash_code(_LIBRARY)}
        return {
            "tests": _hash(self.notebook_tests),
            "references": hash_files({name: data for name, data in staff.items() if not _is_sample(name)}),
            "environment": _hash(library),
            "grader": hash_code("nbjudge", _GRADER),
        }

    @cached_property
    def mistakes(self) -> dict[str, str]:
        """A hash by exercise of its known mistakes: what a diagnosis rests on."""
        return hash_mistakes(self.course.mistakes(self.master))

    @cached_property
    def circumstances(self) -> dict[str, Any]:
        """A receipt's fields on how it was graded."""
        times, space = asdict(self.conditions.limits), self.conditions.sandbox.as_dict()
        return {
            "seed": self.seed,
            "device": self.conditions.device,
            "isolation": self.conditions.isolation,
            "limits": {name: float(value) for name, value in (times | space).items()},
        }

    def of(self, submission: Submission) -> dict[str, Any]:
        """A receipt's fields on what the grade of one submission rests on."""
        files = {f"notebook:{name}": data for name, data in submission.notebooks.items()}
        files |= dict(submission.files) | {"timestamp": str(submission.timestamp).encode()}
        return {
            "hashes": {**self.hashes, "submission": hash_files(files)},
            "notebooks": {name: self._of_notebook(name, submission) for name in self.notebook_tests},
            **self.circumstances,
        }

    def place(self, submission: Submission) -> dict[str, str]:
        """A receipt's fields on where a submission lies and when it was handed in."""
        when = submission.timestamp
        return {
            "submissions": os.path.relpath(self.submissions.resolve(), self.course.root),
            "handed_in": "" if when is None else when.isoformat(),
        }

    def _of_notebook(self, name: str, submission: Submission) -> str:
        """A hash of what one notebook's verdicts rest on: its own tests only, whatever became of the others."""
        shared = {kind: value for kind, value in self.hashes.items() if kind != "tests"}
        work = {f"file:{file}": data for file, data in submission.files.items()}
        work["notebook"] = submission.notebooks.get(name, b"")
        return _hash(
            {
                **shared,
                "tests": self.notebook_tests[name],
                "work": hash_files(work),
                "circumstances": repr(sorted(self.circumstances.items())),
            }
        )


def holds(receipt: Receipt, facts: Mapping[str, Any]) -> bool:
    """Whether a receipt rests on just these facts, which :meth:`Basis.of` gives, and nothing is left to judge."""
    return receipt.done and all(getattr(receipt, name) == value for name, value in facts.items())


def _is_sample(name: str) -> bool:
    parts = Path(name).parts
    return len(parts) > 2 and parts[1] in _SAMPLES


def _hash(values: Mapping[str, str]) -> str:
    return hash_files({name: value.encode() for name, value in values.items()})
