"""Exceptions of a student's code can be caught by builtin class, by the student's own, and by its ancestors."""

import traceback

import pytest
from connections import get, honest

from nbjudge.border.bounds import CannotCross
from nbjudge.border.raised import MAX_CLASSES, Raised

OWN = """
    class Problem(ValueError):
        def __init__(self, code, *rest):
            super().__init__(code, *rest)
            self.code, self._secret = code, 1
            self.about = {"deep": [1, object()]}
    class Worse(Problem): pass
    class Lying(Exception):
        def __str__(self): raise KeyError("no message")
        def __repr__(self): raise SystemExit
    class Lazy(Exception):
        @property
        def args(self): raise RuntimeError
    def fail(kind, *args): raise kind(*args)
    def leave(): raise SystemExit(3)
    def group(): raise ExceptionGroup("two", [ValueError(1), KeyError(2)])
    def chained():
        try: 1 / 0
        except ZeroDivisionError as error: raise KeyError("k") from error
"""


@pytest.fixture(scope="module")
def student():
    with honest(OWN) as student:
        yield student


@pytest.mark.parametrize(
    "error",
    [
        ValueError("negative"),
        ValueError(),
        ValueError(2**70, None, 1.5, True, b"x"),
        KeyError("k"),
        AssertionError("no"),
        ZeroDivisionError("division"),
        StopIteration(3),
        StopAsyncIteration(),
        KeyboardInterrupt(),
        SystemExit(3),
        GeneratorExit(),
        FileNotFoundError(2, "No such file", "a.txt"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
        ImportError("none"),
        RecursionError("deep"),
        NotImplementedError(),
        UserWarning("careful"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_builtin_exception_arrives_as_itself(student, error):
    with pytest.raises(type(error)) as caught:
        get(student, "fail")(type(error), *error.args, *filter(None, [getattr(error, "filename", None)]))
    assert type(caught.value) is type(error)
    assert str(caught.value) == str(error)
    assert caught.value.args == error.args or isinstance(error, OSError)


def test_a_class_of_the_students_is_caught_by_name_base_and_builtin(student):
    problem, worse = get(student, "Problem"), get(student, "Worse")
    fail = get(student, "fail")
    for kind in (worse, problem, ValueError, Exception):
        with pytest.raises(kind) as caught:
            fail(worse, 7, "seven")
        assert caught.value.args == (7, "seven")
    assert issubclass(worse, problem)
    assert problem is get(student, "Problem")
    with pytest.raises(problem) as caught:
        fail(problem, 7)
    assert not isinstance(caught.value, worse)


def test_its_public_attributes_come_along(student):
    with pytest.raises(ValueError, match="7") as caught:
        get(student, "fail")(get(student, "Problem"), 7)
    error = caught.value
    assert error.code == 7
    assert error.about["deep"][0] == 1
    assert not hasattr(error, "_secret")


def test_a_lying_exception_is_still_an_exception(student):
    for name in ("Lying", "Lazy"):
        with pytest.raises(get(student, name)):
            get(student, "fail")(get(student, name), "message")


def test_a_group_arrives_as_a_plain_exception(student):
    with pytest.raises(Exception, match="two") as caught:
        get(student, "group")()
    assert type(caught.value) is Exception


def test_a_chained_exception_tells_nothing_of_its_cause(student):
    with pytest.raises(KeyError) as caught:
        get(student, "chained")()
    assert caught.value.__cause__ is None


def test_the_connection_outlives_all_of_them(student):
    with pytest.raises(SystemExit):
        get(student, "leave")()
    assert not student.fault


def made(bases, message="m", args=None, attributes=None):
    return Raised().error([bases, message, args, attributes], lambda node: object())


@pytest.mark.parametrize("name", ["\ud800", "a b", "x" * 10_000, "", "__import__('os')"])
def test_a_hostile_class_name_is_replaced_or_cut(name):
    kind = type(made([[1, name], "ValueError"]))
    assert issubclass(kind, ValueError)
    assert kind.__name__ in ("StudentError", "x" * 100)


@pytest.mark.parametrize("base", ["exec", "print", "__import__", "int", "\ud800", "x" * 10**6, ""])
def test_only_builtin_exceptions_are_ancestors(base):
    assert type(made([base, "KeyError"])) is KeyError
    assert type(made([base])) is Exception


@pytest.mark.parametrize("attribute", ["with_traceback", "add_note", "args", "__cause__", "__notes__", "_student"])
def test_an_attribute_cannot_stand_in_for_what_every_exception_has(attribute):
    error = made(["ValueError"], attributes=["dict", [[attribute, 3]]])
    assert getattr(error, attribute, None) != 3
    assert error.with_traceback(None) is error


@pytest.mark.parametrize(
    "args", [["list", ["m", "abcd"]], ["list", ["m", "abcdef"]], ["list", ["m", ["tuple", ["f", "x", "y", 3]]]]]
)
def test_a_syntax_error_can_be_shown_whatever_places_it_claims(args):
    try:
        error = made(["SyntaxError"], args=args)
    except CannotCross:
        return
    assert traceback.format_exception(error)[-1].strip() == "SyntaxError: m"


def test_an_exception_that_needs_arguments_of_its_own_falls_back_to_its_nearest_ancestor():
    assert type(made(["UnicodeDecodeError", "UnicodeError", "ValueError"])) is UnicodeError
    assert type(made(["ExceptionGroup", "Exception"])) is Exception
    assert type(made(["BaseExceptionGroup"])) is BaseException
    assert isinstance(made([[1, "Mine"], "UnicodeDecodeError"]), UnicodeError)


def test_a_class_keeps_the_ancestors_that_it_first_had():
    raised = Raised()
    kind = raised.kind([[1, "A"], "ValueError"])
    assert raised.kind([[1, "B"], "KeyError"]) is kind
    assert raised.number(kind) == 1
    raised.clear()
    assert raised.number(kind) is None
    assert raised.number(ValueError) is None


def test_the_number_of_classes_is_bounded():
    raised = Raised()
    for number in range(MAX_CLASSES):
        raised.kind([[number, "A"], "ValueError"])
    with pytest.raises(CannotCross, match="too many"):
        raised.kind([[MAX_CLASSES, "A"], "ValueError"])
