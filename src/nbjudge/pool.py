"""Many notebooks at once: trusted worker processes, each judging one and ending with it."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from multiprocessing.connection import Connection

from nbjudge.runfolder import RunFolder
from nbjudge.worker import Judgement, Task, judge_task, not_judged

SPARE_SECONDS = 60.0  # beyond a notebook's own time, before its worker is killed
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Pool:
    """A context manager over ``workers`` processes, forked from one that has the judge's modules loaded.

    Each notebook gets a fresh process: nothing that one submission leaves behind reaches the next, and a worker
    that dies or hangs costs its own notebook only.
    """

    def __init__(self, workers: int, preload: Sequence[str] = ()) -> None:
        for name in THREADS:
            os.environ[name] = "1"  # workers run side by side; one thread each
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["nbjudge.warm", *preload])
        self._folder = RunFolder()  # the workers' folders lie in it, so that they are removed even after a kill
        self._ahead = 2 * workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="nbjudge")
        # The server's imports take seconds: let them run while the sandbox starts.
        self._threads.submit(self._warm_up)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._folder.close()

    def judge(self, tasks: Iterable[Task]) -> Iterator[Judgement]:
        """Judge notebooks in parallel and give each judgement as it is ready, in no fixed order.

        Tasks are taken a few ahead of the workers, so that a large class need not lie in memory.
        """
        coming = iter(tasks)
        running: set[Future[Judgement]] = set()
        while True:
            ahead = islice(coming, self._ahead - len(running))
            running |= {self._threads.submit(self._judge, task) for task in ahead}
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            while done:
                yield done.pop().result()

    def _warm_up(self) -> None:
        process = self._context.Process(target=int, daemon=True)
        process.start()
        process.join()

    def _judge(self, task: Task) -> Judgement:
        """What a worker leaves in its folder goes with it, even when it was killed."""
        try:
            place = str(self._folder.path)
            with tempfile.TemporaryDirectory(prefix="worker-", dir=place, ignore_cleanup_errors=True) as folder:
                return self._attend(task, folder)
        except OSError as error:
            return not_judged(task, f"the judge's process could not be had: {error}")

    def _attend(self, task: Task, folder: str) -> Judgement:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_work, args=(task, theirs, folder), daemon=True)
        try:
            process.start()
            theirs.close()
            if not ours.poll(task.limits.notebook + SPARE_SECONDS):
                return not_judged(task, "the judge itself did not come to an end in time")
            judgement: Judgement = ours.recv()
        except EOFError:
            process.join(1)
            return not_judged(task, f"the judge's process ended unexpectedly (exit code {process.exitcode})")
        finally:
            theirs.close()
            ours.close()
            if process.pid is not None:
                process.kill()
                process.join()
        return judgement


def _work(task: Task, result: Connection, folder: str) -> None:
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    result.send(judge_task(task))
    result.close()
    # All is said: the clean-up of a large process would only cost time.
    os._exit(0)
