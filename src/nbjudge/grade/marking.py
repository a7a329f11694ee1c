"""Submissions through the pool, one after the other; each comes back when it is judged and its mistakes are known."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbjudge.grade.conclude import conclude, failed
from nbjudge.judge.task import Judgement, Task
from nbjudge.master.assignment import Assignment
from nbjudge.pool.pool import Pool
from nbjudge.pool.prepare import Prepared
from nbjudge.publish.known import Mistakes, Pattern
from nbjudge.record.receipt import Receipt


@dataclass
class Work:
    """One submission under way. ``facts`` are the receipt's fields that do not come from judging.

    ``carried`` are judgements of notebooks that need no judging again, ``diagnosis`` is what was said of them.
    """

    prepared: Prepared
    facts: Mapping[str, Any]
    carried: tuple[Judgement, ...] = ()
    diagnosis: Mapping[str, str] = field(default_factory=dict)
    judged: list[Judgement] = field(default_factory=list)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is to be judged of it."""
        carried = {judgement.notebook for judgement in self.carried}
        return tuple(task for task in self.prepared.tasks if task.master.name not in carried)

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """All that is judged of it so far."""
        return (*self.carried, *self.judged)

    @property
    def lost(self) -> dict[str, Pattern]:
        """The exercises that lost points now, each with its points by test."""
        return dict(failed([verdict for one in self.judged for verdict in one.verdicts]))

    def receipt(self, master: Assignment, mistakes: Mistakes) -> Receipt:
        """The receipt, once all is judged."""
        lost = failed([verdict for one in self.judgements for verdict in one.verdicts])
        compared = {name: value for name, value in mistakes.hashes.items() if name in lost}
        facts = {**self.facts, "mistakes": compared}
        return conclude(master, self.prepared, self.judgements, mistakes.known(self.lost), facts, self.diagnosis)


def mark(works: Iterable[Work], mistakes: Mistakes, pool: Pool) -> Iterator[Work]:
    """Judge submissions in parallel and give each back when it can be concluded, in no fixed order.

    The mistakes that one may have made are judged as soon as it has lost its points, so that few submissions are
    held in memory, however large the class.
    """
    coming = iter(works)
    queue: deque[Task] = deque()
    under_way: dict[str, Work] = {}
    waiting: list[Work] = []

    def tasks() -> Iterator[Task]:
        while True:
            while queue:
                yield queue.popleft()
            work = next(coming, None)
            if work is None:
                return
            if work.tasks:
                under_way[work.prepared.submission.student] = work
                queue.extend(work.tasks)
            else:
                waiting.append(work)

    def ready() -> Iterator[Work]:
        for work in [work for work in waiting if not mistakes.missing(work.lost)]:
            waiting.remove(work)
            yield work

    def take(judgement: Judgement) -> None:
        if mistakes.add(judgement):
            return
        work = under_way[judgement.student]
        work.judged.append(judgement)
        if len(work.judged) == len(work.tasks):
            waiting.append(under_way.pop(judgement.student))
            queue.extendleft(mistakes.tasks(mistakes.missing(work.lost)))

    while True:
        for judgement in pool.judge(tasks()):
            take(judgement)
            yield from ready()
        yield from ready()
        if not queue:
            return
