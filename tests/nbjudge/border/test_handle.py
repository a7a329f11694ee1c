"""Handles: an object of the student's can be used, but has no say in a comparison with the judge's values."""

import contextlib
import copy
import math
import pickle

import numpy as np
import pytest
import torch
from connections import get, honest, hostile

from nbjudge.border.handle import Handle
from nbjudge.border.student import Refusal, Unreachable

SOURCE = '''
    import copy
    seen = []

    class Vector:
        """A pair of numbers."""
        def __init__(self, x, y): self.x, self.y = x, y
        def __repr__(self): return f"Vector({self.x}, {self.y})"
        def __add__(self, other): return Vector(self.x + other.x, self.y + other.y)
        def __eq__(self, other): return (self.x, self.y) == (other.x, other.y)
        def __hash__(self): return hash((self.x, self.y))
        def __lt__(self, other): return self.x < other.x
        def __abs__(self): return (self.x**2 + self.y**2) ** 0.5
        def __neg__(self): return Vector(-self.x, -self.y)
        def __len__(self): return 2
        def __getitem__(self, i): return (self.x, self.y)[i]
        def __setitem__(self, i, value): setattr(self, "xy"[i], value)
        def __iter__(self): return iter((self.x, self.y))
        def __float__(self): return abs(self)
        def __call__(self, k): return Vector(self.x * k, self.y * k)
        def __format__(self, how): return f"{self.x:{how}}"
        def __enter__(self): self.x += 1; return self
        def __exit__(self, *exception): self.x -= 1
        def __round__(self, digits=0): return Vector(round(self.x, digits), 0)
        def scaled(self, k=2): return self(k)

    class Sly:
        """Agrees to everything and remembers what it was asked."""
        def agree(self, *others):
            seen.extend(others)
            return True
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = agree
        def same(self, *others):
            seen.extend(others)
            return self
        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = same
        __pow__ = __rpow__ = __mod__ = __rmod__ = __matmul__ = __rmatmul__ = same
        __and__ = __rand__ = __or__ = __ror__ = same
        __floordiv__ = __rfloordiv__ = __xor__ = __rxor__ = __divmod__ = __rdivmod__ = __lshift__ = __rlshift__ = same
        __iadd__ = __isub__ = __imul__ = same
        __abs__ = __neg__ = __pos__ = __round__ = lambda self, *rest: self
        __hash__ = lambda self: 3
        def __array_ufunc__(self, *rest, **more): return self.agree(*rest)
        def __array_function__(self, *rest): return self.agree(*rest)
        def __torch_function__(self, *rest): return self.agree(*rest)
        def __array__(self, *rest, **more): return self.agree(*rest)

    class Weird:
        def __getattr__(self, name): raise KeyError(name)
    class Lying:
        __class__ = property(lambda self: 1 / 0)
        def __len__(self): return -1
        def __float__(self): return "3"
        def __str__(self): return 3
        def __bool__(self): return 3
        def __index__(self): return 2.5
        def __iter__(self): return 5
        def __repr__(self): raise SystemExit
    class Endless:
        def __iter__(self): return self
        def __next__(self): return 1
        def __len__(self): return 2**62
    def numbers():
        yield 1
        yield 2
    def outer(a, *, b=1): return a, b
    v, w, sly, weird, lying, endless = Vector(3.0, 4.0), Vector(3.0, 4.0), Sly(), Weird(), Lying(), Endless()
    pair = [v, v, w]
'''


@pytest.fixture(scope="module")
def kernel():
    with honest(SOURCE) as student:
        yield student


@pytest.fixture
def student(kernel):
    kernel.complaints.clear()
    return kernel


@pytest.fixture
def v(student):
    return get(student, "v")


@pytest.fixture
def sly(student):
    return get(student, "sly")


def test_the_same_object_has_the_same_handle(student, v):
    one, same, other = get(student, "pair")
    assert one is same is v
    assert other is not v
    assert len({one, same, other}) == 2
    assert {v: 1}[v] == 1


def test_a_handle_is_called_indexed_and_asked_for_attributes(student, v):
    assert v.x == 3.0
    assert v.scaled(k=3).y == 12.0
    assert v(2).x == 6.0
    assert (v[0], v[-1], len(v)) == (3.0, 4.0, 2)
    assert list(v) == [3.0, 4.0]
    assert get(student, "outer")(1, b=[2]) == (1, [2])
    with pytest.raises(AttributeError, match="missing"):
        _ = v.missing
    assert not hasattr(v, "missing")
    with pytest.raises(IndexError):
        v[5]


def test_attributes_and_items_can_be_set_and_deleted(student):
    made = get(student, "Vector")(1, 2)
    made.x = 7
    made[1] = 8
    assert (made.x, made.y) == (7, 8)
    del made.x
    assert not hasattr(made, "x")
    with pytest.raises(AttributeError, match="__delitem__"):
        del made[0]


def test_conversions_give_plain_values_of_the_right_type(student, v):
    assert type(float(v)) is float
    assert math.isclose(v, 5.0)
    assert abs(v) == 5.0
    assert bool(v) is True
    assert (str(v), f"{v:.1f}") == ("Vector(3.0, 4.0)", "3.0")
    assert repr(v) == "<Vector object of the submission>"
    assert repr(get(student, "sly")).startswith("<__main__.Sly object")
    assert np.asarray(v).tolist() == [3.0, 4.0]
    assert torch.tensor(list(v)).tolist() == [3.0, 4.0]
    assert repr(get(student, "numbers")) == "<function numbers of the submission>"
    assert repr(get(student, "Vector")) == "<class Vector of the submission>"


def test_documentation_and_names_are_the_objects_own(student, v):
    assert v.__doc__ == "A pair of numbers."
    assert get(student, "numbers").__doc__ is None
    assert get(student, "numbers").__name__ == "numbers"
    assert v.__dict__ == {"x": 3.0, "y": 4.0}


def test_two_objects_of_the_students_work_together(student, v):
    w = get(student, "w")
    assert v == w
    assert (v != w) is False
    assert (v + w).x == 6.0
    assert (-v).y == -4.0
    assert v < w(2)
    assert sorted([w(3), w(2)])[0].x == 6.0
    assert w in [v]
    assert v is not None
    assert (v == None) is False  # noqa: E711
    assert (v != None) is True  # noqa: E711


def test_context_managers_and_copies_act_over_there(student):
    made = get(student, "Vector")(1, [2])
    with made as entered:
        assert entered is made
        assert made.x == 2
    assert made.x == 1
    shallow, deep = copy.copy(made), copy.deepcopy(made)
    assert shallow is not made
    assert deep == made
    with pytest.raises(ValueError, match="mine"), made:
        raise ValueError("mine")


def test_generators_go_on_where_they_stopped(student):
    generator = get(student, "numbers")()
    assert iter(generator) is generator
    assert next(generator) == 1
    assert list(generator) == [2]
    with pytest.raises(StopIteration):
        next(generator)


def test_containment_is_decided_on_the_judges_side(student, sly):
    assert 3.0 in get(student, "v")
    assert 5.0 not in get(student, "v")
    assert 2 in get(student, "numbers")()
    with pytest.raises(TypeError):
        assert 5 in sly
    assert get(student, "seen") == []


EXPECTED = 57.592
COMPARISONS = {
    "equal": lambda h: h == EXPECTED,
    "equal, turned": lambda h: EXPECTED == h,  # noqa: SIM300
    "unequal": lambda h: h != EXPECTED,
    "less": lambda h: h < EXPECTED,
    "more, turned": lambda h: EXPECTED < h,  # noqa: SIM300
    "close": lambda h: abs(h - EXPECTED) < 1e-3,
    "close, turned": lambda h: abs(EXPECTED - h) < 1e-3,
    "in a list": lambda h: h in [EXPECTED],
    "in a tuple of lists": lambda h: [h] == [EXPECTED],
    "in a dict": lambda h: {"a": h} == {"a": EXPECTED},
    "counted": lambda h: [EXPECTED].count(h),
    "largest": lambda h: max(h, EXPECTED),
    "sorted": lambda h: sorted([EXPECTED, h]),
    "plus": lambda h: h + EXPECTED,
    "sum": lambda h: sum([EXPECTED, h]),
    "times, turned": lambda h: EXPECTED * h,
    "power": lambda h: h**EXPECTED,
    "modulo": lambda h: h % EXPECTED,
    "divmod": lambda h: divmod(h, EXPECTED),
    "divided, turned": lambda h: EXPECTED / h,
    "floor": lambda h: h // EXPECTED,
    "matrix product": lambda h: h @ np.ones(2),
    "and": lambda h: h & 57,
    "xor, turned": lambda h: 57 ^ h,
    "shift": lambda h: h << 57,
    "with an array": lambda h: np.array([EXPECTED]) == h,
    "minus an array": lambda h: h - np.array([EXPECTED]),
    "with an array's scalar": lambda h: np.float64(EXPECTED) == h,
    "with a tensor": lambda h: torch.tensor([EXPECTED]) == h,
    "minus a tensor": lambda h: h - torch.tensor(EXPECTED),
    "absolute of a negated": lambda h: abs(-h) == EXPECTED,
    "np.isclose": lambda h: np.isclose(h, EXPECTED),
    "np.allclose": lambda h: np.allclose(EXPECTED, h),
    "np.array_equal": lambda h: np.array_equal(h, EXPECTED),
    "np.equal": lambda h: np.equal(h, EXPECTED),
    "np.subtract": lambda h: np.subtract(EXPECTED, h),
    "np.maximum": lambda h: np.maximum(np.array([EXPECTED]), h),
    "np.testing": lambda h: np.testing.assert_allclose(h, EXPECTED),
    "np.testing.assert_equal": lambda h: np.testing.assert_equal(h, EXPECTED),
    "torch.equal": lambda h: torch.equal(h, torch.tensor(EXPECTED)),
    "torch.allclose": lambda h: torch.allclose(torch.tensor(EXPECTED), h),
    "torch.isclose": lambda h: torch.isclose(torch.tensor(EXPECTED), h),
    "torch.testing": lambda h: torch.testing.assert_close(h, EXPECTED),
    "torch.add": lambda h: torch.add(torch.tensor(EXPECTED), h),
    "math.isclose": lambda h: math.isclose(h, EXPECTED),
    "in a pandas series": lambda h: __import__("pandas").Series([EXPECTED]) == h,
    "a dunder by hand": lambda h: h.__eq__(EXPECTED),
    "a reflected dunder by hand": lambda h: h.__radd__(EXPECTED),
}


@pytest.mark.parametrize("compare", COMPARISONS.values(), ids=COMPARISONS)
def test_an_object_neither_sees_nor_decides_a_comparison(compare, student, sly):
    outcome = None
    with contextlib.suppress(Exception):
        outcome = compare(sly)
    assert get(student, "seen") == []
    # Either nothing came of it, or the judge's own comparison said no, or the test cannot pass any more.
    agreed = outcome is not None and not isinstance(outcome, Handle) and bool(np.any(np.asarray(outcome)))
    assert not agreed or student.complaints


@pytest.mark.parametrize("compare", [COMPARISONS[name] for name in ("equal", "less", "close", "plus", "with an array")])
def test_a_refused_comparison_is_noted_whatever_the_test_makes_of_it(compare, student, v):
    with pytest.raises(Refusal, match="class of its own"):
        compare(v)
    assert len(student.complaints) == 1


def test_an_object_cannot_be_pickled_here(student, v):
    with pytest.raises(Refusal, match="pickled"):
        pickle.dumps(v)
    assert student.complaints


def test_an_attribute_lookup_that_fails_in_its_own_way_does_not_spoil_the_object(student):
    weird = get(student, "weird")
    assert isinstance(weird, Handle)
    with pytest.raises(KeyError):
        _ = weird.x


@pytest.mark.parametrize(
    "name", ["__array__", "__array_interface__", "__torch_function__", "__fspath__", "__set_name__"]
)
def test_special_protocols_of_the_object_are_not_asked_for(student, sly, name):
    asked = len(student.transcript)
    assert not hasattr(sly, name)
    assert len(student.transcript) == asked


@pytest.mark.parametrize(
    "convert",
    [len, float, str, bool, iter, lambda h: range(10)[h], lambda h: [*h], lambda h: f"{h:>3}"],
    ids=["len", "float", "str", "bool", "iter", "index", "unpacked", "format"],
)
def test_conversions_that_lie_end_in_an_ordinary_error(student, convert):
    lying = get(student, "lying")
    assert isinstance(lying, Handle)
    with pytest.raises((TypeError, ValueError)):
        convert(lying)


def test_an_object_whose_description_exits_raises_that_here_and_no_more(student):
    with pytest.raises(SystemExit):
        repr(get(student, "lying"))
    assert not student.fault


def test_endless_iteration_can_be_stopped_at_any_step(student):
    endless = get(student, "endless")
    steps = iter(endless)
    assert [next(steps) for _ in range(5)] == [1] * 5
    assert 1 in endless


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        (len, True),
        (len, -1),
        (len, 2**63),
        (iter, 3),
        (iter, "ab"),
        (len, 2.0),
        (len, "2"),
        (float, 1),
        (bool, 1),
        (str, b"a"),
        (int, 1.0),
        (repr, None),
        (complex, 1.0),
    ],
)
def test_an_agent_that_answers_with_another_type_is_refused(operation, answer):
    def reply(request, sock):
        ref = ["list", [["ref", 1, "object", "C", "", None]]]
        return [request[0], "ok", ref if request[1] == "get" else answer, None]

    with hostile(reply) as student:
        handle = get(student, "a")
        with pytest.raises(Refusal, match="gave no"):
            operation(handle)
        assert student.complaints


def test_an_iterator_of_a_hostile_agent_can_be_anything_but_dangerous():
    def reply(request, sock):
        ref = ["list", [["ref", 1, "object", "C", "", None]]]
        return [request[0], "ok", ref if request[1] == "get" else 3, None]

    with hostile(reply) as student, pytest.raises(Refusal):
        iter(get(student, "a"))


def test_a_lost_object_is_unreachable_in_every_way():
    with honest("a = object()") as student:
        handle = get(student, "a")
        student.reconnect(student.sock, student.interrupt)
        for use in (str, repr, bool, list, lambda h: h.x, lambda h: h == h, lambda h: h()):
            with pytest.raises(Unreachable, match="lost"):
                use(handle)
