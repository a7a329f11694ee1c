"""A class goes through the pool little by little, and known mistakes are judged when somebody may have made them."""

from masters import answer, check, notebook

from nbjudge.grade.marking import Work, mark
from nbjudge.judge.diagnosis import Trace
from nbjudge.judge.task import Judgement, Task
from nbjudge.judge.verdict import Outcome, Verdict
from nbjudge.master.assignment import Assignment
from nbjudge.master.mistakes import Sample
from nbjudge.master.notebook import read_notebook
from nbjudge.pool.prepare import Prepared
from nbjudge.publish.known import Mistakes, fingerprint
from nbjudge.submission.submission import Submission

MASTER = read_notebook(
    notebook(
        answer("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
        check("assert double(1) == 2", "test_double", 2),
    ),
    "nb",
)
ASSIGNMENT = Assignment("ps1", (MASTER,), (), {})
ADDS = Sample("double", "adds", "You add.", "def double(x):\n    return x + 2")
ZERO = Sample("double", "zero", "You return 0.", "def double(x):\n    return 0")


def make(student, of, steps):
    return Task(student, of, steps, address="", seed=1, root="")


def work(student):
    return Work(Prepared(Submission(student), (make(student, MASTER, ()),)), {})


class Pool:
    """Judges two at a time. Whose name begins with "bad" answers as the mistake "adds" does."""

    def __init__(self):
        self.judged = []

    def judge(self, tasks):
        for task in tasks:
            self.judged.append(task.student)
            bad = task.student.startswith(("bad", "double/"))
            parts = (("text", "zero" if task.student == "double/zero" else "adds"),) if bad else (("text", "right"),)
            outcome = Outcome.FAILED if bad else Outcome.PASSED
            verdict = Verdict("nb", "double", "test_double", 0.0 if bad else 2.0, 2.0, outcome)
            yield Judgement(task.student, "nb", (verdict,), {"test_double": Trace(not bad, parts)})


def marked(works, mistakes):
    pool = Pool()
    done = [(one.prepared.submission.student, one.receipt(ASSIGNMENT, mistakes)) for one in mark(works, mistakes, pool)]
    return dict(done), pool.judged


def test_a_mistake_is_judged_once_right_after_the_first_that_may_have_made_it():
    mistakes = Mistakes(ASSIGNMENT, [ADDS], {}, make)
    done, judged = marked(map(work, ["ann", "bad1", "cy", "bad2", "dan"]), mistakes)
    assert judged == ["ann", "bad1", "double/adds", "cy", "bad2", "dan"]
    assert {name: dict(one.diagnosis) for name, one in done.items() if one.diagnosis} == {
        "bad1": {"double": "You add."},
        "bad2": {"double": "You add."},
    }


def test_the_last_of_a_class_gets_its_sentence_too():
    done, judged = marked(map(work, ["bad"]), Mistakes(ASSIGNMENT, [ZERO, ADDS], {}, make))
    assert judged == ["bad", "double/adds", "double/zero"] or judged == ["bad", "double/zero", "double/adds"]
    assert done["bad"].diagnosis == {"double": "You add."}


def test_a_mistake_that_gets_other_points_is_nobodys_and_is_not_judged():
    patterns = {fingerprint(ADDS): {"test_double": 1.0}, fingerprint(ZERO): {"test_double": 0.0}}
    done, judged = marked(map(work, ["bad"]), Mistakes(ASSIGNMENT, [ADDS, ZERO], patterns, make))
    assert judged == ["bad", "double/zero"]
    assert done["bad"].diagnosis == {}


def test_submissions_are_taken_one_by_one_as_they_are_judged():
    alive = []

    def coming():
        for number in range(50):
            alive.append(number)
            yield work(f"s{number}")

    seen = 0
    for _ in mark(coming(), Mistakes(ASSIGNMENT, [], {}, make), Pool()):
        seen += 1
        assert len(alive) <= seen + 1
    assert seen == 50


def test_a_submission_with_nothing_to_judge_comes_back_too():
    nothing = Work(Prepared(Submission("eve"), (), {"nb": "the file is empty"}), {})
    done, judged = marked([nothing, work("ann")], Mistakes(ASSIGNMENT, [], {}, make))
    assert judged == ["ann"]
    assert done["eve"].status == "damaged: nb: the file is empty"


def test_what_is_carried_over_is_not_judged_again():
    verdict = Verdict("nb", "double", "test_double", 2.0, 2.0, Outcome.PASSED)
    kept = work("ann")
    kept.carried = (Judgement("ann", "nb", (verdict,)),)
    done, judged = marked([kept], Mistakes(ASSIGNMENT, [], {}, make))
    assert judged == []
    assert done["ann"].score == 2.0


def test_an_odd_answer_that_cannot_be_compared_costs_the_sentence_only(monkeypatch):
    def stumble(*arguments):
        raise FloatingPointError("odd")

    monkeypatch.setattr("nbjudge.grade.conclude.diagnose", stumble)
    done, _ = marked([work("bad")], Mistakes(ASSIGNMENT, [ADDS], {}, make))
    assert done["bad"].score == 0.0
    assert done["bad"].diagnosis == {}
