"""The shape of the code: which way imports go, what pure modules leave alone, sizes, and a test file for each."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("descent", "nbjudge")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / "src" / package).rglob("*.py"))

# These turn values into values; disks, processes and sockets are other modules' work.
PURE = (
    "master/markers master/notebook master/bindings master/mistakes master/spelling judge/verdict judge/explain "
    "judge/diagnosis border/encode border/decode publish/candidate publish/gate publish/leaks publish/solvers "
    "publish/imitations submission/repair submission/matching otter/cases otter/prompts otter/source otter/unfit"
).split()
IMPURE = {"os", "pathlib", "subprocess", "socket", "shutil", "tempfile"}

# The grader's folders, from the ground up: a module imports from its own folder and from those before it.
LAYERS = "master submission border sandbox judge record pool publish grade otter gradescope plugin".split()

LONGEST_MODULE, LONGEST_FUNCTION = 220, 60

# Modules without a test file of their own, and where they are tested: through the one part that uses them.
TESTED_IN = {
    "descent/slip.py": "tests/descent/test_check.py",
    "nbjudge/border/arrays.py": "tests/nbjudge/border/test_decode.py",
    "nbjudge/master/assignment.py": "tests/nbjudge/master/test_course.py",
    "nbjudge/grade/basis.py": "tests/nbjudge/grade/test_regrade.py",
    "nbjudge/pool/bench.py": "tests/nbjudge/test_foreign_courses.py",
    "nbjudge/border/bounds.py": "tests/nbjudge/border/test_student.py",
    "nbjudge/publish/build.py": "tests/nbjudge/test_cli.py",
    "nbjudge/publish/build_report.py": "tests/nbjudge/test_cli.py",
    "nbjudge/publish/candidate.py": "tests/nbjudge/test_refused_courses.py",
    "nbjudge/grade/carry.py": "tests/nbjudge/grade/test_regrade.py",
    "nbjudge/grade/changes.py": "tests/nbjudge/grade/test_regrade.py",
    "nbjudge/sandbox/channels.py": "tests/nbjudge/sandbox/test_kernel.py",
    "nbjudge/sandbox/child.py": "tests/nbjudge/sandbox/test_zygote.py",
    "nbjudge/grade/conclude.py": "tests/nbjudge/test_cli.py",
    "nbjudge/judge/definitions.py": "tests/nbjudge/judge/test_namespace.py",
    "nbjudge/errors.py": "tests/nbjudge/test_cli.py",
    "nbjudge/record/formgrader.py": "tests/nbjudge/record/test_gradebook.py",
    "nbjudge/options.py": "tests/nbjudge/test_cli.py",
    "nbjudge/otter/forked.py": "tests/nbjudge/otter/test_stock.py",
    "nbjudge/border/frames.py": "tests/nbjudge/border/test_decode.py",
    "nbjudge/grade/grade.py": "tests/nbjudge/test_cli.py",
    "nbjudge/publish/imitations.py": "tests/nbjudge/publish/test_solvers.py",
    "nbjudge/judge/judged.py": "tests/nbjudge/judge/test_judge.py",
    "nbjudge/sandbox/kernelapp.py": "tests/nbjudge/sandbox/test_kernel.py",
    "nbjudge/publish/known.py": "tests/nbjudge/grade/test_marking.py",
    "nbjudge/grade/ledger.py": "tests/nbjudge/test_lost.py",
    "nbjudge/lean.py": "tests/nbjudge/test_cli.py",
    "nbjudge/sandbox/launch.py": "tests/nbjudge/sandbox/test_confinement.py",
    "nbjudge/sandbox/landlock.py": "tests/nbjudge/sandbox/test_confinement.py",
    "nbjudge/sandbox/linux.py": "tests/nbjudge/sandbox/test_sandbox.py",
    "nbjudge/judge/marked.py": "tests/nbjudge/record/test_gradebook.py",
    "nbjudge/record/marks.py": "tests/nbjudge/record/test_gradebook.py",
    "nbjudge/border/operations.py": "tests/nbjudge/border/test_student.py",
    "nbjudge/submission/chosen.py": "tests/nbjudge/submission/test_archive.py",
    "nbjudge/submission/names.py": "tests/nbjudge/submission/test_submission.py",
    "nbjudge/submission/ordering.py": "tests/nbjudge/submission/test_repair.py",
    "nbjudge/border/outgoing.py": "tests/nbjudge/border/test_student.py",
    "nbjudge/sandbox/strongest.py": "tests/nbjudge/sandbox/test_confinement.py",
    "nbjudge/sandbox/users.py": "tests/nbjudge/sandbox/test_confinement.py",
    "nbjudge/sandbox/packets.py": "tests/nbjudge/sandbox/test_zygote.py",
    "nbjudge/master/parts.py": "tests/nbjudge/judge/test_testcell.py",
    "nbjudge/pool/prepare.py": "tests/nbjudge/test_cli.py",
    "nbjudge/sandbox/process.py": "tests/nbjudge/sandbox/test_kernel.py",
    "nbjudge/judge/protocols.py": "tests/nbjudge/judge/test_judge.py",
    "nbjudge/border/reading.py": "tests/nbjudge/border/test_decode.py",
    "nbjudge/record/recorded.py": "tests/nbjudge/test_cli.py",
    "nbjudge/grade/recording.py": "tests/nbjudge/grade/test_regrade.py",
    "nbjudge/master/refusals.py": "tests/nbjudge/test_refused_courses.py",
    "nbjudge/record/rows.py": "tests/nbjudge/record/test_gradebook.py",
    "nbjudge/sandbox/runfolder.py": "tests/nbjudge/sandbox/test_sandbox.py",
    "nbjudge/master/schema.py": "tests/nbjudge/master/test_course.py",
    "nbjudge/master/spelling.py": "tests/nbjudge/master/test_markers.py",
    "nbjudge/record/tables.py": "tests/nbjudge/record/test_gradebook.py",
    "nbjudge/judge/task.py": "tests/nbjudge/pool/test_worker.py",
    "nbjudge/master/titles.py": "tests/nbjudge/judge/test_explain.py",
    "nbjudge/judge/trace.py": "tests/nbjudge/judge/test_diagnosis.py",
    "nbjudge/gradescope/wheel.py": "tests/nbjudge/gradescope/test_package.py",
    "nbjudge/gradescope/verbs.py": "tests/nbjudge/gradescope/test_merge.py",
    "nbjudge/submission/untrusted.py": "tests/nbjudge/submission/test_submission.py",
    "nbjudge/plugin/verbs.py": "tests/nbjudge/plugin/test_kernelspec.py",
    "nbjudge/verbs.py": "tests/nbjudge/test_cli.py",
    "nbjudge/judge/verdict.py": "tests/nbjudge/record/test_receipt.py",
    "nbjudge/pool/warm.py": "tests/nbjudge/test_foreign_courses.py",
    "nbjudge/border/writers.py": "tests/nbjudge/border/test_encode.py",
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


@pytest.mark.parametrize("path", of("nbjudge"), ids=named)
def test_imports_go_down_the_layers(path):
    layer = path.relative_to(ROOT / "src" / "nbjudge").parts[0]
    above = LAYERS[LAYERS.index(layer) + 1 :] if layer in LAYERS else []
    assert not {name for name in imported(path) for other in above if f"{name}.".startswith(f"nbjudge.{other}.")}


def test_every_folder_of_the_grader_has_its_layer():
    assert {path.parent.name for path in of("nbjudge")} == {"nbjudge", *LAYERS}


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
    folder = path.parent.relative_to(ROOT / "src").as_posix()
    mirror = f"tests/{folder}/test_{path.stem}.py"
    assert (ROOT / TESTED_IN.get(named(path), mirror)).is_file(), f"write {mirror}"


@pytest.mark.parametrize("name", ["Manager", "Factory", "Helper", "Util"])
def test_parts_have_names_of_their_own(name):
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                assert name.lower() not in node.name.lower(), f"{named(path)}: {node.name}"
