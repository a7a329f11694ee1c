"""Grades chosen attacks under one isolation, inside a container, and prints what they gained or saw, as JSON.

python attacked.py /autograder uid+landlock quick NAME …    (or "slow": more patience; no name: all of that kind)
"""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile.course import ASSIGNMENT, SECRETS, hand_in, write_course
from test_hostile import ATTACKS, CONDITIONS, FOUND, HONEST, PATIENT, Run

from nbjudge.grade.grade import grade_course
from nbjudge.sandbox import users

# They see how other processes and their sockets are called, which only namespaces can hide, and, without Landlock, what
# any user may read, such as these tests; see docs/gradescope.md. Secrets they see nowhere.
NAMES_SEEN = {"uid+landlock": ("processes", "network"), "uid": ("processes", "network", "whole_disk")}


def wrong(run, attack, isolation):
    """What this attack gained, saw or broke, in words."""
    receipt, wanted = run.receipts[attack.known_as], attack.points()
    got = {verdict.test: verdict.points for verdict in receipt.verdicts}
    found = [f"not judged: {verdict.test}: {verdict.message}" for verdict in receipt.not_judged]
    # What an attack loses of its own honest part depends on the machine's load: test_hostile.py asks for that.
    found += [f"{test}: {points} gained" for test, points in got.items() if points > wanted.get(test, 0)]
    begins = "damaged: work: " if attack.damaged else attack.status
    if not receipt.status.startswith(begins) or attack.damaged not in receipt.status:
        found.append(f"status {receipt.status}")
    for kind, page in run.pages(attack.known_as).items():
        words = SECRETS if attack.name in NAMES_SEEN[isolation] else (*SECRETS, FOUND)
        found += [f"{word} in {kind}" for word in words if word in page]
    return found


def grade(folder, isolation, attacks, patient):
    root = write_course(folder / "source" / "course")
    folder.chmod(0o700)
    submitted, out = hand_in(root, root / "submitted", attacks), folder / "results"
    conditions = replace(PATIENT if patient else CONDITIONS, isolation=isolation)
    before = set(os.listdir("/tmp"))
    receipts = grade_course(root, ASSIGNMENT, submitted, out, conditions)
    run = Run(root, out, [], {receipt.student: receipt for receipt in receipts}, [])
    new = [Path("/tmp", name) for name in sorted(set(os.listdir("/tmp")) - before)] + [*Path("/dev/shm").iterdir()]
    left = [str(path) for path in new if path.lstat().st_uid != 0 or path.name.startswith(users.PREFIX)]
    left += [name for name in os.listdir("/proc") if name.isdigit() and users.user_of(name) > 0]
    scores = {attack.name: run.receipts[attack.known_as].score for attack in attacks}
    return {attack.name: wrong(run, attack, isolation) for attack in attacks}, left, scores


if __name__ == "__main__":
    place, way, speed, *names = sys.argv[1:]
    chosen = [one for one in ATTACKS if (one.name in names if names else one.slow == (speed == "slow"))]
    chosen += [one for one in HONEST if one not in chosen]
    told, left, scores = grade(Path(place), way, chosen, patient=speed != "quick")
    print(json.dumps({"told": told, "left": left, "scores": scores}))
