"""The shape of the code: which way imports go, what pure modules leave alone, sizes, and a test file for each."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("descent", "nbjudge")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / "src" / package).rglob("*.py"))

# These turn values into values; disks, processes and sockets are other modules' work.
PURE = (
    "markers notebook verdict encode decode bindings candidate gate repair matching explain diagnosis leaks mistakes "
    "solvers imitations spelling"
).split()
IMPURE = {"os", "pathlib", "subprocess", "socket", "shutil", "tempfile"}

LONGEST_MODULE, LONGEST_FUNCTION = 220, 60

# Modules without a test file of their own, and where they are tested: through the one part that uses them.
TESTED_IN = {
    "descent/slip.py": "tests/descent/test_check.py",
    "nbjudge/arrays.py": "tests/nbjudge/test_decode.py",
    "nbjudge/assignment.py": "tests/nbjudge/test_course.py",
    "nbjudge/basis.py": "tests/nbjudge/test_regrade.py",
    "nbjudge/bench.py": "tests/nbjudge/test_foreign_courses.py",
    "nbjudge/border.py": "tests/nbjudge/test_student.py",
    "nbjudge/build.py": "tests/nbjudge/test_cli.py",
    "nbjudge/build_report.py": "tests/nbjudge/test_cli.py",
    "nbjudge/candidate.py": "tests/nbjudge/test_refused_courses.py",
    "nbjudge/carry.py": "tests/nbjudge/test_regrade.py",
    "nbjudge/changes.py": "tests/nbjudge/test_regrade.py",
    "nbjudge/channels.py": "tests/nbjudge/test_kernel.py",
    "nbjudge/child.py": "tests/nbjudge/test_zygote.py",
    "nbjudge/conclude.py": "tests/nbjudge/test_cli.py",
    "nbjudge/definitions.py": "tests/nbjudge/test_namespace.py",
    "nbjudge/errors.py": "tests/nbjudge/test_cli.py",
    "nbjudge/formgrader.py": "tests/nbjudge/test_gradebook.py",
    "nbjudge/frames.py": "tests/nbjudge/test_decode.py",
    "nbjudge/grade.py": "tests/nbjudge/test_cli.py",
    "nbjudge/imitations.py": "tests/nbjudge/test_solvers.py",
    "nbjudge/judged.py": "tests/nbjudge/test_judge.py",
    "nbjudge/kernelapp.py": "tests/nbjudge/test_kernel.py",
    "nbjudge/known.py": "tests/nbjudge/test_marking.py",
    "nbjudge/ledger.py": "tests/nbjudge/test_lost.py",
    "nbjudge/lean.py": "tests/nbjudge/test_cli.py",
    "nbjudge/linux.py": "tests/nbjudge/test_sandbox.py",
    "nbjudge/marked.py": "tests/nbjudge/test_gradebook.py",
    "nbjudge/marks.py": "tests/nbjudge/test_gradebook.py",
    "nbjudge/operations.py": "tests/nbjudge/test_student.py",
    "nbjudge/ordering.py": "tests/nbjudge/test_repair.py",
    "nbjudge/outgoing.py": "tests/nbjudge/test_student.py",
    "nbjudge/packets.py": "tests/nbjudge/test_zygote.py",
    "nbjudge/parts.py": "tests/nbjudge/test_testcell.py",
    "nbjudge/prepare.py": "tests/nbjudge/test_cli.py",
    "nbjudge/process.py": "tests/nbjudge/test_kernel.py",
    "nbjudge/protocols.py": "tests/nbjudge/test_judge.py",
    "nbjudge/reading.py": "tests/nbjudge/test_decode.py",
    "nbjudge/recorded.py": "tests/nbjudge/test_cli.py",
    "nbjudge/recording.py": "tests/nbjudge/test_regrade.py",
    "nbjudge/refusals.py": "tests/nbjudge/test_refused_courses.py",
    "nbjudge/rows.py": "tests/nbjudge/test_gradebook.py",
    "nbjudge/runfolder.py": "tests/nbjudge/test_sandbox.py",
    "nbjudge/schema.py": "tests/nbjudge/test_course.py",
    "nbjudge/spelling.py": "tests/nbjudge/test_markers.py",
    "nbjudge/tables.py": "tests/nbjudge/test_gradebook.py",
    "nbjudge/task.py": "tests/nbjudge/test_worker.py",
    "nbjudge/titles.py": "tests/nbjudge/test_explain.py",
    "nbjudge/trace.py": "tests/nbjudge/test_diagnosis.py",
    "nbjudge/untrusted.py": "tests/nbjudge/test_submission.py",
    "nbjudge/verbs.py": "tests/nbjudge/test_cli.py",
    "nbjudge/verdict.py": "tests/nbjudge/test_receipt.py",
    "nbjudge/warm.py": "tests/nbjudge/test_foreign_courses.py",
    "nbjudge/writers.py": "tests/nbjudge/test_encode.py",
}


def named(path):
    return path.relative_to(ROOT / "src").as_posix()


def imported(path):
    """The full names of all modules that a file imports anywhere, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}, line {node.lineno}: import modules by their full names"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def packages_imported(path):
    return {name.split(".")[0] for name in imported(path)}


def of(package):
    return [path for path in MODULES if path.is_relative_to(ROOT / "src" / package)]


def test_both_packages_are_looked_at():
    assert all(len(of(package)) > 5 for package in PACKAGES)


@pytest.mark.parametrize("path", of("descent"), ids=named)
def test_the_students_library_knows_nothing_of_grading(path):
    assert not packages_imported(path) & {"nbjudge", "nbgrader", "otter", "autograder"}


@pytest.mark.parametrize("path", of("nbjudge"), ids=named)
def test_the_grader_knows_no_course(path):
    assert not packages_imported(path) & {"descent", "autograder"}


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_touches_neither_disk_nor_process(module):
    found = packages_imported(ROOT / "src" / "nbjudge" / f"{module}.py")
    assert not found & IMPURE


@pytest.mark.parametrize("path", of("nbjudge"), ids=named)
def test_nothing_from_a_submission_can_be_unpickled(path):
    """Staff's objects go out by cloudpickle; only the student's side, agent.py, reads a pickle."""
    loads = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("load", "loads", "Unpickler")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("pickle", "cloudpickle", "marshal", "dill", "joblib")
    ]
    assert not loads or path.stem == "agent", f"line {loads[0].lineno} unpickles"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_one_idea_long(path):
    lines = path.read_text().count("\n")
    assert lines <= LONGEST_MODULE, f"{lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_functions_are_short(path):
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("path", [path for path in MODULES if not path.stem.startswith("__")], ids=named)
def test_every_module_has_a_test_file(path):
    mirror = f"tests/{path.parent.name}/test_{path.stem}.py"
    assert (ROOT / TESTED_IN.get(named(path), mirror)).is_file(), f"write {mirror}"


@pytest.mark.parametrize("name", ["Manager", "Factory", "Helper", "Util"])
def test_parts_have_names_of_their_own(name):
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                assert name.lower() not in node.name.lower(), f"{named(path)}: {node.name}"
