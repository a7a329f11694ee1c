import ast

import pytest

from nbjudge.master.flow import needed_names


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        ("x = 1\ny = x", set()),
        ("y = x\nx = 1", {"x"}),
        ("for n in (1, 2):\n    print(n)", {"print"}),
        ("for n in rows:\n    total = n\nprint(total)", {"rows", "total", "print"}),
        ("if ready:\n    x = 1\nelse:\n    x = 2\nx", {"ready"}),
        ("if ready:\n    x = 1\nx", {"ready", "x"}),
        ("while more:\n    x = more\nx", {"more", "x"}),
        ("with place as spot:\n    x = spot\nx", {"place"}),
        ("try:\n    f()\nexcept ValueError as error:\n    print(error)", {"f", "ValueError", "print"}),
        ("try:\n    x = f()\nexcept ValueError:\n    pass\nx", {"f", "ValueError", "x"}),
        ("try:\n    f()\nexcept ValueError as error:\n    pass\nerror", {"f", "ValueError", "error"}),
        ("def f():\n    return g(1)", {"g"}),
        ("import torch\ntorch.ones(1)", set()),
        ("squares = [k * k for k in numbers]", {"numbers"}),
    ],
)
def test_a_name_is_needed_when_it_may_be_read_before_it_is_bound(source, needed):
    assert needed_names(ast.parse(source).body) == needed
