"""One submission in a worker: what its tests may use, what becomes of failures, and what a student is told."""

from masters import answer, check, notebook, plain

from nbjudge.judge.task import Limits, Task
from nbjudge.judge.verdict import Outcome
from nbjudge.master.notebook import read_notebook
from nbjudge.pool.worker import judge_task
from nbjudge.publish.candidate import candidate

FIRST = answer("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION")
SECOND = answer("def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION", "half")


def judge(bench, *cells, answers=None, root="", hand_in=False, **options):
    document = notebook(*cells)
    master = read_notebook(document, "warmup")
    if hand_in:
        options |= {"released": document, "answers": answers}
    task = Task("ada", master, candidate(master, answers), bench.sandbox.address, seed=1, root=str(root), **options)
    (judgement,) = bench.pool.judge([task])
    return judgement


def outcomes(judgement):
    return {verdict.test: verdict.outcome for verdict in judgement.verdicts}


def test_without_a_sandbox_nothing_is_judged_and_nothing_is_zeroed(tmp_path):
    master = read_notebook(notebook(FIRST, check("assert double(1) == 2")), "warmup")
    judgement = judge_task(Task("ada", master, candidate(master), str(tmp_path / "zygote"), seed=1, root=""))
    (verdict,) = judgement.verdicts
    assert (verdict.outcome, verdict.points, verdict.max_points) == (Outcome.NOT_JUDGED, 0, 2)
    assert verdict.exercise == "double"
    assert judgement.events == (verdict.message,)
    assert verdict.message.startswith("the sandbox ")


def test_each_test_belongs_to_the_answer_before_it(bench):
    judgement = judge(
        bench,
        plain("import math"),
        check("assert math.pi > 3", "before", 1),
        FIRST,
        check("assert double(1) == 2", "one", 1),
        check("assert double(2) == 4", "two", 1),
        SECOND,
        check("assert half(2) == 1", "three", 1),
    )
    assert [(verdict.test, verdict.exercise) for verdict in judgement.verdicts] == [
        ("before", ""),
        ("one", "double"),
        ("two", "double"),
        ("three", "half"),
    ]
    assert set(outcomes(judgement).values()) == {Outcome.PASSED}


def test_a_test_reads_the_staffs_file_whatever_the_student_put_in_its_place(bench):
    seen = "def double(x):\n    return int(open('limit.txt').read())"
    judgement = judge(
        bench,
        FIRST,
        check("with open('limit.txt') as file:\n    assert file.read() == '100'\nassert double(1) == 5", "one", 1),
        answers={"double": seen},
        files={"limit.txt": b"5"},
        staff_files={"limit.txt": b"100"},
    )
    assert outcomes(judgement) == {"one": Outcome.PASSED}


def test_a_reference_comes_from_the_courses_own_folder(bench, tmp_path):
    for name, factor in (("one", 2), ("two", 3)):
        (tmp_path / name / "autograder").mkdir(parents=True)
        (tmp_path / name / "autograder" / "reference.py").write_text(f"def times(x):\n    return {factor} * x\n")
    test = check("from autograder.reference import times\nassert double(5) == times(5)", "one", 1)
    assert outcomes(judge(bench, FIRST, test, root=tmp_path / "one")) == {"one": Outcome.PASSED}
    assert outcomes(judge(bench, FIRST, test, root=tmp_path / "two")) == {"one": Outcome.FAILED}
    assert outcomes(judge(bench, FIRST, test, root=tmp_path)) == {"one": Outcome.NOT_JUDGED}


def test_an_answer_that_stops_with_an_error_is_named_as_the_reason(bench):
    judgement = judge(
        bench,
        FIRST,
        check("assert double(1) == 2", "one", 1),
        SECOND,
        check("assert half(2) == 1", "two", 1),
        answers={"double": "raise KeyError('no')"},
    )
    one, two = judgement.verdicts
    assert one.outcome is Outcome.FAILED
    assert "The cell with your answer stopped with KeyError." in one.message
    assert two.outcome is Outcome.PASSED


def test_an_endless_answer_costs_its_own_exercise_and_is_an_event(bench):
    judgement = judge(
        bench,
        FIRST,
        check("assert double(1) == 2", "one", 1),
        SECOND,
        check("assert half(2) == 1", "two", 1),
        answers={"double": "while True:\n    pass"},
        limits=Limits(cell=1.5, call=1.0, notebook=60.0),
    )
    assert outcomes(judgement) == {"one": Outcome.FAILED, "two": Outcome.PASSED}
    assert judgement.events[0] == "the cell 'double' did not finish in time"


def test_a_message_is_made_of_what_happens_without_hidden_checks(bench):
    remembers = "seen = []\n\n\ndef double(x):\n    seen.append(x)\n    return seen if len(seen) > 1 else 2 * x"
    judgement = judge(
        bench,
        FIRST,
        check("assert double(1) == 2\n### BEGIN HIDDEN TESTS\ndouble(31337)\n### END HIDDEN TESTS", "one", 1),
        check("assert double(2) == 4, f'{double(2)} is not 4'", "two", 1),
        answers={"double": remembers},
        hand_in=True,
    )
    two = judgement.verdicts[1]
    assert two.outcome is Outcome.FAILED
    assert "31337" not in two.message
    assert "is not 4" in two.message
