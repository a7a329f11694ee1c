"""Limits travel as plain numbers."""

import pytest

from nbjudge.sandbox.limits import Limits


def test_limits_survive_the_way_to_the_child():
    limits = Limits(memory=5, cpu=6)
    assert Limits.from_dict(limits.as_dict()) == limits


def test_a_limit_nobody_knows_is_refused_by_name():
    with pytest.raises(TypeError, match="speed"):
        Limits.from_dict({"memory": 1, "speed": 2})
