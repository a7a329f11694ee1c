"""The folder that a run writes: receipts and pages of what is done with, and what is judged but not recorded yet.

receipts/<student>.json   recorded; written last
held/<student>/           judged: the receipt, and an image of what formgrader will find
feedback/, details/       the student's page; what only staff may read of the tests' failures
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nbjudge.errors import NbjudgeError, SubmissionError
from nbjudge.record.feedback import safe_name, write_feedback
from nbjudge.record.receipt import DRAFT, Receipt, from_json, write_atomically

KEPT = 200  # receipts in memory, for reports that read a class several times
FOLDERS = ("receipts", "feedback", "held")


class Receipts(Sequence[Receipt]):
    """The receipts of a class, in order of names, read when they are asked for: a very large class is not in memory."""

    def __init__(self, ledger: Ledger, students: Sequence[str]) -> None:
        self._read, self._where, self._students = lru_cache(KEPT)(ledger.receipt), ledger.receipt_path, students

    def __len__(self) -> int:
        return len(self._students)

    def __getitem__(self, index: int) -> Receipt:  # type: ignore[override]
        receipt = self._read(self._students[index])
        if receipt is None:
            where = str(self._where(self._students[index]))
            raise NbjudgeError("a receipt was removed while it was needed", where, "Grade again.")
        return receipt


@dataclass(frozen=True)
class Ledger:
    """One run's folder; see :func:`open_ledger`."""

    out: Path

    def receipt_path(self, student: str) -> Path:
        """Where the receipt of a recorded submission lies."""
        return self.out / "receipts" / f"{safe_name(student)}.json"

    def receipt(self, student: str) -> Receipt | None:
        """The receipt of a recorded submission, if there is one that can be read."""
        return _read(self.receipt_path(student))

    def held(self, student: str) -> Receipt | None:
        """The receipt of a submission that was judged and is not recorded yet."""
        return _read(self._held(student) / "receipt.json")

    def image(self, student: str) -> Path:
        """The folder of what formgrader will find of a held submission."""
        return self._held(student) / "image"

    def hold(self, receipt: Receipt, files: Mapping[str, bytes]) -> None:
        """Keep a judged submission until it is recorded; ``files`` is what formgrader will find, by name."""
        folder = self._held(receipt.student)
        with writable(self.out):
            shutil.rmtree(folder, ignore_errors=True)
            for name, data in files.items():
                path = folder / "image" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            if details := _details(receipt):
                write_atomically(folder / "details.txt", details)
            write_atomically(folder / "receipt.json", receipt.to_json())

    def settle(self, receipt: Receipt, titles: Mapping[str, str], recorded: bool) -> None:
        """Write the page and then the receipt; what was recorded is held no longer."""
        folder, details = self._held(receipt.student), self.out / "details" / f"{safe_name(receipt.student)}.txt"
        with writable(self.out):
            write_feedback(self.out, receipt, titles)
            if (folder / "details.txt").is_file():
                write_atomically(details, (folder / "details.txt").read_bytes())
            else:
                details.unlink(missing_ok=True)
            write_atomically(self.receipt_path(receipt.student), receipt.to_json())
        if recorded:
            self.let_go(receipt.student)

    def let_go(self, student: str) -> None:
        """Hold a submission no longer."""
        shutil.rmtree(self._held(student), ignore_errors=True)

    def seed(self, asked: int | None) -> int:
        """The run's seed: the one asked for, the one of an earlier run into the same folder, or a new one."""
        path, seed = self.out / "seed.txt", asked
        if seed is None:
            try:
                seed = int(path.read_text())
            except (OSError, ValueError):
                seed = secrets.randbits(64)
        with writable(self.out):
            write_atomically(path, f"{seed}\n")
        return seed

    def _held(self, student: str) -> Path:
        return self.out / "held" / safe_name(student)


def ledger_folder(root: Path, assignment: str) -> Path:
    """Where ``nbjudge grade`` keeps an assignment's receipts unless it is told otherwise."""
    return root / "grades" / assignment


@contextmanager
def open_ledger(out: Path, patience: float = 0.0) -> Iterator[Ledger]:
    """Make the folder, or go on with one that is there; one run at a time may write to it.

    Raises NbjudgeError when nothing can be written there, or when another run does so for ``patience`` seconds.
    """
    with writable(out, "Name another --out."):
        for name in FOLDERS:
            (out / name).mkdir(parents=True, exist_ok=True)
    lock = os.open(out, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(lock, out, patience)
        for draft in [*out.glob(f"{DRAFT}*"), *out.glob(f"*/{DRAFT}*")]:
            draft.unlink(missing_ok=True)  # of a run that was killed
        yield Ledger(out)
    finally:
        os.close(lock)


def _lock(folder: int, out: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                fix = "Wait for it, or name another --out."
                raise NbjudgeError("another `nbjudge grade` is writing here", str(out), fix) from None
            time.sleep(0.1)
            continue
        except OSError:
            pass  # a file system without locks
        return


@contextmanager
def writable(out: Path, fix: str = "") -> Iterator[None]:
    """Make one sentence of what keeps the results from being written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        again = "run the same command again; what is done is kept."
        fix = f"Make room, then {again}" if full else fix or f"Make it writable, then {again}"
        raise NbjudgeError(f"results cannot be written ({error.strerror})", str(out), fix) from None


def _read(path: Path) -> Receipt | None:
    with suppress(OSError, ValueError, SubmissionError):
        return from_json(path.read_text())
    return None


def _details(receipt: Receipt) -> str:
    """What only staff may read: the tests' own words, which may hold hidden inputs and expected values."""
    told = [verdict for verdict in receipt.verdicts if verdict.detail]
    return "\n".join(f"== {verdict.notebook}: {verdict.test}\n{verdict.detail}\n" for verdict in told)
