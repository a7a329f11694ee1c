"""Many notebooks at once: trusted worker processes, each judging one and ending with it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures import TimeoutError as FutureTimeout

from pebble import ProcessExpired, ProcessPool

from nbjudge.worker import Judgement, Task, judge_task, not_judged

SPARE_SECONDS = 60.0  # beyond a notebook's own time, before its worker is killed
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Pool:
    """A context manager over ``workers`` processes, forked from one that has the judge's modules loaded.

    Each notebook gets a fresh process: nothing that one submission leaves behind reaches the next, and a worker
    that dies or hangs costs its own notebook only.
    """

    def __init__(self, workers: int, preload: Sequence[str] = ()) -> None:
        self.workers = workers
        for name in THREADS:
            os.environ[name] = "1"  # workers run side by side; one thread each
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["nbjudge.warm", *preload])
        self._pool = ProcessPool(max_workers=workers, max_tasks=1, context=context)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def judge(self, tasks: Sequence[Task]) -> Iterator[Judgement]:
        """Judge notebooks in parallel and give each judgement as it is ready, in no fixed order."""
        futures: dict[Future[Judgement], Task] = {
            self._pool.schedule(judge_task, [task], timeout=task.limits.notebook + SPARE_SECONDS): task
            for task in tasks
        }
        for future in as_completed(futures):
            yield _result(future, futures[future])


def _result(future: Future[Judgement], task: Task) -> Judgement:
    try:
        return future.result()
    except FutureTimeout:
        return not_judged(task, "the judge itself did not come to an end in time")
    except ProcessExpired as error:
        return not_judged(task, f"the judge's process ended unexpectedly (exit code {error.exitcode})")
    except Exception as error:
        return not_judged(task, f"the judge failed: {type(error).__name__}: {error}")
