"""Common wrong answers to the exercise on step decay."""


def drop_in_the_middle(steps, high=0.1, low=0.01):
    """Your rate drops after half of the steps; it should be low for the last quarter only."""
    return [high] * (steps - steps // 2) + [low] * (steps // 2)


def drop_after_a_quarter(steps, high=0.1, low=0.01):
    """Your rate is low for three quarters; it should be low for the last quarter only."""
    return [high] * (steps // 4) + [low] * (steps - steps // 4)


def low_first(steps, high=0.1, low=0.01):
    """Your rate is low for the first quarter; it should be for the last."""
    return [low] * (steps // 4) + [high] * (steps - steps // 4)


def exchanged(steps, high=0.1, low=0.01):
    """Your rates are exchanged: high comes first."""
    return [low] * (steps - steps // 4) + [high] * (steps // 4)


def never_drops(steps, high=0.1, low=0.01):
    """Your rate never drops."""
    return [high] * steps


def one_low_too_many(steps, high=0.1, low=0.01):
    """Your rate drops one step too early."""
    return [high if step < steps - steps // 4 - 1 else low for step in range(steps)]


def one_low_too_few(steps, high=0.1, low=0.01):
    """Your rate drops one step too late: check whether the boundary is included."""
    return [high if step <= steps - steps // 4 else low for step in range(steps)]


def quarter_rounded_up(steps, high=0.1, low=0.01):
    """When the steps are no multiple of 4, your last part is rounded up; it is to be rounded down."""
    quarter = -(-steps // 4)
    return [high] * (steps - quarter) + [low] * quarter


def length_rounded_down(steps, high=0.1, low=0.01):
    """When the steps are no multiple of 4, some are left without a rate."""
    return [high] * (3 * (steps // 4)) + [low] * (steps // 4)


def rates_written_in(steps, high=0.1, low=0.01):
    """Your rates are always 0.1 and 0.01, whatever high and low are."""
    return [0.1] * (steps - steps // 4) + [0.01] * (steps // 4)


def tenth_of_high(steps, high=0.1, low=0.01):
    """Your low rate is a tenth of the high one, whatever low is."""
    return [high] * (steps - steps // 4) + [high / 10] * (steps // 4)


def slope(steps, high=0.1, low=0.01):
    """Your rate falls a little at each step; it should stay high and then drop once."""
    return [high + (low - high) * step / max(steps - 1, 1) for step in range(steps)]


def one_rate(steps, high=0.1, low=0.01):
    """You return one rate; there should be one for each step."""
    return low
