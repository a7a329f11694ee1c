from itertools import pairwise

import pytest

from descent.style import COLOURS, GROUND, SLOPES, STEPS


def channels(colour):
    """Red, green and blue as parts of 1, linear in light (IEC 61966-2-1)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of WCAG 2: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_steps_darken_evenly_enough_to_be_told_apart_in_grey():
    shades = [luminance(colour) ** (1 / 2.2) for colour in STEPS]
    assert all(a - b > 0.08 for a, b in pairwise(shades))


@pytest.mark.parametrize("ramp", [GROUND, SLOPES], ids=["ground", "slopes"])
def test_the_lower_the_land_the_darker(ramp):
    shades = [luminance(colour) for colour in ramp]
    assert shades == sorted(shades)


def test_late_steps_stand_out_from_any_ground():
    assert min(contrast(step, land) for step in STEPS[3:] for land in GROUND) > 3


def test_no_two_colours_are_the_same():
    assert len(set(COLOURS)) == len(COLOURS)
