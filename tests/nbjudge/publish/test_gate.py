"""The gate's rules, each on made-up judgements."""

import pytest
from masters import answer, check, notebook

from nbjudge.judge.task import Judgement, Task
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.assignment import Assignment
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import read_notebook
from nbjudge.publish.candidate import candidate
from nbjudge.publish.gate import BLANK, MISTAKE, NULL, SOLUTION, VARIANT, check_gate, entrants

SOLVED = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
STUB = "def double(x):\n    raise NotImplementedError()"
SEEN = check("assert double(1) == 2", "seen", 1)
UNSEEN = check("### BEGIN HIDDEN TESTS\nassert double(7) == 14\n### END HIDDEN TESTS", "unseen", 2)
MASTER = notebook(answer(SOLVED), SEEN, UNSEEN)
RELEASED = notebook(answer(STUB), SEEN, UNSEEN)
PLUS = Sample("double", "adds_two", "You add two.", "def double(x):\n    return x + 2")
TIMES = Sample("double", "times", "Times two.", "def double(x):\n    return x * 2")


def assignment(document=MASTER):
    return Assignment("ps1", (read_notebook(document, "warmup"),), (), {"warmup": document})


def make(key, master, steps):
    return Task(key, master, steps, address="", seed=1, root="")


def everyone():
    return entrants(assignment(), {"warmup": RELEASED}, [PLUS], [TIMES], make)


def entrant(kind, name=None):
    return next(one for one in everyone() if one.kind == kind and name in (None, one.name))


def verdict(test, points, outcome=None, detail=""):
    most = {"seen": 1.0, "unseen": 2.0}[test]
    outcome = outcome or (Outcome.PASSED if points == most else Outcome.FAILED)
    return Verdict("warmup", "double", test, points, most, outcome, detail=detail)


def judged(kind, seen, unseen, name=None, **options):
    one = entrant(kind, name)
    verdicts = (verdict("seen", seen, **options), verdict("unseen", unseen, **options))
    return one, Judgement(one.task.student, "warmup", verdicts)


def report(*pairs, allowed=None, master=None):
    return check_gate(master or assignment(), pairs, allowed or {})


GOOD = (
    judged(SOLUTION, 1, 2),
    judged(BLANK, 0, 0),
    judged(MISTAKE, 1, 0),
    judged(VARIANT, 1, 2),
    judged(NULL, 1, 0, "null_zeros"),
)


def test_everyone_who_matters_is_at_the_gate():
    kinds = [(one.kind, one.exercise, one.name) for one in everyone()]
    assert kinds[:4] == [
        (SOLUTION, "", "solution"),
        (BLANK, "", "blank"),
        (MISTAKE, "double", "adds_two"),
        (VARIANT, "double", "times"),
    ]
    assert {name for kind, _, name in kinds[4:]} == {
        "null_zeros",
        "null_ones",
        "null_nan",
        "null_input",
        "null_remembered",
        "null_empty",
        "null_equal",
    }
    assert len({one.task.student for one in everyone()}) == len(kinds)


def test_the_blank_has_the_releases_stub_and_a_sample_replaces_the_whole_answer():
    sources = {one.name: [step.source for step in one.task.steps if step.kind == "student"] for one in everyone()}
    assert sources["blank"] == [STUB]
    assert sources["adds_two"] == [PLUS.source]
    assert "SOLUTION" not in sources["solution"][0]


def test_a_good_assignment_passes_and_is_counted():
    found = report(*GOOD)
    assert found.passed
    assert found.held == {
        ("warmup", SOLUTION): (1, 1),
        ("warmup", BLANK): (1, 1),
        ("double", MISTAKE): (1, 1),
        ("double", VARIANT): (1, 1),
        ("double", NULL): (1, 1),
    }


@pytest.mark.parametrize(
    ("pair", "test", "says"),
    [
        (judged(SOLUTION, 1, 1.5), "unseen", "the solution itself does not pass"),
        (judged(SOLUTION, 0, 2, detail="Traceback\nAssertionError: no"), "seen", "AssertionError: no"),
        (judged(BLANK, 0.5, 0), "seen", "a blank answer earns its points"),
        (judged(BLANK, 0, 2), "unseen", "a blank answer earns its points"),
        (judged(MISTAKE, 1, 2), "unseen", "the mistake 'adds_two' passes all tests of its exercise"),
        (judged(VARIANT, 1, 0), "unseen", "variant 'times' fails"),
        (judged(NULL, 0, 0.5, "null_ones"), "unseen", "an answer that knows nothing (null_ones) earns its points"),
        (judged(SOLUTION, 1, 2, outcome=Outcome.NOT_JUDGED), "seen", "the solution solution could not be judged"),
        (judged(MISTAKE, 0, 0, outcome=Outcome.NOT_JUDGED), "seen", "the mistake adds_two could not be judged"),
    ],
)
def test_each_broken_rule_stops_it_and_names_notebook_and_test(pair, test, says):
    kept = [one for one in GOOD if one[0].kind != pair[0].kind]
    found = report(*kept, pair)
    assert not found.passed
    broken = next(one for one in found.failing if one.test == test)
    assert str(broken).startswith(f"warmup, test {test}: ")
    assert says in str(broken)
    key = (pair[0].exercise or "warmup", pair[0].kind)
    assert found.held[key] == (0, 1)


def test_what_an_answer_that_knows_nothing_earns_in_sight_is_no_harm():
    assert report(*GOOD[:-1], judged(NULL, 1, 0, "null_remembered")).passed


def test_a_mistake_needs_to_lose_a_part_of_one_test_only():
    assert report(judged(MISTAKE, 1, 1.5)).passed
    assert report(judged(MISTAKE, 0, 2)).passed


def test_an_allowed_test_is_excused_in_its_own_name_only():
    broken = (judged(SOLUTION, 0, 1), judged(BLANK, 1, 0))
    assert report(*broken, allowed={"seen": "a demonstration"}).failing[0].test == "unseen"
    assert report(*broken, allowed={"seen": "shown", "unseen": "later"}).passed
    assert report(*broken, allowed={"seen": "shown", "unseen": "later"}).allowed == {"seen": "shown", "unseen": "later"}


def test_what_cannot_be_judged_from_outside_is_named_and_can_be_allowed():
    master = assignment(notebook(answer(SOLVED), check("import inspect\nassert inspect.getsource(double)", "seen", 1)))
    (refusal,) = report(master=master).failing
    assert refusal.test == "seen"
    assert str(refusal).startswith("warmup, test seen: line 2: 'inspect.getsource'")
    assert report(master=master, allowed={"seen": "looked at by a person"}).passed


def test_names_that_were_fetched_are_listed_once():
    one, judgement = GOOD[0]
    fetched = Judgement(judgement.student, "warmup", judgement.verdicts, fetched=("data", "model"))
    assert report((one, fetched), *GOOD[1:]).fetched == ("data", "model")


def test_the_steps_of_an_entrant_hold_no_test_of_another_exercise():
    third = answer(SOLVED.replace("double", "triple"), "triple")
    far = check("assert triple(1) == 3", "far", 1)
    master = read_notebook(notebook(answer(SOLVED), SEEN, third, far), "warmup")
    steps = candidate(master, {"double": PLUS.source}, ["seen"])
    assert [step.grade_id for step in steps] == ["double", "seen", "triple"]
