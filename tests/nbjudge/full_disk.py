"""Grade where the disk gets full, read-only, and roomy again; see tests/nbjudge/test_lost.py.

    unshare --user --map-root-user --mount python tests/nbjudge/full_disk.py COURSE FOLDER

Prints one line of JSON: what was said each time, and whether what was there before still was.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from lost import open_bench
from tiny import DOUBLE, SQUARE, hand_in, tree

from nbjudge.errors import NbjudgeError
from nbjudge.grade.grade import grade_course
from nbjudge.pool.bench import Conditions

RIGHT = {"double": DOUBLE, "square": SQUARE}


def mount(out: Path, *options: str) -> None:
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(out)], check=True)


def grade(root: Path, submitted: Path, out: Path) -> str:
    """What grading comes to: the scores, or the sentence with which it ends."""
    try:
        with open_bench(light=True) as bench:
            receipts = grade_course(root, "ps1", submitted, out, Conditions(seed=9), bench=bench)
    except NbjudgeError as error:
        return str(error)
    return f"{len(receipts)} graded, {sum(receipt.score for receipt in receipts):g} points"


def kept(before: dict[str, str], out: Path) -> bool:
    """Whether every file of an earlier time is what it was; held work may come on top."""
    return before.items() <= tree(out).items()


def main() -> None:
    root, folder = Path(sys.argv[1]), Path(sys.argv[2])
    submitted, out = folder / "submitted", folder / "out"
    out.mkdir(parents=True)
    said: dict[str, Any] = {}
    mount(out, "-o", "size=320k")
    hand_in(root, submitted, {"ada": RIGHT, "bob": {}})
    said["first"] = grade(root, submitted, out)
    before = tree(out)

    hand_in(root, submitted, {f"s{number:02}": RIGHT for number in range(30)})
    said["full"], said["kept when full"] = grade(root, submitted, out), kept(before, out)
    half_written = [path.name for path in out.rglob(".writing-*")]

    subprocess.run(["mount", "-o", "remount,ro", str(out)], check=True)
    said["read-only"], said["kept when read-only"] = grade(root, submitted, out), kept(before, out)

    subprocess.run(["mount", "-o", "remount,rw,size=40m", str(out)], check=True)
    said["roomy"] = grade(root, submitted, out)

    hand_in(root, submitted, {f"t{number:03}": RIGHT for number in range(100)})
    results, book = tree(out), root / "gradebook.db"
    most = book.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    said["gradebook full"], said["kept when the gradebook is full"] = (
        grade(root, submitted, out),
        kept({name: held for name, held in results.items() if "held" not in name}, out),
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said["gradebook roomy"] = grade(root, submitted, out)
    said["half-written"] = half_written + [path.name for path in out.rglob(".writing-*")]
    said["held"] = [path.name for path in (out / "held").iterdir()]
    print(json.dumps(said))


if __name__ == "__main__":
    main()
